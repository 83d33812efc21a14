"""Three judges of one closed subset: they agree on every value, and so does the fallback."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
from generated import CATALOGS, CODED, JSON, LOOSE, NAMES, bodies
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from pytest_apierrors.catalog import patterns
from pytest_apierrors.catalog.compile import compiled
from pytest_apierrors.catalog.engine import compile_schema, reference_validator
from pytest_apierrors.catalog.formats import CHECKS
from pytest_apierrors.catalog.subset import KEYWORDS, problems
from pytest_apierrors.check.diagnose import MAX_DIFFERENCES, differences
from pytest_apierrors.check.mutants import example_response, mutants

ROOT = Path(__file__).parents[2]
TEXTS = st.one_of(
    st.text(max_size=4),
    st.sampled_from(
        [
            "a",
            "ab",
            "abc",
            "a\n",
            "\n",
            "2026-02-29",
            "2024-02-29",
            "20240229",
            "a@b.test",
            "a@b",
            "@",
            "1.2.3.4",
            "1.2.3",
            "01.2.3.4",
            "::1",
            "fe80::1%eth0",
            "::ffff:1.2.3.4",
            "01234567-89ab-cdef-0123-456789abcdef",
            "0123456789abcdef0123456789abcdef",
            "\u0661",
        ]
    ),
)
PATTERNS = ("^a", "b$", "^abc$", "[a-c]+", "^[0-9]{2,3}$", "^(?:a|b)$", "a.c", "^$", "[^a]", "\\.")
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 4),
        TEXTS,
        st.sampled_from([0.0, -0.0, 1.0, 1.5, 2**53, 2**53 + 1, 10**30, 1e30, -(10**40), 5e-324]),
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3)
    ),
    max_leaves=5,
)
TYPES = st.sampled_from(["object", "array", "string", "number", "integer", "boolean", "null"])
SMALL = st.integers(0, 3)
BOUNDS = st.sampled_from([-1, 0, 1, 1.5, 2.0, 2**53, 10**30, 1e30])
LEAVES = {
    "type": TYPES | st.lists(TYPES, min_size=1, max_size=3, unique=True),
    "const": VALUES,
    "enum": st.lists(VALUES, min_size=1, max_size=3),
    "required": st.lists(st.sampled_from("abcd"), max_size=2, unique=True),
    "pattern": st.sampled_from(PATTERNS),
    "format": st.sampled_from(sorted(CHECKS)),
    "title": st.just("a title"),
    "description": st.just("words"),
    "$comment": st.just("why"),
    **dict.fromkeys(("minItems", "maxItems", "minLength", "maxLength"), SMALL),
    **dict.fromkeys(("minProperties", "maxProperties"), SMALL),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), BOUNDS),
    "$ref": st.sampled_from(["#/$defs/one", "#/$defs/two.2"]),
}


@st.composite
def schemas(draw, depth=2, refs=True):
    """Generate a schema of the subset (or nearly: some are refused, as from a user)."""
    leaves = sorted(LEAVES) if refs else sorted(set(LEAVES) - {"$ref"})
    nested = ["items", "additionalProperties", "properties", "allOf", "anyOf", "prefixItems"]
    words = st.sampled_from([*leaves, *nested] if depth else leaves)
    found = {}
    for word in draw(st.lists(words, min_size=1, max_size=3, unique=True)):
        if word in LEAVES:
            found[word] = draw(LEAVES[word])
            continue
        sub = st.booleans() | schemas(depth - 1, refs)
        shapes = {
            "properties": st.dictionaries(st.sampled_from("abcd"), sub, max_size=3),
            "items": sub,
            "additionalProperties": sub,
        }
        found[word] = draw(shapes.get(word, st.lists(sub, min_size=1, max_size=3)))
    return found


@st.composite
def documents(draw):
    """Generate a schema with definitions that it may refer to."""
    one, two = draw(schemas(1, refs=False)), draw(schemas(0, refs=False))
    return {**draw(schemas()), "$defs": {"one": one, "two.2": two}}


@st.composite
def values(draw):
    return draw(VALUES | JSON)


def judges(schema):
    return compile_schema(schema).is_valid, reference_validator(schema).is_valid


def all_agree(schema, several):
    fast, reference = judges(schema)
    for value in several:
        verdicts = {fast(value), reference(value), not differences(schema, value)}
        assert len(verdicts) == 1, (value, differences(schema, value))


@pytest.mark.parametrize("name", NAMES)
def test_on_every_example_and_mutant(name):
    catalog = CATALOGS.get(name)
    form = compiled(catalog)
    several = []
    for entry in catalog.errors.values():
        base = example_response(entry, catalog)
        if base is not None:
            changed = [base, *(mutant.response for mutant in mutants(entry, catalog))]
            several += [json.loads(one.body) for one in changed]
    schemas = [gateway.schema for gateway in catalog.gateways]
    schemas += [entry.match for entry in catalog.errors.values() if entry.match]
    schemas += [catalog.error.body] if catalog.error.body else []
    for envelope in catalog.envelopes.values():
        own = [form.schema(envelope, entry) for entry in catalog.errors.values() if entry.body]
        schemas += [envelope.schema, *own]
    for schema in schemas:
        all_agree(schema, several[:400])


@pytest.mark.parametrize("name", CODED)
@LOOSE
@given(data=st.data())
def test_on_generated_bodies(name, data):
    catalog = CATALOGS.get(name)
    value = data.draw(bodies(name))

    for envelope in catalog.envelopes.values():
        all_agree(envelope.schema, [value])
    for gateway in catalog.gateways:
        all_agree(gateway.schema, [value])


@LOOSE
@given(schema=documents(), several=st.lists(values(), min_size=1, max_size=8))
@example(schema={"const": 2**53}, several=[2**53 + 1, float(2**53)])
@example(
    schema={"enum": [1, True, [1.0], {"a": 0}]}, several=[1.0, True, [1], [True], {"a": False}]
)
@example(schema={"pattern": "^a$"}, several=["a", "a\n"])
@example(schema={"format": "date"}, several=["20240229", "2024-02-29", 5])
@example(schema={"minimum": 10**30}, several=[10**30 - 1, 1e30, 10**30])
@example(schema={"properties": {"a": False}}, several=[{"a": 1}, {}, 5])
@example(schema={"prefixItems": [True], "items": False}, several=[[1], [1, 2], []])
@example(schema={"type": "integer"}, several=[1.0, 1.5, True, 1e300])
@example(schema={"maxLength": 1}, several=["\U0001f600", "\U0001f600a"])
def test_on_generated_schemas(schema, several):
    if not problems(schema, "$"):
        all_agree(schema, several)


@LOOSE
@given(schema=documents())
def test_a_schema_of_the_subset_is_a_json_schema(schema):
    if not problems(schema, "$"):
        Draft202012Validator.check_schema(schema)


def test_the_generated_schemas_have_every_keyword():
    nested = {"items", "additionalProperties", "properties", "allOf", "anyOf", "prefixItems"}

    assert {*LEAVES, *nested, "$defs"} == set(KEYWORDS)


@pytest.mark.parametrize("value", [math.inf, -math.inf])
def test_numbers_that_overflow_are_no_json_numbers_to_the_engine_either(value):
    assert compile_schema({"type": "number"}).is_valid(value) is False


def test_differences_are_listed_up_to_a_limit_and_strangers_apart():
    schema = {
        "properties": {"a": {"items": {"type": "string"}}, "z": {"const": 1}},
        "additionalProperties": False,
    }
    value = {**{f"m{n}": n for n in range(200)}, "a": [1] * 200, "z": 2}

    found = [one.keyword for one in differences(schema, value)]

    assert found.count("type") == MAX_DIFFERENCES
    assert differences(schema, {**value, "a": []})[0].keyword == "const"
    assert len(differences(schema, {**value, "a": [], "z": 1})) == MAX_DIFFERENCES


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        ({"required": ["b", "a"]}, {}, [("required", "$.b"), ("required", "$.a")]),
        ({"items": {"type": "string"}}, ["x", 1], [("type", "$[1]")]),
        ({"prefixItems": [{"const": 1}]}, [2, 2], [("const", "$[0]")]),
        ({"additionalProperties": {"type": "null"}}, {"a b": 1}, [("type", "$['a b']")]),
        ({"type": ["string", "null"], "minLength": 5}, 1, [("type", "$")]),
        (
            {"allOf": [{"minLength": 2}, {"pattern": "^b"}]},
            "a",
            [("minLength", "$"), ("pattern", "$")],
        ),
        (
            {"anyOf": [{"required": ["a", "b"]}, {"required": ["a"], "properties": {"c": False}}]},
            {"c": 1},
            [("required", "$.a"), ("additionalProperties", "$.c")],
        ),
        ({"anyOf": [{"const": 1}, {"const": 2}]}, 2, []),
        ({"$ref": "#/$defs/x", "$defs": {"x": {"maximum": 3}}}, 4, [("maximum", "$")]),
        (
            {"exclusiveMinimum": 3, "exclusiveMaximum": 3},
            3,
            [("exclusiveMinimum", "$"), ("exclusiveMaximum", "$")],
        ),
        ({"minProperties": 1, "maxProperties": 0}, {}, [("minProperties", "$")]),
        ({"maxProperties": 0}, {"a": 1}, [("maxProperties", "$")]),
        ({"minItems": 1}, [], [("minItems", "$")]),
        ({"properties": {"it's": {"const": "\\"}}}, {"it's": 1}, [("const", "$['it\\'s']")]),
    ],
)
def test_a_difference_has_its_place(schema, value, expected):
    assert [(one.keyword, one.where) for one in differences(schema, value)] == expected


WITHOUT_RUST = """
import json, sys
sys.modules["jsonschema_rs"] = None
sys.path[:0] = json.loads(sys.argv[1])
from generated import CATALOGS, NAMES
from pytest_apierrors.check import check
from pytest_apierrors.check.mutants import example_response, mutants
said = []
for name in NAMES:
    catalog = CATALOGS.get(name)
    for entry in catalog.errors.values():
        example = example_response(entry, catalog)
        if example is not None:
            several = [example, *(mutant.response for mutant in mutants(entry, catalog))]
            said += [repr(check(one, catalog).violations) for one in several[::7]]
assert sys.modules["jsonschema_rs"] is None
print(json.dumps(said))
"""


def test_the_fallback_says_the_same():
    paths = json.dumps([str(ROOT), str(Path(__file__).parent)])
    with_rust = WITHOUT_RUST.replace('sys.modules["jsonschema_rs"] = None', "").replace(
        'assert sys.modules["jsonschema_rs"] is None', 'assert sys.modules["jsonschema_rs"]'
    )

    found = [
        subprocess.run(
            [sys.executable, "-c", code, paths], capture_output=True, text=True, check=True
        ).stdout
        for code in (WITHOUT_RUST, with_rust)
    ]

    assert found[0] == found[1]
    assert len(json.loads(found[0])) > 300


@pytest.fixture
def no_rust(monkeypatch):
    monkeypatch.setitem(sys.modules, "jsonschema_rs", None)
    patterns.searcher.cache_clear()
    yield
    patterns.searcher.cache_clear()


@LOOSE
@given(
    pattern=st.sampled_from([*PATTERNS, "a$|b", "^(?:a$|b$)", "[$]", "\\$", "[\\]$]$"]), text=TEXTS
)
def test_python_reads_a_pattern_as_the_engine_does(pattern, text):
    search = patterns._search_in_python(pattern)

    assert search(text) == patterns.searcher(pattern)(text)
    assert search(f"{text}\n") == patterns.searcher(pattern)(f"{text}\n")


@pytest.mark.usefixtures("no_rust")
def test_without_the_engine_the_reference_stands_in():
    schema = {"type": "string", "pattern": "^a$", "format": "date"}

    validator = compile_schema(schema)

    assert type(validator).__module__.startswith("jsonschema.")
    assert not validator.is_valid("a\n")
    assert patterns.searcher("^a$")("a")
    assert not patterns.searcher("^a$")("a\n")


def test_a_text_with_half_a_surrogate_pair_can_be_searched():
    assert patterns.searcher("^.$")("\ud800") is True
    assert patterns.searcher("a")("\ud800") is False
