"""What the catalog of MYOB has to tell apart: four envelopes, and errors of one status by name."""

import json

import pytest

from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.check import check
from pytest_apierrors.response import Headers, Response

JSON = Headers([("Content-Type", "application/json; charset=utf-8")])
MYOB = Catalogs().get("myob")
MISSING = {"Name": "Required", "Message": "Date is required", "ErrorCode": 100, "Severity": "Error"}
NOT_FOUND = {"Name": "NotFound", "Message": "Not there", "ErrorCode": 150, "LearnMore": None}


def limited(**members):
    return {"Name": "RateLimitError", "Message": "API limit", "ErrorCode": None, **members}


def verdict_of(status, body):
    return check(Response(status, json.dumps(body).encode(), JSON), MYOB)


@pytest.mark.parametrize(
    ("status", "body", "envelope", "key"),
    [
        (400, MISSING, "coded", "100"),
        (400, {"Errors": [MISSING], "Information": "May change"}, "wrapped", "100"),
        (400, {"Errors": [MISSING, NOT_FOUND]}, "wrapped", "100"),
        (400, [NOT_FOUND], "list", "150"),
        (403, limited(), "uncoded", "RateLimitError"),
        (403, {"Errors": [limited(Name="DeveloperInactive")]}, "wrapped", "DeveloperInactive"),
        (403, [{"Message": "No"}], "list", "status-403"),
        (403, {"Message": "You are not authorised to access this resource",
               "ErrorCode": "AccessDenied"}, "coded", "AccessDenied"),
        (400, {"error": "invalid_request"}, "oauth", "invalid_request"),
    ],
)  # fmt: skip
def test_every_envelope_is_known_and_every_error_told_by_its_code_or_name(
    status, body, envelope, key
):
    verdict = verdict_of(status, body)

    assert verdict.outcome == "documented", verdict
    assert (verdict.envelope, verdict.entry.key) == (envelope, key)


@pytest.mark.parametrize(
    ("status", "body", "rule", "where"),
    [
        (400, {"Errors": [MISSING, {**NOT_FOUND, "ErrorCode": 151}]}, "code-undocumented",
         "$.Errors[1].ErrorCode"),
        (400, {"Errors": [{**MISSING, "Message": 5}]}, "field-type", "$.Errors[0].Message"),
        (400, {"Errors": {"Message": "one"}}, "field-type", "$.Errors"),
        (400, {"Errors": []}, "code-missing", "$.Errors"),
        (404, {"Errors": [NOT_FOUND]}, "status-mismatch", "status"),
        (504, {**limited(), "Name": "Other"}, "field-value", "$.Name"),
    ],
)  # fmt: skip
def test_what_differs_is_found_in_the_error_that_has_it(status, body, rule, where):
    found = {(one.rule, one.where) for one in verdict_of(status, body).errors}

    assert (rule, where) in found
    assert verdict_of(status, body).outcome == "deviating"


def test_facts_that_only_somebody_s_code_or_a_host_before_production_tells_are_not_there():
    assert not {"25005", "10001", "31001", "418", "423"} & MYOB.errors.keys()
    assert not {"status-418", "status-423", "status-429"} & MYOB.errors.keys()
