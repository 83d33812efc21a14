"""Responses of requests, httpx and aiohttp: streams, mocks, what was made by hand."""

import asyncio
import io
import json

import aiohttp
import httpx
import httpx2
import pytest
import requests
import responses
import urllib3
from adapted_clients import BODY, LONG, what_to_do, with_requests

from pytest_apierrors.adapters import as_response
from pytest_apierrors.response import Headers, Response


def test_requests_unread_stream_stays_usable(base):
    with requests.get(f"{base}/long", stream=True) as got:
        assert as_response(got).body == LONG
        assert b"".join(got.iter_content(1000)) == LONG
        assert got.json()["errorCode"] == 40101
        assert as_response(got).body == LONG


@pytest.mark.parametrize(
    "use",
    [
        lambda got: list(got.iter_content(1000)),
        lambda got: next(got.iter_content(1000)),
        lambda got: got.raw.read(10),
    ],
    ids=["consumed", "begun", "raw"],
)
def test_requests_used_stream(base, use):
    with requests.get(f"{base}/long", stream=True) as got:
        use(got)

        assert what_to_do(got) == (
            "the body of this requests.Response was read already and is gone: "
            "read response.content before the stream, or pass (body, status=, headers=)"
        )


def test_requests_errors_are_false_and_accepted(base):
    got = with_requests("GET", f"{base}/json")
    with pytest.raises(requests.HTTPError) as caught:
        got.raise_for_status()

    assert not got
    assert as_response(caught.value) == as_response(got)
    assert as_response(caught) == as_response(got)


def test_requests_made_by_hand():
    got = requests.Response()
    assert "has no status yet" in what_to_do(got)

    got.status_code = 404
    got.headers["X-A"] = "b"

    assert as_response(got) == Response(404, b"", Headers([("X-A", "b")]))


def test_requests_mocked_by_responses():
    with responses.RequestsMock() as mocked:
        mocked.get("https://h.test/x", status=429, json={"a": 1}, headers={"Retry-After": "7"})
        response = as_response(requests.get("https://h.test/x", timeout=1))

    assert (response.status, response.body) == (429, b'{"a": 1}')
    assert response.header("retry-after") == "7"
    assert (response.method, response.url) == ("GET", "https://h.test/x")


def test_a_body_that_breaks_off_is_a_sentence(base):
    with requests.get(f"{base}/short", stream=True) as got:
        assert what_to_do(got).startswith(
            "the body of this requests.Response cannot be read: requests.ChunkedEncodingError: "
        )


def test_requests_stream_that_cannot_be_decoded():
    raw = urllib3.HTTPResponse(
        io.BytesIO(b"nonsense"),
        headers={"Content-Encoding": "gzip"},
        status=500,
        preload_content=False,
    )
    got = requests.Response()
    got.status_code, got.raw = 500, raw

    assert "requests.ContentDecodingError" in what_to_do(got)


@pytest.mark.parametrize("module", [httpx, httpx2])
def test_httpx_streams(base, module):
    name = f"{module.__name__}.Response"
    with module.Client() as client:
        with client.stream("GET", f"{base}/long") as got:
            assert as_response(got).body == LONG
            assert b"".join(got.iter_bytes()) == LONG
        assert as_response(got).body == LONG

        with client.stream("GET", f"{base}/long") as got:
            next(got.iter_bytes(10))
            assert what_to_do(got) == (
                f"the body of this {name} was read already and is gone: call response.read() "
                "(await response.aread()) before the stream, or pass (body, status=, headers=)"
            )

        with client.stream("GET", f"{base}/long") as got:
            pass
        assert "closed unread: call response.read() inside its `with`" in what_to_do(got)


@pytest.mark.parametrize("module", [httpx, httpx2])
def test_httpx_async_streams(base, module):
    async def use():
        async with module.AsyncClient() as client, client.stream("GET", f"{base}/long") as got:
            unread = what_to_do(got)
            await got.aread()
            read = as_response(got)
            assert b"".join([part async for part in got.aiter_bytes()]) == LONG
        async with module.AsyncClient() as client, client.stream("GET", f"{base}/long") as got:
            async for _ in got.aiter_bytes():
                pass
        return unread, read, what_to_do(got)

    unread, read, consumed = asyncio.run(use())

    name = f"{module.__name__}.Response"
    assert unread == f"the body of this {name} was not read: await response.aread() first"
    assert read.body == LONG
    assert "was read already and is gone" in consumed


@pytest.mark.parametrize("module", [httpx, httpx2])
def test_httpx_made_by_hand_has_no_request(module):
    response = as_response(module.Response(404, json={"a": 1}))

    assert (response.status, response.method, response.url) == (404, None, None)
    assert json.loads(response.body) == {"a": 1}


@pytest.mark.parametrize("module", [httpx, httpx2])
def test_httpx_mocked_and_raised(module):
    transport = module.MockTransport(lambda _: module.Response(429, content=BODY))
    with module.Client(transport=transport) as client:
        got = client.get("https://h.test/x")
    with pytest.raises(module.HTTPStatusError) as caught:
        got.raise_for_status()

    response = as_response(caught.value)

    assert (response.status, response.body, response.url) == (429, BODY, "https://h.test/x")


def test_aiohttp_has_to_be_awaited(base):
    async def use():
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{base}/json") as got:
                unread = what_to_do(got)
                await got.read()
                inside = as_response(got)
                assert await got.text() == BODY.decode()
            after = as_response(got)
            assert await got.json() == json.loads(BODY)
            async with session.get(f"{base}/json") as got:
                pass
        return unread, inside, after, what_to_do(got)

    unread, inside, after, closed = asyncio.run(use())

    assert inside == after
    assert inside.body == BODY
    assert unread == closed
    assert unread == (
        "the body of this aiohttp.ClientResponse was not read: "
        "await response.read() inside its `async with` first"
    )


def test_aiohttp_s_error_carries_no_body(base):
    async def use():
        async with aiohttp.ClientSession(raise_for_status=True) as session:
            await session.get(f"{base}/json")

    with pytest.raises(aiohttp.ClientResponseError) as caught:
        asyncio.run(use())

    assert what_to_do(caught.value) == (
        "aiohttp.ClientResponseError carries no body: "
        "pass the response, after await response.read()"
    )


def test_what_was_not_awaited_is_named(base):
    async def use():
        async with aiohttp.ClientSession() as session:
            got = session.get(f"{base}/json")
            sentence = what_to_do(got)
            async with got:
                pass
        return sentence

    assert asyncio.run(use()).endswith("is no response yet: await it first")
