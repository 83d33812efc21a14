"""What may escape from a client, what it may return, and what must be pickled."""

import pytest
from breaking_clients import leaks_key_error, swallows
from oracle_runs import (
    KINDS,
    NO_RETRY,
    SECRET,
    SUCCESS,
    ApiError,
    AuthError,
    RateLimit,
    fault_of,
    good,
    judged,
    parts,
    raises,
    read,
)

from pytest_apierrors.faults.model import Fault
from pytest_apierrors.oracle import Promise


class TestWhatMayEscape:
    def test_any_of_several_classes_and_their_subclasses(self):
        promise = Promise(raises=(ValueError, ApiError))

        assert parts(raises(lambda _: RateLimit()), NO_RETRY, promise) == []
        assert parts(raises(lambda _: UnicodeError()), NO_RETRY, promise) == []
        (broken,) = judged(raises(lambda _: OSError()), NO_RETRY, promise)
        assert broken.sentence.endswith("the test promises ValueError or ApiError")

    @pytest.mark.parametrize("name", ["closed-without-answer", "http-200", "either"])
    def test_under_either_both_are_right_but_not_everything(self, name):
        either = Fault(name, None, expect="either")

        assert parts(swallows, name, fault=either) == []
        assert parts(good, name, Promise(raises=ApiError), fault=either) == []
        assert parts(leaks_key_error, name, fault=SUCCESS) == ["undeclared-exception"]

    def test_a_text_that_is_none_is_said_so(self):
        (broken,) = judged(raises(lambda _: BadText()), NO_RETRY, Promise(raises=ApiError))[:1]

        assert broken.sentence.startswith("BadText (its text raises TypeError) escaped from")

    def test_what_a_client_says_is_short_inert_and_without_credentials(self):
        def client(api):
            api.ask()
            raise ValueError(f"\x1b[31m\n::error:: {SECRET} password=hunter2-hunter2 " + "x" * 5000)

        broken = judged(client, NO_RETRY)

        assert [one.part for one in broken] == ["undeclared-exception", "credential"]
        for one in broken:
            assert len(one.sentence) < 600
            hostile = ("\x1b", "hunter2-hunter2", SECRET, "::error")
            assert not [text for text in hostile if text in one.sentence]


class BadText(Exception):
    def __str__(self):
        raise TypeError


class TestCategories:
    PROMISE = Promise(
        raises={"unauthenticated": AuthError, "resource_exhausted": (RateLimit,), ...: ApiError}
    )

    @pytest.mark.parametrize(
        ("name", "raised", "found"),
        [
            ("acme-unauthorized", AuthError, []),
            ("acme-rate_limited", RateLimit, []),
            ("acme-bad_request", ApiError, []),
            ("acme-bad_request", AuthError, []),
            ("acme-unauthorized", RateLimit, ["undeclared-exception"]),
            ("acme-rate_limited", ApiError, ["undeclared-exception"]),
            ("retry-after-huge", RateLimit, []),
            ("retry-after-huge", AuthError, ["undeclared-exception"]),
            ("acme-unauthorized", KeyError, ["undeclared-exception"]),
        ],
    )
    def test_each_category_has_its_class(self, name, raised, found):
        def client(api):
            api.ask()
            raise raised

        assert parts(client, name, self.PROMISE) == found

    def test_the_sentence_names_the_category(self):
        (broken,) = judged(raises(lambda _: ApiError()), "acme-rate_limited", self.PROMISE)

        assert broken.sentence.startswith("ApiError: (None, None, None, None) came from ")
        assert broken.sentence.endswith("; the test promises RateLimit for resource_exhausted")

    @pytest.mark.parametrize("raised", [AuthError, RateLimit, ApiError])
    def test_a_broken_error_may_be_taken_for_any(self, raised):
        name = next(name for name in KINDS if KINDS[name].ring == "broken")

        assert parts(raises(lambda _: raised()), name, self.PROMISE) == []

    def test_an_error_that_deviates_may_be_taken_for_any(self):
        limited = fault_of("acme-rate_limited")
        fault = Fault("any", 429, limited.headers, b'{"error": {"code": "rate_limited"}}')
        kind = "retry-after-huge"

        assert parts(raises(lambda _: AuthError()), kind, self.PROMISE, fault=fault) == []

    def test_a_category_without_a_class_takes_any(self):
        promise = Promise(raises={"unauthenticated": AuthError, "internal": ApiError})

        assert parts(raises(lambda _: ApiError()), "acme-bad_request", promise) == []


class TestErrorObjects:
    PROMISE = Promise(
        returns=lambda result: result["error"] is not None,
        expect={"code": lambda result: result["error"]["code"]},
    )

    def returned(self, error):
        def client(api):
            fault = api.ask()
            return {"error": error(fault)}

        return client

    def test_a_client_that_never_raises_is_right_to_return_one(self):
        assert parts(self.returned(read), NO_RETRY, self.PROMISE) == []

    @pytest.mark.parametrize("known", [1, "yes", [None]])
    def test_what_returns_gives_need_only_be_true(self, known):
        promise = Promise(returns=lambda _: known, expect=self.PROMISE.expect)

        assert parts(self.returned(lambda _: {"code": 1}), NO_RETRY, promise) == ["lost-code"]

    def test_returning_something_else_is_swallowing(self):
        (broken,) = judged(self.returned(lambda _: None), NO_RETRY, self.PROMISE)

        assert broken.part == "swallowed"
        assert broken.sentence.endswith("; the test promises an error object")

    def test_what_returns_raises_is_said(self):
        (broken,) = judged(lambda api: api.ask() and {}, NO_RETRY, self.PROMISE)

        assert broken.part == "swallowed"
        assert broken.sentence == "returns= raised KeyError: 'error' for {}"

    def test_expectations_are_read_from_it(self):
        client = self.returned(lambda fault: {"code": read(fault)["status"]})

        (broken,) = judged(client, NO_RETRY, self.PROMISE)

        assert broken.sentence == ('code is wrong: dict has 401, the answer carried "unauthorized"')

    def test_one_for_a_success_is_a_false_alarm(self):
        assert parts(self.returned(read), fault=SUCCESS, promise=self.PROMISE) == ["false-alarm"]
        assert parts(self.returned(lambda _: None), fault=SUCCESS, promise=self.PROMISE) == []

    def test_an_exception_is_none(self):
        assert parts(good, NO_RETRY, self.PROMISE) == ["undeclared-exception"]

    def test_its_text_shows_no_credential(self):
        client = self.returned(lambda fault: {**read(fault), "sent": SECRET})

        assert parts(client, NO_RETRY, self.PROMISE) == ["credential"]


def test_a_broken_returned_object_is_no_reason_to_fail():
    class Odd:
        def __repr__(self):
            raise ValueError

    (broken,) = judged(lambda api: api.ask() and Odd(), NO_RETRY, Promise(raises=ApiError))

    assert broken.sentence.startswith("returned a Odd for 401")


def test_pickling_must_not_change_an_exception():
    promise = Promise(raises=ApiError, pickling=True)

    (broken,) = judged(raises(lambda fault: Changed(fault.status)), NO_RETRY, promise)

    assert broken.sentence == "test_oracle_outcomes.Changed comes out of a pickle changed"


def test_an_exception_of_another_class_is_another():
    promise = Promise(raises=ApiError, pickling=True)
    client = raises(lambda fault: Flattened(fault.status))

    assert parts(client, NO_RETRY, promise) == ["pickling"]


class Flattened(ApiError):
    def __reduce__(self):
        return ApiError, self.args


class Changed(ApiError):
    def __str__(self):
        return f"{id(self)}"
