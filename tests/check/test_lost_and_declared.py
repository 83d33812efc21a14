"""What a recorder lost, and what nobody ever sent, is not held against the provider."""

from __future__ import annotations

import pytest
from generated import CATALOGS

from pytest_apierrors.check import check
from pytest_apierrors.explain import explain
from pytest_apierrors.response import Headers, Origin, Response

ACME = CATALOGS.get("acme")
JSON = Headers([("Content-Type", "application/json")])
RATE = b'{"error": {"code": "rate_limited", "message": "Wait 3 seconds"}}'


def rules(response):
    return {violation.rule for violation in check(response, ACME).violations}


@pytest.mark.parametrize("body", [b"", b"{}", b"<html>", b"\x1f\x8b\x08\x00cut", b'{"error'])
def test_a_lost_body_breaks_no_rule(body):
    whole = Response(400, body, JSON)
    lost = Response(400, body, JSON, altered="cut", lost=True)

    assert rules(whole)
    assert rules(lost) == set()
    assert check(lost, ACME).outcome == "documented"


def test_status_and_headers_of_a_response_with_a_lost_body_are_held():
    assert rules(Response(418, b"", JSON, lost=True)) == {"status-undocumented"}
    assert rules(Response(429, b"", JSON, lost=True)) == {"header-missing"}


def test_a_lost_body_under_a_status_without_one_is_not_unexpected():
    assert "body-unexpected" in rules(Response(204, b"x", JSON))
    assert rules(Response(204, b"x", JSON, lost=True)) == set()


def test_a_lost_body_is_shown_all_the_same():
    response = Response(400, b'{"half": 1}', JSON, altered="cut", lost=True)

    lines = explain(check(response, ACME), response, ACME)

    assert any('{"half": 1}' in line for line in lines)


def test_headers_that_a_declaration_leaves_out_are_not_missing():
    assert rules(Response(429, RATE, JSON)) == {"header-missing"}
    assert rules(Response(429, RATE, JSON, declared=True)) == set()


def test_headers_that_it_has_are_held():
    headers = Headers([*JSON, ("Retry-After", "soon")])

    assert rules(Response(429, RATE, headers, declared=True)) == {"header-value"}


def test_a_declaration_says_so():
    response = Response(418, b"{}", JSON, origin=Origin("api.yaml", 2, 30), declared=True)

    lines = explain(check(response, ACME), response, ACME)

    assert "  declared   api.yaml:30 #2" in lines
