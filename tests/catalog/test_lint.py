"""Each kind of finding has a catalog with exactly it, and a claim that answers exactly it."""

from __future__ import annotations

import copy
import json
import time

import pytest

from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.catalog.lint import FINDINGS, LARGEST_HOLE, REGISTERED, lint
from pytest_apierrors.catalog.load import load_catalog


def entry(code, status=404, **more):
    example = {"kind": "printed", "body": {"code": code}}
    return {"code": code, "status": [status], "source": "page", "example": example, **more}


SOUND = {
    "title": "Acme",
    "sources": {
        "page": {"kind": "page", "url": "https://docs.acme.test"},
        "client": {"kind": "sdk", "url": "https://docs.acme.test/client"},
    },
    "error": {"status": ["4xx"], "source": "page"},
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
    "errors": {"1": entry("1"), "2": entry("2")},
}


def catalog(**errors):
    raw = {**copy.deepcopy(SOUND), "claims": errors.pop("claims", [])}
    raw.update({"probes": errors.pop("probes")} if "probes" in errors else {})
    raw["errors"].update(errors)
    return load_catalog(json.dumps(raw).encode(), "acme", "acme.json", Catalogs().get)


def found(**errors):
    return [(one.kind, one.place, one.value) for one in lint(catalog(**errors))]


def claim(kind, value=None):
    return {"fact": "x", "value": value, "source": "page", "finding": kind}


def probe(name, expect):
    request = {"name": name, "method": "GET", "path": f"/{name[:3]}"}
    return {**request, "expect": expect, "source": "page"}


AT = "$.errors['2']"
PROBED, TOP = "$.probes[1]", ("$.errors", "$.probes[1]")
SOUND_PROBE = probe("one", {"entries": ["1"]})
BAD_STATUS = {"kind": "printed", "body": {"code": "2"}, "status": 400}
OTHER_CODE = {"kind": "printed", "body": {"code": "1"}}
STRANGER = {"kind": "printed", "body": {"fault": "2"}}
TOO_MUCH = {"kind": "printed", "body": {"code": "2", "x": 1}}
RETRY = {"advice": "later", "source": "page"}
AFTER = {"advice": "after", "seconds": 5, "source": "page"}
ODD = [
    ("no-example", {"2": entry("2", example=None)}, AT, None),
    ("example-invalid", {"2": entry("2", example=STRANGER)}, AT, None),
    ("example-invalid", {"2": entry("2", example=TOO_MUCH)}, AT, None),
    ("example-disagrees", {"2": entry("2", example=BAD_STATUS)}, AT, 400),
    ("example-disagrees", {"2": entry("2", example=OTHER_CODE)}, AT, "1"),
    ("status-unregistered", {"2": entry("2", 420)}, AT, None),
    (
        "duplicate-description",
        {"1": entry("1", description="x"), "2": entry("2", description="x")},
        AT,
        "x",
    ),
    (
        "duplicate-description",
        {k: entry(k, message={"text": "x", "match": "example"}) for k in "12"},
        AT,
        "x",
    ),
    ("numbering-hole", {"4": entry("4")}, "$.errors", "3"),
    ("retry-without-delay", {"2": entry("2", description="Please try again")}, AT, None),
    (
        "retry-without-delay",
        {"2": entry("2", retry=RETRY, description="Temporarily down")},
        AT,
        None,
    ),
    (
        "placeholder-in-exact",
        {"2": entry("2", message={"text": "Wait {x}", "match": "exact"})},
        AT,
        None,
    ),
    (
        "probe-undocumented",
        {"probes": [SOUND_PROBE, probe("two", {"status": [404, 405]})]},
        PROBED,
        "two",
    ),
    (
        "probe-undocumented",
        {
            "3": entry("3", role="success"),
            "probes": [SOUND_PROBE, probe("two", {"entries": ["2", "3"]})],
        },
        PROBED,
        "two",
    ),
    (
        "probe-repeated",
        {"probes": [SOUND_PROBE, probe("one-more", {"status": [404]})]},
        PROBED,
        "one-more",
    ),
]
kinds = pytest.mark.parametrize(
    ("kind", "errors", "place", "value"), ODD, ids=[f"{n}-{one[0]}" for n, one in enumerate(ODD)]
)


def claimed(errors, place, *claims):
    """Add claims at the place of a finding."""
    if place in TOP:
        return {**errors, "claims": list(claims)}
    return {**errors, "2": {**errors["2"], "claims": list(claims)}}


def test_a_sound_catalog_has_no_findings():
    assert found() == []


def test_every_kind_has_a_catalog_here():
    assert {one[0] for one in ODD} == set(FINDINGS)


@kinds
def test_a_catalog_has_exactly_its_finding(kind, errors, place, value):
    assert found(**errors) == [(kind, place, value)]


@kinds
def test_a_claim_answers_its_own_finding(kind, errors, place, value):
    assert found(**claimed(errors, place, claim(kind, value))) == []


@kinds
def test_claims_of_all_other_kinds_do_not(kind, errors, place, value):
    others = [claim(one, value) for one in FINDINGS if one != kind]

    assert found(**claimed(errors, place, *others)) == [(kind, place, value)]


@kinds
def test_a_claim_in_another_place_does_not(kind, errors, place, value):
    elsewhere = {**errors, "1": {**errors.get("1", entry("1")), "claims": [claim(kind, value)]}}
    if place not in TOP:
        elsewhere["claims"] = [claim(kind, value)]

    assert found(**elsewhere) == [(kind, place, value)]


@pytest.mark.parametrize(("kind", "errors", "place", "value"), [one for one in ODD if one[3]])
def test_a_claim_of_another_value_does_not(kind, errors, place, value):
    assert found(**claimed(errors, place, claim(kind, "other"))) == [(kind, place, value)]


def test_two_findings_of_one_kind_need_two_claims():
    both = {"kind": "printed", "body": {"code": "1"}, "status": 400}
    errors = {"2": entry("2", example=both)}

    assert found(**claimed(errors, AT, claim("example-disagrees", 400))) == [
        ("example-disagrees", AT, "1")
    ]
    assert found(**{"5": entry("5")}, claims=[claim("numbering-hole", "3")]) == [
        ("numbering-hole", "$.errors", "4")
    ]


@pytest.mark.parametrize(
    "errors",
    [
        {"2": entry("2", example=None, no_example="none is printed")},
        {"2": entry("2", 429)},
        {"2": {**entry("2"), "status": {"unknown": "nobody says"}}},
        {"2": {**entry("2"), "status": {"unknown": "x"}, "example": BAD_STATUS}},
        {"2": entry("2", retry=AFTER, description="Try again")},
        {"2": entry("2", role="state", description="Try again")},
        {"2": entry("2", description="An entry of retryland")},
        {"2": entry("2", message={"text": "Wait {x}", "match": "template"})},
        {"2": entry("2", message={"text": "Wait {x}", "match": "example"})},
        {"2": entry("2", message={"text": "100 % sure", "match": "exact"})},
        {f"{LARGEST_HOLE + 3}": entry(f"{LARGEST_HOLE + 3}")}
        | {"4": entry("4"), "3": entry("3")}
        | {str(n): entry(str(n)) for n in range(5, LARGEST_HOLE + 3)},
        {f"{LARGEST_HOLE + 4}": entry(f"{LARGEST_HOLE + 4}")},
        {"2.5": entry("2.5"), "x": entry("x")},
    ],
)
def test_what_is_not_odd(errors):
    assert found(**errors) == []


def test_codes_that_only_a_client_knows_fill_holes_and_make_none():
    by_client = {"3": {**entry("3"), "source": "client"}}

    assert found(**by_client, **{"4": entry("4")}) == []
    assert found(**{"9": {**entry("9"), "source": "client"}}) == []


@pytest.mark.parametrize(
    ("codes", "missing"),
    [
        (("01", "03"), ["02"]),
        (("-5", "-7"), ["-6"]),
        (("98", "101"), ["99", "100"]),
        (("5", "5"), []),
    ],
)
def test_a_missing_number_is_spelled_as_its_neighbour(codes, missing):
    raw = copy.deepcopy(SOUND)
    raw["errors"] = {code: entry(code) for code in codes}
    one = load_catalog(json.dumps(raw).encode(), "acme", "acme.json", Catalogs().get)

    assert [finding.value for finding in lint(one)] == missing


def test_codes_of_two_spaces_are_two_numberings():
    raw = copy.deepcopy(SOUND)
    raw["envelopes"]["other"] = {
        **raw["envelopes"]["error"],
        "identify": {"/other": "string"},
        "space": "other",
    }
    raw["errors"]["4"] = entry("4", space="other")
    one = load_catalog(json.dumps(raw).encode(), "acme", "acme.json", Catalogs().get)

    assert lint(one) == []


def test_a_catalog_without_shapes_has_no_invalid_examples():
    raw = copy.deepcopy(SOUND)
    del raw["envelopes"]
    one = load_catalog(json.dumps(raw).encode(), "acme", "acme.json", Catalogs().get)

    assert lint(one) == []


def test_findings_come_in_the_order_of_the_file():
    errors = {"1": entry("1", 420), "2": entry("2", 420, example=None)}

    assert [one[:2] for one in found(**errors)] == [
        ("status-unregistered", "$.errors['1']"),
        ("no-example", AT),
        ("status-unregistered", AT),
    ]


def test_a_finding_is_a_sentence():
    for _, errors, _, _ in ODD:
        for one in lint(catalog(**errors)):
            assert one.text
            assert one.text.isprintable()


@pytest.mark.parametrize("status", [306, 418, 425, 451, 510, 104])
def test_registered(status):
    assert status in REGISTERED


@pytest.mark.parametrize("status", [105, 209, 309, 419, 420, 427, 430, 444, 499, 509, 599])
def test_not_registered(status):
    assert status not in REGISTERED


def test_a_claim_of_one_entry_is_looked_up_and_not_searched_for():
    """Six thousand findings of as many entries: a search for each took most of a minute."""
    many = {f"k{number}": entry(f"k{number}", 477) for number in range(6000)}
    odd = catalog(**many)
    start = time.process_time()

    assert len(lint(odd)) == 6000

    assert time.process_time() - start < 5
