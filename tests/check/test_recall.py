"""A verdict that is recalled is the one that the long way would have reached."""

from __future__ import annotations

import json
import random

import pytest
from generated import CATALOGS, NAMES, long_way
from msgspec.structs import replace

from pytest_apierrors.catalog.compile import compiled
from pytest_apierrors.check import Policy, check
from pytest_apierrors.check.mutants import mutants
from pytest_apierrors.check.recall import LONGEST, MOST, MOST_SEEN
from pytest_apierrors.response import Headers, Origin, Response

JSON = ("Content-Type", "application/json")


def failing(*headers, **facts):
    body = {"errorCode": 40101, "msg": "No luck with bluebottle", **facts}
    return Response(401, json.dumps(body).encode(), Headers([JSON, *headers]))


@pytest.fixture
def sinch():
    """A catalog of which nothing is kept yet."""
    catalog = CATALOGS.get("sinch")
    compiled(catalog).plans.pop("recall", None)
    return catalog


@pytest.mark.parametrize("name", NAMES)
def test_mutants_in_any_order_get_the_same_verdict_again(name):
    catalog = CATALOGS.get(name)
    found = [one.response for e in catalog.errors.values() for one in mutants(e, catalog)]
    some = random.Random(7).sample(found, min(len(found), 400))

    for response in (*some, *some, *reversed(some[-MOST:]), *some):
        assert check(response, catalog) == long_way(response, catalog)


def test_what_a_check_does_not_ask_for_makes_no_difference(sinch):
    check(failing(), sinch)
    first = check(failing(("Date", "today"), ("X-Request-Id", "1")), sinch)
    other = replace(
        failing(("Date", "now")), url="https://acme.test/", origin=Origin("a.har", 1, 5)
    )

    assert first.outcome == "deviating"
    assert check(other, sinch) is first


@pytest.mark.parametrize(
    "other",
    [
        failing(("WWW-Authenticate", "Basic")),
        failing(("WWW-Authenticate", "=\x01")),
        replace(failing(), headers=None),
        replace(failing(), headers=Headers()),
        replace(failing(), headers=Headers([("Content-Type", "text/plain")])),
        replace(failing(), status=400),
        replace(failing(), method="HEAD"),
        replace(failing(), lost=True),
        replace(failing(), declared=True),
        failing(more=1),
    ],
    ids=lambda _: "",
)
def test_what_it_asks_for_does(sinch, other):
    for response in (failing(), other) * 4:
        assert check(response, sinch) == long_way(response, sinch)
    assert check(other, sinch) != check(failing(), sinch)


def test_a_delay_belongs_to_its_response():
    catalog = CATALOGS.get("http")
    told = [
        Response(503, b"<p>", Headers([("Retry-After", after), ("Date", date)]))
        for after, date in (
            ("5", "Tue, 14 Jul 2026 09:00:00 GMT"),
            ("6", "Tue, 14 Jul 2026 09:00:00 GMT"),
            ("Tue, 14 Jul 2026 09:00:09 GMT", "Tue, 14 Jul 2026 09:00:00 GMT"),
            ("Tue, 14 Jul 2026 09:00:09 GMT", "Tue, 14 Jul 2026 09:00:01 GMT"),
        )
    ]

    for response in told * 4:
        assert check(response, catalog) == long_way(response, catalog)


def texts(verdict):
    return " ".join(one.found for one in verdict.violations)


@pytest.mark.parametrize(
    "knowing",
    [
        replace(failing(), secrets=lambda: frozenset({"bluebottle"})),
        replace(failing(), url="https://acme.test/?token=bluebottle"),
    ],
    ids=["sent", "in the URL"],
)
def test_a_credential_is_taken_out_whatever_is_kept(sinch, knowing):
    for response in (failing(), knowing) * 4:
        shown = texts(check(response, sinch))
        assert ("bluebottle" in shown) == (response is not knowing)
        assert check(response, sinch) == long_way(response, sinch)


def test_credentials_are_not_looked_for_where_nothing_is_shown(sinch):
    def never():
        raise AssertionError

    response = Response(502, b"<html>bad gateway</html>", Headers(), secrets=never)

    for _ in range(4):
        assert check(response, sinch).outcome == "intermediary"


def rules_of(verdict):
    return {one.rule for one in verdict.violations}


def test_each_policy_has_its_own_verdicts(sinch):
    lenient = Policy(ignore=frozenset({"field-missing"}))

    for _ in range(4):
        assert "field-missing" in rules_of(check(failing(), sinch))
    for _ in range(4):
        assert "field-missing" not in rules_of(check(failing(), sinch, lenient))
    assert "field-missing" in rules_of(check(failing(), sinch))


def test_what_is_kept_is_bounded(sinch):
    for number in range(2 * MOST_SEEN + 3):
        check(failing(number=number), sinch)
    memory = compiled(sinch).plans["recall"]
    assert (len(memory.kept), 0 < len(memory.seen) <= MOST_SEEN) == (0, True)

    for number in range(2 * MOST + 3):
        check(failing(twice=number), sinch)
        check(failing(twice=number), sinch)
    for _ in range(2):
        check(failing(long="x" * LONGEST), sinch)
    assert 0 < len(memory.kept) <= MOST
    assert all(len(body) <= LONGEST for _, body, *_ in memory.kept)
