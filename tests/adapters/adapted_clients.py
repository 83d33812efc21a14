"""Real clients, and the answers that a loopback server gives them."""

import asyncio
import gzip
import http.client
import urllib.error
import urllib.request

import aiohttp
import httpx
import httpx2
import pytest
import requests
import urllib3

from pytest_apierrors.adapters import as_response
from pytest_apierrors.errors import UsageProblem

BODY = b'{"errorCode": 40101}'
LONG = b'{"errorCode": 40101, "message": "' + b"x" * 100_000 + b'"}'
JSON = ("Content-Type", "application/json")
REPEATED = [
    JSON,
    ("Set-Cookie", "a=1"),
    ("Set-Cookie", "b=2, 3"),
    ("WWW-Authenticate", 'Basic realm="x"'),
    ("WWW-Authenticate", "Bearer"),
]
CHUNKED = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (BODY, b" ")) + b"0\r\n\r\n"
ANSWERS = {
    "/json": (401, REPEATED, BODY),
    "/gzip": (401, [JSON, ("Content-Encoding", "gzip")], gzip.compress(BODY)),
    "/empty": (503, [], b""),
    "/none": (204, [], b""),
    "/long": (500, [JSON], LONG),
    "/chunked": (500, [JSON, ("Transfer-Encoding", "chunked")], CHUNKED),
    "/short": (500, [JSON, ("Content-Length", "99"), ("Connection", "close")], BODY),
    "/ok": (200, [JSON], BODY),
}


def with_requests(method, url):
    with requests.Session() as session:
        return session.request(method, url)


def with_httpx(module):
    def get(method, url):
        with module.Client() as client:
            return client.request(method, url)

    return get


def with_httpx_async(module):
    async def get(method, url):
        async with module.AsyncClient() as client:
            return await client.request(method, url)

    return lambda method, url: asyncio.run(get(method, url))


def with_aiohttp(method, url):
    async def get():
        async with aiohttp.ClientSession() as session, session.request(method, url) as response:
            await response.read()
        return response

    return asyncio.run(get())


def with_urllib3(*, preload):
    def get(method, url):
        with urllib3.PoolManager() as pool:
            response = pool.request(method, url, preload_content=preload)
            if not preload:
                _ = as_response(response)
            return response

    return get


def with_urllib(method, url):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method)) as response:
            _ = as_response(response)
            return response
    except urllib.error.HTTPError as error:
        with error:
            _ = as_response(error)
        return error


def with_http_client(method, url):
    host, _, path = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host)
    try:
        connection.request(method, f"/{path}")
        response = connection.getresponse()
        _ = as_response(response)
        return response
    finally:
        connection.close()


CLIENTS = {
    "requests": with_requests,
    "httpx": with_httpx(httpx),
    "httpx-async": with_httpx_async(httpx),
    "httpx2": with_httpx(httpx2),
    "httpx2-async": with_httpx_async(httpx2),
    "aiohttp": with_aiohttp,
    "urllib3": with_urllib3(preload=True),
    "urllib3-unread": with_urllib3(preload=False),
    "urllib": with_urllib,
    "http.client": with_http_client,
}


def what_to_do(obj, **given):
    """Return the sentence that a wrong object gets."""
    with pytest.raises(UsageProblem) as caught:
        as_response(obj, **given)
    return str(caught.value)


def hand_made_error(file, **headers):
    return urllib.error.HTTPError("https://h.test/", 404, "no", headers, file)
