"""Every client that a fault can reach, as a function: a request in, what came back out."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request

import aiohttp
import httpx
import httpx2
import requests
import urllib3
from requests.adapters import HTTPAdapter

from pytest_apierrors.faults.model import Fault
from pytest_apierrors.faults.pick import First
from pytest_apierrors.faults.transport import KINDS

URL = "https://api.acme.test/v1/messages?page=2"
HEADERS = {"X-Asked": "yes"}
LIMITED = Fault(
    "limited",
    429,
    (("Content-Type", "application/json"), ("X-Many", "a"), ("X-Many", "b"), ("Retry-After", "0")),
    b'{"code": "slow"}',
)
WIRE = {kind.name: kind.make(First()) for kind in KINDS}
QUICK = urllib3.Retry(
    3, status_forcelist=[429], allowed_methods=None, raise_on_status=False, backoff_factor=0
)


class Answered:
    def __init__(self, status, body, many):
        self.status = status
        self.body = body
        self.many = many


def by_requests(method, url, body, session=None):
    with session or requests.Session() as client:
        response = client.request(method, url, data=body, headers=HEADERS, timeout=30)
        many = response.raw.headers.getlist("X-Many")
        return Answered(response.status_code, response.content, many)


def by_requests_that_retries(method, url, body):
    session = requests.Session()
    session.mount("https://", HTTPAdapter(max_retries=QUICK))
    session.mount("http://", HTTPAdapter(max_retries=QUICK))
    return by_requests(method, url, body, session)


def by_urllib3(method, url, body):
    with urllib3.PoolManager(retries=False, timeout=30) as pool:
        response = pool.request(method, url, body=body, headers=HEADERS)
        return Answered(response.status, response.data, response.headers.getlist("X-Many"))


def by_urllib(method, url, body):
    request = urllib.request.Request(url, body, HEADERS, method=method)
    try:
        response = urllib.request.urlopen(request, timeout=30)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        return Answered(response.status, response.read(), response.headers.get_all("X-Many"))


def by_httpx(module):
    def call(method, url, body):
        with module.Client() as client:
            response = client.request(method, url, content=body, headers=HEADERS)
            return Answered(
                response.status_code, response.content, response.headers.get_list("X-Many")
            )

    return call


def by_async_httpx(module):
    async def call(method, url, body):
        async with module.AsyncClient() as client:
            response = await client.request(method, url, content=body, headers=HEADERS)
            return Answered(
                response.status_code, response.content, response.headers.get_list("X-Many")
            )

    return lambda *args: asyncio.run(call(*args))


async def by_aiohttp(method, url, body):
    timeout = aiohttp.ClientTimeout(30)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.request(method, url, data=body, headers=HEADERS) as response,
        ):
            body = await response.read()
            return Answered(response.status, body, response.headers.getall("X-Many", []))
    finally:
        # aiohttp's own advice: TLS takes a moment to close after its session.
        await asyncio.sleep(0.1)


CLIENTS = {
    "requests": by_requests,
    "requests-retry": by_requests_that_retries,
    "urllib3": by_urllib3,
    "urllib": by_urllib,
    "httpx": by_httpx(httpx),
    "httpx2": by_httpx(httpx2),
    "httpx-async": by_async_httpx(httpx),
    "httpx2-async": by_async_httpx(httpx2),
    "aiohttp": lambda *args: asyncio.run(by_aiohttp(*args)),
}
SEAMS = {
    "requests-retry": "urllib3",
    "urllib": "http.client",
    "httpx-async": "httpx",
    "httpx2-async": "httpx2",
}
