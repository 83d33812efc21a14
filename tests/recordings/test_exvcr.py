"""Cassettes of ExVCR and of each of its adapters, composed from its source."""

from __future__ import annotations

import base64
import json

import pytest

from pytest_apierrors.recordings import recognise

REQUEST = {
    "body": "",
    "headers": {"Authorization": "Bearer header-t0ken"},
    "method": "post",
    "options": {"recv_timeout": "infinity", "basic_auth": ["bob", "opti0n-passw0rd"]},
    "request_body": '{"client_secret": "body-s3cret"}',
    "url": "http://h/a",
}
RESPONSE = {
    "binary": False,
    "body": '{"a": 1}',
    "headers": {"Retry-After": "7", "Set-Cookie": "a=1"},
    "status_code": 429,
    "type": "ok",
}


def cassette(request=None, **response):
    exchange = {
        "request": REQUEST if request is None else request,
        "response": {**RESPONSE, **response},
    }
    return json.dumps([exchange], indent=2)


def term(data):
    return base64.b64encode(b"\x83m" + len(data).to_bytes(4) + data).decode()


def test_an_exchange(items, tmp_path):
    assert recognise(cassette().encode(), tmp_path).name == "exvcr"

    [read] = items(cassette())

    assert (read.status, read.method, read.url, read.body) == (
        429,
        "POST",
        "http://h/a",
        b'{"a": 1}',
    )
    assert read.headers.pairs == (("Retry-After", "7"), ("Set-Cookie", "a=1"))
    assert (read.altered, read.origin.line) == (None, 2)
    assert {"header-t0ken", "body-s3cret", "opti0n-passw0rd"} <= read.credentials()


@pytest.mark.parametrize(
    ("response", "body"),
    [
        ({"body": None}, b""),
        ({"body": "é"}, "é".encode()),
        ({"body": "\ufffd"}, "\ufffd".encode()),
        ({"body": term(b"\x1f\x8b\xff"), "binary": True}, b"\x1f\x8b\xff"),
        ({"body": term(b""), "binary": True}, b""),
        ({"body": None, "binary": True}, b""),
        ({"body": "AA==", "binary": "true"}, b"AA=="),
    ],
)
def test_bodies(items, response, body):
    [read] = items(cassette(**response))

    assert (read.body, read.altered, read.lost) == (body, None, False)


def test_httpc_has_the_status_between_protocol_and_reason(items):
    [read] = items(cassette(status_code=["HTTP/1.1", 404, "Not Found"]))

    assert read.status == 404


@pytest.mark.parametrize(
    ("headers", "pairs"),
    [
        ([], ()),
        ([["A", "b"], ["A", "c"]], (("A", "b"), ("A", "c"))),
        ({"A": ["b", "c"]}, (("A", "b"), ("A", "c"))),
    ],
)
def test_headers(items, headers, pairs):
    [read] = items(cassette(headers=headers))

    assert read.headers.pairs == pairs


def test_a_call_that_failed_is_no_response(items):
    assert items(cassette(type="error", body="econnrefused", status_code=None)) == []


def test_a_cassette_written_by_hand(items, tmp_path):
    answer = {"status_code": 503, "headers": {"Content-Type": "text/html"}, "body": "<h1>x</h1>"}
    content = json.dumps([{"request": {"url": "http://h/~r/a.+/"}, "response": answer}])
    assert recognise(content.encode(), tmp_path).name == "exvcr"

    [read] = items(content)

    assert (read.status, read.method, read.url) == (503, None, "http://h/~r/a.+/")
    assert read.credentials() == frozenset()


@pytest.mark.parametrize("options", [[], None, "x", {"basic_auth": "x"}, {"basic_auth": ["a"]}])
def test_options_of_other_shapes_do_no_harm(items, options):
    [read] = items(cassette({**REQUEST, "options": options}))

    assert "header-t0ken" in read.credentials()
