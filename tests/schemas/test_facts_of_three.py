"""What holds for the catalogs of HTTP, Toku and Telephony.io alike."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from facts import PRIMARY, SCHEMAS, nodes, read
from jsonschema import Draft202012Validator

NAMES = ("http", "toku", "telephony-io")
HTTP, TOKU, TELEPHONY = (read(name) for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_file_fits_the_grammar(name):
    grammar = json.loads((SCHEMAS / "_catalog.schema.json").read_text(encoding="utf-8"))

    found = [error.message for error in Draft202012Validator(grammar).iter_errors(read(name))]

    assert found == []


@pytest.mark.parametrize("name", NAMES)
def test_every_source_is_known_and_used(name):
    catalog = read(name)
    used = set()
    for place, value in nodes({key: catalog[key] for key in catalog if key != "sources"}):
        if place.endswith(".source"):
            used |= {value} if isinstance(value, str) else set(value)

    assert used == set(catalog["sources"])


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_is_from_a_primary_source(name):
    catalog = read(name)
    kinds = {key: source["kind"] for key, source in catalog["sources"].items()}

    assert {kinds[entry["source"]] for entry in catalog["errors"].values()} <= PRIMARY


@pytest.mark.parametrize("name", NAMES)
def test_what_a_comparison_shows_is_called_an_inference(name):
    reading = read(name)["sources"]["reading"]

    assert reading["kind"] == "inference"


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_written_one_way(name):
    text = (SCHEMAS / f"{name}.json").read_text(encoding="utf-8")

    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize(
    ("catalog", "key", "facts"),
    [
        (HTTP, "status-201", {"name", "meaning", "header"}),
        (HTTP, "status-202", {"meaning"}),
        (HTTP, "status-304", {"name", "body", "meaning"}),
        (HTTP, "status-305", {"name", "deprecated", "role"}),
        (HTTP, "status-403", {"role", "meaning"}),
        (HTTP, "status-409", {"field", "meaning"}),
        (HTTP, "status-413", {"name", "header"}),
        (HTTP, "status-429", {"name", "header"}),
        (HTTP, "status-500", {"name", "role", "retry", "meaning"}),
        (HTTP, "status-501", {"name", "meaning"}),
        (HTTP, "status-503", {"name", "header", "retry"}),
        (HTTP, "status-504", {"name", "retry"}),
        (HTTP, "status-505", {"name", "body"}),
        (TOKU, "0", {"role"}),
        (TOKU, "-2", {"meaning"}),
        (TOKU, "-103", {"meaning", "retry"}),
        (TOKU, "-204", {"meaning"}),
        (TOKU, "-400", {"meaning", "retry"}),
        (TOKU, "-1000", {"meaning"}),
        (TOKU, "-1205", {"near-duplicate", "meaning"}),
        (TOKU, "-1210", {"near-duplicate"}),
        (TOKU, "-1231", {"meaning"}),
        (TOKU, "-1404", {"meaning"}),
        (TOKU, "-2005", {"near-duplicate", "description"}),
        (TELEPHONY, "insufficient_balance", {"type", "field", "unit", "retry"}),
        (TELEPHONY, "invalid_parameter", {"status", "meaning"}),
        (TELEPHONY, "unauthorized", {"envelope"}),
        (TELEPHONY, "status-200", {"role", "field"}),
        (TELEPHONY, "status-400", {"code", "meaning"}),
        (TELEPHONY, "status-401", {"envelope", "header", "meaning"}),
        (TELEPHONY, "status-429", {"retry", "header"}),
        (TELEPHONY, "status-500", {"retry", "reference"}),
    ],
)
def test_contradictions_are_kept(catalog, key, facts):
    assert {claim["fact"] for claim in catalog["errors"][key]["claims"]} == facts


@pytest.mark.parametrize("name", NAMES)
def test_every_description_is_given_once_unless_a_claim_says_why(name):
    entries = read(name)["errors"].values()
    counts = Counter(entry["description"] for entry in entries if "description" in entry)
    claimed = {
        claim["value"]
        for entry in entries
        for claim in entry.get("claims", [])
        if claim.get("finding") == "duplicate-description"
    }

    assert {text for text, count in counts.items() if count > 1} == claimed
