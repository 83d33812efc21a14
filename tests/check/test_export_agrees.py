"""The exported schema answers what the check answers: is a body's violation an error?"""

from __future__ import annotations

import json
from functools import cache

import pytest
from generated import CATALOGS, LOOSE, NAMES, bodies, statuses
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from pytest_apierrors.catalog.engine import compile_schema, reference_validator
from pytest_apierrors.catalog.export import DIALECT, export
from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.catalog.load import load_catalog
from pytest_apierrors.check import check
from pytest_apierrors.check.mutants import example_response, mutants
from pytest_apierrors.response import Headers, Response

JSON = Headers([("Content-Type", "application/json")])
BODY_RULES = {
    "code-undocumented",
    "code-missing",
    "field-missing",
    "field-type",
    "field-value",
    "field-undocumented",
}


@cache
def judges(name):
    schema = export(CATALOGS.get(name))
    return compile_schema(schema).is_valid, reference_validator(schema).is_valid


def is_sound(status, value, catalog):
    """Whether the check finds no violation of severity error in the body."""
    found = check(Response(status, json.dumps(value).encode(), JSON), catalog).errors
    return not any(one.rule in BODY_RULES for one in found)


def agree(name, status, value):
    exchange = {"status": status, "body": value}
    wanted = is_sound(status, value, CATALOGS.get(name))
    assert [judge(exchange) for judge in judges(name)] == [wanted, wanted], exchange


@pytest.mark.parametrize("name", NAMES)
def test_on_every_example_and_mutant(name):
    catalog = CATALOGS.get(name)
    for entry in catalog.errors.values():
        base = example_response(entry, catalog)
        if base is not None:
            for one in [base, *(mutant.response for mutant in mutants(entry, catalog))]:
                agree(name, one.status, json.loads(one.body))


@pytest.mark.parametrize("name", NAMES)
@LOOSE
@given(data=st.data())
def test_on_generated_bodies(name, data):
    agree(name, data.draw(statuses(name)), data.draw(bodies(name)))


AWKWARD = [
    (400, {"errors": [{"code": 2}, {"code": 2}]}),
    (400, {"errors": [{"code": 2}]}),
    (400, {"errors": [{"code": 2}], "limit": 0}),
    (403, {"errors": [{"code": 2}], "limit": "x"}),
    (400, {"errors": [{"code": 2}], "limit": "x"}),
    (404, {"errors": [{"code": "003"}], "limit": 5}),
    (404, {"errors": [{"code": 3}], "limit": None}),
    (409, {"errors": [{"code": 3}], "limit": None}),
    (404, {"errors": [{"code": 4}]}),
    (422, {"errors": [{"code": 4}], "id": "01234567-89ab-cdef-0123-456789abcdef"}),
    (409, {"errors": [{"code": "005", "extra": []}], "id": []}),
    (410, {"errors": [{"code": 5}]}),
    (410, {"errors": [{"code": "5"}]}),
    (410, {"errors": [{"code": "0" * 21}]}),
    (410, {"errors": [{"code": -6}]}),
    (410, {"errors": [{"code": "-6"}]}),
    (410, {"errors": [{"code": "0-6"}]}),
    (400, {"errors": [{"code": 1, "never": 1}]}),
    (400, {"errors": [{"code": 1, "$ref": {"additionalProperties": False}}]}),
    (400, {"errors": [{"code": 1, "$ref": {}}]}),
    (400, {"errors": [{"code": 1, "pair": ["a", 1, 2]}]}),
    (400, {"errors": [{"code": 1, "pair": [1]}]}),
    (400, {"errors": [{"code": 1}], "number": "x"}),
    (400, {"errors": {"0": {"code": 1}}}),
    (400, {"error": {"code": "ab", "kind": "a"}}),
    (400, {"error": {"code": "ab", "kind": "b", "text": "X"}}),
    (400, {"error": {"code": "ab", "kind": {"x": [1]}}}),
    (409, {"error": {"code": "also", "kind": "a"}}),
    (400, {"title": "abcd"}),
    (418, {"title": "abcd"}),
    (500, {"errors": [{"code": 999}]}),
    (200, {"errors": [{"code": 999}]}),
    (200, {"errors": [{}]}),
    (429, {"title": "x"}),
    (429, {"id": "x"}),
    (400, {"message": "Forbidden"}),
    (400, None),
    (418, None),
]


@pytest.mark.parametrize(("status", "body"), AWKWARD)
def test_on_what_is_awkward(status, body):
    agree("awkward", status, body)


def test_the_awkward_bodies_are_of_both_kinds():
    found = [is_sound(status, body, CATALOGS.get("awkward")) for status, body in AWKWARD]

    assert found.count(True) > 8
    assert found.count(False) > 8


@pytest.mark.parametrize("name", NAMES)
def test_it_is_a_schema_and_says_so(name):
    schema = export(CATALOGS.get(name))

    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT
    assert CATALOGS.get(name).title in schema["title"]
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize(
    "exchange", [5, {}, {"status": 400}, {"body": {}}, {"status": "400", "body": 1}]
)
def test_what_is_no_exchange_is_refused(exchange):
    assert [judge(exchange) for judge in judges("sinch")] == [False, False]


@pytest.mark.parametrize("status", [400, 418, 200, 204])
def test_a_catalog_without_shapes_takes_any_body(status):
    for name in ("http", "toku"):
        for body in (None, 5, {"errorCode": 1}):
            agree(name, status, body)


@LOOSE
@given(
    data=st.data(),
    status=st.sampled_from([200, 400, 404]),
    none=st.sampled_from([[], [0], ["x", None]]),
)
@example(data=None, status=400, none=[])
def test_a_catalog_without_any_code_yet(data, status, none):
    raw = {
        "title": "No codes",
        "extends": "acme",
        "envelopes": {
            "bare": {
                "source": "page",
                "identify": {"/bare": ["string", "integer", "null"]},
                "schema": {"type": "object"},
                "code": {"pointer": "/bare", "none": none, "maximum_none": 3, "width": 2},
                "space": "bare",
            }
        },
    }
    catalog = load_catalog(json.dumps(raw).encode(), "bare", "bare.json", CATALOGS.get)
    schema = export(catalog)
    value = (
        None if data is None else data.draw(st.sampled_from([0, 3, 4, "", "x", "03", "04", None]))
    )
    body = {"bare": value}

    verdict = is_sound(status, body, catalog)

    assert compile_schema(schema).is_valid({"status": status, "body": body}) == verdict
    assert reference_validator(schema).is_valid({"status": status, "body": body}) == verdict


def test_the_built_in_catalogs_are_those_that_are_exported_here():
    assert set(Catalogs().names()) <= set(NAMES)
