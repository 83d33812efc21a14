"""Bodies that list several errors: each is held against the catalog as if it had come alone."""

import json

import pytest

from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.catalog.load import load_catalog
from pytest_apierrors.check import check
from pytest_apierrors.errors import CatalogError
from pytest_apierrors.response import Headers, Response

JSON = Headers([("Content-Type", "application/json")])
ONE = {
    "source": "page",
    "identify": {"/code": ["integer", "string"]},
    "schema": {
        "type": "object",
        "properties": {"code": {"type": "integer"}, "text": {"type": "string"}},
        "required": ["code", "text"],
    },
    "code": {"pointer": "/code"},
    "message": "/text",
}
MANY = {
    "source": "page",
    "identify": {"/errors": ["array", "object", "null"]},
    "schema": {
        "type": "object",
        "properties": {"errors": {"type": "array"}, "trace": {"type": "string"}},
        "required": ["errors"],
    },
    "code": None,
    "each": "/errors",
}
LIST = {**MANY, "identify": {"": "array"}, "schema": {"type": "array"}, "each": ""}


def catalog(**envelopes):
    file = {
        "title": "Lists",
        "sources": {"page": {"kind": "page", "url": "https://docs.lists.test"}},
        "error": {"status": ["4xx"], "source": "page"},
        "envelopes": envelopes or {"one": ONE, "many": MANY, "list": LIST},
        "errors": {
            "7": {
                "code": "7",
                "status": [400],
                "source": "page",
                "message": {"text": "seven", "match": "exact"},
                "example": None,
                "no_example": "none",
            },
            "8": {
                "code": "8",
                "status": [400],
                "source": "page",
                "example": None,
                "no_example": "none",
            },
        },
    }
    return load_catalog(json.dumps(file).encode(), "lists", "lists.json", Catalogs().get)


CATALOG = catalog()
SEVEN = {"code": 7, "text": "seven"}
EIGHT = {"code": 8, "text": "eight"}


def verdict_of(body, status=400):
    return check(Response(status, json.dumps(body).encode(), JSON), CATALOG)


def found(body, status=400):
    """Return rule and place of what is no note."""
    violations = verdict_of(body, status).violations
    return [(one.rule, one.where) for one in violations if one.severity != "note"]


@pytest.mark.parametrize(
    ("body", "place"), [({"errors": [SEVEN, EIGHT]}, "many"), ([SEVEN], "list")]
)
def test_a_list_of_documented_errors_is_documented_as_its_first(body, place):
    verdict = verdict_of(body)

    assert (verdict.outcome, verdict.entry.key, verdict.code) == ("documented", "7", "7")
    assert (verdict.envelope, verdict.violations) == (place, ())


def test_what_is_wrong_with_any_of_them_is_found_at_its_place():
    body = {"errors": [SEVEN, {"code": 8}, {"code": 99, "text": "?"}, {"text": "x"}, "text"]}

    assert verdict_of(body).outcome == "deviating"
    assert found(body) == [
        ("field-missing", "$.errors[1].text"),
        ("code-undocumented", "$.errors[2].code"),
        ("code-missing", "$.errors[3].code"),
        ("field-type", "$.errors[4]"),
    ]


def test_what_surrounds_the_list_is_judged_too():
    assert found({"errors": [SEVEN], "trace": 5}) == [("field-type", "$.trace")]


def test_what_is_found_of_the_whole_response_is_said_once():
    assert found({"errors": [SEVEN, EIGHT]}, status=404) == [("status-mismatch", "status")]


@pytest.mark.parametrize("errors", [[], {}, None])
def test_a_list_without_errors_has_no_code(errors):
    verdict = verdict_of({"errors": errors})

    assert verdict.outcome == "deviating"
    assert ("code-missing", "$.errors") in found({"errors": errors})


def test_an_undocumented_first_error_makes_the_response_undocumented():
    verdict = verdict_of([{"code": 99, "text": "?"}, SEVEN])

    assert (verdict.outcome, verdict.code, verdict.entry) == ("undocumented", "99", None)
    assert found([{"code": 99, "text": "?"}, SEVEN]) == [("code-undocumented", "$[0].code")]


def test_a_list_in_a_list_is_no_error():
    assert ("field-type", "$[0]") in found([[SEVEN]])


def test_a_list_without_end_costs_what_its_first_errors_cost():
    body = [SEVEN] * 200_000

    (undecided,) = verdict_of(body).violations

    assert (undecided.rule, undecided.where) == ("undecided", "$")
    assert undecided.found == "the first 100 of 200000 were looked at"


@pytest.mark.parametrize(
    ("envelopes", "sentence"),
    [
        (
            {"one": ONE, "many": {**MANY, "code": {"pointer": "/code"}}},
            "$.envelopes.many.each: what lists errors has no code or message of its own",
        ),
        (
            {"many": MANY},
            "$.envelopes.many: no other envelope says what one error of the list is",
        ),
        ({"one": ONE, "many": {**MANY, "each": "errors"}}, '"errors" is no JSON Pointer'),
        ({"one": {**ONE, "code": {"pointer": ""}}}, '"" is no JSON Pointer'),
    ],
)
def test_a_list_that_cannot_be_judged_is_refused(envelopes, sentence):
    with pytest.raises(CatalogError) as caught:
        catalog(**envelopes)

    assert sentence in str(caught.value)
