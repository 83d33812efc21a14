"""Spelling of codes, pointers into bodies, envelopes told apart, entries that add to a schema."""

from __future__ import annotations

import json
import math

import pytest

from pytest_apierrors.catalog.compile import (
    ABSENT,
    compiled,
    has_type,
    identify,
    json_type,
    merged,
    resolve,
    spell,
)
from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.catalog.load import load_catalog
from pytest_apierrors.catalog.model import CodeRule

PLAIN = CodeRule(("code",))
PADDED = CodeRule(("code",), width=2, maximum_none=0)
LISTED = CodeRule(("code",), none=("none", None, 7))


@pytest.mark.parametrize(
    ("code", "rule", "expected"),
    [
        (40101, PLAIN, "40101"),
        (40101.0, PLAIN, "40101"),
        ("40101", PLAIN, "40101"),
        ("040101", PLAIN, "040101"),
        ("gone", PLAIN, "gone"),
        (-1007, PLAIN, "-1007"),
        (0, PLAIN, None),
        (0.0, PLAIN, None),
        (-0.0, PLAIN, None),
        ("0", PLAIN, "0"),
        ("", PLAIN, None),
        (None, PLAIN, None),
        (True, PLAIN, None),
        (False, PLAIN, None),
        (1.5, PLAIN, None),
        (math.inf, PLAIN, None),
        (math.nan, PLAIN, None),
        ([], PLAIN, None),
        ({}, PLAIN, None),
        (ABSENT, PLAIN, None),
        (10**399, PLAIN, str(10**399)),
        (1, PADDED, "01"),
        (1.0, PADDED, "01"),
        ("1", PADDED, "01"),
        ("01", PADDED, "01"),
        ("0001", PADDED, "01"),
        (100, PADDED, "100"),
        (0, PADDED, None),
        ("0", PADDED, None),
        ("00", PADDED, None),
        (-5, PADDED, None),
        ("-5", PADDED, "-5"),
        ("1 ", PADDED, "1 "),
        ("\u0661", PADDED, "\u0661"),
        ("\u00b2", PADDED, "\u00b2"),
        ("1" * 21, PADDED, "1" * 21),
        ("1" * 5000, PADDED, "1" * 5000),
        ("none", LISTED, None),
        ("None", LISTED, "None"),
        (7, LISTED, None),
        ("7", LISTED, "7"),
        (0, LISTED, "0"),
    ],
)
def test_a_code_is_spelled_as_the_page_does(code, rule, expected):
    assert spell(code, rule) == expected


BODY = {"a": [{"b": 1}, [2, 3]], "0": "zero", "": {"": None}, "x/y": 4, "~": 5}


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ((), BODY),
        (("a", "0", "b"), 1),
        (("a", "1", "1"), 3),
        (("a", "2"), ABSENT),
        (("a", "01"), ABSENT),
        (("a", "-1"), ABSENT),
        (("a", "-"), ABSENT),
        (("a", "\u00b2"), ABSENT),
        (("a", "\u0661"), ABSENT),
        (("a", "9" * 5000), ABSENT),
        (("a", ""), ABSENT),
        (("0",), "zero"),
        (("0", "0"), ABSENT),
        (("", ""), None),
        (("", "", ""), ABSENT),
        (("x/y",), 4),
        (("~",), 5),
        (("b",), ABSENT),
    ],
)
def test_a_pointer_names_a_value_or_nothing(pointer, expected):
    assert resolve(BODY, pointer) is expected or resolve(BODY, pointer) == expected


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "null"),
        (True, "boolean"),
        (1, "integer"),
        (1.0, "integer"),
        (1.5, "number"),
        ("", "string"),
        ([], "array"),
        ({}, "object"),
        (ABSENT, "absent"),
        (math.inf, "number"),
    ],
)
def test_the_type_of_a_value(value, kind):
    assert json_type(value) == kind
    assert has_type(value, frozenset({kind}))
    assert has_type(value, frozenset({"number"})) == (kind in ("integer", "number"))


def test_an_integer_is_asked_for_and_a_fraction_comes():
    assert not has_type(1.5, frozenset({"integer"}))


def catalog(**changes):
    raw = {
        "title": "Acme",
        "sources": {"page": {"kind": "page", "url": "https://docs.acme.test"}},
        "error": {"status": ["4xx"], "source": "page"},
        "errors": {"gone": entry("gone", [404])},
        **changes,
    }
    return load_catalog(json.dumps(raw).encode(), "acme", "acme.json", Catalogs().get)


def entry(code, status, **more):
    return {
        "code": code,
        "status": status,
        "source": "page",
        "example": None,
        "no_example": "x",
        **more,
    }


def envelope(**identify):
    pointers = {f"/{name.replace('__', '/')}": types for name, types in identify.items()}
    return {"source": "page", "identify": pointers, "schema": {"type": "object"}, "code": None}


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"a": 1}, "one"),
        ({"a": 1, "b": "x"}, "two"),
        ({"a": 1, "b": 5}, "one"),
        ({"a": 1, "b": "x", "c": None}, "two"),
        ({"c": {"d": 1.0}}, "deep"),
        ({"c": {"d": 1.5}}, None),
        ({"e": 1}, "tie"),
        ({"e": 1, "f": 1}, "tie"),
        ({}, None),
        ([], None),
        (None, None),
        ("a", None),
    ],
)
def test_the_most_specific_envelope_wins_and_the_first_of_equals(body, name):
    one = catalog(
        envelopes={
            "one": envelope(a="integer"),
            "two": envelope(a=["integer", "null"], b="string"),
            "deep": envelope(c__d="integer"),
            "tie": envelope(e="number"),
            "same": envelope(e="integer"),
            "less": envelope(e="integer", g="object"),
        }
    )

    found = identify(one, body)

    assert (None if found is None else found.name) == name


def test_absence_tells_envelopes_apart():
    one = catalog(envelopes={"a": envelope(a="string", b="absent"), "b": envelope(a="string")})

    assert identify(one, {"a": "x"}).name == "a"
    assert identify(one, {"a": "x", "b": None}).name == "b"


def test_entries_are_filed_once_under_each_code_and_status():
    gone = entry(
        "gone",
        [404, 404, 410],
        claims=[
            {"fact": "code", "value": "gone", "source": "page"},
            {"fact": "code", "value": "lost", "source": "page"},
            {"fact": "status", "value": 404, "source": "page"},
            {"fact": "status", "value": 406, "source": "page"},
            {"fact": "status", "value": 407, "source": "page", "state": "rejected", "reason": "no"},
        ],
    )
    form = compiled(catalog(errors={"gone": gone}))

    assert {k: [(c.entry.key, c.claimed) for c in v] for k, v in form.codes.items()} == {
        ("default", "gone"): [("gone", False)],
        ("default", "lost"): [("gone", True)],
    }
    assert {k: [e.key for e in v] for k, v in form.by_status.items()} == {
        404: ["gone"],
        410: ["gone"],
        406: ["gone"],
    }
    assert form.error_statuses == (404, 406, 410)


def test_a_status_means_first_what_is_said_of_it_as_such():
    unknown = {"unknown": "x"}
    form = compiled(
        catalog(
            errors={
                "coded": entry("coded", [400, 401, 402]),
                "any": entry(unknown, [400, 401]),
                "status": entry(None, [400]),
                "fine": entry(None, [400, 403], role="success"),
                "state": entry("state", [402], role="state"),
            }
        )
    )

    assert [e.key for e in form.for_status(400)] == ["status"]
    assert [e.key for e in form.for_status(401)] == ["any"]
    assert [e.key for e in form.for_status(402)] == ["coded"]
    assert form.for_status(403) == []
    assert [e.key for e in form.unknown_codes(400)] == ["any"]
    assert form.error_statuses == (400, 401, 402)


def test_a_catalog_is_compiled_once():
    one = catalog()

    assert compiled(one) is compiled(one)


def test_an_entry_adds_to_its_envelope_at_every_level():
    schema = {
        "type": "object",
        "properties": {
            "error": {
                "type": "object",
                "properties": {"code": {"type": "string"}},
                "required": ["code"],
                "additionalProperties": False,
            },
            "open": True,
        },
        "required": ["error"],
    }
    added = {
        "properties": {
            "error": {"properties": {"limit": {"minimum": 1}}, "required": ["limit"]},
            "open": {"type": "null"},
            "more": True,
        },
        "required": ["more", "error"],
    }

    assert merged(schema, added) == {
        "type": "object",
        "properties": {
            "error": {
                "type": "object",
                "properties": {"code": {"type": "string"}, "limit": {"minimum": 1}},
                "required": ["code", "limit"],
                "additionalProperties": False,
            },
            "open": {"type": "null"},
            "more": True,
        },
        "required": ["error", "more"],
    }
    assert merged({"type": "string"}, {"minLength": 1}) == {"type": "string", "minLength": 1}


def test_entries_that_add_nothing_share_their_validator():
    one = catalog(
        envelopes={"a": envelope(a="string")},
        errors={
            "x": entry("x", [400]),
            "y": entry("y", [400]),
            "z": entry("z", [400], body={"required": ["more"]}),
        },
    )
    form = compiled(one)
    shape = one.envelopes["a"]
    x, y, z = one.errors.values()

    assert form.validator(shape, x) is form.validator(shape, y) is form.validator(shape, None)
    assert form.validator(shape, z) is form.validator(shape, z)
    assert form.validator(shape, z).is_valid({"more": 1})
    assert not form.validator(shape, z).is_valid({})
