"""Responses near to what a catalog documents and far from it, and the two ways to judge them."""

from __future__ import annotations

import gzip
import json
import os
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from pytest_apierrors.catalog.compile import compiled
from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.check.match import EVERYTHING, _Check
from pytest_apierrors.response import Headers, Response

CASES = Path(__file__).parents[1] / "cases"
INVENTED = Path(__file__).parent / "invented"
CATALOGS = Catalogs([CASES, INVENTED])
SHIPPED = ("http", "neutrino", "sinch", "telephony-io", "toku")
NAMES = tuple(CATALOGS.names())
CODED = tuple(name for name in NAMES if CATALOGS.get(name).envelopes)
"""Catalogs that know bodies."""

LOOSE = settings(
    max_examples=int(os.environ.get("APIERRORS_EXAMPLES", "60")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
"""How much is generated: more of it on request, by the environment."""

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 100),
    st.sampled_from([10**18, -(10**30), 2**53 + 1, 2**31, 40400, 40400.0, 0.0, 1.5]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.sampled_from(["", "0", "00", "01", "1", "40400", "gone", "gone\n", "\u0661", "1" * 25]),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


def long_way(response, catalog):
    """Judge without the short cut."""
    return _Check(response, compiled(catalog), EVERYTHING).run()


def names_in(schema):
    """Return every member's name that a schema says something about."""
    if isinstance(schema, list):
        return {name for sub in schema for name in names_in(sub)}
    if not isinstance(schema, dict):
        return set()
    found = set(schema.get("properties", ()))
    return found.union(*(names_in(sub) for sub in schema.values()))


@cache
def codes_of(name):
    """Return the codes of a catalog as they may stand on the wire."""
    spelled = [code for _, code in compiled(CATALOGS.get(name)).codes]
    numbers = [int(code) for code in spelled if code.lstrip("-").isdigit()]
    return tuple(spelled) + tuple(numbers) + tuple(map(float, numbers[:3]))


@cache
def bodies(name):
    """Generate JSON values that have to do with the envelopes of a catalog."""
    catalog = CATALOGS.get(name)
    parts = [e.schema for e in catalog.envelopes.values()]
    parts += [e.body for e in catalog.errors.values() if e.body]
    parts += [gateway.schema for gateway in catalog.gateways]
    known = names_in(parts) | {
        part for e in catalog.envelopes.values() for p, _ in e.identify for part in p
    }
    keys = st.sampled_from([*sorted(known), "unheard_of"])
    codes = st.sampled_from(codes_of(name)) if codes_of(name) else st.nothing()
    texts = [e.message.text for e in catalog.errors.values() if e.message]
    leaves = st.one_of(codes, st.sampled_from([*texts, "x"]), SCALARS)
    nested = st.dictionaries(keys, leaves, max_size=4)
    free = st.dictionaries(
        keys, leaves | nested | st.lists(leaves | nested, max_size=3), max_size=5
    )
    printed = [e.example.body for e in catalog.errors.values() if e.example]
    near = [st.sampled_from(printed).flatmap(_changed)] if printed else []
    return st.one_of(free, *near, JSON)


def _changed(body):
    if not isinstance(body, dict):
        return st.just(body)
    drop = st.sampled_from([None, *sorted(body)])
    extra = st.dictionaries(st.sampled_from([*sorted(body), "unheard_of"]), SCALARS, max_size=1)
    return st.builds(
        lambda one, more: {**{k: v for k, v in body.items() if k != one}, **more}, drop, extra
    )


@cache
def statuses(name):
    """Generate statuses: mostly those that the catalog knows."""
    known = sorted(compiled(CATALOGS.get(name)).by_status)
    return st.sampled_from([*known, 200, 201, 204, 302, 400, 401, 404, 418, 429, 500, 503])


HEADERS = st.one_of(
    st.none(),
    st.just({"Content-Type": "application/json"}),
    st.dictionaries(
        st.sampled_from(
            [
                "Content-Type",
                "content-type",
                "Retry-After",
                "WWW-Authenticate",
                "Content-Encoding",
                "Date",
                "X-Limit",
                "Location",
                "Allow",
            ]
        ),
        st.sampled_from(
            [
                "application/json",
                "application/json; charset=utf-8",
                "text/html",
                "text/plain",
                "5",
                "-1",
                "soon",
                "",
                "gzip",
                "br",
                "zstd, gzip",
                "Bearer",
                "GET",
                "\udcff",
                "Wed, 21 Oct 2026 07:28:00 GMT",
                "\u0661",
            ]
        ),
        max_size=4,
    ),
)
METHODS = st.sampled_from([None, "GET", "POST", "HEAD"])


def encoded(value):
    """Generate ways to write a JSON value."""
    text = json.dumps(value, ensure_ascii=False)
    plain = text.encode("utf-8", "surrogatepass")
    return st.sampled_from(
        [
            plain,
            plain,
            plain,
            json.dumps(value).encode(),
            b" " + plain + b"\n",
            json.dumps(value, indent=1).encode(),
            gzip.compress(plain, mtime=0),
            plain[:-1],
            b"\xef\xbb\xbf" + plain,
            text.encode("utf-16", "surrogatepass"),
        ]
    )


@cache
def responses(name):
    """Generate responses to hold against a catalog."""
    hostile = [
        b"",
        b"{",
        b"null",
        b"[" * 100_000,
        b'{"a":1,"a":2}',
        b"<html>",
        b"\x1f\x8b\x08",
        b"\x00",
        b"NaN",
        b'{"errorCode": 1e400}',
        b'"\\ud800"',
        b"9" * 500,
    ]
    data = st.one_of(
        bodies(name).flatmap(encoded),
        bodies(name).flatmap(encoded),
        st.binary(max_size=20),
        st.sampled_from(hostile),
    )
    return st.builds(_response, statuses(name), data, HEADERS, METHODS)


def _response(status, body, headers, method):
    return Response(status, body, None if headers is None else Headers.of(headers), method)
