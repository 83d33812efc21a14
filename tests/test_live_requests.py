"""A client's response brings the credentials of its request, once somebody asks."""

from __future__ import annotations

import asyncio
import base64
import json
import urllib.error
import urllib.request
from unittest import mock

import aiohttp
import httpx
import httpx2
import loopback
import pytest
import requests

from pytest_apierrors.adapters import as_response
from pytest_apierrors.live_requests import secrets_behind

BASIC = base64.b64encode(b"bob:basic-passw0rd").decode()
HEADERS = {
    "Authorization": f"Basic {BASIC}",
    "X-Api-Key": "header-k3y",
    "Cookie": "theme=darkmode; sid=cookie-v4lue",
}
QUERY = {"token": "query-t0ken", "page": "12345678"}
BODY = json.dumps({"client_secret": "body-s3cret"})
IN_HEADERS = {BASIC, "basic-passw0rd", "bob:basic-passw0rd", "header-k3y", "cookie-v4lue"}
ANSWERS = {
    "/error": (401, [("Content-Type", "application/json")], b'{"error": 1}'),
    "/moved": (307, [("Location", "/error")], b""),
}


@pytest.fixture(scope="module")
def base():
    with loopback.loopback(ANSWERS) as url:
        yield url


def with_requests(url):
    with requests.Session() as session:
        return session.post(url, headers=HEADERS, params=QUERY, data=BODY)


def with_httpx(module):
    def post(url):
        with module.Client(follow_redirects=True) as client:
            return client.post(url, headers=HEADERS, params=QUERY, content=BODY)

    return post


def with_httpx_async(module):
    async def post(url):
        async with module.AsyncClient(follow_redirects=True) as client:
            return await client.post(url, headers=HEADERS, params=QUERY, content=BODY)

    return lambda url: asyncio.run(post(url))


async def aiohttp_post(url):
    async with (
        aiohttp.ClientSession(headers=HEADERS) as session,
        session.post(url, params=QUERY, data=BODY) as response,
    ):
        await response.read()
        return response


CLIENTS = {
    "requests": with_requests,
    "httpx": with_httpx(httpx),
    "httpx2": with_httpx(httpx2),
    "httpx-async": with_httpx_async(httpx),
    "httpx2-async": with_httpx_async(httpx2),
    "aiohttp": lambda url: asyncio.run(aiohttp_post(url)),
}


@pytest.mark.parametrize("path", ["/error", "/moved"])
@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_s_response_brings_the_credentials(base, client, path):
    response = as_response(CLIENTS[client](base + path))

    assert response.status == 401
    assert response.credentials() >= IN_HEADERS | {"query-t0ken"}
    assert client == "aiohttp" or "body-s3cret" in response.credentials()
    assert response.credentials().isdisjoint({"darkmode", "12345678"})


def test_an_exception_brings_them_too(base):
    with pytest.raises(requests.HTTPError) as caught:
        with_requests(base + "/error").raise_for_status()

    assert as_response(caught).credentials() >= IN_HEADERS


def test_urllib_keeps_the_url_alone(base):
    request = urllib.request.Request(f"{base}/error?token=query-t0ken", headers=HEADERS)
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)

    response = as_response(caught.value)
    caught.value.close()

    assert response.credentials() == {"query-t0ken"}


def test_userinfo_is_a_credential(base):
    url = base.replace("http://", "http://user:url-passw0rd@")

    with requests.Session() as session:
        response = as_response(session.get(f"{url}/error"))

    assert "url-passw0rd" in response.credentials()


def test_nothing_is_looked_at_before_somebody_asks():
    with mock.patch("pytest_apierrors.live_requests.secrets_of") as asked:
        response = as_response(httpx.Response(401, request=httpx.Request("GET", "https://h.test")))

        assert not asked.called
        asked.return_value = {"s3cret"}
        assert response.credentials() == {"s3cret"}


@pytest.mark.parametrize(
    "response",
    [None, mock.Mock(), mock.MagicMock(), httpx.Response(401), requests.Response(), object()],
)
def test_a_response_without_a_request_has_none(response):
    assert secrets_behind(response) == frozenset()


def test_a_stream_that_was_sent_is_left_alone():
    request = httpx.Request("POST", "https://h.test", content=iter([b"client_secret=s3cret"]))

    assert secrets_behind(httpx.Response(401, request=request)) == frozenset()
