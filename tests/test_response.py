"""The values that everything else is about: what they compare, hash and show."""

from __future__ import annotations

import pytest

from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.response import Headers, Origin, Response


def some(**changed):
    facts = {
        "status": 401,
        "body": b"{}",
        "headers": Headers([("Date", "now")]),
        "method": "GET",
        "url": "https://acme.test/",
        "origin": Origin("a.har", 1),
        "altered": "cut",
    }
    return Response(**{**facts, **changed})


def test_credentials_are_no_part_of_a_response():
    silent, knowing = some(), some(secrets=lambda: frozenset({"s3cr3tvalue1"}))

    assert silent == knowing
    assert hash(silent) == hash(knowing)
    assert repr(silent) == repr(knowing)
    assert "status=401" in repr(silent)
    assert "altered='cut'" in repr(silent)


@pytest.mark.parametrize(
    "changed",
    [
        {"status": 402},
        {"body": b"[]"},
        {"headers": None},
        {"method": None},
        {"url": None},
        {"origin": Origin("a.har", 2)},
        {"altered": None},
        {"lost": True},
        {"declared": True},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_everything_else_is(changed):
    assert some() != some(**changed)
    assert hash(some()) != hash(some(**changed))
    assert repr(some()) != repr(some(**changed))


def test_a_response_is_no_other_value():
    assert some() != 401


@pytest.mark.parametrize("value", [some(), some().origin])
def test_values_do_not_change(value):
    with pytest.raises(AttributeError):
        value.status = 200


def test_a_catalog_shows_its_name_only():
    assert repr(Catalogs().get("http")) == "Catalog('http')"


def test_a_catalog_is_what_it_says():
    one, same = Catalogs().get("http"), Catalogs().get("http")

    assert one == same
    assert one != Catalogs().get("sinch")
    assert one != "http"
