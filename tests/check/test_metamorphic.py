"""The same exchange written in another way gets the same verdict."""

from __future__ import annotations

import gzip
import json
import random
import zlib

import pytest
from generated import CATALOGS, CODED, LOOSE, NAMES, bodies, statuses
from hypothesis import given
from hypothesis import strategies as st

from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.check import check
from pytest_apierrors.check.mutants import example_response, mutants
from pytest_apierrors.response import Headers, Response


def replace(response, **changes):
    """Return a response with something changed."""
    names = ("status", "body", "headers", "method", "url")
    return Response(**{**{name: getattr(response, name) for name in names}, **changes})


def plain(value):
    return json.dumps(value).encode()


def shuffled(value):
    if isinstance(value, dict):
        pairs = list(value.items())
        random.Random(0).shuffle(pairs)
        return {key: shuffled(member) for key, member in reversed(pairs)}
    return [shuffled(one) for one in value] if isinstance(value, list) else value


def escaped(value):
    """Write every character of every text as an escape."""

    def text(found):
        units = found.encode("utf-16-be", "surrogatepass")
        return "".join(f"\\u{units[n]:02x}{units[n + 1]:02x}" for n in range(0, len(units), 2))

    if isinstance(value, dict):
        members = (f'"{text(key)}":{escaped(member)}' for key, member in value.items())
        return f"{{{','.join(members)}}}"
    if isinstance(value, list):
        return f"[{','.join(map(escaped, value))}]"
    return f'"{text(value)}"' if isinstance(value, str) else json.dumps(value)


def spaced(value):
    return b"\n\t " + json.dumps(value, indent=3, separators=(" ,\r\n", "\t: ")).encode() + b" \n"


def coded(name, data, response):
    pairs = (*(response.headers or ()), ("Content-Encoding", name))
    return replace(response, body=data, headers=Headers(pairs))


def variants(response, value):
    """Yield the response in other spellings that mean the same."""
    body = response.body
    yield replace(response, body=spaced(value))
    yield replace(response, body=escaped(value).encode())
    yield replace(response, body=plain(shuffled(value)))
    yield replace(response, body=json.dumps(value, ensure_ascii=False).encode())
    yield replace(response, body=gzip.compress(body))
    yield coded("gzip", gzip.compress(body), response)
    yield coded("x-gzip", gzip.compress(body), response)
    yield coded("deflate", zlib.compress(body), response)
    yield coded("gzip, gzip", gzip.compress(gzip.compress(body)), response)
    yield coded("identity", body, response)
    yield coded("gzip", body, response)
    for change in (str.upper, str.lower, str.title):
        pairs = [(change(name), text) for name, text in response.headers or ()]
        yield replace(response, headers=Headers(pairs))
    yield replace(response, headers=Headers(reversed(list(response.headers or ()))))
    yield replace(response, url="https://example.test/?x", method="DELETE")


def said(verdict):
    """Return a verdict without the order of its violations and the values that they show."""
    entry = None if verdict.entry is None else verdict.entry.key
    rules = sorted(one[:4] for one in verdict.violations)
    return verdict.outcome, entry, verdict.code, rules, verdict.retry, dict(verdict.values)


@pytest.mark.parametrize("name", CODED)
def test_examples_and_mutants(name):
    catalog = CATALOGS.get(name)
    for entry in catalog.errors.values():
        example = example_response(entry, catalog)
        several = (
            [] if example is None else [example, *(m.response for m in mutants(entry, catalog))]
        )
        for response in several[:: 1 if name != "sinch" else 5]:
            verdict = said(check(response, catalog))
            for other in variants(response, json.loads(response.body)):
                assert said(check(other, catalog)) == verdict, other.body


@pytest.mark.parametrize("name", NAMES)
@LOOSE
@given(data=st.data())
def test_generated(name, data):
    catalog = CATALOGS.get(name)
    value = data.draw(bodies(name))
    headers = Headers([("Content-Type", "application/json"), ("Retry-After", "5")])
    response = Response(data.draw(statuses(name).filter(lambda s: s != 204)), plain(value), headers)
    verdict = said(check(response, catalog))

    for other in variants(response, value):
        assert said(check(other, catalog)) == verdict


@pytest.mark.parametrize("name", CODED)
def test_a_catalog_read_again_says_the_same(name):
    catalog = CATALOGS.get(name)
    again = Catalogs([catalog.file]).get(name) if name not in Catalogs().names() else None
    for entry in catalog.errors.values():
        example = example_response(entry, catalog)
        if example is not None and again is not None:
            assert check(example, again).violations == check(example, catalog).violations


@pytest.mark.parametrize("name", CODED)
def test_a_member_that_a_closed_shape_does_not_have_is_always_found(name):
    catalog = CATALOGS.get(name)
    closed = {
        e.name for e in catalog.envelopes.values() if e.schema.get("additionalProperties") is False
    }
    for entry in catalog.errors.values():
        example = example_response(entry, catalog)
        if example is None:
            continue
        more = plain({**entry.example.body, "unheard of": 1})
        verdict = check(replace(example, body=more), catalog)
        if verdict.envelope in closed:
            found = {one.where for one in verdict.violations if one.rule == "field-undocumented"}
            assert found == {"$['unheard of']"}
