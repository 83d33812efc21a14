"""What `assert_error` accepts, what it refuses, and what it returns."""

import json
from pathlib import Path

import pytest

from pytest_apierrors.asserting import Asked, catalog_for, given, hold
from pytest_apierrors.attribution import Attribution
from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.check import Policy, check
from pytest_apierrors.errors import ErrorMismatch, UsageProblem
from pytest_apierrors.response import Headers, Response

CATALOGS = Catalogs([Path(__file__).parent / "messages" / "acme.json"])
JSON = {"Content-Type": "application/json"}
WAIT = {**JSON, "Retry-After": "3"}
SIGN_IN = {**JSON, "WWW-Authenticate": "Bearer"}


def response(status, body=b"", headers=JSON, **more):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, data, Headers.of(headers), **more)


def acme(code, message="x", **more):
    return {"error": {"code": code, "message": message, **more}}


LIMITED = response(429, acme("rate_limited", "Wait 3 seconds"), WAIT)
UNAUTHORIZED = response(401, acme("unauthorized", "Sign in first"), SIGN_IN)
BAD_REQUEST = response(400, acme("bad_request"))
UNHEARD_OF = response(400, acme("slow_down"))
TEAPOT = response(418, {"error": {"message": "short"}})
HTML = response(502, b"<html>bad gateway</html>", {"Content-Type": "text/html"})
FINE = response(200, {"id": 1})


def held(answer, provider="acme", policy=Policy(), **asked):  # noqa: B008 - frozen
    catalog = CATALOGS.get(provider)
    return hold(check(answer, catalog, policy), answer, catalog, Asked(**asked))


def refused(answer, provider="acme", policy=Policy(), **asked):  # noqa: B008 - frozen
    with pytest.raises(ErrorMismatch) as raised:
        held(answer, provider, policy, **asked)
    return str(raised.value).partition("\n")[0]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"code": "rate_limited"},
        {"status": 429},
        {"category": "resource_exhausted"},
        {"retryable": True},
        {
            "code": "rate_limited",
            "status": 429,
            "category": "resource_exhausted",
            "retryable": True,
        },
    ],
)
def test_a_documented_error_is_returned(asked):
    assert held(LIMITED, **asked).key == "rate_limited"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"code": "unauthorized"}, "not unauthorized as the test says"),
        ({"code": "no_such_code"}, "not no_such_code as the test says"),
        ({"status": 430}, "not 430 as the test says"),
        ({"category": "not_found"}, "not not_found as the test says"),
        ({"retryable": False}, "not retryable"),
    ],
)
def test_any_difference_from_what_was_asked_for_is_refused(asked, said):
    assert said in refused(LIMITED, **asked)


@pytest.mark.parametrize("retryable", [True, False])
def test_unknown_retry_advice_is_neither(retryable):
    assert "no source says" in refused(BAD_REQUEST, retryable=retryable)


def test_what_is_never_retried_is_not_retryable():
    assert held(UNAUTHORIZED, retryable=False).key == "unauthorized"


@pytest.mark.parametrize("code", [1, "1", "01"])
def test_codes_are_taken_in_any_spelling(code):
    answer = response(403, {"api-error": 1, "api-error-msg": "x"})

    assert held(answer, "neutrino", code=code).key == "01"


@pytest.mark.parametrize("code", [40101, "40101"])
@pytest.mark.parametrize("wire", [40101, "40101"])
def test_codes_are_taken_as_number_and_as_text(code, wire):
    text = "X-Timestamp request header invalid or missing"
    answer = response(401, {"errorCode": wire, "message": text, "reference": "r"}, SIGN_IN)

    assert held(answer, "sinch", code=code).key == "40101"


@pytest.mark.parametrize("code", ["bad_request", "invalid_request"])
def test_a_contested_code_is_taken_by_both_its_names(code):
    assert held(response(400, acme("invalid_request")), code=code).key == "bad_request"


def test_an_entry_without_code_is_asked_for_by_its_key():
    answer = response(405, {"error": {"message": "x"}}, {**JSON, "Allow": "GET"})

    assert held(answer, policy=Policy(ignore=frozenset({"code-missing", "field-missing"})))
    assert held(
        answer,
        policy=Policy(ignore=frozenset({"code-missing", "field-missing"})),
        code="not_allowed",
    )


@pytest.mark.parametrize(
    "asked",
    [{}, {"code": "rate_limited"}, {"status": 400}, {"code": "rate_limited", "status": 400}],
)
def test_a_violation_of_severity_error_is_refused_whatever_was_asked_for(asked):
    answer = response(400, acme("rate_limited", "Wait 3 seconds"), WAIT)

    assert "documented under 429" in refused(answer, **asked)


def test_a_warning_is_no_reason_to_refuse_and_a_policy_makes_it_one():
    answer = response(401, acme("unauthorized", "Token expired"), SIGN_IN)

    assert held(answer).key == "unauthorized"
    refused(answer, policy=Policy(severity=(("message-differs", "error"),)))


@pytest.mark.parametrize("asked", [{}, {"code": "rate_limited"}, {"status": 200}])
def test_what_is_no_error_is_refused(asked):
    refused(FINE, **asked)


@pytest.mark.parametrize("asked", [{}, {"status": 400}, {"code": "bad_request"}])
def test_an_undocumented_code_is_refused_unless_it_was_asked_for(asked):
    assert "slow_down" in refused(UNHEARD_OF, **asked)


@pytest.mark.parametrize("asked", [{"code": "slow_down"}, {"code": "slow_down", "status": 400}])
def test_an_undocumented_code_that_was_asked_for_passes_without_an_entry(asked):
    assert held(UNHEARD_OF, **asked) is None


def test_an_undocumented_code_is_forgiven_nothing_else():
    answer = response(400, acme("slow_down", field=["no text"]))

    assert "slow_down" in refused(answer, code="slow_down")


@pytest.mark.parametrize(
    "asked",
    [
        {"code": "slow_down", "status": 401},
        {"code": "slow_down", "category": "not_found"},
        {"code": "slow_down", "retryable": False},
    ],
)
def test_an_undocumented_code_has_its_status_and_nothing_else(asked):
    refused(UNHEARD_OF, **asked)


def test_an_undocumented_status_without_code_passes_by_its_status():
    policy = Policy(ignore=frozenset({"code-missing", "field-missing"}))

    assert held(TEAPOT, policy=policy, status=418) is None
    assert "undocumented" in refused(TEAPOT, policy=policy)
    assert "slow_down" in refused(TEAPOT, policy=policy, code="slow_down")
    refused(TEAPOT, status=418)


def test_an_intermediary_passes_by_its_status_only():
    assert held(HTML, status=502) is None
    assert "intermediary" in refused(HTML)
    assert "intermediary" in refused(HTML, code="rate_limited")
    assert "intermediary" in refused(HTML, code="rate_limited", status=502)
    assert "503" in refused(HTML, status=503)
    refused(HTML, status=502, retryable=True)


def test_an_intermediary_that_was_asked_for_is_not_held_against_it():
    policy = Policy(severity=(("intermediary-response", "error"),))

    assert held(HTML, policy=policy, status=502) is None


@pytest.fixture
def stateful(tmp_path):
    """The invented provider, which now also has a state among its codes."""
    page = {"kind": "page", "url": "https://docs.acme.test/states"}
    state = {"code": "paused", "status": [409], "role": "state", "source": "states"}
    added = {
        "title": "Acme with a state",
        "extends": "acme",
        "sources": {"states": page},
        "errors": {
            "paused": {**state, "example": None, "no_example": "the page prints none"},
            "by-another-name": {
                "code": "gone",
                "status": [410],
                "source": "states",
                "example": None,
                "no_example": "the page prints none",
                "claims": [{"fact": "code", "value": "vanished", "source": "states"}],
            },
        },
    }
    (tmp_path / "acme-states.json").write_text(json.dumps(added), encoding="utf-8")
    acme_file = Path(__file__).parent / "messages" / "acme.json"
    return Catalogs([tmp_path, acme_file]).get("acme-states")


@pytest.mark.parametrize("code", ["gone", "vanished", "by-another-name"])
def test_an_entry_is_asked_for_by_its_key_its_code_and_the_code_that_came(stateful, code):
    answer = response(410, acme("vanished"))
    verdict = check(answer, stateful)

    assert hold(verdict, answer, stateful, Asked(code=code)).key == "by-another-name"


def test_a_state_passes_only_by_its_code(stateful):
    answer = response(409, acme("paused"))
    verdict = check(answer, stateful)

    assert hold(verdict, answer, stateful, Asked(code="paused")).key == "paused"
    for asked in (Asked(), Asked(status=409), Asked(code="paused", status=400), Asked(code="x")):
        with pytest.raises(ErrorMismatch, match="not an error"):
            hold(verdict, answer, stateful, asked)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"code": True}, "code is an int or a str"),
        ({"code": 1.5}, "code is an int or a str"),
        ({"status": "401"}, "status is an int"),
        ({"status": True}, "status is an int"),
        ({"category": 3}, "category is a str"),
        ({"category": "unauthentcated"}, 'did you mean "unauthenticated"?'),
        ({"retryable": "yes"}, "retryable is True or False"),
    ],
)
def test_what_no_response_could_be_is_a_mistake(asked, said):
    with pytest.raises(UsageProblem, match=r"assert_error: ") as raised:
        Asked(**asked)

    assert said in str(raised.value)


def test_a_value_that_means_no_code_is_a_mistake():
    with pytest.raises(UsageProblem, match="0 is no error code of neutrino"):
        held(response(403, {"api-error": 1, "api-error-msg": "x"}), "neutrino", code=0)


def test_codes_of_a_provider_without_codes_are_a_mistake():
    with pytest.raises(UsageProblem, match="the catalog http has no codes; ask for the status"):
        held(response(404), "http", code=404)


def test_a_code_that_a_provider_without_shapes_does_not_document_is_a_mistake():
    with pytest.raises(UsageProblem, match="toku documents no code 1001"):
        held(response(400, {"result": -1001}), "toku", code=1001)


def test_what_is_undecided_says_how_to_decide_it():
    with pytest.raises(ErrorMismatch) as raised:
        held(response(400, {"result": -1001}), "toku", code=-1001)

    lines = str(raised.value).splitlines()
    assert lines[0] == "toku 400: undecided whether it is an error, and the test expects one"
    assert any("is it an error after all?   edit catalogs/toku.json," in line for line in lines)


@pytest.mark.parametrize("body", [b"{}", "{}", {"a": 1}, [1], None, bytearray(b"{}")])
def test_the_status_of_a_bare_body_is_the_response_s(body):
    answer, asked = given(body, 401, {"X-A": "1"})

    assert (answer.status, answer.header("x-a"), asked) == (401, "1", None)


def test_the_status_beside_a_response_is_asked_for():
    assert given(LIMITED, 430, None) == (LIMITED, 430)


def test_a_bare_body_without_status_is_a_mistake():
    with pytest.raises(UsageProblem, match="status"):
        given({"a": 1}, None, None)


def test_of_several_providers_the_host_decides():
    both = Attribution([CATALOGS.get("acme"), CATALOGS.get("sinch")])
    known = response(429, url="https://api.acme.test/v1")

    assert catalog_for(known, both).name == "acme"
    with pytest.raises(UsageProblem, match=r"none of the chosen providers \(acme, sinch\)"):
        catalog_for(response(429), both)
