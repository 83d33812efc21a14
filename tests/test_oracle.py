"""The oracle: for each part a client that breaks exactly it, and clients that break nothing."""

import json
import warnings
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from http import HTTPStatus
from pathlib import Path
from types import SimpleNamespace

import pytest

from pytest_apierrors.catalog.find import load_file
from pytest_apierrors.clock import virtual_time
from pytest_apierrors.credentials import secrets_of
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.faults.kinds import kinds_of
from pytest_apierrors.faults.model import Fault, Kind, Step
from pytest_apierrors.faults.pick import First
from pytest_apierrors.oracle import PARTS, Promise, Run, judge, wall_of
from pytest_apierrors.response import Headers
from pytest_apierrors.watchdog import Hung, deadline

ACME = load_file(Path(__file__).parent / "messages" / "acme.json")
KINDS = {kind.name: kind for kind in kinds_of(ACME)}
URL = "https://api.acme.test/v1/messages"
SECRET = "Zx81pQ77sLmn40"


class ApiError(Exception):
    """What the clients of these tests promise to raise."""

    def __init__(self, code=None, status=None, message=None, retry_after=None):
        super().__init__(code, status, message, retry_after)
        self.code = code
        self.status = status
        self.message = message
        self.retry_after = retry_after


class AuthError(ApiError):
    """Of a category."""


class RateLimit(ApiError):
    """Of another one."""


@dataclass
class Call:
    method: str
    url: str
    headers: Headers
    at: float
    fault: Fault | None


@dataclass
class Api:
    """What the clients of these tests talk to: it answers with the faults in turn."""

    faults: tuple
    clock: object
    calls: list

    def ask(self, method="GET", url=URL, **headers):
        fault = self.faults[min(len(self.calls), len(self.faults) - 1)]
        pairs = Headers(tuple((name.replace("_", "-"), value) for name, value in headers.items()))
        self.calls.append(Call(method, url, pairs, self.clock.now(), fault))
        return fault

    def sleep(self, seconds):
        self.clock.sleep(self.clock.tick(), seconds)


def run(client, *faults, secrets=frozenset({SECRET}), seconds=5):
    """Call a client on a clock of its own, and tell what it did."""
    done = Run(secrets=secrets, calls=[])
    with warnings.catch_warnings(record=True) as caught, virtual_time() as clock:
        warnings.simplefilter("always")
        api = Api(faults, clock, done.calls)
        try:
            with deadline(seconds):
                done.returned = client(api)
        except Hung as hung:
            done.raised, done.hung = hung, hung.stack
        except BaseException as error:  # noqa: BLE001
            done.raised = error
    done.slept, done.sleeps, done.warnings = clock.slept, clock.sleeps, caught
    return done


def read(fault):
    """Read a fault of the invented provider, as a good client does."""
    try:
        error = json.loads(fault.body)["error"]
    except (ValueError, KeyError, TypeError):
        error = {}
    wait = dict(fault.headers).get("Retry-After", "")
    return {
        "code": error.get("code"),
        "status": fault.status,
        "message": error.get("message"),
        "retry_after": float(wait) if wait.isdigit() else None,
    }


def basic(user, password):
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def good(api):
    for attempt in range(3):
        fault = api.ask()
        wait = read(fault)["retry_after"]
        if fault.status != 429 or wait is None or wait > 60 or attempt == 2:
            break
        api.sleep(wait)
    if fault.expect == "success":
        return {}
    raise ApiError(**read(fault))


STRICT = Promise(
    raises=ApiError,
    expect={name: lambda error, name=name: getattr(error, name) for name in vars(ApiError(1))},
    retries=2,
    pickling=True,
    leaks=True,
)


def fault_of(name):
    return KINDS[name].make(First())


def judged(client, name="acme-rate_limited", promise=STRICT, fault=None, **options):
    kind = KINDS.get(name)
    fault = fault or fault_of(name)
    return judge(promise, kind, fault, run(client, fault, **options))


def parts(*args, **options):
    return [broken.part for broken in judged(*args, **options)]


# Clients that break one part each.


def leaks_key_error(api):
    raise ApiError(json.loads(api.ask().body)["errorCode"])


def exits(api):
    api.ask()
    raise SystemExit(1)


class Mute(ApiError):
    def __str__(self):
        return self.details["text"]

    @property
    def details(self):
        return {}


class Blank(ApiError):
    def __repr__(self):
        raise RuntimeError("half made")


class Unpicklable(ApiError):
    def __init__(self, fault, *, wait):
        super().__init__(**read(fault))
        self.wait = wait


def raises(make):
    """Return a client that retries as it should, and raises what is made of the last answer."""

    def client(api):
        fault = api.ask()
        if fault.status == 429:
            api.sleep(read(fault)["retry_after"] or 0)
            fault = api.ask()
        raise make(fault)

    return client


def without(**changed):
    return raises(lambda fault: ApiError(**{**read(fault), **changed}))


def swallows(api):
    return {"status": "queued", "code": api.ask().status}


def sleeps_a_day(api):
    api.ask()
    api.sleep(86_400)
    raise ApiError(**read(api.ask()))


def asks_again_and_again(api):
    for _ in range(11):
        fault = api.ask()
    raise ApiError(**read(fault))


def asks_three_times_more(api):
    for _ in range(4):
        fault = api.ask()
        api.sleep(3)
    raise ApiError(**read(fault))


def asks_too_early(api):
    api.ask()
    api.sleep(2.5)
    raise ApiError(**read(api.ask()))


def asks_at_all(api):
    api.ask()
    api.sleep(60)
    raise ApiError(**read(api.ask()))


def posts_again(api):
    api.ask("POST")
    api.sleep(3)
    raise ApiError(**read(api.ask("POST")))


def gives_up(api):
    raise ApiError(**read(api.ask()))


def hangs(api):
    api.ask()
    while True:
        pass


def shows_credential(fault):
    error = ApiError(**read(fault))
    error.add_note(f"sent with Authorization: Bearer {SECRET}")
    return error


def warns(api):
    warnings.warn("unclosed <socket>", ResourceWarning, stacklevel=1)
    good(api)


NO_RETRY = "acme-unauthorized"
BREAKING = [
    ("undeclared-exception", leaks_key_error, NO_RETRY, "KeyError: 'errorCode' escaped from"),
    ("undeclared-exception", exits, NO_RETRY, "SystemExit: 1 escaped from exits (test_oracle.py:"),
    (
        "exception-text",
        raises(lambda fault: Mute(**read(fault))),
        NO_RETRY,
        "str() of test_oracle.Mute raises KeyError: 'text' in Mute.__str__ (test_oracle.py:",
    ),
    (
        "exception-text",
        raises(lambda fault: Blank(**read(fault))),
        NO_RETRY,
        "repr() of test_oracle.Blank raises RuntimeError: half made in Blank.__repr__",
    ),
    (
        "pickling",
        raises(lambda fault: Unpicklable(fault, wait=3)),
        NO_RETRY,
        "test_oracle.Unpicklable cannot be pickled: TypeError",
    ),
    (
        "swallowed",
        swallows,
        NO_RETRY,
        (
            "returned {'status': 'queued', 'code': 401} for 401 (code \"unauthorized\"); "
            "the test promises ApiError"
        ),
    ),
    (
        "false-alarm",
        gives_up,
        "success",
        "ApiError: (None, 200, None, None) was raised for a success, 200",
    ),
    (
        "lost-code",
        without(code=None),
        NO_RETRY,
        'code is lost: ApiError has nothing, the answer carried "unauthorized"',
    ),
    (
        "lost-code",
        without(code="unknown"),
        NO_RETRY,
        'code is wrong: ApiError has "unknown", the answer carried "unauthorized"',
    ),
    (
        "lost-status",
        without(status=500),
        NO_RETRY,
        "status is wrong: ApiError has 500, the answer carried 401",
    ),
    (
        "lost-message",
        without(message="sign in first"),
        NO_RETRY,
        'message is wrong: ApiError has "sign in first", the answer carried "Sign in first"',
    ),
    (
        "lost-retry-after",
        without(retry_after=4),
        "acme-rate_limited",
        "retry_after is wrong: ApiError has 4, the answer carried 3.0",
    ),
    (
        "slept-too-long",
        sleeps_a_day,
        "acme-rate_limited",
        "slept 86400 s, 86400 s of it at once; the budget is 60 s",
    ),
    (
        "too-many-attempts",
        asks_three_times_more,
        "acme-rate_limited",
        f"4 requests of GET {URL}; the test promises at most 2 retries",
    ),
    (
        "retried-too-early",
        asks_too_early,
        "acme-rate_limited",
        f'GET {URL} was sent again after 2.5 s; 429 (code "rate_limited") said to wait 3 s',
    ),
    (
        "retried-unasked",
        asks_at_all,
        NO_RETRY,
        f'GET {URL} was sent again after 401 (code "unauthorized"), which is not to be retried',
    ),
    (
        "retried-unasked",
        posts_again,
        "acme-rate_limited",
        f'POST {URL} was sent again after 429 (code "rate_limited"); POST is not idempotent',
    ),
    (
        "not-retried",
        gives_up,
        "acme-rate_limited",
        (
            f'GET {URL} was given up after 429 (code "rate_limited"), which says to wait 3 s; '
            "the test promises 2 retries"
        ),
    ),
    (
        "hung",
        hangs,
        NO_RETRY,
        "the call was still running at its deadline of 0.1 s in hangs (test_oracle.py:",
    ),
    (
        "credential",
        raises(shows_credential),
        NO_RETRY,
        "test_oracle.ApiError shows a credential of the request in a note",
    ),
    ("leak", warns, "acme-rate_limited", "ResourceWarning: unclosed <socket>"),
]
SUCCESS = Fault("success", 200, (), b"{}", {"status": 200, "code": 7}, "success")


@pytest.mark.parametrize(
    ("part", "client", "name", "sentence"),
    BREAKING,
    ids=[f"{part}-{number}" for number, (part, *_) in enumerate(BREAKING)],
)
def test_each_part_is_broken_by_a_client_that_breaks_nothing_else(part, client, name, sentence):
    fault = SUCCESS if name == "success" else None
    seconds = 0.1 if part == "hung" else 5

    broken = judged(client, name, fault=fault, seconds=seconds)

    assert [one.part for one in broken] == [part]
    assert broken[0].sentence.startswith(sentence)
    assert SECRET not in broken[0].sentence

    off = Promise(**{**vars(STRICT), "off": frozenset({part})})
    assert parts(client, name, off, fault=fault, seconds=seconds) == []


def test_no_timeout_is_broken_by_a_run_that_waited_without_one():
    done = run(good, fault_of("acme-rate_limited"))
    done.no_timeout = True
    done.raised = OSError("interrupted by the seam")

    broken = judge(STRICT, None, fault_of("acme-rate_limited"), done)

    assert [one.part for one in broken] == ["no-timeout"]
    assert broken[0].sentence == "waited for an answer without a timeout, for ever if need be"


def test_every_part_has_a_client_that_breaks_it():
    assert {part for part, *_ in BREAKING} | {"no-timeout"} == set(PARTS)


@pytest.mark.parametrize("name", [name for name in KINDS if KINDS[name].ring == "documented"])
def test_a_good_client_breaks_nothing(name):
    assert judged(good, name) == []


def test_a_good_client_breaks_nothing_when_a_sequence_ends_well():
    faults = (fault_of("acme-rate_limited"), SUCCESS)

    assert judge(STRICT, None, faults, run(good, *faults)) == []
    assert judge(STRICT, None, faults, run(swallows, *faults))[0].part == "swallowed"


def test_options_are_off_unless_asked_for():
    plain = Promise(raises=ApiError)

    assert parts(raises(lambda fault: Unpicklable(fault, wait=3)), NO_RETRY, plain) == []
    assert parts(warns, "acme-rate_limited", plain) == []
    for client in (posts_again, asks_at_all, asks_too_early, gives_up, asks_three_times_more):
        assert parts(client, "acme-rate_limited", plain) == []


def test_several_parts_come_in_their_order():
    def client(api):
        api.ask("POST")
        api.sleep(100)
        raise ValueError(api.ask("POST"), SECRET)

    found = parts(client, "acme-rate_limited")

    assert found == ["undeclared-exception", "slept-too-long", "retried-unasked", "credential"]


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


class TestCredentials:
    @pytest.mark.parametrize("show", [str, repr, lambda text: text.encode(), lambda text: [text]])
    def test_all_that_an_exception_shows_is_read(self, show):
        assert parts(
            raises(lambda _: ApiError(show(SECRET))), NO_RETRY, Promise(raises=ApiError)
        ) == ["credential"]

    def test_an_argument_that_the_text_hides_is_read(self):
        class Quiet(ApiError):
            def __str__(self):
                return "quiet"

            __repr__ = __str__

        promise = Promise(raises=ApiError)

        (broken,) = judged(raises(lambda _: Quiet(SECRET)), NO_RETRY, promise)

        assert broken.sentence.endswith(
            f'shows a credential of the request in args: "{SECRET[:2]}***"'
        )

    @pytest.mark.parametrize("sent", [True, False])
    @pytest.mark.parametrize("account", ["AC0123456789abcdef0123456789abcdef", SECRET])
    def test_a_user_beside_a_password_may_be_shown_wherever_else_it_stands(self, account, sent):
        """Where a connection failed, nobody knows what would have been sent."""
        password = "8f3a2b1c9d4e5f607182"
        call = SimpleNamespace(
            method="POST",
            url=f"https://api.acme.example/accounts/{account}/messages",
            headers=Headers([("Authorization", basic(account, password))] if sent else []),
            body=b"",
            at=0.0,
            fault=fault_of(NO_RETRY),
        )
        promise, fault = Promise(raises=ApiError), fault_of(NO_RETRY)
        done = Run(calls=[call], secrets=secrets_of(call.headers, call.url))

        assert account in done.secrets or account == SECRET
        done.raised = ApiError(call.url)
        assert judge(promise, None, fault, done) == []
        done.secrets |= secrets_of([("Authorization", basic(account, password))], None)
        done.raised = ApiError(f"{account}:{password}")
        assert [one.part for one in judge(promise, None, fault, done)] == ["credential"]

    @pytest.mark.parametrize(
        ("place", "request_of"),
        [
            ("the header Authorization", {"Authorization": f"Bearer {SECRET}"}),
            ("the header X-Key", {"X-Key": SECRET}),
            ("the user of Basic authentication", {"Authorization": basic(SECRET, "")}),
            ("the user of Basic authentication", {"Authorization": basic(SECRET, "x")}),
            ("the password of Basic authentication", {"Authorization": basic("me", SECRET)}),
            ("the query parameter pageToken", {"url": f"{URL}?size=5&pageToken={SECRET}"}),
            ("the user in the URL", {"url": f"https://{SECRET}@api.acme.example/"}),
            ("the path of the URL", {"url": f"{URL}/{SECRET}/x"}),
            ("the body's member secret", {"body": {"list": [{"secret": SECRET}]}}),
            ("the body's member secret", {"body": f"a=b&secret={SECRET}"}),
            ("the body", {"body": f"<secret>{SECRET}</secret>"}),
        ],
    )
    def test_it_is_told_where_in_the_request_it_stands(self, place, request_of):
        headers = {name: value for name, value in request_of.items() if name[0].isupper()}
        body = request_of.get("body", "")
        call = SimpleNamespace(
            method="GET",
            url=request_of.get("url", URL),
            headers=Headers([("Accept", "*/*"), *headers.items()]),
            body=(body if isinstance(body, str) else json.dumps(body)).encode(),
            at=0.0,
            fault=fault_of(NO_RETRY),
        )
        done = Run(
            raised=ApiError(SECRET), calls=[call], secrets=frozenset({SECRET, f"x {SECRET}"})
        )

        (broken,) = judge(Promise(raises=ApiError), None, fault_of(NO_RETRY), done)

        assert broken.sentence == (
            "test_oracle.ApiError shows a credential of the request in str(): "
            f'{place}, "{SECRET[:2]}***"'
        )

    def test_what_caused_it_is_not_its_own_text(self):
        def client(api):
            api.ask()
            raise ApiError from ValueError(SECRET)

        assert parts(client, NO_RETRY, Promise(raises=ApiError)) == []

    def test_without_credentials_there_is_none(self):
        client = raises(lambda _: ApiError(SECRET))

        assert parts(client, NO_RETRY, Promise(raises=ApiError), secrets=frozenset()) == []


class TestFrames:
    def test_the_innermost_place_in_the_clients_code_is_shown(self):
        def client(api):
            return json.loads(api.ask().body.decode() + "}")

        (broken,) = judged(client, NO_RETRY)

        assert broken.frame.function == "client"
        assert Path(broken.frame.file) == Path(__file__)
        assert "escaped from client (test_oracle.py:" in broken.sentence

    def test_of_a_recursion_it_is_where_it_began_however_deep_the_stack_was(self):
        def inner(value):
            return [outer(value)]

        def outer(value):
            return {len(str(value)): inner([value])}

        def nested(api, levels):
            return nested(api, levels - 1) if levels else [outer(api.ask().body)]

        found = [judged(lambda api, n=n: nested(api, n), NO_RETRY)[0] for n in range(9)]

        assert {one.exception.__class__ for one in found} == {RecursionError}
        assert {one.frame.function for one in found} == {"outer"}
        assert len({one.key for one in found}) == 1

    def test_a_place_in_a_class_has_its_name(self):
        class VoiceClient:
            def _request(self, api):
                return json.loads(api.ask().body)["errorCode"]

        (broken,) = judged(lambda api: VoiceClient()._request(api), NO_RETRY)

        assert broken.sentence.startswith(
            "KeyError: 'errorCode' escaped from VoiceClient._request (test_oracle.py:"
        )

    def test_without_a_client_it_is_the_library(self):
        error = None
        try:
            exec(compile("import json\njson.loads('{')", "x.py", "exec"), {"__name__": "requests"})
        except ValueError as raised:
            error = raised.with_traceback(raised.__traceback__.tb_next)

        (broken,) = judge(STRICT, None, fault_of(NO_RETRY), Run(raised=error))

        assert broken.frame.function == "JSONDecoder.raw_decode"

    def test_one_that_was_never_raised_has_none(self):
        (broken,) = judge(STRICT, None, fault_of(NO_RETRY), Run(raised=KeyError("x")))

        assert broken.frame is None
        assert broken.sentence == (
            "KeyError: 'x' escaped from unknown code; the test promises ApiError"
        )

    def test_the_same_bug_has_the_same_key(self):
        first, second = (
            judged(leaks_key_error, name)[0] for name in (NO_RETRY, "acme-bad_request")
        )
        other = judged(exits, NO_RETRY)[0]

        assert first.exception is not second.exception
        assert first.key == second.key
        assert first.key != other.key
        assert first.key[:2] == ("undeclared-exception", "KeyError")


class TestPromise:
    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ({}, "nothing is promised"),
            ({"raises": "ApiError"}, "raises= needs exception classes, not 'ApiError'"),
            ({"raises": (ApiError, int)}, "raises= needs exception classes, not <class 'int'>"),
            ({"raises": ApiError()}, "raises= needs exception classes, not ApiError"),
            (
                {"raises": {"unauthenticate": AuthError}},
                'raises= knows no "unauthenticate"; did you mean "unauthenticated"?',
            ),
            ({"raises": {...: 3}}, "raises= needs exception classes, not 3"),
            ({"returns": 3}, "returns= needs a function"),
            (
                {"raises": ApiError, "expect": {"kode": str}},
                'expect= knows no "kode"; did you mean "code"?',
            ),
            ({"raises": ApiError, "expect": {"zzz": str}}, "there are code, status, message"),
            (
                {"raises": ApiError, "expect": {"code": "code"}},
                'expect= needs a function for "code"',
            ),
            ({"raises": ApiError, "off": {"swallow"}}, 'did you mean "swallowed"?'),
            ({"raises": ApiError, "retries": -1}, "retries= needs a number from 0, not -1"),
            ({"raises": ApiError, "attempts": 0}, "attempts= needs a number from 1, not 0"),
            ({"raises": ApiError, "budget": "1"}, "budget= needs a number from 0, not '1'"),
        ],
    )
    def test_what_cannot_be_promised_is_refused(self, given, sentence):
        with pytest.raises(UsageProblem) as caught:
            Promise(**given)

        assert sentence in str(caught.value)

    def test_base_exceptions_can_be_promised(self):
        assert parts(exits, NO_RETRY, Promise(raises=SystemExit)) == []


def test_a_broken_returned_object_is_no_reason_to_fail():
    class Odd:
        def __repr__(self):
            raise ValueError

    (broken,) = judged(lambda api: api.ask() and Odd(), NO_RETRY, Promise(raises=ApiError))

    assert broken.sentence.startswith("returned a Odd for 401")


def test_pickling_must_not_change_an_exception():
    promise = Promise(raises=ApiError, pickling=True)

    (broken,) = judged(raises(lambda fault: Changed(fault.status)), NO_RETRY, promise)

    assert broken.sentence == "test_oracle.Changed comes out of a pickle changed"


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
