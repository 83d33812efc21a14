"""HAR in the dialects of its writers, in JSON and in YAML."""

from __future__ import annotations

import base64
import gzip
import json

import pytest
from har_texts import har_entry, har_text

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings.fields import REPLACED
from pytest_apierrors.response import Headers

GZIPPED = gzip.compress(b'{"a": 1}', mtime=0)
NOT_RECORDED = "the body was not recorded"


@pytest.mark.parametrize(
    ("content", "body", "altered"),
    [
        ({"text": "x", "size": 1}, b"x", None),
        ({"text": "é\u2028", "mimeType": "x"}, "é\u2028".encode(), None),
        ({"text": ""}, b"", None),
        ({"text": "", "encoding": "base64", "mimeType": "x-unknown"}, b"", None),
        ({"text": "AP8=", "encoding": "base64"}, b"\0\xff", None),
        ({"text": "AP\n8=", "encoding": "base64"}, b"\0\xff", None),
        ({"text": "AP8=", "encoding": "BASE64"}, b"\0\xff", None),
        ({"text": "AP8=", "encoding": "Base64", "size": "2"}, b"\0\xff", None),
        ({"text": "x", "size": {"a": []}}, b"x", None),
        ({"size": "0"}, b"", NOT_RECORDED),
        ({"text": '{"a": 1}', "encoding": "base64"}, b'{"a": 1}', None),
        ({"text": "null", "encoding": "base64"}, b"null", None),
        ({"text": "not base64!", "encoding": "base64"}, b"not base64!", None),
        (
            {"text": json.dumps([base64.b64encode(GZIPPED).decode()]), "encoding": "base64"},
            GZIPPED,
            None,
        ),
        ({"text": '["AP8=", "AP8="]', "encoding": "base64"}, b"\0\xff\0\xff", None),
        ({"text": '["not base64!"]', "encoding": "base64"}, b'["not base64!"]', None),
        ({"text": "[1]", "encoding": "base64"}, b"[1]", None),
        ({"text": "00ff", "_isBinary": True}, b"\0\xff", None),
        ({"text": '["00", "ff"]', "_isBinary": True}, b"\0\xff", None),
        ({"text": "0x", "_isBinary": True}, b"0x", None),
        ({"text": "a\ufffdb"}, "a\ufffdb".encode(), REPLACED),
        ({"text": "77+9", "encoding": "base64"}, "\ufffd".encode(), None),
        ({"text": "x", "comment": 7}, b"x", None),
        ({"size": 0}, b"", None),
        ({"size": -1}, b"", NOT_RECORDED),
        ({"size": 12.0, "compression": 3}, b"", NOT_RECORDED),
        ({}, b"", NOT_RECORDED),
    ],
)
def test_bodies(items, content, body, altered):
    [read] = items(har_text(har_entry(content)))

    assert (read.status, read.body, read.altered) == (404, body, altered)
    assert read.lost is (altered is not None)
    assert (read.method, read.url, read.origin.line) == ("GET", "http://h/a", 1)


@pytest.mark.parametrize("response", [{"bodySize": "7"}, {"bodySize": None}, {"status": 404.0}])
def test_numbers_that_do_not_matter(items, response):
    [read] = items(har_text(har_entry({"text": "x"}, **response)))

    assert (read.status, read.body) == (404, b"x")


def test_headers_that_are_null_are_not_known(items):
    [read] = items(har_text(har_entry({"text": "x"}, headers=None)))

    assert (read.status, read.headers) == (404, None)


@pytest.mark.parametrize("more", [{"$schema": "x"}, {"a": {"log": [1]}, "b": [{"log": 1}]}])
def test_the_log_may_come_later(items, more):
    [read] = items(json.dumps(more | json.loads(har_text(har_entry({"text": "x"})))))

    assert (read.status, read.body) == (404, b"x")


@pytest.mark.parametrize("value", [{"a": 1, "log": "text"}, {"a": 1, "log": {"level": "entries"}}])
def test_another_log(items, value):
    [error] = items(json.dumps(value))

    assert error.reason.startswith("not a recording of a known format")


@pytest.mark.parametrize(
    "response",
    [{"status": 204}, {"status": 304}, {"bodySize": 0}, {"status": 205, "content": None}],
)
def test_where_there_is_no_body_none_is_missed(items, response):
    [read] = items(har_text(har_entry(**response)))

    assert (read.body, read.altered) == (b"", None)


def test_headers_are_kept_with_repetitions_and_odd_values(items):
    names = [("A", "1"), ("a", 2), ("B", None), ("C", 1.5), ("D", True)]
    headers = [{"name": name, "value": value} for name, value in names] + [{"name": "E"}]

    [read] = items(har_text(har_entry({"text": ""}, headers=headers)))

    pairs = [("A", "1"), ("a", "2"), ("B", ""), ("C", "1.5"), ("D", "true"), ("E", "")]
    assert read.headers == Headers(pairs)


@pytest.mark.parametrize("status", [0, "0", -1, None, ""])
def test_a_network_failure_is_no_response(items, status):
    found = items(
        har_text(
            har_entry(status=status),
            {"request": {}, "response": None},
            {"request": {}},
            har_entry(),
        )
    )

    assert [one.origin.index for one in found] == [3]


def test_a_status_as_text(items):
    [read] = items(har_text(har_entry(status="429")))

    assert read.status == 429


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (5, 'not a HAR entry: Expected "object", got "int"'),
        (None, 'not a HAR entry: Expected "object", got "null"'),
        ({}, 'not a HAR entry: Object missing required field "request"'),
        (har_entry(status=99999), "status 99999 is not an HTTP status"),
        (har_entry(status=99), "status 99 is not an HTTP status"),
        (har_entry(status=-2), "status -2 is not an HTTP status"),
        (har_entry(status="abc"), "status 'abc' is not an HTTP status"),
        (
            har_entry(status=True),
            (
                'not a HAR entry: Expected "int | float | str | null", got "bool"'
                ' - at "$.response.status"'
            ),
        ),
        (har_entry(status=10**30), None),
        (
            har_entry(headers={}),
            'not a HAR entry: Expected "array | null", got "object" - at "$.response.headers"',
        ),
        (
            har_entry(headers=[{"name": 1}]),
            'not a HAR entry: Expected "str", got "int" - at "$.response.headers[0].name"',
        ),
        (har_entry(headers=[{"name": "a", "value": []}]), None),
        (
            har_entry({"text": 5}),
            'not a HAR entry: Expected "str | null", got "int" - at "$.response.content.text"',
        ),
        (har_entry({"_file": 5}), None),
        ({"request": [], "response": {}}, None),
    ],
)
def test_wrong_types_are_that_entry_s_problem(items, entry, reason):
    for indent in (None, 1):
        first, error, last = items(
            har_text(har_entry(), entry, har_entry(status=500), indent=indent)
        )

        assert (first.status, last.status, last.origin.index) == (404, 500, 2)
        assert isinstance(error, RecordingError)
        assert reason in (error.reason, None)
        height = json.dumps(har_entry(), indent=indent).count("\n") + (indent is not None)
        assert (error.index, error.line) == (1, first.origin.line + height)


YAML = """log:
  _recordingName: x
  entries:
    - request: {method: GET, url: "http://h/a"}
      response:
        status: 404
        headers:
          - name: a
            value: 7
        content: {encoding: base64, text: '["AP8="]'}
    - request: {}
      response: {status: 405, status: 406}
    - request: {}
      response: {status: 407, content: {text: 5}}
  version: 1.2
"""


def test_har_in_yaml(items):
    first, second, third = items(YAML)

    assert (first.status, first.body, first.headers.pairs) == (404, b"\0\xff", (("a", "7"),))
    assert first.origin.line == 4
    assert (second.reason, second.index, second.line) == ("key 'status' came before", 1, 12)
    assert (
        third.reason
        == 'not a HAR entry: Expected "str | null", got "int" - at "$.response.content.text"'
    )
    assert (third.index, third.line) == (2, 13)


def test_an_entry_without_content_or_with_a_byte_order_mark_in_front(items):
    entry = {"request": {}, "response": {"status": 404}}

    [read] = items(b"\xef\xbb\xbf" + har_text(entry).encode())

    assert (read.status, read.altered, read.headers) == (404, NOT_RECORDED, Headers())
