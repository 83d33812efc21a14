"""Cassettes of betamax, in the shapes that its versions have written."""

from __future__ import annotations

import base64
import gzip
import json

import pytest

from pytest_apierrors.recordings.fields import CHARSET_UNKNOWN, REPLACED
from pytest_apierrors.recordings.http_interactions import DAMAGED

ZIPPED = gzip.compress(b'{"a": 1}', mtime=0)
CODED = base64.b64encode(ZIPPED).decode()


def cassette(response=None, request=None, **more):
    exchange = {
        "request": {
            "method": "GET",
            "uri": "http://h/a",
            "headers": {},
            "body": "",
            **(request or {}),
        },
        "response": {
            "status": {"code": 404, "message": "Not Found"},
            "headers": {},
            "body": {"encoding": "utf-8", "string": "x"},
            "url": "http://h/redirected",
            **(response or {}),
        },
        "recorded_at": "2026-11-22T10:00:00",
    }
    return json.dumps({"http_interactions": [exchange], "recorded_with": "betamax/0.9.0", **more})


@pytest.mark.parametrize(
    ("body", "data", "altered"),
    [
        ({"encoding": "utf-8", "string": "é"}, "é".encode(), None),
        ({"encoding": None, "string": "é"}, "é".encode(), None),
        ({"string": "é"}, "é".encode(), None),
        ({"encoding": "ISO-8859-1", "string": "é"}, b"\xe9", None),
        ({"encoding": "latin-1", "string": "é"}, b"\xe9", None),
        ({"encoding": "windows-1251", "string": "Ж"}, b"\xc6", None),
        ({"encoding": "Shift_JIS", "string": "\u30a2"}, b"\x83\x41", None),
        ({"encoding": "gb2312", "string": "x"}, b"x", None),
        ({"encoding": "utf-16-le", "string": "x"}, b"x\0", None),
        ({"encoding": "iso-8859-99", "string": "x"}, b"x", None),
        # a text that its encoding cannot hold was edited
        ({"encoding": "ISO-8859-1", "string": "\u20ac"}, "\u20ac".encode(), None),
        ({"encoding": "utf-8", "base64_string": CODED}, ZIPPED, None),
        ({"encoding": None, "base64_string": CODED, "string": ""}, ZIPPED, None),
        ({"encoding": "utf-8", "base64_string": "", "string": "x"}, b"x", None),
        ({"encoding": "utf-8", "base64_string": "QQ=\n=\n"}, b"A", None),
        ({"encoding": "utf-8", "base64_string": ""}, b"", None),
        ({"encoding": "utf-8"}, b"", None),
        ({}, b"", None),
        (None, b"", None),
        ("x", b"x", None),
        # what is no text is decoded with replacement, unless it is gzip
        ({"encoding": "utf-8", "string": "\ufffd\u0003"}, "\ufffd\u0003".encode(), REPLACED),
        ({"encoding": "punycode", "string": "é"}, "é".encode(), CHARSET_UNKNOWN),
        ({"encoding": "iso-8859-99", "string": "é"}, "é".encode(), CHARSET_UNKNOWN),
        ({"encoding": "punycode", "string": "x"}, b"x", None),
    ],
)
def test_bodies(items, body, data, altered):
    [read] = items(cassette({"body": body}))

    assert (read.body, read.altered, read.lost) == (data, altered, altered is not None)


@pytest.mark.parametrize(
    ("data", "altered"),
    [
        (ZIPPED[:14] + b"<TOKEN>" + ZIPPED[14:], DAMAGED),
        (ZIPPED[:-8] + bytes(8), DAMAGED),
        (b"\x1f\x8b and no gzip", DAMAGED),
        (gzip.compress(bytes(20 << 20)), None),  # larger than any body is read
        (ZIPPED[:-9], None),  # a provider may well cut a body short
        (ZIPPED + b"more", None),
        (b"<TOKEN>", None),
    ],
)
def test_placeholders_in_compressed_bodies(items, data, altered):
    coded = base64.b64encode(data).decode()

    [read] = items(cassette({"body": {"encoding": None, "base64_string": coded}}))

    assert (read.body, read.altered, read.lost) == (data, altered, altered is not None)


@pytest.mark.parametrize(
    ("headers", "pairs"),
    [
        ({"A": "b", "C": ["d", "e"]}, (("A", "b"), ("C", "d"), ("C", "e"))),
        ({"A": 7, "B": []}, (("A", "7"),)),
        ({"A": None, "B": [None, "c"]}, (("A", ""), ("B", ""), ("B", "c"))),
        ({}, ()),
        ([], ()),
        (None, ()),
    ],
)
def test_headers(items, headers, pairs):
    [read] = items(cassette({"headers": headers}))

    assert read.headers.pairs == pairs


def test_old_cassettes_have_a_plain_status(items):
    content = cassette({"status_code": 429}).replace(
        '"status": {"code": 404, "message": "Not Found"}, ', ""
    )

    [read] = items(content)

    assert (read.status, read.url) == (429, "http://h/a")


def test_the_url_of_the_response_stands_in(items):
    [read] = items(cassette(request={"uri": None}))

    assert read.url == "http://h/redirected"


def test_the_credentials_of_the_request_are_known(items):
    body = {"encoding": "utf-8", "string": "client_secret=body-s3cret"}
    headers = {"Authorization": ["Bearer header-t0ken"], "X-Api-Key": "header-k3y"}

    [read] = items(cassette(request={"headers": headers, "body": body}))

    assert {"header-t0ken", "header-k3y", "body-s3cret"} <= read.credentials()


@pytest.mark.parametrize("content", ['{"http_interactions": {}}', '{"http_interactions": 7}'])
def test_exchanges_that_are_no_list(items, content):
    [error] = items(content)

    assert error.reason == '"http_interactions" is not a list'


def test_no_exchanges_are_no_responses(items):
    assert items('{"http_interactions": [], "recorded_with": "betamax/0.9.0"}') == []
