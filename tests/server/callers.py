"""Real clients, each as a function that makes one request and says what came of it."""

from __future__ import annotations

import asyncio
import http.client
import ssl
from collections.abc import Callable
from urllib.parse import urlsplit

import aiohttp
import httpx
import requests
import urllib3

Call = Callable[[str, "str | None", float], str]
"""`(url, file of the authority, seconds of patience) -> outcome`."""


def trusting(authority):
    return None if authority is None else ssl.create_default_context(cafile=authority)


def with_requests(url, authority, patience):
    with requests.Session() as session:
        session.trust_env = False
        response = session.get(url, timeout=patience, verify=authority or True)
        return said(response.status_code, response.content)


def with_httpx(url, authority, patience):
    context = trusting(authority)
    with httpx.Client(trust_env=False, verify=context or False) as client:
        response = client.get(url, timeout=patience)
        return said(response.status_code, response.content)


def with_httpx_async(url, authority, patience):
    async def call():
        context = trusting(authority)
        async with httpx.AsyncClient(trust_env=False, verify=context or False) as client:
            response = await client.get(url, timeout=patience)
            return said(response.status_code, response.content)

    return asyncio.run(call())


def with_urllib3(url, authority, patience):
    with urllib3.PoolManager(ssl_context=trusting(authority), retries=False) as pool:
        response = pool.request("GET", url, timeout=patience)
        return said(response.status, response.data)


def with_aiohttp(url, authority, patience):
    async def call():
        context = trusting(authority)
        timeout = aiohttp.ClientTimeout(total=patience)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(url, ssl=context or True) as response,
        ):
            return said(response.status, await response.read())

    return asyncio.run(call())


def with_http_client(url, authority, patience):
    where = urlsplit(url)
    if authority is None:
        connection = http.client.HTTPConnection(where.hostname, where.port, timeout=patience)
    else:
        connection = http.client.HTTPSConnection(
            where.hostname, where.port, timeout=patience, context=trusting(authority)
        )
    try:
        connection.request("GET", where.path or "/")
        response = connection.getresponse()
        return said(response.status, response.read())
    finally:
        connection.close()


def said(status, body):
    return f"{status}, {len(body)} bytes"


CALLS: dict[str, Call] = {
    "requests": with_requests,
    "httpx": with_httpx,
    "urllib3": with_urllib3,
    "aiohttp": with_aiohttp,
}
MORE: dict[str, Call] = {"httpx async": with_httpx_async, "http.client": with_http_client}


def outcome(call: Call, url: str, authority: str | None = None, patience: float = 10) -> str:
    """Return the class of the exception, or what the response was."""
    try:
        return call(url, authority, patience)
    except Exception as error:  # noqa: BLE001 # which one it is, is the question
        return type(error).__name__
