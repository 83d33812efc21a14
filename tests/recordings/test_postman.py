"""Saved examples of Postman: of its own library in both versions, shapes by hand, hostile ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import read
from pytest_apierrors.recordings.fields import REPLACED

DATA = Path(__file__).parent / "data" / "postman-collection-5.3.1"
SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
ASKED = {"method": "POST", "url": {"raw": "https://h/a"}, "header": []}


def _example(**more):
    return {"name": "x", "originalRequest": ASKED, "code": 400, "header": [], "body": "{}", **more}


def _collection(*examples, **more):
    item = [{"name": "folder", "item": [{"name": "r", "request": ASKED, "response": examples}]}]
    return {"info": {"name": "c", "schema": SCHEMA}, "item": item, **more}


def _one(items, **more):
    [found] = items(json.dumps(_collection(_example(**more))))
    return found


@pytest.mark.parametrize("name", ["v2.0.json", "v2.1.json"])
def test_what_the_library_writes(as_sent, server, name):
    text = (DATA / name).read_text().split("\n")
    found = list(read(DATA / name))

    base = f"http://127.0.0.1:{server.PORT}"
    assert [(one.method, one.url) for one in found] == [
        ("POST", f"{base}/rate?token=fake"),
        *(("GET", f"{base}/{path}") for path in ("gzip", "latin", "empty", "nothing")),
        ("HEAD", f"{base}/rate"),
        *(("GET", f"{base}/{path}") for path in ("redirect", "unicode", "binary")),
    ]
    for index, response in enumerate(found):
        path = "/" + response.url.rpartition("/")[2].partition("?")[0]
        binary = path == "/binary"
        decoded = path == "/gzip" or binary
        as_sent(response, response.method, path, unlike=["body"] if decoded else ())
        assert (response.altered, response.lost) == ((REPLACED, True) if binary else (None, False))
        assert path != "/gzip" or response.body == server.GZIPPED
        assert "fake-header-t0ken" in response.credentials()
        assert response.origin.index == index
        assert text[response.origin.line - 1].strip() == "{"


@pytest.mark.parametrize(
    ("header", "pairs"),
    [
        ([{"key": "A", "value": "1"}, {"key": "a", "value": "2"}], [("A", "1"), ("a", "2")]),
        ([{"key": "A", "value": None}, {"key": "B", "value": 7}], [("A", ""), ("B", "7")]),
        ([{"key": "A", "value": ["1", "2"]}], [("A", "1"), ("A", "2")]),
        ([{"key": "A", "value": "1", "disabled": True}, None], []),
        (["A: 1", "B:2"], [("A", "1"), ("B", "2")]),
        ("A: 1\r\nB: x: y\n", [("A", "1"), ("B", "x: y")]),
        (None, []),
    ],
)
def test_headers_in_each_layout(items, header, pairs):
    assert list(_one(items, header=header).headers) == pairs


@pytest.mark.parametrize(
    ("request_", "method", "url"),
    [
        ("https://h/a", "GET", "https://h/a"),
        ({"url": "{{base}}/a/{{id}}"}, "GET", "https://acme.test/a/{{id}}"),
        (
            {"url": {"protocol": "https", "host": ["h", "test"], "path": ["a", "b"]}},
            "GET",
            "https://h.test/a/b",
        ),
        (
            {"url": {"host": "{{base}}", "path": "a", "query": [{"key": "b", "value": "1"}]}},
            "GET",
            "https://acme.test/a?b=1",
        ),
        ({"method": "PUT", "url": {"path": ["a"]}}, "PUT", None),
        (None, "POST", "https://h/a"),
    ],
)
def test_requests(items, request_, method, url):
    """An example without a request of its own is one of the request that it is filed under."""
    collection = _collection(
        _example(originalRequest=request_), variable=[{"key": "base", "value": "https://acme.test"}]
    )

    [found] = items(json.dumps(collection))

    assert (found.method, found.url) == (method, url)


@pytest.mark.parametrize(
    "request_",
    [
        {"auth": {"type": "bearer", "bearer": [{"key": "token", "value": "s3cret-value"}]}},
        {"auth": {"type": "apikey", "apikey": {"key": "k", "value": "s3cret-value"}}},
        {"header": [{"key": "X-Api-Key", "value": "s3cret-value"}]},
        {"header": "X-Api-Key: s3cret-value"},
        {"url": {"raw": "https://h/?token=s3cret-value"}},
        {"body": {"mode": "raw", "raw": '{"client_secret": "s3cret-value"}'}},
        {"body": {"urlencoded": [{"key": "client_secret", "value": "s3cret-value"}]}},
        {"body": "client_secret=s3cret-value"},
    ],
)
def test_credentials_of_the_request(items, request_):
    assert "s3cret-value" in _one(items, originalRequest=request_).credentials()


def test_the_api_wraps_a_collection(items):
    [found] = items(json.dumps({"collection": _collection(_example())}))

    assert found.status == 400


def test_bodies(items):
    latin = [{"key": "Content-Type", "value": "text/html; charset=iso-8859-1"}]

    assert _one(items, body="é").body == "é".encode()
    assert _one(items, body="é", header=latin).body == b"\xe9"
    assert _one(items, body=None).body == b""
    assert _one(items, body="\ufffd").lost


def test_examples_without_an_answer_are_passed_over(items):
    found = items(json.dumps(_collection({"name": "x"}, _example())))

    assert [one.origin.index for one in found] == [1]


@pytest.mark.parametrize("body", [None, ""])
def test_an_example_that_was_never_filled_in_is_no_response(items, body):
    example = _example(code=None, status=None, header=None, body=body)

    found = items(json.dumps(_collection(example, _example())))

    assert [one.status for one in found] == [400]


@pytest.mark.parametrize(
    ("example", "reason"),
    [
        (7, "example is 7, not a mapping"),
        (_example(code=None), "status None is not an HTTP status"),
        (_example(code="no"), "status 'no' is not an HTTP status"),
        (_example(header={}), "header is a mapping, not a list"),
        (_example(header=[7]), "header is 7, no key with a value"),
        (_example(header=[{"key": 7}]), "header is a mapping, no key with a value"),
        (_example(header=[{"key": "A", "value": {}}]), "header 'A' has a mapping as its value"),
        (_example(body={}), "body is a mapping, not a text"),
        (_example(originalRequest=7), "originalRequest is 7, not a mapping"),
        (_example(originalRequest={"url": 7}), "url is 7, not a text"),
        (_example(originalRequest={"url": {"raw": 7}}), "raw is 7, not a text"),
        (_example(originalRequest={"method": []}), "method is a list, not a text"),
    ],
)
def test_wrong_types_are_that_example_s_problem(items, example, reason):
    text = json.dumps(_collection(_example(), example, _example(code=500)), indent=1)

    first, error, last = items(text)

    assert (first.status, last.status, last.origin.index) == (400, 500, 2)
    assert isinstance(error, RecordingError)
    assert (error.reason, error.index) == (reason, 1)
    assert first.origin.line <= error.line < last.origin.line or example == 7


@pytest.mark.parametrize("odd", [7, None, "x", {}])
def test_items_of_wrong_types(items, odd):
    collection = _collection(_example())
    collection["item"].insert(0, odd)
    collection["item"].append({"item": odd, "response": odd})

    *errors, found = items(json.dumps(collection))

    assert found.status == 400
    reasons = [one.reason for one in errors]
    assert reasons == ([] if odd == {} else ["an item of the collection is no mapping"])


@pytest.mark.parametrize("top", [{"item": 7}, {"item": None}, {}])
def test_a_collection_without_items(items, top):
    [error] = items(json.dumps({"info": {"schema": SCHEMA}, **top}))

    assert error.reason == "collection has no list of items"


def test_folders_in_folders_without_an_end(items):
    text = '{"item": [' * 40 + "]}" * 40

    [error] = items('{"info": {"schema": "' + SCHEMA + '"}, "item": [' + text + "]}")

    assert "64" in error.reason


def test_what_is_cut_short_is_one_problem(items):
    [error] = items(json.dumps(_collection(_example()))[:-10])

    assert error.reason.startswith("not sound JSON: ")
    assert error.line == 1
