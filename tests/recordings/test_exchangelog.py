"""The exchange log, read line by line and written."""

from __future__ import annotations

import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import Limits, exchange_line, read
from pytest_apierrors.response import Headers, Response

REQUEST = {"method": "GET", "url": "http://h/a"}


def _line(response, request=REQUEST, **more):
    return json.dumps({"request": request, "response": response, **more}) + "\n"


@pytest.mark.parametrize(
    ("response", "body", "headers"),
    [
        ({"status": 404, "headers": {}, "body": "x"}, b"x", Headers()),
        (
            {"status": 404, "headers": {"A": "b", "C": ["d", "e"]}},
            b"",
            Headers([("A", "b"), ("C", "d"), ("C", "e")]),
        ),
        ({"status": 404, "body": "é:\U0001f600"}, "é:\U0001f600".encode(), None),
        ({"status": 404, "body": {"base64": "AP8="}}, b"\0\xff", None),
        ({"status": 404, "body": None, "headers": None}, b"", None),
        ({"status": 404, "time": "10:00:00", "tags": {"a": [1]}}, b"", None),
        ({"status": 404, "body": "\\u003a :"}, b"\\u003a :", None),
    ],
)
def test_shapes(items, response, body, headers):
    [read] = items(_line(response))

    assert (read.status, read.body, read.headers) == (404, body, headers)
    assert (read.method, read.url) == ("GET", "http://h/a")


@pytest.mark.parametrize("request_", [None, {}, {"method": None}])
def test_the_request_may_be_unknown(items, request_):
    [first, second] = items(_line({"status": 404}, request_) + '{"response": {"status": 405}}')

    assert (first.method, first.url, second.status) == (None, None, 405)


BAD_LINES = [
    ("5", 'not an exchange: Expected "object", got "int"'),
    ("{}", 'not an exchange: Object missing required field "response"'),
    (_line({}), 'not an exchange: Object missing required field "status" - at "$.response"'),
    (_line([]), 'not an exchange: Expected "object | null", got "array" - at "$.response"'),
    (
        _line({"status": "429"}),
        'not an exchange: Expected "int", got "str" - at "$.response.status"',
    ),
    (
        _line({"status": True}),
        'not an exchange: Expected "int", got "bool" - at "$.response.status"',
    ),
    (_line({"status": 404.5}), None),
    (_line({"status": 99999}), "status 99999 is not an HTTP status"),
    (_line({"status": -1}), "status -1 is not an HTTP status"),
    (_line({"status": 0}), "status 0 is not an HTTP status"),
    (_line({"status": 10**30}), None),
    (_line({"status": 404, "headers": []}), None),
    (_line({"status": 404, "headers": {"a": 1}}), None),
    (_line({"status": 404, "headers": {"a": [1]}}), None),
    (_line({"status": 404, "body": 5}), None),
    (_line({"status": 404, "body": {}}), None),
    (_line({"status": 404, "body": {"base64": "?"}}), "body is not base64"),
    (_line({"status": 404}, []), None),
    (_line({"status": 404}, {"url": 5}), None),
    (_line({"status": 404}, {"headers": {"a": {}}}), None),
    ('{"response": {"status": 404, "status": 200}}', 'not sound JSON: key "status" came before'),
    (
        '{"response": {"status": 200, "st\\u0061tus": 404}}',
        'not sound JSON: key "status" came before',
    ),
    (
        '{"response": {"status": 200}, "response": null}',
        'not sound JSON: key "response" came before',
    ),
    (
        '{"response": {"status": 404, "headers": {"a": "1", "a": "2"}}}',
        'not sound JSON: key "a" came before',
    ),
    (
        '{"response": {"status": 404, "body": "", "body": "\\u003a"}}',
        'not sound JSON: key "body" came before',
    ),
    ('{"response": {"status": 404, "x": {"a": 1, "a": 2}}}', 'not sound JSON: key "a" came before'),
    (
        '{"response": {"status": 404',
        "not sound JSON: the end of the text in place of a comma or an end",
    ),
    ('{"response": {"status": 404}} 1', "not sound JSON: something follows the value"),
    (
        '{"response": {"status": 404, "body": "\\ud800"}}',
        "not sound JSON: half of a surrogate pair",
    ),
    (
        '{"response": {"status": 404, "body": "\x00"}}',
        "not sound JSON: raw control character 0x00 in a string",
    ),
    ('{"response": {"status": NaN}}', "not sound JSON: NaN is no JSON number"),
    ('{"response": ' + "[" * 100_000, "not sound JSON: nested deeper than 64 levels"),
    ("hello", "not sound JSON: unexpected 'h'"),
    ("{'response': 1}", "not sound JSON: single quotes"),
]


@pytest.mark.parametrize(("line", "reason"), BAD_LINES)
def test_a_bad_line_is_one_error_and_the_rest_goes_on(items, line, reason):
    good = _line({"status": 404})

    first, error, last = items(f"{good}\r\n\n{line.rstrip()}\n{good}")

    assert (first.status, last.status) == (404, 404)
    assert isinstance(error, RecordingError)
    assert reason in (error.reason, None)
    assert error.reason.startswith(("not an exchange: ", "not sound JSON: ", "status ", "body "))
    assert (error.index, error.line, last.origin.index, last.origin.line) == (1, 4, 2, 5)


def test_bytes_that_are_not_utf8(items):
    [error] = items(_line({"status": 404, "body": "FF"}).encode().replace(b"FF", b"\xff"))

    assert error.reason == "not sound JSON: byte 0xff is not UTF-8"


def test_a_call_without_answer_counts_and_is_no_error(items):
    [read] = items(_line(None) + _line({"status": 404}))

    assert (read.origin.index, read.origin.line) == (1, 2)


def test_a_byte_order_mark_is_no_part_of_the_first_line(items):
    [read] = items(b"\xef\xbb\xbf" + _line({"status": 404}).encode())

    assert read.status == 404


def test_limits(items):
    long = _line({"status": 404, "body": "x" * 500})
    text = _line({"status": 404}) + long + _line({"status": 405, "body": "y" * 20})

    first, second, third = items(text, limits=Limits(max_line_bytes=200, max_body_bytes=10))
    *_, last = items(_line({"status": 404}) + long[:-1], limits=Limits(max_line_bytes=200))

    assert first.status == 404
    assert second.reason == "line is over the limit of 200 (--max-line-bytes)"
    assert (second.index, second.line) == (1, 2)
    assert third.reason == "body of 20 bytes is over the limit of 10 (--max-body-bytes)"
    assert (third.index, third.line) == (2, 3)
    assert last.reason == second.reason


def test_a_line_without_end_is_not_held(tmp_path):
    file = tmp_path / "log"
    file.write_bytes(_line({"status": 404}).encode() + b"x" * 30_000_000)
    tracemalloc.start()

    first, error = read(file, limits=Limits(max_line_bytes=1_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (first.status, error.line) == (404, 2)
    assert peak < 8_000_000


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
RESPONSES = st.builds(
    Response,
    status=st.integers(100, 999),
    body=st.binary() | TEXT.map(str.encode),
    headers=st.none()
    | st.lists(st.tuples(TEXT, TEXT), unique_by=lambda pair: pair[0]).map(Headers),
    method=st.none() | TEXT,
    url=st.none() | TEXT,
)


@given(st.lists(RESPONSES, min_size=1, max_size=4))
def test_what_is_written_is_read_back(tmp_path_factory, responses):
    file = tmp_path_factory.mktemp("log") / "log.ndjson"
    file.write_bytes(b"".join(exchange_line(one) for one in responses))

    found = list(read(file))

    assert [_bare(one) for one in found] == [_bare(one) for one in responses]


def _bare(response):
    return (response.status, response.body, response.headers, response.method, response.url)


def test_the_written_line():
    headers = Headers([("A", "1"), ("B", "2"), ("A", "3")])
    response = Response(429, b'{"a": 1}', headers, "GET", "http://h/")

    line = exchange_line(response, request_headers={"Accept": "*/*"})

    assert line.endswith(b"\n")
    assert json.loads(line) == {
        "request": {"method": "GET", "url": "http://h/", "headers": {"Accept": "*/*"}},
        "response": {"status": 429, "headers": {"A": ["1", "3"], "B": "2"}, "body": '{"a": 1}'},
    }
    assert json.loads(exchange_line(Response(400, b"\xff")))["response"]["body"] == {
        "base64": "/w=="
    }
    assert json.loads(exchange_line(Response(400))) == {
        "request": {},
        "response": {"status": 400, "body": None},
    }
