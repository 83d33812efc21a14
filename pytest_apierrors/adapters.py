"""Any client's response, an exception that carries one, or a plain body, as a Response."""

from __future__ import annotations

import json
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from pytest_apierrors.clients import (
    CLIENTS,
    FAKE,
    Client,
    attribute,
    headers_of,
    kind,
    shaped,
)
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.inert import inert
from pytest_apierrors.live_requests import secrets_behind
from pytest_apierrors.response import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Extra = Callable[[object], Response | None]
    HeaderValues = Mapping[str, str | Iterable[str]] | Iterable[tuple[str, str]]

_ACCEPTED: Final = (
    "pass a response of requests, httpx, aiohttp, urllib3 or urllib, an exception that carries "
    "one, or (body, status=, headers=)"
)
_STATUS_BITS: Final = 31
_UNREAD: Final = "nobody had read the body: only status and headers are checked"


def as_response(  # noqa: PLR0913 - one for each thing that a body alone does not say
    obj: object,
    *,
    status: int | None = None,
    headers: HeaderValues | None = None,
    method: str | None = None,
    url: str | None = None,
    extra: Iterable[Extra] = (),
) -> Response:
    """
    Return any client's response, an exception that carries one, or a body, as a Response.

    What an object says of itself stands: `status` and `headers` belong to a body alone, `method`
    and `url` are for where they are not known. `extra` adapters are asked first, and answer None
    for what is not theirs. A stream that the user still wants is never used up.
    Raises UsageProblem with what to do.
    """
    for adapter in extra:
        adapted = adapter(obj)
        if adapted is not None:
            _hold_to_response(adapted)
            break
    else:
        adapted = _of_object(obj) or _of_body(obj, status, headers)
    return replace(adapted, method=adapted.method or method, url=adapted.url or url)


def _hold_to_response(adapted: object) -> None:
    if not isinstance(adapted, Response):
        raise UsageProblem(f"pytest_apierrors_as_response: returned {kind(adapted)}, no Response")


def as_received(obj: object) -> Response | None:
    """
    Return a client's response without reading anything that was not read yet.

    Where there is no body to be had, it is said to be lost. None where it is no response.
    """
    client = _client_of(obj) or (FAKE if FAKE.fits(obj) else None)
    if client is None:
        return _refused(obj)
    head = replace(client.head(obj), secrets=cache(partial(secrets_behind, obj)))
    if not client.here(obj):
        return replace(head, altered=_UNREAD, lost=True)
    return replace(head, body=client.body(obj))


def _refused(error: Any) -> Response | None:
    """Return what aiohttp's exception tells of a response: all but its body."""
    asked = attribute(error, "request_info")
    if asked is None or attribute(error, "status") is None:
        return None
    headers, url = attribute(error, "headers"), attribute(asked, "real_url")
    secrets = cache(partial(secrets_behind, error))
    told = {"method": attribute(asked, "method"), "url": None if url is None else str(url)}
    return Response(
        error.status, b"", headers_of(headers), **told, altered=_UNREAD, secrets=secrets, lost=True
    )


def _of_object(obj: object) -> Response | None:
    """Return the response that an object is or carries; None for a body."""
    if isinstance(obj, Response):
        return obj
    if isinstance(obj, type):
        raise UsageProblem(f"{inert(obj.__name__, 80)} is a class, not a response: {_ACCEPTED}")
    if isinstance(obj, bytes | bytearray | memoryview | str | dict | list | None):
        return None
    client = _client_of(obj)
    if client is not None:
        return _adapted(client, obj)
    if isinstance(obj, BaseException):
        return _of_exception(obj)
    if shaped("errisinstance", "getrepr")(obj):  # what pytest.raises gives
        return _of_object(attribute(obj, "value"))
    if shaped("__await__")(obj):
        raise UsageProblem(f"{kind(obj)} is no response yet: await it first")
    if FAKE.fits(obj):
        return _adapted(FAKE, obj)
    raise UsageProblem(f"{kind(obj)} is no response: {_ACCEPTED}")


def _adapted(client: Client, obj: object) -> Response:
    body = client.body(obj)
    return replace(client.head(obj), body=body, secrets=cache(partial(secrets_behind, obj)))


def _client_of(obj: object) -> Client | None:
    return next((client for client in CLIENTS if client.fits(obj)), None)


def _of_exception(error: BaseException) -> Response:
    for one in _chain(error):
        for candidate in (one, attribute(one, "response")):
            # Not by its truth: a response of requests is false when it is an error.
            client = _client_of(candidate)
            if candidate is not None and client is not None:
                return _adapted(client, candidate)
            if isinstance(candidate, Response):
                return candidate
    if attribute(error, "request_info") is not None:
        raise UsageProblem(
            f"{kind(error)} carries no body: pass the response, after await response.read()"
        )
    raise UsageProblem(f"this {kind(error)} carries no response: {_ACCEPTED}")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Go through an exception, its members if it is a group, its cause and its context."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            members = attribute(one, "exceptions")
            waiting += members if isinstance(members, tuple) else ()
            waiting += (one.__cause__, one.__context__)


def _of_body(obj: Any, status: int | None, headers: HeaderValues | None) -> Response:
    if status is None:
        raise UsageProblem(f"{_named(obj)} alone has no status: pass status= with it")
    if not isinstance(status, int) or isinstance(status, bool):
        raise UsageProblem(f"status= is a number such as 404; found {status!r}")
    if status.bit_length() > _STATUS_BITS:  # more digits than Python writes may follow
        raise UsageProblem("status= is no status of HTTP: pass a number such as 404")
    return Response(int(status), _encoded(obj), headers_of(headers))


def _named(obj: object) -> str:
    return "None" if obj is None else f"a body ({kind(obj)})"


def _encoded(obj: Any) -> bytes:
    if obj is None:
        return b""
    if isinstance(obj, str):
        return obj.encode("utf-8", "surrogatepass")
    if isinstance(obj, bytes | bytearray | memoryview):
        return bytes(obj)
    try:
        return json.dumps(obj).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageProblem(
            f"this body cannot be written as JSON: {inert(str(error), 200)}"
        ) from error
