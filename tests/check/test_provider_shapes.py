"""Shapes that were seen of these providers, of their gateways and of their other products."""

from __future__ import annotations

import json

import pytest
from generated import CATALOGS
from test_hostile import JSON, SHAPED, judged, response, rules

from pytest_apierrors.check import check

SINCH = CATALOGS.get("sinch")
NEUTRINO = CATALOGS.get("neutrino")
TELEPHONY = CATALOGS.get("telephony-io")


GATEWAYS = [
    {"message": "Forbidden"},
    {"message": "Missing Authentication Token"},
    {"message": "Endpoint request timed out"},
    {"message": "no Route matched with those values"},
    {"message": "You are not subscribed to this API."},
    {"statusCode": 429, "message": "Rate limit is exceeded. Try again in 7 seconds."},
    {"error": "Key has expired, please renew"},
    {"fault": {"faultstring": "x", "detail": {"errorcode": "policies.ratelimit.QuotaViolation"}}},
    {"error_code": "APIG.0308", "error_msg": "x", "request_id": "y"},
    {"fault": {"code": 900803, "message": "x", "description": "y"}},
]


@pytest.mark.parametrize("name", SHAPED)
@pytest.mark.parametrize("body", GATEWAYS)
def test_shapes_that_gateways_write(name, body):
    outcome, found = judged(name, json.dumps(body))

    assert (outcome, found[0]) == ("intermediary", "intermediary-response")


FOREIGN = {
    "nested": {"error": {"code": 404, "message": "x", "status": "NOT_FOUND", "details": []}},
    "sms": {"code": "unknown_group", "text": "x"},
    "sms with a number": {"code": 404, "text": "x"},
    "rcs": {"error": "x", "field_errors": [{"field": "to", "errors": ["y"]}]},
    "number-lookup": {"type": "about:blank", "title": "x", "status": 404, "traceId": "0"},
    "problem-details": {"type": "about:blank", "title": "x", "detail": "y"},
    "porting": {"code": "404", "error": "x"},
    "provisioning": {"errorCode": "template_exists", "message": "x", "resolution": "y"},
}


@pytest.mark.parametrize("body", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("status", [404, 400, 429])
def test_other_shapes_of_one_provider_are_matched_by_status(body, status):
    verdict = check(response(status, json.dumps(body)), SINCH)

    assert (verdict.outcome, verdict.entry.key) == ("documented", f"status-{status}")
    assert verdict.code is None
    assert verdict.violations == ()


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("api-error", "api-error-msg"),
        ("apiError", "apiErrorMsg"),
        ("api_error", "api_error_msg"),
    ],
)
@pytest.mark.parametrize(
    ("wire", "spelled", "found"),
    [
        ("1", "01", []),
        ("1.0", "01", []),
        ('"1"', "01", ["field-type"]),
        ('"01"', "01", ["field-type"]),
        ("true", None, ["field-type"]),
        ("null", None, ["code-missing"]),
        ("0", None, ["code-missing"]),
        ("-1", None, ["code-missing"]),
        ('"0"', None, ["code-missing"]),
        ("[1]", None, ["field-type"]),
        ("1.5", None, ["field-type"]),
    ],
)
def test_one_code_in_many_spellings(code, message, wire, spelled, found):
    body = f'{{"{code}": {wire}, "{message}": "MISSING OR INVALID PARAMETER"}}'

    verdict = check(response(400, body), NEUTRINO)

    assert verdict.code == spelled
    assert verdict.entry.key == ("01" if spelled else "status-400")
    assert rules(verdict) == found


@pytest.mark.parametrize(
    "body",
    [
        {"api-error": 1, "apiErrorMsg": "MISSING OR INVALID PARAMETER"},
        {"apiError": 1, "api-error-msg": "MISSING OR INVALID PARAMETER"},
    ],
)
def test_spellings_are_not_mixed(body):
    verdict = check(response(400, json.dumps(body)), NEUTRINO)

    assert rules(verdict) == ["field-missing", "field-undocumented"]


@pytest.mark.parametrize(
    ("body", "envelope", "outcome", "found"),
    [
        ({"error": {"code": "unauthorized", "message": "x"}}, "nested", "documented", []),
        ({"error": "x", "code": "unauthorized"}, "flat", "documented", ["code-undocumented"]),
        (
            {"error": {"code": "other", "message": "x"}},
            "nested",
            "documented",
            ["code-undocumented"],
        ),
        ({"error": {"code": "unauthorized"}}, "nested", "deviating", ["field-missing"]),
        ({"error": {"message": "x"}}, None, "deviating", None),
        ({"error": "x"}, None, "deviating", None),
    ],
)
def test_two_shapes_of_telephony_io(body, envelope, outcome, found):
    headers = {**JSON, "WWW-Authenticate": "Bearer"}

    verdict = check(response(401, json.dumps(body), headers), TELEPHONY)

    assert (verdict.envelope, verdict.outcome) == (envelope, outcome)
    if found is None:
        assert "code-missing" in rules(verdict)
    else:
        assert rules(verdict) == found


@pytest.mark.parametrize("status", [200, 201, 204])
@pytest.mark.parametrize(
    "body",
    [
        {"errorCode": 40400, "message": "x"},
        {"errorCode": "40400", "message": "x"},
    ],
)
def test_an_error_in_a_success(status, body):
    verdict = check(response(status, json.dumps(body)), SINCH)

    assert verdict.outcome == "deviating"
    assert "error-in-success" in rules(verdict)
    assert ("body-unexpected" in rules(verdict)) == (status == 204)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"errorCode": 0},
        {"errorCode": None},
        {"errorCode": ""},
        {"errorCode": "none"},
        {"errorCode": True},
        {"errorCode": []},
        [{"errorCode": 40400}],
        {"data": {"errorCode": 40400}},
    ],
)
def test_what_is_no_error_in_a_success(body):
    verdict = check(response(200, json.dumps(body)), SINCH)

    assert (verdict.outcome, verdict.violations) == ("not-an-error", ())
