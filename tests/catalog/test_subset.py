"""How far a schema may go: what is accepted at each limit, and refused one step beyond."""

from __future__ import annotations

import pytest

from pytest_apierrors.catalog.engine import compile_schema
from pytest_apierrors.catalog.subset import (
    MAX_ALTERNATIVES,
    MAX_DEPTH,
    MAX_NODES,
    problems,
    step,
    suggestion,
)


def nested(levels):
    schema = {"type": "string"}
    for _ in range(levels):
        schema = {"items": schema}
    return schema


def wide(members):
    return {"properties": {f"m{number}": {"type": "string"} for number in range(members)}}


def alternatives(outer, inner):
    return {"anyOf": [{"anyOf": [{"const": n} for n in range(inner)]} for _ in range(outer)]}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string"},
        {"type": ["string", "null"]},
        {"minLength": 0, "maxLength": 0, "minItems": 0, "maxProperties": 0},
        {"minimum": -1.5, "exclusiveMaximum": 10**30},
        {"required": []},
        {"enum": [None]},
        {"const": None},
        {"properties": {}},
        {"properties": {"a": True, "b": False}},
        {"items": False, "prefixItems": [True]},
        {"additionalProperties": False},
        {"anyOf": [True]},
        {"$ref": "#/$defs/a.b-c_1", "$defs": {"a.b-c_1": {"type": "null"}}},
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": True}},
        {"allOf": [{"$ref": "#/$defs/a"}] * 9, "$defs": {"a": {"type": "null"}}},
        {"title": "", "description": "x", "$comment": "x", "type": "string"},
        nested(MAX_DEPTH),
        wide(MAX_NODES - 1),
        alternatives(1, MAX_ALTERNATIVES),
        alternatives(8, 8),
        {"allOf": [alternatives(8, 8), {"anyOf": [{"const": 1}]}]},
    ],
)
def test_accepted(schema):
    assert problems(schema, "$") == []
    compile_schema(schema)


@pytest.mark.parametrize(
    ("schema", "place", "why"),
    [
        (nested(MAX_DEPTH + 1), "$" + ".items" * (MAX_DEPTH + 1), "levels deep"),
        (wide(MAX_NODES), "$", "more than 2000 schemas"),
        (alternatives(1, MAX_ALTERNATIVES + 1), "$.anyOf[0].anyOf", "65 alternatives"),
        (alternatives(9, 8), "$.anyOf[0].anyOf", "multiply"),
        ({"properties": {"a": {"title": "x", "$defs": {}}, "b": {}}}, "$.properties.b", "empty"),
        ({"anyOf": [{}]}, "$.anyOf[0]", "empty"),
        ({"additionalProperties": {}}, "$.additionalProperties", "empty"),
        ({"$defs": {"a": {}}, "type": "null"}, "$['$defs'].a", "empty"),
        ({"$defs": {"a": {"type": "null"}}}, "$", "empty"),
        ({"prefixItems": [5]}, "$.prefixItems[0]", "a schema is an object"),
        ({"minLength": True}, "$.minLength", "a whole number"),
        ({"maximum": True}, "$.maximum", "a number"),
        ({"required": [[]]}, "$.required", "different names"),
        ({"type": [{}]}, "$.type", "unknown type"),
        ({"format": []}, "$.format", "unknown format"),
        ({"pattern": None}, "$.pattern", "a text"),
        ({"$ref": "#/$defs/a/b", "$defs": {"a": {"type": "null"}}}, "$['$ref']", "no "),
        ({"$ref": "#/$defs/a", "$defs": []}, "$['$ref']", "no "),
    ],
)
def test_refused(schema, place, why):
    assert [(at, why in said) for at, said in problems(schema, "$") if why in said][:1] == [
        (place, True)
    ]


def test_a_schema_that_is_refused_is_refused_once():
    doubling = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(25)}
    schema = {"$ref": "#/$defs/d0", "$defs": {**doubling, "d25": {"type": "null"}}}

    assert len(problems(schema, "$")) == 1


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("a", "$.a"),
        ("a_1", "$.a_1"),
        ("_", "$._"),
        ("1", "$['1']"),
        ("", "$['']"),
        ("a b", "$['a b']"),
        ("it's", "$['it\\'s']"),
        ("\\", "$['\\\\']"),
        ("\u00e9", "$['\u00e9']"),
    ],
)
def test_a_step_of_a_path(key, place):
    assert step("$", key) == place


def test_a_word_that_is_nearly_right():
    assert suggestion("requird", ("required", "type")) == '; did you mean "required"?'
    assert suggestion("zzz", ("required", "type")) == ""
