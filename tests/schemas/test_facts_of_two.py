"""What holds for the catalogs of Sinch and Neutrino alike."""

from __future__ import annotations

import json
from collections import Counter

import jsonschema
import pytest
from facts import claimed as claims
from facts import ids, read
from test_facts_neutrino import NEUTRINO_CLIENT
from test_facts_sinch import COPIED, SINCH_NAMES


@pytest.fixture(scope="module")
def neutrino():
    return read("neutrino")


@pytest.fixture(scope="module")
def sinch():
    return read("sinch")


@pytest.mark.parametrize("name", ["neutrino", "sinch"])
def test_the_file_fits_the_grammar(name):
    grammar = read("_catalog.schema")
    errors = jsonschema.Draft202012Validator(grammar).iter_errors(read(name))

    assert [f"{error.json_path}: {error.message}" for error in errors] == []


@pytest.mark.parametrize("name", ["neutrino", "sinch"])
def test_every_named_source_exists_and_every_source_is_used(name):
    catalog = read(name)
    named = set()

    def walk(value):
        if isinstance(value, dict):
            named.update(ids(value) if value.get("source") else ())
            for child in value.values():
                walk(child)
        elif isinstance(value, list):
            for child in value:
                walk(child)

    walk(catalog)
    assert named == set(catalog["sources"])


@pytest.mark.parametrize("name", ["neutrino", "sinch"])
def test_no_claim_repeats_the_code_or_status_of_its_entry(name):
    for key, entry in read(name)["errors"].items():
        own = [entry["code"], *(entry["status"] if isinstance(entry["status"], list) else ())]

        assert not set(map(str, own)) & set(map(str, claims(entry, "code"))), key
        assert not set(map(str, own)) & set(map(str, claims(entry, "status"))), key


@pytest.mark.parametrize("name", ["neutrino", "sinch"])
def test_no_two_entries_have_the_same_description(name):
    texts = Counter(one.get("description") for one in read(name)["errors"].values())
    del texts[None]

    assert max(texts.values()) == 1


@pytest.mark.parametrize("name", ["neutrino", "sinch"])
def test_an_entry_of_the_page_is_described_and_a_missing_example_explained(name):
    for key, entry in read(name)["errors"].items():
        assert (entry["example"] is None) == ("no_example" in entry), key
        assert "description" in entry or key in NEUTRINO_CLIENT or key in SINCH_NAMES, key
        assert "name" in entry or key.startswith("status-"), key


def test_findings_are_answered_where_they_arise_and_nowhere_else(neutrino, sinch):
    found = {
        (one["finding"], key)
        for key, entry in sinch["errors"].items()
        for one in entry.get("claims", ())
        if "finding" in one
    }

    assert found == {
        *(("example-disagrees", key) for key in ("40004", "40005", "40302", "40303", "50300")),
        *(("status-unregistered", key) for key in (*COPIED, "status-420")),
        *(("retry-without-delay", key) for key in ("50000", "50300", "50301")),
    }
    assert "finding" not in json.dumps(neutrino["errors"])


TYPED = "voice-0 voice-a voice-b sdk-node-types sdk-node-voice sdk-java-verification"
FIELDS_LISTED = (
    "voice-0 voice-a voice-b verification-v1 verification-v2 verification-v3 sdk-java-verification"
)


@pytest.mark.parametrize(
    ("name", "place", "fact", "sources"),
    [
        ("sinch", "voice", "type", TYPED),
        ("sinch", "voice", "fields", FIELDS_LISTED),
        ("neutrino", "kebab", "type", "errors-page openapi"),
        ("neutrino", "kebab", "required", "errors-page openapi"),
        ("neutrino", "kebab", "media-type", "errors-page openapi"),
        ("neutrino", "kebab", "no-code", "errors-page"),
        ("neutrino", "kebab", "spelling", "errors-page"),
        ("neutrino", "03", "retry", "errors-page"),
        ("neutrino", "04", "scope", "errors-page"),
        ("neutrino", "06", "limit", "stats-page"),
        ("neutrino", "13", "cause", "errors-page"),
        ("neutrino", "43", "observed-status", "probe-unauthenticated"),
        ("neutrino", "43", "example", "openapi"),
        ("neutrino", "45", "observed-status", "probe-unrouted"),
        ("neutrino", "status-200", "error-in-success", "errors-page openapi client-4.7.1"),
        ("neutrino", "status-400", "codes", "errors-page problem-types"),
        ("neutrino", "status-403", "cause", "errors-page openapi probe-unrouted"),
        ("neutrino", "status-403", "body", "marketplace-2016 marketplace-2018"),
        ("neutrino", "", "status", "errors-page openapi problem-types"),
        ("neutrino", "", "header", "errors-page probe-headers"),
        ("neutrino", "", "retry", "problem-types"),
        ("neutrino", "", "envelope", "basics-page batch-page"),
        ("sinch", "voice", "required", "voice-a sdk-node-voice"),
        ("sinch", "voice", "format", "voice-a voice-b"),
        ("sinch", "voice", "meaning", "voice-a sdk-node-types"),
        ("sinch", "voice", "code", "voice-0 voice-a verification-v2"),
        ("sinch", "40001", "cause", "voice-a"),
        ("sinch", "40002", "message-names-parameter", "voice-a"),
        ("sinch", "40004", "category", "reading"),
        ("sinch", "40102", "cause", "voice-a"),
        ("sinch", "40301", "category", "reading"),
        ("sinch", "40900", "cause", "voice-a"),
        ("sinch", "50301", "retry", "voice-a"),
        ("sinch", "status-409", "retry", "voice-a"),
        ("sinch", "status-420", "phrase", "voice-a iana-status"),
        ("sinch", "status-429", "retry", "voice-a"),
        ("sinch", "status-429", "body", "sdk-node-oauth"),
        ("sinch", "status-429", "header", "sdk-node-oauth"),
        ("sinch", "", "statuses", "voice-a verification-v2 sdk-enum"),
        ("sinch", "", "common-error", "voice-a"),
        ("sinch", "", "header", "voice-a"),
        ("sinch", "", "retry", "voice-a"),
        ("sinch", "", "envelope", "elastic-sip-page sdk-node-types"),
        ("sinch", "", "missing-code", "voice-a"),
    ],
)
def test_a_contested_or_unsaid_fact_names_each_of_its_sources(name, place, fact, sources):
    catalog = read(name)
    part = catalog["errors"].get(place) or catalog["envelopes"].get(place) or catalog

    assert {c["source"] for c in part["claims"] if c["fact"] == fact} == set(sources.split())
