"""What holds for every catalog that ships, and for one that somebody adds."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from pytest_apierrors.catalog.compile import compiled, identify
from pytest_apierrors.catalog.engine import compile_schema
from pytest_apierrors.catalog.export import export
from pytest_apierrors.catalog.find import Catalogs, builtin_root, load_file
from pytest_apierrors.catalog.lint import lint
from pytest_apierrors.catalog.load import load_catalog
from pytest_apierrors.catalog.model import PRIMARY_KINDS, Unknown
from pytest_apierrors.check import check
from pytest_apierrors.check.mutants import example_response, strength
from pytest_apierrors.errors import CatalogError

SCHEMAS = Path(__file__).parents[2] / "schemas"
FILES = sorted(file for file in SCHEMAS.glob("*.json") if not file.name.startswith("_"))
GRAMMAR = json.loads((SCHEMAS / "_catalog.schema.json").read_text(encoding="utf-8"))
CATALOGS = Catalogs()

every_catalog = pytest.mark.parametrize("name", [file.stem for file in FILES])


def raw(name):
    return json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))


def in_order(key):
    """Sort as the page of the format says: numbers by amount, other codes, statuses."""
    if key.startswith("status-"):
        return (2, 0, key)
    return (0, abs(int(key)), key) if key.lstrip("-").isdigit() else (1, 0, key)


def schemas_in(value):
    """Yield every JSON Schema of a catalog file."""
    if isinstance(value, dict):
        for key, member in value.items():
            if key in ("schema", "match") and isinstance(member, dict) and key != "example":
                yield member
            if key != "example":
                yield from schemas_in(member)
    elif isinstance(value, list):
        for member in value:
            yield from schemas_in(member)


def test_the_catalogs_that_ship_are_the_files_of_the_folder():
    assert CATALOGS.names() == [file.stem for file in FILES]
    assert {"http", "neutrino", "sinch", "telephony-io", "toku"} <= set(CATALOGS.names())
    assert builtin_root() == SCHEMAS


@every_catalog
def test_it_loads_under_its_file_s_name(name):
    catalog = load_file(SCHEMAS / f"{name}.json")

    assert catalog.name == name
    assert catalog == CATALOGS.get(name)
    assert catalog.raw == raw(name)


@every_catalog
def test_its_errors_are_sorted(name):
    keys = list(raw(name)["errors"])

    assert keys == sorted(keys, key=in_order)


@every_catalog
def test_it_fits_the_grammar(name):
    found = Draft202012Validator(GRAMMAR).iter_errors(raw(name))

    assert [f"{error.json_path}: {error.message[:200]}" for error in found] == []


@every_catalog
def test_its_schemas_are_json_schemas_and_compile(name):
    found = list(schemas_in(raw(name)))
    assert found or name == "toku"
    for schema in found:
        Draft202012Validator.check_schema(schema)
        compile_schema(schema)


@every_catalog
def test_nothing_in_it_is_odd(name):
    assert lint(CATALOGS.get(name)) == []


@every_catalog
def test_every_entry_has_an_example_or_the_reason_why_not(name):
    for key, entry in CATALOGS.get(name).errors.items():
        assert (entry.example is None) == (entry.no_example is not None), key


@every_catalog
def test_every_example_is_accepted_as_its_own_entry_or_as_its_claim_says(name):
    catalog = CATALOGS.get(name)
    for key, entry in catalog.errors.items():
        response = example_response(entry, catalog)
        if response is None or entry.role != "error":
            continue
        verdict = check(response, catalog)
        assert verdict.outcome == "documented", (key, verdict)
        assert verdict.entry is entry, (key, verdict)
        contested = [one for one in verdict.violations if one.rule == "contested"]
        carried = verdict.code == entry.code or isinstance(entry.code, Unknown)
        assert carried == (not contested), key
        assert carried or verdict.code in entry.live("code"), key
        inherited = {"header-missing", "contested", "source-secondary", "code-undocumented"}
        assert {one.rule for one in verdict.violations} <= inherited, key


@every_catalog
def test_an_example_under_its_own_status_is_the_same_entry(name):
    catalog = CATALOGS.get(name)
    for key, entry in catalog.errors.items():
        if entry.example is not None and entry.example.status is not None:
            response = example_response(entry, catalog)
            other = type(response)(entry.example.status, response.body, response.headers)
            verdict = check(other, catalog)
            assert (verdict.outcome, verdict.entry.key) == ("documented", key)


@every_catalog
def test_every_example_is_in_an_envelope(name):
    catalog = CATALOGS.get(name)
    for key, entry in catalog.errors.items():
        if entry.example is not None:
            envelope = identify(catalog, entry.example.body)
            assert envelope is not None, key
            assert compiled(catalog).validator(envelope, entry).is_valid(entry.example.body), key


@every_catalog
def test_every_entry_of_a_page_names_a_page(name):
    catalog = CATALOGS.get(name)
    for key, entry in catalog.errors.items():
        kinds = {catalog.sources[one].kind for one in entry.sources}
        assert entry.secondary == (not kinds & PRIMARY_KINDS), key


@every_catalog
def test_every_mutant_that_breaks_a_sourced_fact_is_reported_under_its_rule(name):
    found = strength(CATALOGS.get(name))

    assert found.missed == ()
    assert found.caught <= found.total


@every_catalog
def test_its_probes_cost_nothing_and_change_nothing(name):
    for probe in CATALOGS.get(name).probes:
        assert probe.method in ("GET", "HEAD", "OPTIONS") or probe.harmless
        assert probe.statuses or probe.entries


@every_catalog
def test_its_export_is_a_json_schema(name):
    Draft202012Validator.check_schema(export(CATALOGS.get(name)))


@every_catalog
def test_its_header_examples_have_the_headers_that_must_be_there(name):
    for key, entry in CATALOGS.get(name).errors.items():
        if entry.example is not None:
            given = {header.lower() for header, _ in entry.example.headers}
            assert {h.name.lower() for h in entry.headers if h.level == "must"} <= given, key


def test_the_grammar_is_a_json_schema():
    Draft202012Validator.check_schema(GRAMMAR)


ACME = {
    "title": "Acme",
    "extends": "http",
    "hosts": ["api.acme.test"],
    "sources": {"page": {"kind": "page", "url": "https://docs.acme.test"}},
    "error": {"status": ["4xx", "5xx"], "source": "page"},
    "envelopes": {
        "error": {
            "source": "page",
            "identify": {"/code": "string"},
            "schema": {
                "type": "object",
                "properties": {"code": {"type": "string"}},
                "required": ["code"],
                "additionalProperties": False,
            },
            "code": {"pointer": "/code"},
        }
    },
    "errors": {
        "gone": {
            "code": "gone",
            "status": [404],
            "source": "page",
            "example": {"kind": "printed", "body": {"code": "gone"}},
        }
    },
}


def test_adding_a_provider_is_one_file(tmp_path):
    (tmp_path / "acme.json").write_text(json.dumps(ACME), encoding="utf-8")

    catalogs = Catalogs([tmp_path])

    assert catalogs.names() == sorted([*CATALOGS.names(), "acme"])
    acme = catalogs.get("acme")
    assert lint(acme) == []
    assert strength(acme).missed == ()
    assert check(example_response(acme.errors["gone"], acme), acme).outcome == "documented"
    assert {rule.header for rule in acme.rules} >= {"WWW-Authenticate", "Allow"}
    assert not acme.own_rules


def test_an_example_that_is_missing_without_a_reason_is_found(tmp_path):
    odd = copy.deepcopy(ACME)
    odd["errors"]["gone"]["example"] = None
    file = tmp_path / "acme.json"
    file.write_text(json.dumps(odd), encoding="utf-8")

    assert [finding.kind for finding in lint(load_file(file))] == ["no-example"]


def changes(value, at=()):
    """Yield every way to put something else in one place of a file, or to take it away."""
    for other in (None, 5, 1.5, True, "text", "", [], [1], {}, {"unheard_of": 1}):
        if type(other) is not type(value) or not other:
            yield at, other
    if isinstance(value, dict):
        yield (*at, "unheard_of"), 1
        for key, member in value.items():
            yield from changes(member, (*at, key))
    elif isinstance(value, list) and value:
        yield from changes(value[0], (*at, 0))


def changed(whole, at, other):
    out = copy.deepcopy(whole)
    if not at:
        return other
    holder = out
    for part in at[:-1]:
        holder = holder[part]
    holder[at[-1]] = other
    return out


def full_catalog():
    """Return a catalog in which every key of the format stands once."""
    whole = copy.deepcopy(ACME)
    claim = {"fact": "x", "value": 1, "source": "page", "state": "rejected", "reason": "no"}
    whole.update(
        success={"status": [200], "source": "page"},
        promises_body={"status": ["4xx"], "source": "page"},
        claims=[{**claim, "finding": "numbering-hole"}],
        rules=[
            {
                "status": [401],
                "level": "must",
                "source": "page",
                "header": "A",
                "schema": {"type": "string"},
            },
            {"method": "HEAD", "no_body": True, "level": "must", "source": "page"},
        ],
        gateways={"x": {"schema": {"type": "object"}, "source": "page"}},
        probes=[
            {
                "name": "wrong-method",
                "method": "DELETE",
                "path": "/none?x=1",
                "headers": {"Accept": "application/json"},
                "expect": {"status": [405]},
                "harmless": "nothing is there",
                "source": ["page"],
            },
            {
                "name": "unknown-path",
                "method": "GET",
                "path": "/none",
                "expect": {"entries": ["gone"]},
                "source": "page",
            },
        ],
    )
    whole["sources"]["page"].update(revision="1", read="2026-01-31", note="x")
    whole["error"].update(body={"type": "object"}, undecided="x")
    envelope = whole["envelopes"]["error"]
    envelope["code"].update(none=[None], width=2, maximum_none=0)
    envelope.update(message="/message", reference="/id", space="default", claims=[claim])
    envelope["schema"]["properties"].update(message={"type": "string"}, id={"type": "string"})
    envelope["media_types"] = {"values": ["application/json"], "source": "page"}
    whole["errors"]["gone"].update(
        role="error",
        name="x",
        description="x",
        space="default",
        claims=[claim],
        message={"text": "Wait {seconds}", "match": "template"},
        headers={"A": {"level": "may", "schema": {"type": "string"}, "source": "page"}},
        body={"properties": {"a": {"type": "string"}}, "required": ["a"]},
        retry={"advice": "after", "placeholder": "seconds", "source": "page"},
        category={"value": "not_found", "source": "page"},
        match={"type": "object"},
    )
    whole["errors"]["gone"]["example"].update(headers={"A": "x"}, status=404)
    whole["errors"]["kin"] = {
        "code": {"unknown": "x"},
        "status": [500],
        "source": ["page"],
        "example": None,
        "no_example": "x",
    }
    whole["errors"]["lost"] = {
        "code": "lost",
        "status": {"unknown": "x"},
        "source": "page",
        "example": None,
        "no_example": "x",
        "retry": {"advice": "after", "seconds": 5, "source": "page"},
    }
    return whole


def loads(value):
    try:
        load_catalog(json.dumps(value).encode(), "acme", "acme.json", CATALOGS.get)
    except CatalogError as error:
        return not str(error)
    return True


def test_the_full_catalog_is_a_good_one():
    assert loads(full_catalog())
    assert Draft202012Validator(GRAMMAR).is_valid(full_catalog())


def test_whatever_the_grammar_refuses_the_loader_refuses_in_a_sentence():
    whole = full_catalog()
    grammar = Draft202012Validator(GRAMMAR).is_valid
    refused = 0
    for at, other in changes(whole):
        value = changed(whole, at, other)
        accepted = loads(value)
        refused += not accepted
        assert not accepted or grammar(value), (at, other)

    assert refused > 500
