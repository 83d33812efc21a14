"""Each observed client, as a function that makes one request and returns what its user gets."""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request

import aiohttp
import httpx
import httpx2
import requests
import urllib3


def with_requests(method, url):
    with requests.Session() as session:
        return session.request(method, url)


def with_httpx(module):
    def ask(method, url):
        with module.Client(follow_redirects=True) as client:
            return client.request(method, url)

    return ask


def with_async_httpx(module):
    async def ask(method, url):
        async with module.AsyncClient(follow_redirects=True) as client:
            return await client.request(method, url)

    return lambda method, url: asyncio.run(ask(method, url))


def entered(method, url):
    async def ask():
        async with aiohttp.ClientSession() as session, session.request(method, url) as response:
            await response.read()
            return response

    return asyncio.run(ask())


def awaited(method, url):
    async def ask():
        async with aiohttp.ClientSession() as session:
            response = await session.request(method, url)
            await response.read()
            return response

    return asyncio.run(ask())


def gathered(method, url):
    async def ask():
        async with aiohttp.ClientSession() as session:
            (response,) = await asyncio.gather(session.request(method, url))
            await response.read()
            return response

    return asyncio.run(ask())


def with_urllib(method, url):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method)) as response:
            response.read()
            return response
    except urllib.error.HTTPError as error:
        with error:
            error.read()
        return error


def with_urllib3(method, url):
    with urllib3.PoolManager() as pool:
        return pool.request(method, url)


RECEIVING = {
    "requests": with_requests,
    "httpx": with_httpx(httpx),
    "httpx-async": with_async_httpx(httpx),
    "httpx2": with_httpx(httpx2),
    "httpx2-async": with_async_httpx(httpx2),
    "aiohttp": entered,
    "aiohttp-await": awaited,
    "aiohttp-task": gathered,
    "urllib": with_urllib,
    "urllib3": with_urllib3,
}
