"""One point of an example changed: who notices, and that the facts are what notices."""

from __future__ import annotations

import copy
import json

import pytest
from generated import CATALOGS, CODED, SHIPPED

from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.catalog.load import load_catalog
from pytest_apierrors.check import check
from pytest_apierrors.check.mutants import example_response, example_status, mutants, strength

EXAMPLES = [
    (name, key)
    for name in CODED
    for key, entry in CATALOGS.get(name).errors.items()
    if entry.example is not None
]


def weakened(name, change):
    """Return a catalog without one of its facts."""
    raw = copy.deepcopy(CATALOGS.get(name).raw)
    change(raw)
    return load_catalog(json.dumps(raw).encode(), name, f"{name}.json", Catalogs().get)


@pytest.mark.parametrize("name", CODED)
def test_no_mutant_that_breaks_a_fact_is_missed(name):
    assert strength(CATALOGS.get(name)).missed == ()


@pytest.mark.parametrize(("name", "key"), EXAMPLES)
def test_an_example_has_mutants_of_every_sort(name, key):
    catalog = CATALOGS.get(name)
    several = list(mutants(catalog.errors[key], catalog))
    names = {mutant.name for mutant in several}

    assert len(names) == len(several)
    assert {
        "wrapped in a list",
        "wrapped in a member",
        "status 499",
        "status 200",
        "another Content-Type",
        "no Content-Type",
    } <= names
    for sort in ("dropped", "renamed", "made null", "made object", "with an extra member"):
        assert any(sort in one for one in names), sort


@pytest.mark.parametrize(("name", "key"), EXAMPLES)
def test_a_mutant_is_not_the_example(name, key):
    catalog = CATALOGS.get(name)
    base = example_response(catalog.errors[key], catalog)

    for mutant in mutants(catalog.errors[key], catalog):
        assert mutant.response != base, mutant.name


def test_shipped_contracts_are_strong():
    shares = {}
    for name in SHIPPED:
        found = strength(CATALOGS.get(name))
        if found.total:
            shares[name] = found.caught / found.total

    assert set(shares) == {"neutrino", "sinch", "telephony-io"}
    assert min(shares.values()) > 0.8


def rules_of(name, key):
    catalog = CATALOGS.get(name)
    return {mutant.rule for mutant in mutants(catalog.errors[key], catalog)}


def test_each_fact_has_a_mutant_that_names_its_rule():
    assert {
        "field-missing",
        "field-type",
        "field-undocumented",
        "message-differs",
        "code-undocumented",
        "code-missing",
        "status-mismatch",
        "error-in-success",
        "content-type",
        "header-missing",
        "header-value",
    } <= rules_of("acme", "rate_limited")
    assert "status-mismatch" not in rules_of("acme", "anywhere")
    assert "message-differs" not in rules_of("acme", "gone")


FACTS = [
    ("field-missing", lambda raw: raw["envelopes"]["voice"]["schema"].pop("required")),
    (
        "field-undocumented",
        lambda raw: raw["envelopes"]["voice"]["schema"].pop("additionalProperties"),
    ),
    (
        "field-type",
        lambda raw: (
            raw["envelopes"]["voice"]["schema"]["properties"]["message"].pop("type")
            and raw["envelopes"]["voice"]["schema"]["properties"]["message"].update(title="x")
        ),
    ),
    ("content-type", lambda raw: raw["envelopes"]["voice"].pop("media_types")),
    (
        "error-in-success",
        lambda raw: [
            raw.pop("success"),
            *(
                one.update(status={"unknown": "x"})
                for one in raw["errors"].values()
                if isinstance(one["code"], str)
            ),
        ],
    ),
]


@pytest.mark.parametrize(("rule", "change"), FACTS, ids=[rule for rule, _ in FACTS])
def test_without_the_fact_nothing_notices(rule, change):
    """The mutants of the whole catalog, held against one that lacks the fact."""
    whole = CATALOGS.get("sinch")
    weaker = weakened("sinch", change)

    unnoticed = [
        (key, mutant.name)
        for key, entry in whole.errors.items()
        for mutant in mutants(entry, whole)
        if mutant.rule == rule
        and rule not in {one.rule for one in check(mutant.response, weaker).violations}
    ]

    assert unnoticed


def test_the_status_of_an_example():
    neutrino, sinch = CATALOGS.get("neutrino"), CATALOGS.get("sinch")

    assert example_status(sinch.errors["40302"], sinch) == 403
    assert example_status(neutrino.errors["43"], neutrino) == 403
    assert example_status(neutrino.errors["01"], neutrino) in (400, 403, 500)
    assert example_status(CATALOGS.get("named-field").errors["-1001"], CATALOGS.get("toku")) is None
    telephony = CATALOGS.get("telephony-io")
    assert example_status(telephony.errors["invalid_parameter"], telephony) == 400


def test_what_nobody_notices_is_listed(monkeypatch):
    catalog = CATALOGS.get("acme")
    examples = {example_response(entry, catalog) for entry in catalog.errors.values()}
    told = []

    def blind(response, catalog):
        """Judge the examples, and whatever comes after one like it."""
        if response in examples:
            told.append(check(response, catalog))
        return told[-1]

    monkeypatch.setattr("pytest_apierrors.check.mutants.check", blind)

    found = strength(catalog)

    assert found.caught == 0
    assert "gone: $.error dropped is not reported as field-missing" in found.missed


def unlike(change):
    """Return what is said of a catalog with one damage, and how many mutants still count."""
    found = strength(weakened("acme", change))
    return found.missed


UNLIKE = [
    (
        lambda raw: raw["errors"]["gone"].update(match={"type": "object", "required": ["never"]}),
        "gone: its example is not accepted: code-undocumented $.error.code (documented: this code",
    ),
    (
        lambda raw: raw["errors"]["rate_limited"]["example"].pop("headers"),
        "rate_limited: its example is not accepted: header-missing header:Retry-After",
    ),
    (
        lambda raw: raw["errors"].update(twin={**raw["errors"]["gone"]}),
        "twin: its example is not accepted: ambiguous $ (documented: one documented error,",
    ),
    (
        lambda raw: raw["errors"]["gone"].update(code="went"),
        "gone: its example is not accepted: code-undocumented $.error.code",
    ),
    (
        lambda raw: raw.update(error={"status": [418], "source": "page"}),
        "gone: its example is not accepted: not-an-error",
    ),
]


@pytest.mark.parametrize(("change", "said"), UNLIKE)
def test_an_example_that_is_not_its_own_error_is_listed(change, said):
    key = said.partition(":")[0]

    missed = [one for one in unlike(change) if one.startswith(f"{key}: ")]

    assert len(missed) == 1  # and nothing of its mutants
    assert missed[0].startswith(said)


def test_a_template_that_ends_in_a_placeholder_takes_a_longer_text():
    def change(raw):
        raw["errors"]["gone"]["message"] = {"text": "Gone: {what}", "match": "template"}
        raw["errors"]["gone"]["example"]["body"]["error"]["message"] = "Gone: the lot"

    assert unlike(change) == ()


def test_a_mutant_in_another_shape_of_the_same_codes_breaks_no_rule():
    def change(raw):
        shape = raw["envelopes"]["error"]
        bare = {**shape, "identify": {**shape["identify"], "/error/message": "absent"}}
        bare.pop("message")
        bare.pop("reference")
        bare["schema"] = {
            "type": "object",
            "properties": {
                "error": {
                    "type": "object",
                    "properties": {"code": {"type": "string"}},
                    "required": ["code"],
                    "additionalProperties": False,
                }
            },
            "required": ["error"],
            "additionalProperties": False,
        }
        raw["envelopes"]["bare"] = bare

    assert unlike(change) == ()


def test_a_code_under_a_status_that_names_none_is_a_new_code_elsewhere():
    def change(raw):
        raw["errors"]["status-503"] = {
            "code": {"unknown": "the page names none"},
            "status": [503],
            "source": "page",
            "example": {**raw["errors"]["gone"]["example"]},
        }
        raw["errors"]["status-503"]["example"]["body"] = {
            "error": {"code": "of_any_sort", "message": "Oh"}
        }

    assert unlike(change) == ()


def test_an_example_without_any_status():
    raw = {
        "title": "No status at all",
        "sources": {"page": {"kind": "page", "url": "https://docs.acme.test"}},
        "error": {"body": {"type": "object"}, "source": "page"},
        "errors": {
            "1": {
                "code": "1",
                "status": {"unknown": "x"},
                "source": "page",
                "example": {"kind": "printed", "body": {"code": "1"}},
            }
        },
    }
    catalog = load_catalog(json.dumps(raw).encode(), "acme", "acme.json", Catalogs().get)

    assert example_response(catalog.errors["1"], catalog) is None
    assert strength(catalog).total == 0


def test_an_example_in_no_envelope_has_no_mutants_of_its_body():
    raw = json.loads(json.dumps(CATALOGS.get("acme").raw))
    raw["errors"] = {"gone": {**raw["errors"]["gone"], "status": [404, 418]}}
    raw["errors"]["gone"]["example"] = {"kind": "printed", "body": {"unheard_of": 1}}
    catalog = load_catalog(json.dumps(raw).encode(), "acme", "acme.json", Catalogs().get)

    names = {mutant.name for mutant in mutants(catalog.errors["gone"], catalog)}

    assert names == {"status 499", "status 200", "another Content-Type", "no Content-Type"}


def test_an_example_of_nothing():
    toku = CATALOGS.get("toku")

    assert example_response(toku.errors["-1"], toku) is None
    assert list(mutants(toku.errors["-1"], toku)) == []
    assert strength(toku) == (0, 0, (), 0)


def test_an_example_is_typed_as_its_envelope_says():
    acme = CATALOGS.get("acme")

    response = example_response(acme.errors["rate_limited"], acme)

    assert response.header("content-type") == "application/json"
    assert response.header("retry-after") == "3"
    assert response.status == 429


def test_a_state_is_no_error_and_its_example_need_not_be_one():
    def change(raw):
        raw["errors"]["paused"] = {**raw["errors"]["gone"], "code": "paused", "role": "state"}

    assert not [one for one in unlike(change) if "paused" in one and "accepted" in one]


def test_a_code_under_another_status_that_names_none_breaks_no_rule():
    def change(raw):
        for status in (418, 499, 503):
            raw["errors"][f"status-{status}"] = {
                "code": {"unknown": "the page names none"},
                "status": [status],
                "source": "page",
                "example": {
                    "kind": "printed",
                    "body": {"error": {"code": "of_any_sort", "message": "Oh"}},
                },
            }

    assert unlike(change) == ()


def test_of_very_many_entries_not_every_example_has_mutants(monkeypatch):
    """What the limit leaves out is counted, and whether it is accepted is still looked at."""
    acme = CATALOGS.get("acme")
    whole = strength(acme)
    monkeypatch.setattr("pytest_apierrors.check.mutants._MOST_COMPARED", len(acme.errors))

    found = strength(acme)

    assert whole.untried == 0
    assert 0 < found.caught <= found.total < whole.total
    assert found.untried > 0
    assert found.missed == whole.missed == ()
