"""What an answer carried is found again in the error, in whatever form."""

from datetime import UTC, datetime, timedelta
from enum import Enum
from http import HTTPStatus

import pytest
from oracle_runs import NO_RETRY, ApiError, judged, parts, raises, run

from pytest_apierrors.faults.kinds import kinds_of
from pytest_apierrors.faults.model import Fault
from pytest_apierrors.faults.pick import First
from pytest_apierrors.oracle import Promise, judge, wall_of


class Spelled(Enum):
    CODE = "40101"


class TestExpectations:
    @staticmethod
    def found(name, carried, told, headers=()):
        fault = Fault("any", 429, tuple(headers), b"{}", {name: carried})
        promise = Promise(raises=ApiError, expect={name: lambda _: told})
        return parts(raises(lambda _: ApiError()), "any", promise, fault=fault)

    @pytest.mark.parametrize(
        ("carried", "told"),
        [(40101, "40101"), ("40101", 40101), (40101, 40101.0), ("40101", Spelled.CODE), (-3, "-3")],
    )
    def test_codes_are_compared_by_spelling(self, carried, told):
        assert self.found("code", carried, told) == []

    @pytest.mark.parametrize(("carried", "told"), [(1, True), ("1", "01"), (40101, "40102")])
    def test_other_codes_are_others(self, carried, told):
        assert self.found("code", carried, told) == ["lost-code"]

    def test_a_catalog_knows_how_a_code_is_padded(self):
        from pytest_apierrors.catalog.find import Catalogs

        padded = next(
            kind
            for name in Catalogs().names()
            for kind in kinds_of(Catalogs().get(name))
            if kind.catalog is not None
            and any(e.code and e.code.width for e in kind.catalog.envelopes.values())
            and str(kind.make(First()).carries.get("code")).isdigit()
            and kind.ring == "documented"
        )
        fault = padded.make(First())
        code = str(fault.carries["code"])

        def judged_with(told):
            promise = Promise(raises=ApiError, expect={"code": lambda _: told})
            done = run(raises(lambda _: ApiError()), fault)
            return [one.part for one in judge(promise, padded, fault, done)]

        assert judged_with(code.zfill(2)) == judged_with(int(code)) == []
        assert judged_with(int(code) + 1) == ["lost-code"]

    def test_no_code_is_not_the_same_as_no_code_at_all(self):
        fault = Fault("any", 400, (), b'{"error": {"code": 0, "message": ""}}', {"code": 0})
        promise = Promise(raises=ApiError, expect={"code": lambda _: []})
        client = raises(lambda _: ApiError())

        assert parts(client, "acme-bad_request", promise, fault=fault) == ["lost-code"]

    @pytest.mark.parametrize("told", [429, "429", HTTPStatus.TOO_MANY_REQUESTS])
    def test_a_status_may_be_a_member_of_an_enum(self, told):
        assert self.found("status", 429, told) == []
        assert self.found("status", 429, 428) == ["lost-status"]

    @pytest.mark.parametrize("told", ["a ", "A", "", ["a"]])
    def test_messages_are_compared_exactly(self, told):
        assert self.found("message", "a", "a") == []
        assert self.found("message", "a", told) == ["lost-message"]

    @pytest.mark.parametrize("told", [30, 30.0, "30", timedelta(seconds=30)])
    def test_a_delay_may_come_in_any_form(self, told):
        headers = [("Retry-After", "30")]

        assert self.found("retry_after", 30.0, told, headers) == []
        assert self.found("retry_after", 31.0, 30, headers) == ["lost-retry-after"]
        assert self.found("retry_after", 30.0, "soon", headers) == ["lost-retry-after"]

    def test_a_date_may_come_as_seconds_of_whatever_clock(self):
        text = "Thu, 01 Jan 2026 12:00:20 GMT"
        headers = [("Retry-After", text), ("Date", "Thu, 01 Jan 2026 12:00:00 GMT")]
        moment = datetime(2026, 1, 1, 12, 0, 20, tzinfo=UTC)

        for told in (text, moment, moment.replace(tzinfo=None), 20.0, -5_000_000):
            assert self.found("retry_after", 20.0, told, headers) == []
        for told in (None, moment + timedelta(1), "soon"):
            assert self.found("retry_after", 20.0, told, headers) == ["lost-retry-after"]

    def test_what_is_not_carried_is_not_asked_for(self):
        def never(_):
            pytest.fail("asked")

        fault = Fault("any", 429, carries={"retry_after": None})
        promise = Promise(raises=ApiError, expect=dict.fromkeys(("code", "retry_after"), never))

        assert parts(raises(lambda _: ApiError()), promise=promise, fault=fault) == []

    def test_an_expectation_that_raises_says_so(self):
        promise = Promise(raises=ApiError, expect={"code": lambda error: error.codes[0]})

        (broken,) = judged(raises(lambda _: ApiError()), NO_RETRY, promise)

        assert broken.part == "lost-code"
        assert broken.sentence.startswith(
            "code is lost: reading it from ApiError raised AttributeError: "
        )

    def test_the_date_of_a_response_is_where_its_clock_begins(self):
        dated = Fault("any", 429, (("date", "Thu, 01 Jan 2026 12:00:00 GMT"),))

        assert wall_of(dated) == datetime(2026, 1, 1, 12, tzinfo=UTC).timestamp()
        assert wall_of(Fault("any", 429, (("Date", "soon"),))) is None
        assert wall_of(Fault("any", 429)) is None
