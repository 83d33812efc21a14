"""A response that a test asserted itself, recognised among those that it received."""

from __future__ import annotations

import pytest

from pytest_apierrors.observe.same import same
from pytest_apierrors.response import Headers, Response

RECEIVED = Response(400, b'{"a": 1}', Headers([("A", "1"), ("B", "2")]))


@pytest.mark.parametrize(
    "asserted",
    [
        RECEIVED,
        Response(400, b'{"a": 1}', Headers([("A", "1")])),
        Response(400, b'{"a": 1}'),
        Response(400, b'{"a":1}'),
    ],
    ids=["itself", "fewer headers", "body", "decoded body"],
)
def test_it_is_the_same(asserted):
    assert same(RECEIVED, asserted)


@pytest.mark.parametrize(
    "asserted",
    [
        Response(401, b'{"a": 1}'),
        Response(400, b'{"a": 2}'),
        Response(400, b"no JSON"),
        Response(400, b'{"a":1}', Headers([("A", "1")])),
        Response(400, b'{"a": 1}', Headers([("A", "2")])),
    ],
    ids=["status", "body", "no JSON", "other bytes of a response", "header"],
)
def test_it_is_another(asserted):
    assert not same(RECEIVED, asserted)


def test_two_that_are_no_json_are_compared_as_they_are():
    assert not same(Response(400, b"x"), Response(400, b"y"))
    assert not same(Response(400, b"[" * 100_000), Response(400, b"y"))
    assert same(Response(400, b"x", Headers()), Response(400, b"x"))


def test_a_response_without_headers_is_not_one_that_had_some():
    assert not same(Response(400, b"x"), Response(400, b"x", Headers([("A", "1")])))
