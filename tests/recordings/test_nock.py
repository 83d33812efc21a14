"""nock's fixtures: what its recorder writes, the layouts of other versions, and hostile ones."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import Limits, read
from pytest_apierrors.recordings.parsed import PARSED

DATA = Path(__file__).parent / "data" / "nock-13.5.6" / "fixture.json"


def _call(**more):
    return {"scope": "https://h:443", "method": "GET", "path": "/a?b=1", "status": 400, **more}


def _one(items, **more):
    [found] = items(json.dumps([_call(**more)]))
    return found


def test_what_nock_records(as_sent, server):
    found = list(read(DATA))

    assert [one.url.removeprefix(f"http://127.0.0.1:{server.PORT}") for one in found] == [
        *("/rate?token=fake", "/gzip", "/latin", "/empty", "/nothing", "/rate"),
        *("/redirect", "/unicode", "/binary"),
    ]
    lines = DATA.read_text().split("\n")
    for index, response in enumerate(found):
        path = "/" + response.url.rpartition("/")[2].partition("?")[0]
        parsed = path in ("/rate", "/unicode") and response.method != "HEAD"
        as_sent(response, response.method, path, unlike=["body"] if parsed else ())
        assert response.altered == (PARSED if parsed else None)
        assert response.lost is False
        if parsed:
            assert json.loads(response.body) == json.loads(server.ANSWERS[path][2])
        assert "fake-header-t0ken" in response.credentials()
        assert (response.origin.index, lines[response.origin.line - 1]) == (index, "  {")


HEX = gzip.compress(b'{"a": 1}', mtime=0).hex()


@pytest.mark.parametrize(
    ("more", "body", "altered"),
    [
        ({"response": {"a": [1]}}, b'{"a":[1]}', PARSED),
        ({"response": []}, b"[]", PARSED),
        ({"response": ["00ff"]}, b'["00ff"]', PARSED),
        ({"response": 7}, b"7", PARSED),
        ({"response": False}, b"false", PARSED),
        ({"response": "<p>é"}, "<p>é".encode(), None),
        ({"response": "00ff", "responseIsBinary": False}, b"00ff", None),
        ({"response": "00ff", "responseIsBinary": True}, b"\x00\xff", None),
        ({"response": ""}, b"", None),
        ({"response": None}, b"", None),
        ({}, b"", None),
        (
            {"response": [HEX[:20], HEX[20:]], "rawHeaders": ["content-encoding", "gzip"]},
            bytes.fromhex(HEX),
            None,
        ),
        ({"response": [], "headers": {"Content-Encoding": "gzip"}}, b"[]", PARSED),
    ],
)
def test_bodies(items, more, body, altered):
    found = _one(items, **more)

    assert (found.body, found.altered) == (body, altered)


@pytest.mark.parametrize(
    "headers",
    [
        {"rawHeaders": ["A", "1", "Set-Cookie", "a", "Set-Cookie", "b"]},
        {"rawHeaders": [["A", "1"], ["Set-Cookie", "a"], ["Set-Cookie", "b"]]},
        {"rawHeaders": {"A": 1, "Set-Cookie": ["a", "b"]}},  # nock 15, of its own source
        {"headers": {"A": 1, "Set-Cookie": ["a", "b"]}},
    ],
)
def test_headers_in_each_layout(items, headers):
    found = _one(items, **headers)

    assert list(found.headers) == [("A", "1"), ("Set-Cookie", "a"), ("Set-Cookie", "b")]


def test_requests(items):
    first, second, third = items(
        json.dumps(
            [
                _call(method="post", body={"client_secret": "body-s3cret"}),
                _call(path="http://other/b", reqheaders={"x-api-key": ["header-k3y"]}),
                {"scope": None, "path": "/c", "reply": "403"},
            ]
        )
    )

    assert (first.method, first.url) == ("POST", "https://h:443/a?b=1")
    assert "body-s3cret" in first.credentials()
    assert second.url == "http://other/b"
    assert "header-k3y" in second.credentials()
    assert (third.method, third.url, third.status) == (None, "/c", 403)


def test_a_call_that_failed_has_no_response(items):
    found = items(json.dumps([_call(replyWithError="ECONNREFUSED"), _call()]))

    assert [one.origin.index for one in found] == [1]


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (7, "call is 7, not a mapping"),
        (_call(status=None), "status None is not an HTTP status"),
        (_call(status="no"), "status 'no' is not an HTTP status"),
        (_call(scope=7), "scope is 7, not a text"),
        (_call(path=["a"]), "path is a list, not a text"),
        (_call(method={}), "method is a mapping, not a text"),
        (_call(rawHeaders=["a"]), "rawHeaders are a name without its value"),
        (_call(rawHeaders=[7, "a"]), "rawHeaders have 7 in the place of a name"),
        (_call(rawHeaders=["a", {}]), "header 'a' has a mapping as its value"),
        (_call(rawHeaders="a"), "headers are 'a', not a mapping"),
        (_call(response="0x", responseIsBinary=True), "response is not in hexadecimal digits"),
        (
            _call(response=["é"], headers={"Content-Encoding": "gzip"}),
            "response is not in hexadecimal digits",
        ),
    ],
)
def test_wrong_types_are_that_call_s_problem(items, call, reason):
    text = json.dumps([_call(), call, _call(status=500)], indent=1)

    first, error, last = items(text)

    assert (first.status, last.status, last.origin.index) == (400, 500, 2)
    assert isinstance(error, RecordingError)
    assert (error.reason, error.index) == (reason, 1)
    assert text.split("\n")[error.line - 1] in (" {", " 7,")


def test_oddities_of_json_are_that_call_s_problem(items):
    good = json.dumps(_call())
    bad = good.replace('"status": 400', '"status": 400, "status": 401')

    first, error, last = items(f"[{good},\n{bad},\n{good}]")

    assert first.status == last.status == 400
    assert (error.index, error.line) == (1, 2)
    assert error.reason.startswith("not sound JSON: ")


def test_what_is_cut_short_yields_what_it_has(items):
    text = json.dumps([_call(), _call()])

    first, error = items(text[:-20])

    assert first.status == 400
    assert (error.index, error.reason) == (None, "cut short: the file ends within JSON")


def test_a_body_over_the_limit(items):
    [error] = items(json.dumps([_call(response="x" * 100)]), limits=Limits(max_body_bytes=99))

    assert error.reason == "body of 100 bytes is over the limit of 99 (--max-body-bytes)"


@pytest.mark.parametrize("text", ["[]", "[1]", '[{"scope": "a"}]', '{"scope": "a", "path": "b"}'])
def test_other_lists_are_no_fixtures(items, text):
    [error] = items(text)

    assert error.reason.startswith("not a recording of a known format")
