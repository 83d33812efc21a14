"""Cassettes of EasyVCR for C# and for Java, composed from their sources."""

from __future__ import annotations

import json

import pytest

from pytest_apierrors.recordings import parsed, recognise
from pytest_apierrors.recordings.fields import REPLACED

SHARP = {
    "Duration": 790,
    "RecordedAt": "2026-11-22T10:00:00.090243-06:00",
    "Request": {
        "Body": '{"client_secret": "body-s3cret"}',
        "BodyContentType": "Json",
        "ContentHeaders": {"Content-Type": "application/json", "X-Api-Key": "header-k3y"},
        "Method": "POST",
        "RequestHeaders": {"Authorization": "Bearer header-t0ken"},
        "Uri": "https://h/a",
    },
    "Response": {
        "Body": '{"a":1}',
        "BodyContentType": "Json",
        "ContentHeaders": {"Content-Type": "application/json"},
        "HttpVersion": "1.1",
        "ResponseHeaders": {"Retry-After": "7", "X-Proxied": "a,b"},
        "Status": {"Code": 429, "Message": "Too Many Requests"},
    },
}
JAVA = {
    "recordedAt": 1655410312,
    "request": {
        "body": "{}",
        "method": "POST",
        "headers": {"Authorization": ["Bearer header-t0ken"]},
        "uri": "https://h/a",
    },
    "response": {
        "body": None,
        "httpVersion": None,
        "headers": {
            "null": ["HTTP/1.1 422 Unprocessable Entity"],
            "x-proxied": ["a", "b"],
        },
        "status": {"code": 422, "message": "Unprocessable Entity"},
        "errors": '{\n  "a": 1\n}',
        "uri": "https://h/a",
    },
    "duration": 529,
}


def test_the_names_of_c_sharp(items, tmp_path):
    content = json.dumps([SHARP], indent=2)
    assert recognise(content.encode(), tmp_path).name == "easyvcr"

    [read] = items(content)

    assert (read.status, read.method, read.url, read.body) == (
        429,
        "POST",
        "https://h/a",
        b'{"a":1}',
    )
    assert read.headers.pairs == (
        ("Retry-After", "7"),
        ("X-Proxied", "a,b"),
        ("Content-Type", "application/json"),
    )
    assert (read.altered, read.origin.line) == (None, 2)
    assert {"header-t0ken", "header-k3y", "body-s3cret"} <= read.credentials()


def test_the_names_of_java(items, tmp_path):
    content = json.dumps([JAVA])
    assert recognise(content.encode(), tmp_path).name == "easyvcr"

    [read] = items(content)

    assert (read.status, read.method, read.url) == (422, "POST", "https://h/a")
    assert read.headers.pairs == (("x-proxied", "a"), ("x-proxied", "b"))
    assert (read.body, read.altered, read.lost) == (b'{\n  "a": 1\n}', parsed.PARSED, False)
    assert "header-t0ken" in read.credentials()


@pytest.mark.parametrize(
    ("answer", "body", "altered", "lost"),
    [
        ({"body": "x"}, b"x", None, False),
        ({"body": "x", "errors": "y"}, b"x", None, False),
        ({"body": "\ufffd"}, "\ufffd".encode(), REPLACED, True),
        ({"body": {"a": "é"}}, '{"a":"é"}'.encode(), parsed.PARSED, False),
        ({"errors": {"a": [1]}}, b'{"a":[1]}', parsed.PARSED, False),
        ({"errors": "\ufffd"}, "\ufffd".encode(), REPLACED, True),
        ({"errors": None}, b"", None, False),
    ],
)
def test_bodies(items, answer, body, altered, lost):
    response = {**JAVA["response"], "errors": None, **answer}

    [read] = items(json.dumps([{**JAVA, "response": response}]))

    assert (read.body, read.altered, read.lost) == (body, altered, lost)


def test_the_names_of_its_forerunner(items):
    request = {**SHARP["Request"], "URI": "https://h/b"}
    del request["Uri"]

    [read] = items(json.dumps([{**SHARP, "Request": request}]))

    assert read.url == "https://h/b"
