"""Cassettes of go-vcr: format 2, of its versions 3 and 4, composed from its source."""

from __future__ import annotations

import pytest

from pytest_apierrors.recordings import recognise

CASSETTE = """\
---
version: 2
interactions:
    - id: 0
      request:
        proto: HTTP/1.1
        proto_major: 1
        proto_minor: 1
        content_length: 0
        host: h
        body: client_secret=body-s3cret
        form:
            client_secret:
                - body-s3cret
        headers:
            Authorization:
                - Bearer header-t0ken
        url: https://h/a
        method: POST
      response:
        proto: HTTP/2.0
        proto_major: 2
        proto_minor: 0
        trailer: {}
        content_length: -1
        uncompressed: true
        body: BODY
        headers:
            Content-Type:
                - application/json
            Set-Cookie:
                - a=1
                - b=2
        status: 429 Too Many Requests
        code: 429
        duration: 83.984896ms
"""


@pytest.mark.parametrize(
    ("written", "body"),
    [
        ('"{\\"a\\":\\n1}"', b'{"a":\n1}'),
        ("!!binary H4sI", b"\x1f\x8b\x08"),
        ('"\\ufffd"', "\ufffd".encode()),  # bytes are kept, so this is what came
        ('""', b""),
        ("null", b""),
        ("|-\n            a: b", b"a: b"),
    ],
)
def test_an_exchange(items, written, body):
    [read] = items(CASSETTE.replace("BODY", written))

    assert (read.status, read.method, read.url, read.body) == (429, "POST", "https://h/a", body)
    assert read.headers.get_all("set-cookie") == ["a=1", "b=2"]
    assert (read.altered, read.lost, read.origin.line) == (None, False, 4)
    assert {"header-t0ken", "body-s3cret"} <= read.credentials()


def test_a_form_without_a_body_holds_credentials_too(items):
    content = CASSETTE.replace("        body: client_secret=body-s3cret\n", "")

    [read] = items(content)

    assert "body-s3cret" in read.credentials()


def test_it_is_not_taken_for_vcrpy(tmp_path):
    assert recognise(CASSETTE.encode(), tmp_path).name == "go-vcr"
    assert recognise(CASSETTE.replace(" url:", " uri:").encode(), tmp_path).name == "vcrpy"
    assert recognise(b"version: 2\ninteractions: []\n", tmp_path).name == "vcrpy"


def test_an_answer_of_aiohttp_has_a_url_too(tmp_path):
    vcrpy = (
        b"interactions:\n- request: {uri: http://h}\n  response:\n    url: http://h\nversion: 1\n"
    )

    assert recognise(vcrpy, tmp_path).name == "vcrpy"
