"""Responses of clients with sessions: requests, niquests, httpx, curl_cffi, aiohttp."""

from __future__ import annotations

import inspect
from typing import Any

from pytest_apierrors.clients.parts import (
    answer,
    attribute,
    bytes_of,
    gone,
    head_of,
    headers_of,
    kind,
    method_of,
    read,
    status_of,
    url_of,
)
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.response import Headers, Response


def requests_head(response: Any) -> Response:
    """Read what `requests.Response` says before its body."""
    return Response(
        status_of(response, response.status_code),
        b"",
        _requests_headers(response),
        method_of(response),
        url_of(response),
    )


def requests_body(response: Any) -> bytes:
    """Return its body: what was not read yet is read, and kept for the user."""
    if not requests_here(response):
        started = answer(attribute(response, "raw"), "tell")
        if attribute(response, "_content_consumed") or started:
            raise gone(response, "read response.content before the stream")
    return read(response, lambda: response.content)


def requests_here(response: Any) -> bool:
    """Whether the user, or requests itself, has read the body."""
    return attribute(response, "_content") is not False


def _requests_headers(response: Any) -> Headers | None:
    """Return the headers; requests joins repeated ones, the response below has them apart."""
    below = attribute(response, "raw", "headers")
    getlist = attribute(below, "getlist") or attribute(below, "get_all")
    pairs: list[tuple[str, str]] = []
    for name, value in (headers_of(response.headers) or Headers()).pairs:
        apart = [str(one) for one in getlist(name) or ()] if callable(getlist) else []
        # What differs was changed by the user; the first alone is left by a recorder's replay.
        same = value in (", ".join(apart), *apart[:1])
        pairs += [(name, one) for one in (apart if same else [value])]
    return Headers(pairs)


def niquests_body(response: Any) -> bytes:
    """Return its body; a lazy one has not come, that of an `AsyncResponse` has to be awaited."""
    if attribute(response, "lazy"):
        raise UsageProblem(
            f"this {kind(response)} has not come yet: gather() the session's responses first"
        )
    if not inspect.iscoroutinefunction(attribute(type(response), "iter_content")):
        return requests_body(response)
    if not requests_here(response):
        raise UsageProblem(
            f"the body of this {kind(response)} was not read: await response.content first"
        )
    return bytes_of(response, response._content)  # noqa: SLF001 - its `content` is a coroutine


def httpx_head(response: Any) -> Response:
    """Read what `httpx.Response` and `httpx2.Response` say before the body, sync and async."""
    return head_of(response, response.status_code, method_of(response), url_of(response))


def httpx_body(response: Any) -> bytes:
    """Return its body, read if that takes no waiting."""
    try:
        return bytes_of(response, response.content)
    except RuntimeError:
        pass
    if response.is_stream_consumed:
        raise gone(response, "call response.read() (await response.aread()) before the stream")
    if not hasattr(type(response.stream), "__iter__"):
        raise UsageProblem(
            f"the body of this {kind(response)} was not read: await response.aread() first"
        )
    if response.is_closed:
        raise UsageProblem(
            f"this {kind(response)} was closed unread: call response.read() inside its `with`"
        )
    return read(response, response.read)


def httpx_here(response: Any) -> bool:
    """Whether the body was read; httpx itself asks in that way."""
    return hasattr(response, "_content")


def curl_head(response: Any) -> Response:
    """Read what `curl_cffi.Response` says before its body."""
    return httpx_head(response)


def curl_body(response: Any) -> bytes:
    """Return its body; a stream has none, and says it is empty."""
    if not curl_here(response):
        raise UsageProblem(
            f"the body of this {kind(response)} is a stream: ask without stream=True, or pass "
            "(body, status=, headers=)"
        )
    return bytes_of(response, response.content)


def curl_here(response: Any) -> bool:
    """Whether it was no stream."""
    return attribute(response, "queue") is None or bool(attribute(response, "content"))


def aiohttp_head(response: Any) -> Response:
    """Read what `aiohttp.ClientResponse` says before its body."""
    return head_of(response, response.status, response.method, url_of(response))


def aiohttp_body(response: Any) -> bytes:
    """Return its body, which has been awaited."""
    body = attribute(response, "_body")
    if body is None:
        raise UsageProblem(
            f"the body of this {kind(response)} was not read: "
            "await response.read() inside its `async with` first"
        )
    return bytes_of(response, body)


def aiohttp_here(response: Any) -> bool:
    """Whether the body has been awaited."""
    return attribute(response, "_body") is not None
