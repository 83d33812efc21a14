"""Recordings of vcr for R, composed in the layouts of its versions 0.5 to 2."""

from __future__ import annotations

import base64
import json
import textwrap
import zlib

import pytest

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import Limits, recognise

FIRST = """\
http_interactions:
- request:
    method: get
    uri: https://h/a
    body:
      encoding: ''
      string: ''
    headers:
      Authorization: Basic Ym9iOnBhc3N3MHJkLTE=
  response:
    status:
      status_code: %s
      message: Not Found
      explanation: Nothing matches the given URI
    headers:
      status: HTTP/1.1 404 Not Found
      set-cookie: a=1
    body:
      encoding: %s
      file: %s
      %s
  recorded_at: 2026-11-22 10:00:00 GMT
  recorded_with: vcr/0.5.4, webmockr/0.6.2
"""
SECOND = """\
http_interactions:
- request:
    method: POST
    uri: https://h/a
    body:
      fields:
        client_secret: body-s3cret
  response:
    status: 429
    headers:
      Retry-After: '7'
      Set-Cookie:
      - a=1
      - b=2
    body:
%s
  recorded_at: 2026-11-22 10:00:00
recorded_with: VCR-vcr/2.0.0, webmockr/2.0.0
"""


def wrapped(data):
    return textwrap.fill(base64.b64encode(data).decode(), 80)


@pytest.mark.parametrize("status", ["'404'", "404"])
def test_the_status_of_version_0_and_1(items, status):
    [read] = items(FIRST % (status, "UTF-8", "no", "string: '{\"code\": 7}'"))

    assert (read.status, read.method, read.url) == (404, "GET", "https://h/a")
    assert read.body == b'{"code": 7}'
    assert read.headers.get_all("set-cookie") == ["a=1"]
    assert (read.origin.line, read.lost, read.altered) == (2, False, None)
    assert "passw0rd-1" in read.credentials()


@pytest.mark.parametrize("encoding", ["''", "UTF-8", "~"])
def test_a_text_whose_encoding_is_not_named_is_utf_8(items, encoding):
    [read] = items(FIRST % ("404", encoding, "no", "string: é"))

    assert (read.body, read.lost) == ("é".encode(), False)


def test_bytes_in_lines_of_80(items):
    data = bytes(range(256))
    text = "base64_string: |-\n" + textwrap.indent(wrapped(data), " " * 8)

    [read] = items(FIRST % ("404", "''", "no", text))

    assert (read.body, read.lost) == (data, False)


@pytest.mark.parametrize(
    "body", [b'{"code": 7}', b"[1, 2, 3, 4]", b"<html></html>", b'{"a":"\xe9"}']
)
def test_before_version_1_1_bytes_stood_where_a_text_stands(items, body):
    text = "string: " + base64.b64encode(body).decode()

    [read] = items(FIRST % ("404", "ASCII-8BIT", "no", text))

    assert (read.body, read.lost) == (body, False)


@pytest.mark.parametrize("text", ["eyJ", "abcd", "c2VjcmV0", "e30=="])
def test_a_text_that_only_looks_like_base64_stays(items, text):
    [read] = items(FIRST % ("404", "UTF-8", "no", f"string: {text}"))

    assert read.body == text.encode()


def test_another_recorder_wrote_no_bytes_there(items):
    coded = base64.b64encode(b'{"code": 7}')
    content = (FIRST % ("404", "UTF-8", "no", f"string: {coded.decode()}")).replace("file: no", "")

    [read] = items(content)

    assert read.body == coded


@pytest.mark.parametrize("status", ["~", "\n      status_code: ~\n      message: a"])
def test_no_status_is_no_answer(items, status):
    content = (SECOND % "      string: a").replace("status: 429", f"status: {status}")

    assert items(content) == []


def test_version_2(items):
    [read] = items(SECOND % '      string: |-\n        {\n          "code": 7\n        }')

    assert (read.status, read.method, read.url) == (429, "POST", "https://h/a")
    assert read.body == b'{\n  "code": 7\n}'
    assert read.headers.pairs == (
        ("Retry-After", "7"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
    )
    assert "body-s3cret" in read.credentials()


def test_version_2_compresses_bytes(items):
    data = bytes(range(256)) * 2
    text = "      raw_gzip: |-\n" + textwrap.indent(wrapped(zlib.compress(data)), " " * 8)

    [read] = items(SECOND % text)

    assert (read.body, read.lost) == (data, False)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("      raw_gzip: '%'", "raw_gzip is not base64"),
        ("      raw_gzip: 7", "raw_gzip is 7, not a text"),
        (f"      raw_gzip: {wrapped(b'no')}", "raw_gzip is not sound compressed data"),
        (
            f"      raw_gzip: {wrapped(zlib.compress(b'a' * 50)[:-6])}",
            "raw_gzip is not sound compressed data",
        ),
        (
            f"      raw_gzip: {wrapped(zlib.compress(bytes(101)))}",
            "body is over the limit of 100 (--max-body-bytes)",
        ),
    ],
)
def test_bytes_that_cannot_be_had(items, text, reason):
    [error] = items(SECOND % text, limits=Limits(max_body_bytes=100))

    assert isinstance(error, RecordingError)
    assert error.reason == reason
    assert (error.index, error.line) == (0, 2)


@pytest.mark.parametrize(
    "content",
    [
        SECOND % "      on_disk: files/a.json",
        FIRST % ("404", "''", "yes", "string: files/a.json"),
        FIRST % ("404", "''", "true", "string: files/a.json"),
    ],
)
def test_a_body_in_a_file_of_its_own_is_not_there(items, content):
    [read] = items(content)

    assert (read.body, read.lost) == (b"", True)
    assert read.altered == "body altered by the recorder: it is in a file of its own"


def test_its_json_is_told_from_that_of_betamax(items, tmp_path):
    exchange = {
        "request": {"method": "get", "uri": "https://h/a"},
        "response": {
            "status": {"status_code": 503, "category": "Server error"},
            "headers": {"status": "HTTP/2 503"},
            "body": {"encoding": "", "file": True, "string": "a.json"},
        },
        "recorded_with": "vcr/1.7.0, webmockr/2.0.0",
    }
    content = json.dumps({"http_interactions": [exchange]})

    [read] = items(content)

    assert recognise(content.encode(), tmp_path).name == "vcr-ruby"
    assert (read.status, read.lost) == (503, True)
