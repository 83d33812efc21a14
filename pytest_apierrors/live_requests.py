"""The credentials of the requests behind a client's response; asked for by an output only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_apierrors.clients import attribute, headers_of
from pytest_apierrors.credentials import secrets_of
from pytest_apierrors.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def secrets_behind(response: object) -> frozenset[str]:
    """Return what the request carried, and what those carried that were redirected; no raising."""
    return frozenset(one for request in _requests(response) for one in _secrets(request))


def _requests(response: object) -> Iterator[object]:
    history = attribute(response, "history")
    for one in (*(history if isinstance(history, list | tuple) else ()), response):
        # aiohttp has the second; urllib and http.client do not keep the request at all.
        for name in ("request", "request_info"):
            request = attribute(one, name)
            if request is not None:
                yield request


def _secrets(request: object) -> frozenset[str]:
    url = attribute(request, "url")
    bodies = (attribute(request, name) for name in ("body", "content"))
    body = next((one for one in bodies if isinstance(one, str | bytes)), None)
    return secrets_of(_headers(request), None if url is None else str(url), body)


def _headers(request: Any) -> Iterable[tuple[str, str]]:
    try:
        return headers_of(attribute(request, "headers")) or ()
    except UsageProblem:  # a mock's are anything
        return ()
