"""How often, how early and after what a request may be sent again."""

import pytest
from oracle_runs import ACME, SECRET, STRICT, URL, ApiError, fault_of, judged, read, run

from pytest_apierrors.faults.model import Fault, Kind, Step
from pytest_apierrors.oracle import Promise, judge


class TestTries:
    @staticmethod
    def asking(*requests, wait=0):
        def client(api):
            for method, url, headers in requests:
                fault = api.ask(method, url, **headers)
                api.sleep(wait)
            raise ApiError(**read(fault))

        return client

    def found(self, fault, *requests, wait=0, promise=STRICT):
        kind = Kind("any", "unseen", "", "error", (), lambda _: fault, catalog=ACME)
        done = run(self.asking(*requests, wait=wait), fault)
        return [one.part for one in judge(promise, kind, fault, done)]

    def test_ten_requests_are_enough(self):
        promise = Promise(raises=ApiError)
        get = ("GET", URL, {})

        assert self.found(Fault("any", 500), *[get] * 10, promise=promise) == []
        assert self.found(Fault("any", 500), *[get] * 11, promise=promise) == ["too-many-attempts"]
        others = [("GET", f"{URL}/{number}", {}) for number in range(20)]
        assert self.found(Fault("any", 500), *others, promise=promise) == []

    def test_following_a_redirect_is_no_retry(self):
        moved = Fault("redirect-loop", 302, (("Location", URL),))

        assert self.found(moved, *[("POST", URL, {})] * 30) == []

    def test_asking_again_after_a_success_is_no_retry(self):
        polled = Fault("any", 200, expect="success")
        done = run(lambda api: [api.ask("POST") for _ in range(20)], polled)

        assert judge(STRICT, None, polled, done) == []

    @pytest.mark.parametrize(
        ("status", "found"),
        [(400, ["retried-unasked"]), (404, ["retried-unasked"]), (409, []), (500, []), (504, [])],
    )
    def test_who_is_told_nothing_may_try_again_where_that_makes_sense(self, status, found):
        fault = Fault("any", status, body=b"{}")

        assert self.found(fault, *[("GET", URL, {})] * 2) == found
        assert self.found(fault, ("GET", URL, {})) == []

    @pytest.mark.parametrize("status", [429, 503])
    def test_retry_after_asks_for_a_retry(self, status):
        fault = Fault("any", status, (("Retry-After", "5"),), b"<html>")
        get = ("GET", URL, {})

        assert self.found(fault, get) == ["not-retried"]
        assert self.found(fault, get, get, wait=5) == []
        assert self.found(fault, get, get, wait=4) == ["retried-too-early"]
        assert self.found(fault, ("POST", URL, {})) == []

    @pytest.mark.parametrize("value", ["61", "soon", "", "-1", "inf"])
    def test_giving_up_is_right_where_waiting_would_cost_too_much_or_is_unclear(self, value):
        rate_limited = fault_of("acme-rate_limited")
        fault = Fault("any", 429, (("Retry-After", value),), rate_limited.body)

        assert self.found(fault, ("GET", URL, {})) == []

    def test_two_delays_are_none(self):
        fault = Fault("any", 429, (("Retry-After", "1"), ("Retry-After", "30")))

        assert self.found(fault, ("GET", URL, {})) == []

    def test_a_fault_of_the_wire_asks_for_nothing(self):
        limited = fault_of("acme-rate_limited")
        cut = Fault("any", 429, limited.headers, limited.body, steps=(Step("send", b"HTTP"),))

        assert self.found(cut, ("GET", URL, {})) == []
        assert self.found(cut, *[("GET", URL, {})] * 2) == []

    def test_a_date_is_no_delay_that_can_be_measured(self):
        headers = (
            ("Retry-After", "Thu, 01 Jan 2026 12:00:20 GMT"),
            ("Date", "Thu, 01 Jan 2026 12:00:00 GMT"),
        )
        limited = fault_of("acme-rate_limited")

        for body in (b"", limited.body):
            fault = Fault("any", 429, headers, body)
            assert self.found(fault, *[("GET", URL, {})] * 2) == []
            assert self.found(fault, ("GET", URL, {})) == []

    def test_credentials_that_were_renewed_are_worth_a_try(self):
        requests = [("GET", URL, {"Authorization": f"Bearer {token}"}) for token in "ab"]
        fault = Fault("any", 401)

        assert self.found(fault, *requests) == []
        assert self.found(fault, *requests[:1] * 2) == ["retried-unasked"]
        assert self.found(Fault("any", 403), *requests) == ["retried-unasked"]

    def test_a_key_makes_a_request_idempotent(self):
        def post(*keys):
            requests = [("POST", URL, {"Idempotency_Key": key}) for key in keys]
            return self.found(Fault("any", 500), *requests)

        assert post("k", "k") == []
        assert post("k", "l") == ["retried-unasked"]

    def test_what_never_arrived_may_be_sent_again(self):
        requests = [("POST", URL, {})] * 2

        assert self.found(Fault("connection-refused", None), *requests) == []
        assert self.found(Fault("closed-without-answer", None), *requests) == ["retried-unasked"]

    def test_promising_no_retries_forbids_all(self):
        promise = Promise(raises=ApiError, retries=0)
        get = ("GET", URL, {})

        done = run(self.asking(get, get), Fault("any", 500))
        (broken,) = judge(promise, None, Fault("any", 500), done)

        assert broken.sentence == f"2 requests of GET {URL}; the test promises no retries"
        assert self.found(fault_of("acme-rate_limited"), get, promise=promise) == []

    def test_credentials_in_a_url_are_not_shown(self):
        url = f"{URL}?api_key={SECRET}"

        done = run(self.asking(*[("GET", url, {})] * 4), Fault("any", 500))
        (broken,) = judge(STRICT, None, Fault("any", 500), done)

        assert SECRET not in broken.sentence
        assert "[redacted]" in broken.sentence

    def test_an_endless_sleep_is_over_every_budget(self):
        (broken,) = judged(
            lambda api: api.ask() and api.sleep(float("inf")),
            fault=Fault("any", 200, expect="success"),
        )

        assert broken.sentence == "slept inf s, inf s of it at once; the budget is 60 s"
