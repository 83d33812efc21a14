"""How each HTTP client spells a response; told apart by their attributes, never imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pytest_apierrors.clients import applications, sessions, sockets
from pytest_apierrors.clients.parts import (
    attribute,
    fake_body,
    fake_head,
    headers_of,
    is_fake,
    kind,
    shaped,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_apierrors.response import Response

__all__ = ["CLIENTS", "FAKE", "Client", "attribute", "headers_of", "is_fake", "kind", "shaped"]


class Client(NamedTuple):
    """
    How to read the responses of one client.

    `head` gives everything but the body, `body` reads it if need be and keeps it for the user.
    `here` tells whether it can be had without reading anything.
    """

    fits: Callable[[object], bool]
    head: Callable[[Any], Response]
    body: Callable[[Any], bytes]
    here: Callable[[Any], bool]


def _always(_: object) -> bool:
    return True


# The first that fits wins; urllib3 has all that http.client has, and a fake can be anything.
CLIENTS: Final[tuple[Client, ...]] = (
    Client(
        shaped("iter_content", "iter_lines", "apparent_encoding"),
        sessions.requests_head,
        sessions.requests_body,
        sessions.requests_here,
    ),
    Client(
        shaped("iter_content", "iter_lines", "ocsp_verified"),
        sessions.requests_head,
        sessions.niquests_body,
        sessions.requests_here,
    ),
    Client(
        shaped("aread", "aiter_raw", "num_bytes_downloaded"),
        sessions.httpx_head,
        sessions.httpx_body,
        sessions.httpx_here,
    ),
    Client(
        shaped("acontent", "aiter_content", "iter_content"),
        sessions.curl_head,
        sessions.curl_body,
        sessions.curl_here,
    ),
    Client(
        shaped("request_info", "get_encoding", "start"),
        sessions.aiohttp_head,
        sessions.aiohttp_body,
        sessions.aiohttp_here,
    ),
    Client(
        shaped("read_chunked", "drain_conn", "geturl"),
        sockets.urllib3_head,
        sockets.urllib3_body,
        sockets.urllib3_here,
    ),
    Client(
        shaped("begin", "getheaders", "isclosed"),
        sockets.http_client_head,
        sockets.http_client_body,
        sockets.http_client_here,
    ),
    Client(
        shaped("geturl", "info", "getcode"),
        sockets.urllib_head,
        sockets.urllib_body,
        sockets.urllib_here,
    ),
    Client(
        shaped("get_data", "is_streamed", "get_wsgi_headers"),
        applications.werkzeug_head,
        applications.werkzeug_body,
        applications.werkzeug_here,
    ),
    Client(
        shaped("serialize_headers", "set_signed_cookie", "make_bytes"),
        applications.django_head,
        applications.django_body,
        applications.django_here,
    ),
    Client(
        shaped("headers_array", "status_text", "body"),
        applications.playwright_head,
        applications.playwright_body,
        _always,
    ),
    Client(
        applications.is_parsed,
        applications.parsed_head,
        applications.parsed_body,
        _always,
    ),
)
FAKE: Final = Client(is_fake, fake_head, fake_body, _always)
"""For what is none of them, and has a number as its status."""
