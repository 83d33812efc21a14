"""Any client's response, an exception that carries one, or a plain body, as a Response."""

from __future__ import annotations

import json
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from pytest_apierrors import clients
from pytest_apierrors.clients import attribute, headers_of, kind, shaped
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.inert import inert
from pytest_apierrors.live_requests import secrets_behind
from pytest_apierrors.response import Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Adapter = Callable[[Any], Response]
    Extra = Callable[[object], Response | None]
    HeaderValues = Mapping[str, str | Iterable[str]] | Iterable[tuple[str, str]]

# The first that fits wins; urllib3 has all that http.client has, and a fake can be anything.
_CLIENTS: Final[tuple[tuple[Callable[[object], bool], Adapter], ...]] = (
    (shaped("iter_content", "iter_lines", "apparent_encoding"), clients.from_requests),
    (shaped("aread", "aiter_raw", "num_bytes_downloaded"), clients.from_httpx),
    (shaped("request_info", "get_encoding", "start"), clients.from_aiohttp),
    (shaped("read_chunked", "drain_conn", "geturl"), clients.from_urllib3),
    (shaped("begin", "getheaders", "isclosed"), clients.from_http_client),
    (shaped("geturl", "info", "getcode"), clients.from_urllib),
)
_ACCEPTED: Final = (
    "pass a response of requests, httpx, aiohttp, urllib3 or urllib, an exception that carries "
    "one, or (body, status=, headers=)"
)


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
            break
    else:
        adapted = _of_object(obj) or _of_body(obj, status, headers)
    return replace(adapted, method=adapted.method or method, url=adapted.url or url)


def _of_object(obj: object) -> Response | None:
    """Return the response that an object is or carries; None for a body."""
    if isinstance(obj, Response):
        return obj
    if isinstance(obj, type):
        raise UsageProblem(f"{inert(obj.__name__, 80)} is a class, not a response: {_ACCEPTED}")
    if isinstance(obj, bytes | bytearray | memoryview | str | dict | list | None):
        return None
    adapter = _adapter_of(obj)
    if adapter is not None:
        return _adapted(adapter, obj)
    if isinstance(obj, BaseException):
        return _of_exception(obj)
    if shaped("errisinstance", "getrepr")(obj):  # what pytest.raises gives
        return _of_object(attribute(obj, "value"))
    if shaped("__await__")(obj):
        raise UsageProblem(f"{kind(obj)} is no response yet: await it first")
    if clients.is_fake(obj):
        return _adapted(clients.from_fake, obj)
    raise UsageProblem(f"{kind(obj)} is no response: {_ACCEPTED}")


def _adapted(adapter: Adapter, obj: object) -> Response:
    return replace(adapter(obj), secrets=cache(partial(secrets_behind, obj)))


def _adapter_of(obj: object) -> Adapter | None:
    return next((adapter for fits, adapter in _CLIENTS if fits(obj)), None)


def _of_exception(error: BaseException) -> Response:
    for one in _chain(error):
        for candidate in (one, attribute(one, "response")):
            # Not by its truth: a response of requests is false when it is an error.
            adapter = _adapter_of(candidate)
            if candidate is not None and adapter is not None:
                return _adapted(adapter, candidate)
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
        raise UsageProblem(f"status= is {kind(status)}: pass a number")
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
