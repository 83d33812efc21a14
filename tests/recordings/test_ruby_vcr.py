"""Recordings of VCR for Ruby; those of versions of long ago are composed in their layout."""

from __future__ import annotations

import json
import zlib

import pytest

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import recognise
from pytest_apierrors.response import Response

CURRENT = """\
---
http_interactions:
- request:
    method: post
    uri: http://h/a
    body:
      encoding: UTF-8
      string: client_secret=body-s3cret
    headers:
      Authorization:
      - Basic Ym9iOnBhc3N3MHJkLTE=
  response:
    status:
      code: 429
      message: Too Many Requests
    headers:
      !binary "UmV0cnktQWZ0ZXI=":
      - !binary |-
        Nw==
      Set-Cookie:
      - a=1
      - b=2
    body:
      encoding: %s
      string: %s
    http_version:
  recorded_at: Sun, 22 Nov 2026 10:00:00 GMT
recorded_with: VCR 6.1.0
"""
# version 1 wrote its structs, with symbols as names on Ruby 1.9
STRUCTS = """\
--- $
- !ruby/struct:VCR::HTTPInteraction $
  request: !ruby/struct:VCR::Request $
    method: :get
    uri: http://h:80/
    body: $
    headers: $
  response: !ruby/struct:VCR::Response $
    status: !ruby/struct:VCR::ResponseStatus $
      code: 404
      message: Not Found
    headers: $
      content-type: $
      - text/plain
    body: |
      gone

    http_version: "1.1"
- &id1 !ruby/struct:VCR::HTTPInteraction
  :request: !ruby/struct:VCR::Request
    :method: :head
    :uri: http://h:80/b
    :body: $
    :headers: $
  :response: !ruby/struct:VCR::Response
    :status: !ruby/struct:VCR::ResponseStatus
      :code: 500
      :message: !ruby/string:Faraday::Reason Oops
    :headers: !ruby/hash:Net::Headers
      ":odd": !ruby/array:Net::Values
      - a
    :body: $
    :body_encoding: ASCII-8BIT
""".replace("$\n", "\n")


@pytest.mark.parametrize(
    ("encoding", "string", "body"),
    [
        ("UTF-8", "'{\"a\": 1}'", b'{"a": 1}'),
        ("US-ASCII", "''", b""),
        ("ASCII-8BIT", "!binary |-\n        PGgxPmNhZuk8L2gxPg==", b"<h1>caf\xe9</h1>"),
        ("ASCII-8BIT", '"caf\\xE9"', "caf\xe9".encode()),
        ("BINARY", "é", "é".encode()),
        ("ISO-8859-1", "é", b"\xe9"),
        ("Windows-1252", "\u20ac", b"\x80"),
        ("UTF-16LE", "é", "é".encode("utf-16-le")),
        ("!binary |-\n        VVRGLTg=", "é", "é".encode()),
        ("UTF-8", '"\\uFFFD"', "\ufffd".encode()),
        ("UTF-8", "!str a", b"a"),
        ("UTF-8", "!ruby/string:Faraday::Body a", b"a"),
        ("UTF-8", "!str:Faraday::Body a", b"a"),
        ("UTF-8", "!ruby/symbol a", b"a"),
        ("UTF-8", "|-\n        a\n        b", b"a\nb"),
        ("UTF-8", "2026-11-22", b"2026-11-22"),
    ],
)
def test_bodies(items, encoding, string, body):
    [read] = items(CURRENT % (encoding, string))

    assert isinstance(read, Response)
    assert (read.status, read.method, read.url) == (429, "POST", "http://h/a")
    assert read.body == body
    assert read.lost == ("FFFD" in string)
    assert read.origin.line == 3


def test_headers_and_credentials(items):
    [read] = items(CURRENT % ("UTF-8", "x"))

    assert read.headers.pairs == (
        ("Retry-After", "7"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
    )
    assert {"body-s3cret", "passw0rd-1"} <= read.credentials()


def test_the_list_of_structs(items, tmp_path):
    assert recognise(STRUCTS.encode(), tmp_path).name == "vcr-ruby"

    first, second = items(STRUCTS)

    assert (first.status, first.method, first.url) == (404, "GET", "http://h:80/")
    assert (first.body, first.header("content-type"), first.origin.line) == (
        b"gone\n",
        "text/plain",
        2,
    )
    assert (second.status, second.method, second.url) == (500, "HEAD", "http://h:80/b")
    assert (second.body, second.headers.pairs, second.origin.line) == (b"", ((":odd", "a"),), 19)


@pytest.mark.parametrize(
    "tag",
    [
        "!ruby/object:Gem::Requirement",
        "!ruby/object:VCR::Response",
        "!ruby/struct:Process::Tms",
        "!ruby/hash-with-ivars:A",
        "!ruby/regexp",
        "!ruby/class",
        "!ruby/string",
        "!ruby/array:A",
        "!map:",
        "!binary",
    ],
)
def test_tags_on_mappings_that_are_not_plain_data(items, tag):
    first, second = items(STRUCTS.replace("!ruby/struct:VCR::ResponseStatus \n", f"{tag}\n"))

    assert isinstance(first, RecordingError)
    assert first.reason == f"tag {tag} is not allowed"
    assert (first.index, first.line) == (0, 9)
    assert second.status == 500


def test_tags_that_syck_wrote(items):
    content = STRUCTS.replace("!ruby/hash:", "!map:").replace("!ruby/array:", "!seq:")

    _, second = items(content)

    assert second.headers.pairs == ((":odd", "a"),)


def test_recordings_of_version_0_hold_objects(items):
    content = (
        "--- \n- !ruby/struct:VCR::RecordedResponse \n"
        "  response: !ruby/object:Net::HTTPOK \n    a: b\n"
    )

    [error] = items(content)

    assert (error.index, error.reason) == (0, "tag !ruby/object:Net::HTTPOK is not allowed")


@pytest.mark.parametrize(
    "start",
    ["", "---\n", "--- \n# a comment\n\n", "\ufeff---\n", "recorded_with: VCR 2.4.0\n", "'"],
)
def test_what_may_stand_before_the_list(items, start):
    content = (CURRENT % ("UTF-8", "x")).removeprefix("---\n")
    if start == "'":
        content = content.replace("http_interactions:", "'http_interactions' :")
        start = ""

    [read] = items(start + content.replace("recorded_with: VCR 6.1.0\n", ""))

    assert read.status == 429


def test_json_is_told_from_that_of_betamax(tmp_path):
    exchange = {"request": {}, "response": {"status": {}, "http_version": "1.1"}}
    for content in (
        {"http_interactions": [exchange]},
        {"http_interactions": [], "recorded_with": "VCR 2.4.0"},
    ):
        assert recognise(json.dumps(content).encode(), tmp_path).name == "vcr-ruby"


def test_a_template_that_is_no_yaml(items):
    content = (CURRENT % ("UTF-8", "x")).replace("http://h/a", "<%= url %>: {{")

    *_, error = items(content)

    assert error.reason.startswith("not YAML: ")
    assert error.line == 5


def test_the_compressed_serializer(items):
    [read] = items(zlib.compress((CURRENT % ("UTF-8", "x")).encode()))

    assert (read.status, read.origin.line) == (429, 3)
