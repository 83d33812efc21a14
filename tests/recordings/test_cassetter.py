"""Cassettes of cassetter, YAML and TOML; `test_other_recorders` has files of its own making."""

from __future__ import annotations

import json

import pytest

from pytest_apierrors.recordings import parsed, recognise

YAML = """\
version: 1
interactions:
- request:
    method: POST
    uri: https://h/a
    headers:
      x-api-key:
      - header-k3y
    body:
      type: json
      content:
        client_secret: body-s3cret
  response:
    status: 429
    headers:
      retry-after:
      - "7"
      link:
      - a
      - b
    body:
      type: TYPE
      content: CONTENT
  recorded_at: 2026-11-22T10:00:00+00:00
"""
TOML = """\
version = 1

[[interactions]]
recorded_at = "2026-11-22T10:00:00+00:00"

[interactions.request]
method = "POST"
uri = "https://h/a"
body_type = "json"
body_content = '{"client_secret": "body-s3cret"}'

[interactions.request.headers]
x-api-key = ["header-k3y"]

[interactions.response]
status = 429
body_type = "TYPE"
body_content = CONTENT

[interactions.response.headers]
retry-after = ["7"]
link = ["a", "b"]
"""


def cassette(template, kind, content):
    return template.replace("TYPE", kind).replace("CONTENT", content)


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ("\n        a: 1\n        b: [null, true, 1.5]", b'{"a":1,"b":[null,true,1.5]}'),
        # its scalars are those of YAML 1.2, so what looks like a date is a text
        ("[2026-11-22, 12:30:45, =, <<]", b'["2026-11-22","12:30:45","=","<<"]'),
        ("{no: yes, 1: 2}", b'{"no":"yes","1":2}'),
        ("é", '"é"'.encode()),
        ("null", b"null"),
        ("12", b"12"),
    ],
)
def test_json_is_written_again(items, content, body):
    [read] = items(cassette(YAML, "json", content))

    assert (read.body, read.altered, read.lost) == (body, parsed.PARSED, False)


@pytest.mark.parametrize(
    ("kind", "content", "body"),
    [
        ("text", "a b", b"a b"),
        ("text", "|+\n        data: a\n", b"data: a\n\n"),
        ("text", '"\\ufffd"', "\ufffd".encode()),
        ("binary", "00fF", b"\0\xff"),
        ("binary", ">-\n        00\n        ff", b"\0\xff"),
        ("none", "null", b""),
    ],
)
def test_other_bodies(items, kind, content, body):
    [read] = items(cassette(YAML, kind, content))

    assert (read.body, read.altered, read.lost) == (body, None, False)


@pytest.mark.parametrize(
    ("written", "body", "altered"),
    [
        (("json", "'{\"a\": null}'"), b'{"a": null}', parsed.PARSED),
        (("text", '"""\na\n[[x]]"""'), b"a\n[[x]]", None),
        (("binary", '"00ff"'), b"\0\xff", None),
        (("none", '""'), b"", None),
    ],
)
def test_toml(items, tmp_path, written, body, altered):
    text = cassette(TOML, *written)
    assert recognise(text.encode(), tmp_path).name == "cassetter"

    [read] = items(text)

    assert (read.body, read.altered, read.lost) == (body, altered, False)
    assert read.origin.line == 3


@pytest.mark.parametrize("template", [YAML, TOML], ids=["yaml", "toml"])
def test_an_exchange(items, tmp_path, template):
    text = cassette(template, "text", '"x"')
    assert recognise(text.encode(), tmp_path).name == "cassetter"

    [read] = items(text)

    assert (read.status, read.method, read.url) == (429, "POST", "https://h/a")
    assert read.headers.pairs == (("retry-after", "7"), ("link", "a"), ("link", "b"))
    assert {"header-k3y", "body-s3cret"} <= read.credentials()
    assert read.origin.line == 3


@pytest.mark.parametrize(
    ("status", "name"), [(401, "www-authenticate"), (407, "proxy-authenticate")]
)
def test_a_header_that_was_taken_out_is_not_missed(items, status, name):
    """Cassetter leaves out what authenticates, so none of the headers can be judged."""
    text = cassette(YAML, "text", "x").replace("429", str(status))

    [without] = items(text)
    [kept] = items(text.replace("link:", f"{name}:"))

    assert without.headers is None
    assert kept.headers.get_all(name) == ["a", "b"]


def test_an_answer_without_a_body(items):
    text = cassette(YAML, "none", "null")
    start = text.index("    body:\n      type: none")

    [read] = items(text[:start])

    assert read.body == b""


def test_vcrpy_is_not_taken_for_it(tmp_path):
    vcrpy = b"interactions:\n- request: {uri: http://h, body: 'type: json'}\nversion: 1\n"

    assert recognise(vcrpy, tmp_path).name == "vcrpy"
    assert recognise(json.dumps({"interactions": []}).encode(), tmp_path).name == "vcrpy"
