"""Each reader brings the credentials of the recorded request, once somebody asks."""

from __future__ import annotations

import base64
import copy
import json
import tracemalloc

import pytest
import yaml
from vcr.request import Request
from vcr.serialize import serialize
from vcr.serializers import jsonserializer, yamlserializer

from pytest_apierrors.recordings import layout
from pytest_apierrors.recordings.sent import Sent
from pytest_apierrors.response import Response

BASIC = base64.b64encode(b"bob:basic-passw0rd").decode()
HEADERS = {
    "Authorization": f"Basic {BASIC}",
    "X-Api-Key": "header-k3y",
    "Cookie": "theme=darkmode; sid=cookie-v4lue",
    "Accept": "application/json",
}
URL = "https://user:url-passw0rd@api.acme.test/v1?token=query-t0ken&page=12345678"
BODY = '{"client_secret": "body-s3cret", "text": "harmless-text"}'
SECRETS = {
    *(BASIC, "bob:basic-passw0rd", "basic-passw0rd", "header-k3y", "cookie-v4lue"),
    *("url-passw0rd", "query-t0ken", "body-s3cret"),
}
HARMLESS = {"darkmode", "application/json", "12345678", "harmless-text", "api.acme.test"}
ANSWER = {
    "status": {"code": 401, "message": "Unauthorized"},
    "headers": {"Content-Type": ["application/json"]},
    "body": {"string": b"{}"},
}


def cassette(serializer, body=BODY):
    request = Request("POST", URL, body, HEADERS)
    answers = [copy.deepcopy(ANSWER) for _ in range(2)]  # else the second is an alias
    return serialize({"requests": [request] * 2, "responses": answers}, serializer)


def flow(body=BODY):
    """The same in a layout that vcrpy does not write."""
    return yaml.dump(yaml.safe_load(cassette(yamlserializer, body)), default_flow_style=True)


def archive(write, post):
    headers = [{"name": name, "value": value} for name, value in HEADERS.items()]
    request = {"method": "POST", "url": URL, "headers": headers, "postData": post}
    answer = {"status": 401, "headers": [], "content": {"text": "{}"}}
    return write({"log": {"entries": [{"request": request, "response": answer}] * 2}})


def line(**more):
    exchange = {
        "request": {"method": "POST", "url": URL, "headers": HEADERS, **more},
        "response": {"status": 401, "body": "{}"},
    }
    return f"{json.dumps(exchange)}\n" * 2


FORM = "client_secret=body-s3cret&text=harmless-text"
RECORDINGS = {
    "vcrpy-yaml": cassette(yamlserializer),
    "vcrpy-yaml-form": cassette(yamlserializer, FORM),
    "vcrpy-yaml-bytes": cassette(yamlserializer, b"\xff&client_secret=body-s3cret"),
    "vcrpy-flow": flow(),
    "vcrpy-json": cassette(jsonserializer),
    "vcrpy-base64": cassette(jsonserializer).replace(
        json.dumps(BODY), json.dumps({"base64_string": base64.b64encode(BODY.encode()).decode()})
    ),
    "har": archive(json.dumps, {"mimeType": "application/json", "text": BODY}),
    "har-params": archive(
        json.dumps, {"params": [{"name": "client_secret", "value": "body-s3cret"}]}
    ),
    "har-yaml": archive(yaml.dump, {"mimeType": "application/json", "text": BODY}),
    "ndjson-body": line(body=json.loads(BODY)),
    "ndjson-text": line(body=BODY),
    "ndjson-base64": line(body={"base64": base64.b64encode(BODY.encode()).decode()}),
}


@pytest.mark.parametrize("content", RECORDINGS.values(), ids=RECORDINGS)
def test_a_reader_brings_the_credentials_of_the_request(items, content):
    found = items(content)

    assert len(found) == 2
    for response in found:
        assert isinstance(response, Response)
        assert response.credentials() >= SECRETS
        assert response.credentials().isdisjoint(HARMLESS)


def test_the_usual_layout_is_not_parsed_until_somebody_asks(items, monkeypatch):
    """Nor is the parser of YAML: the layout's own expressions take the request apart."""
    monkeypatch.setattr(layout, "_secrets_in", lambda block: frozenset({block}))

    first, _ = items(RECORDINGS["vcrpy-yaml"])

    assert type(first.secrets) is not Sent  # the short way was taken
    assert first.secrets.found is None
    assert any("X-Api-Key" in one for one in first.secrets())
    assert first.secrets.found is not None
    assert "header-k3y" not in repr(first.secrets)


def test_a_header_that_is_no_text_does_no_harm(items):
    content = RECORDINGS["vcrpy-yaml"].replace("- header-k3y", "- 123456789")

    for response in items(content):
        assert "123456789" in response.credentials()


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (None, None),
        (7, 7),
        ([7, {}, {"name": None}, ["a"]], {"string": 7}),
        ({"authorization": None, "x-api-key": [None, 7]}, {"base64": "!"}),
        ({1: {}}, {"params": [None, {"name": "a"}]}),
    ],
)
def test_requests_of_odd_shapes_do_no_harm(headers, body):
    assert Sent(headers, body)() == frozenset()


def test_lists_of_pairs_and_bytes_are_headers_too():
    assert Sent([["X-Api-Key", b"header-k3y"]])() == {"header-k3y"}
    assert Sent({"X-Api-Key": [b"header-k3y"]})() == {"header-k3y"}


def test_a_response_does_not_hold_on_to_the_rest_of_its_file(items):
    big = json.loads(RECORDINGS["har"])
    for entry in big["log"]["entries"]:
        entry["comment"] = "x" * 2_000_000
    text = json.dumps(big)

    tracemalloc.start()
    found = items(text)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(found) == 2
    assert held < 500_000


def test_a_refusal_shows_no_secret(items):
    exchange = {"request": {"uri": URL}, "response": {"status": {"code": "Bearer header-t0ken-1"}}}

    [error] = items(json.dumps({"interactions": [exchange]}))

    assert error.reason == "status 'Bearer [redacted]' is not an HTTP status"
