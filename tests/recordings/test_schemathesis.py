"""Schemathesis's reports: cassette, events and HAR, with bodies as text and as bytes."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import Limits, read, recognise
from pytest_apierrors.recordings.fields import REPLACED
from pytest_apierrors.response import Response

DATA = Path(__file__).parent / "data" / "schemathesis-4.32.5"
FORMATS = {"yaml": "schemathesis", "ndjson": "schemathesis-events", "har": "har"}
BODY = base64.b64encode(b"{}").decode()


@pytest.mark.parametrize("bodies", ["text", "bytes"])
@pytest.mark.parametrize("suffix", FORMATS)
def test_what_schemathesis_reports(as_sent, server, bodies, suffix):
    file = DATA / f"{bodies}.{suffix}"
    found = list(read(file))

    reader = recognise(file.read_bytes()[:65536], file)
    assert reader is not None
    assert reader.name == FORMATS[suffix]
    paths = [one.url.removeprefix(f"http://127.0.0.1:{server.PORT}") for one in found]
    assert set(paths) == set(server.ANSWERS) - {"/redirect", "/page"}
    for response, path in zip(found, paths, strict=True):
        # a HAR and a cassette of texts have no bytes; cookies are filtered by the tool
        as_text = suffix != "ndjson" and bodies == "text" and path in ("/binary", "/latin")
        unlike = ["Set-Cookie", *["body"] * (as_text or path == "/gzip")]
        as_sent(response, response.method, path, unlike=unlike)
        assert path != "/gzip" or response.body == server.GZIPPED
        lost = suffix != "ndjson" and bodies == "text" and path == "/binary"
        assert response.altered == (REPLACED if lost else None)
        assert isinstance(response, Response)
    assert [one.origin.index for one in found] == list(range(len(found)))
    text = file.read_text().split("\n")
    starts = {"yaml": "- id: ", "ndjson": '{"ScenarioFinished":', "har": "            {"}[suffix]
    assert all(text[one.origin.line - 1].startswith(starts) for one in found)


def _exchange(**more):
    answer = {"status_code": 400, "headers": {"a": ["1", "2"]}, "content": {"$base64": BODY}}
    return {"request": {"method": "get", "uri": "http://h/"}, "response": {**answer, **more}}


def _events(*exchanges):
    recorder = {"interactions": {str(key): one for key, one in enumerate(exchanges)}}
    lines = [{"Initialize": {"schemathesis_version": "4.32.5", "command": "x"}}]
    lines += [{"SuiteStarted": {}}, {"ScenarioFinished": {"recorder": recorder}}]
    return "\n".join(json.dumps(one, separators=(",", ":")) for one in lines) + "\n"


def test_exchanges_of_an_event(items):
    sent = {"X-Api-Key": ["header-k3y"]}
    body = {"$base64": base64.b64encode(b"client_secret=body-s3cret").decode()}
    second = {**_exchange(), "request": {"headers": sent, "body": body}}

    first, last = items(_events(_exchange(), second, {"request": {}, "response": None}))

    assert (first.method, first.url, first.status, first.body) == ("GET", "http://h/", 400, b"{}")
    assert list(first.headers) == [("a", "1"), ("a", "2")]
    assert last.credentials() >= {"header-k3y", "body-s3cret"}
    assert [one.origin.line for one in (first, last)] == [3, 3]


def test_a_body_that_was_cut(items):
    [found] = items(_events(_exchange(content_size=5000)))

    assert found.altered == "body altered by the recorder: it kept 2 of 5000 bytes"
    assert found.lost


def test_no_body(items):
    [found] = items(_events(_exchange(content=None)))

    assert (found.body, found.lost) == (b"", False)


@pytest.mark.parametrize(
    ("exchange", "reason"),
    [
        (7, "interaction is 7, not a mapping"),
        ({"response": 7}, "response is 7, not a mapping"),
        ({**_exchange(), "request": 7}, "request is 7, not a mapping"),
        (_exchange(status_code="no"), "status 'no' is not an HTTP status"),
        (_exchange(headers=["a"]), "headers is a list, not a mapping"),
        (_exchange(content=7), "content is 7, not a text"),
        (_exchange(content={"$base64": "?"}), "content is not base64"),
        (_exchange(content={"$base64": 7}), "content is a mapping, not a text"),
    ],
)
def test_wrong_types_are_that_exchange_s_problem(items, exchange, reason):
    first, error, last = items(_events(_exchange(), exchange, _exchange(status_code=500)))

    assert (first.status, last.status, last.origin.index) == (400, 500, 2)
    assert isinstance(error, RecordingError)
    assert (error.reason, error.index, error.line) == (reason, 1, 3)


def test_a_bad_line_does_not_end_the_reading(items):
    good = _events(_exchange())
    bad = '{"ScenarioFinished":{"recorder":{"interactions":[]}}}\n'
    cut = '{"ScenarioFinished":{"recorder":{"interactions":{"a":{"requ'

    first, error, last, end = items(good + bad + "\n" + good.split("\n")[-2] + "\n" + cut)

    assert (first.status, last.status) == (400, 400)
    assert (error.reason, error.line) == ("interactions are a list, not a mapping", 4)
    assert end.reason.startswith("not sound JSON: ")


def test_a_line_over_the_limit(items):
    [error] = items(_events(_exchange()), limits=Limits(max_line_bytes=150))

    assert error.reason == "line is over the limit of 150 (--max-line-bytes)"
    assert error.line == 3


CASSETTE = """command: 'st run'
recorded_with: 'Schemathesis 4.32.5'
seed: 1
http_interactions:
- id: 'a'
  status: 'ERROR'
  request: {uri: 'http://h/', method: 'GET', headers: {}}
  response: null
- id: 'b'
  request: {uri: 'http://h/', method: 'GET', headers: {}}
  response:
    status: {code: '429', message: ''}
    headers: {}
    body: {encoding: 'utf-8', string: '{"a": '}
    truncated_from: 5000
"""


def test_a_cassette_knows_what_was_cut_and_what_failed(items):
    [found] = items(CASSETTE)

    assert (found.status, found.origin.index, found.origin.line) == (429, 1, 9)
    assert found.altered == "body altered by the recorder: it kept 6 of 5000 bytes"
    assert found.lost


def test_a_har_knows_what_was_cut(items):
    content = {"text": "{}", "comment": "Body truncated: 2 of 5000 bytes recorded"}
    answer = {"status": 400, "headers": [], "content": content}
    entries = [{"request": {"method": "GET", "url": "http://h/"}, "response": answer}]

    [found] = items(json.dumps({"log": {"entries": entries}}))

    assert found.altered == "body altered by the recorder: it kept a part"
    assert found.lost
