"""Pact's contracts: of its own library in each version, shapes by hand, hostile ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import read, recognise
from pytest_apierrors.recordings.pact import UNSAID

DATA = Path(__file__).parent / "data" / "pact-python-4.2.0"


def _item(**more):
    return {"description": "x", "request": {"method": "get", "path": "/a"}, **more}


def _pact(*answers, **more):
    listed = [one if isinstance(one, int) else _item(response=one) for one in answers]
    return {"consumer": {"name": "c"}, "interactions": listed, "provider": {"name": "p"}, **more}


def _one(items, **answer):
    [found] = items(json.dumps(_pact({"status": 400, **answer})))
    return found


@pytest.mark.parametrize("version", ["V2", "V3", "V4"])
def test_what_the_library_writes(version):
    text = (DATA / f"client-{version}-voice.json").read_text().split("\n")
    found = list(read(DATA / f"client-{version}-voice.json"))

    by_status = {one.status: one for one in found}
    rate, page, nothing = (by_status[status] for status in (429, 502, 503))
    assert (rate.method, rate.url) == ("POST", "/rate?token=fake")
    assert json.loads(rate.body) == {"errorCode": 42900, "message": "Rate limit", "reference": "r"}
    assert rate.header("Retry-After") == "7"
    assert rate.credentials() >= {"fake-k3y", "fake"} - {"fake"}
    assert (page.body, page.altered) == (b"<h1>Bad Gateway</h1>", None)
    assert (nothing.body, nothing.altered, nothing.lost) == (b"", UNSAID, True)
    assert all(one.declared for one in found)
    assert [one.origin.index for one in found] == [0, 1, 2]
    assert all(text[one.origin.line - 1] == "    {" for one in found)


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        ({"body": {"a": 1}}, b'{"a":1}'),
        ({"body": '{"a": 1}'}, b'{"a": 1}'),
        ({"body": "a"}, b'"a"'),
        ({"body": "a", "headers": {"content-type": "text/plain"}}, b"a"),
        ({"body": None}, b""),
        (
            {"body": {"content": {"a": 1}, "contentType": "application/json", "encoded": False}},
            None,
        ),
        ({"body": {"content": '{"a":1}', "contentType": "a/json", "encoded": "json"}}, None),
        ({"body": {"content": "eyJhIjoxfQ==", "contentType": "*/*", "encoded": "base64"}}, None),
        ({"body": {"content": "eyJhIjoxfQ==", "contentType": "*/*", "encoded": True}}, None),
        ({"body": {"content": "a", "contentType": "text/plain"}}, b"a"),
        ({"body": {"content": "a", "other": 1}}, b'{"content":"a","other":1}'),
    ],
)
def test_bodies(items, answer, body):
    found = _one(items, **answer)

    assert found.body == (b'{"a":1}' if body is None else body)
    assert (found.altered, found.lost) == (None, False)


@pytest.mark.parametrize(
    ("request_", "url"),
    [
        ({"path": "/a", "query": "b=1&c=2"}, "/a?b=1&c=2"),
        ({"path": "/a", "query": {"b": ["1", "2"]}}, "/a?b=1&b=2"),
        ({"query": "b=1"}, None),
        (None, None),
    ],
)
def test_requests(items, request_, url):
    contract = _pact({"status": 400})
    contract["interactions"][0]["request"] = request_

    [found] = items(json.dumps(contract))

    assert found.url == url


def test_credentials_of_the_request(items):
    contract = _pact({"status": 400})
    sent = {"headers": {"X-Api-Key": ["header-k3y"]}, "body": {"content": "client_secret=b0dy-s3c"}}
    contract["interactions"][0]["request"] = sent

    [found] = items(json.dumps(contract))

    assert found.credentials() >= {"header-k3y", "b0dy-s3c"}


def test_messages_are_no_responses(items):
    contract = _pact({"status": 400})
    contract["interactions"].insert(0, {"type": "Asynchronous/Messages", "contents": {}})

    [found] = items(json.dumps(contract))

    assert found.origin.index == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (7, "interaction is 7, not a mapping"),
        (None, "response is None, not a mapping"),
        ({"status": "no"}, "status 'no' is not an HTTP status"),
        ({"headers": []}, "headers are a list, not a mapping"),
        ({"body": {"content": 7, "encoded": "base64"}}, "content is 7, not a text"),
        ({"body": {"content": "?", "encoded": "base64"}}, "content is not base64"),
        ({"body": {"content": "a", "encoded": "zip"}}, "content is encoded as 'zip'"),
        ({"body": {"content": "a", "contentType": 7}}, "contentType is 7, not a text"),
    ],
)
def test_wrong_types_are_that_interaction_s_problem(items, answer, reason):
    text = json.dumps(_pact({"status": 400}, answer, {"status": 500}), indent=1)

    first, error, last = items(text)

    assert (first.status, last.status, last.origin.index) == (400, 500, 2)
    assert isinstance(error, RecordingError)
    assert (error.reason, error.index) == (reason, 1)
    assert first.origin.line < error.line < last.origin.line


def test_what_is_cut_short_yields_what_it_has(items):
    first, error = items(json.dumps(_pact({"status": 400}, {"status": 500}))[:-60])

    assert first.status == 400
    assert error.reason == "cut short: the file ends within JSON"


def test_a_contract_of_messages_alone(items):
    [error] = items('{"consumer": {"name": "c"}, "provider": {}, "messages": []}')

    assert error.reason == 'has no "interactions"'


@pytest.mark.parametrize("first", ["interactions", "consumer", "provider"])
def test_contracts_are_told_from_cassettes(first):
    contract = _pact()
    ordered = {first: contract.pop(first), **contract}

    reader = recognise(json.dumps(ordered).encode(), Path("a.json"))

    assert reader is not None
    assert reader.name == "pact"
