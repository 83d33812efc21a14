"""What is heard where the user's own code comes between: hooks, refusals, redirects, an end."""

from __future__ import annotations

import asyncio
import warnings

import aiohttp
import httpx
import httpx2
import pytest
import receiving
import requests
from requests.auth import HTTPDigestAuth
from server_answers import BODY

from pytest_apierrors.observe import observing


def test_the_end_of_redirects_is_heard_and_hops_where_a_client_shows_them(base):
    found = {}
    for name, ask in receiving.RECEIVING.items():
        statuses = []
        with observing(lambda one, kept=statuses: kept.append(one.response().status)):
            ask("GET", f"{base}/moved")
        found[name] = statuses

    silent = {"urllib"}  # it asks for the next one where nobody sees it
    assert found == {name: [401] if name in silent else [302, 401] for name in found}


def test_what_a_hook_asks_again_is_heard_too(base, heard):
    requests.get(f"{base}/digest", auth=HTTPDigestAuth("u", "p"), timeout=5)

    assert [one.response().status for one in heard] == [401, 401]
    assert heard[1].obj is not heard[0].obj


class Refused(Exception):
    pass


@pytest.mark.parametrize("kind", [None, Refused], ids=["its-own", "another"])
@pytest.mark.parametrize("module", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_what_a_hook_of_httpx_refuses_is_heard(module, kind, base, heard):
    def refuse(response):
        if kind is None:
            response.read()
            response.raise_for_status()
        raise Refused

    async def refuse_too(response):
        await response.aread()
        raise Refused

    async def ask():
        async with module.AsyncClient(event_hooks={"response": [refuse_too]}) as client:
            await client.get(f"{base}/json")

    with (
        module.Client(event_hooks={"response": [refuse]}) as client,
        pytest.raises(module.HTTPStatusError if kind is None else Refused),
    ):
        client.get(f"{base}/json")
    with pytest.raises(Refused):
        asyncio.run(ask())

    assert [one.response().status for one in heard] == [401, 401]
    assert heard[1].response().body == BODY


def test_hops_before_too_many_redirects_are_heard(base, heard):
    with (
        httpx.Client(follow_redirects=True, max_redirects=0) as client,
        pytest.raises(httpx.TooManyRedirects),
    ):
        client.get(f"{base}/moved")

    assert [one.response().status for one in heard] == [302]


def test_a_request_of_aiohttp_that_fails_or_is_given_up_is_not_heard(heard):
    async def ask():
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.ClientConnectorError):
                await session.get("http://127.0.0.1:9/")
            task = asyncio.ensure_future(session.get("http://127.0.0.1:9/"))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(ask())
    assert heard == []


def test_what_raise_for_status_of_aiohttp_throws_away_is_heard_without_its_body(base, heard):
    async def ask():
        async with aiohttp.ClientSession(raise_for_status=True) as session:
            await session.get(f"{base}/json")

    with pytest.raises(aiohttp.ClientResponseError):
        asyncio.run(ask())

    response = heard[0].response()
    assert (response.status, response.method, response.url) == (401, "GET", f"{base}/json")
    assert response.headers.get("X-Two") == "a"
    assert (response.lost, len(heard)) == (True, 1)


@pytest.mark.parametrize("reads", [True, False])
def test_what_the_user_s_code_refuses_within_aiohttp_is_heard(base, heard, reads):
    async def refuse(response):
        if reads:
            await response.read()
        raise Refused

    async def through(request, handler):
        response = await handler(request)
        await refuse(response)

    async def ask():
        async with aiohttp.ClientSession(raise_for_status=refuse) as session:
            with pytest.raises(Refused):
                await session.get(f"{base}/json")
        async with aiohttp.ClientSession(middlewares=[through]) as session:
            with pytest.raises(Refused):
                await session.get(f"{base}/ok")
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.ClientConnectionError):
                await session.get("http://127.0.0.1:1/")

    asyncio.run(ask())

    found = [one.response() for one in heard]
    assert [one.status for one in found] == [401, 200]
    assert [one.lost for one in found] == [not reads] * 2
    assert not reads or found[0].body == BODY


def test_a_request_that_was_never_awaited_warns_once(heard):
    async def ask():
        async with aiohttp.ClientSession() as session:
            session.get("http://127.0.0.1:9/").close()

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        asyncio.run(ask())

    assert [one for one in caught if "never awaited" in str(one.message)] == []
    assert heard == []
