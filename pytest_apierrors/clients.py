"""How each HTTP client spells a response; told apart by their attributes, never imported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.inert import inert
from pytest_apierrors.redact import redact_text
from pytest_apierrors.response import Headers, Response

if TYPE_CHECKING:
    from collections.abc import Callable

_FLOOR: Final = "or pass (body, status=, headers=)"


def kind(obj: object) -> str:
    """Name the type of an object as its user knows it: `requests.Response`, `int`."""
    cls = type(obj)
    package = cls.__module__.partition(".")[0]
    return inert(cls.__name__ if package == "builtins" else f"{package}.{cls.__name__}", 80)


def shaped(*names: str) -> Callable[[object], bool]:
    """Return a test for what a class has; an instance can claim anything, as mocks do."""
    return lambda obj: all(hasattr(type(obj), name) for name in names)


def is_fake(obj: object) -> bool:
    """Tell a hand-made or unknown response by a number as its status."""
    status = attribute(obj, "status_code")
    return isinstance(status, int) and not isinstance(status, bool)


def attribute(obj: object, *path: str) -> Any:
    """Follow attributes; None where one is missing or refuses to answer."""
    for name in path:
        try:
            obj = getattr(obj, name, None)
        except Exception:  # noqa: BLE001 - a property may raise whatever it likes
            return None
    return obj


def headers_of(headers: Any) -> Headers | None:
    """Return headers from pairs, a mapping or a client's own type; repeated names are kept."""
    if headers is None or isinstance(headers, Headers):
        return headers
    items = attribute(headers, "multi_items") or attribute(headers, "items")
    source = items() if callable(items) else headers
    try:
        return Headers(pair for name, value in source for pair in _pairs(name, value))
    except (TypeError, ValueError) as error:
        raise UsageProblem(
            f"headers cannot be {kind(headers)}: pass a mapping or (name, value) pairs"
        ) from error


def _pairs(name: object, value: object) -> list[tuple[str, str]]:
    several = isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping)
    values: Any = value if several else [value]
    return [(_text(name), _text(one)) for one in values]


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def from_requests(response: Any) -> Response:
    """Read `requests.Response`: what was not read yet is read, and kept for the user."""
    if attribute(response, "_content") is False:
        started = _answer(attribute(response, "raw"), "tell")
        if attribute(response, "_content_consumed") or started:
            raise _gone(response, "read response.content before the stream")
    return Response(
        _status(response, response.status_code),
        _read(response, lambda: response.content),
        _requests_headers(response),
        _method(response),
        _url(response),
    )


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


def from_httpx(response: Any) -> Response:
    """Read `httpx.Response` and `httpx2.Response`, sync and async."""
    return Response(
        _status(response, response.status_code),
        _httpx_body(response),
        headers_of(response.headers),
        _method(response),
        _url(response),
    )


def _httpx_body(response: Any) -> bytes:
    try:
        return _bytes(response, response.content)
    except RuntimeError:
        pass
    if response.is_stream_consumed:
        raise _gone(response, "call response.read() (await response.aread()) before the stream")
    if not hasattr(type(response.stream), "__iter__"):
        raise UsageProblem(
            f"the body of this {kind(response)} was not read: await response.aread() first"
        )
    if response.is_closed:
        raise UsageProblem(
            f"this {kind(response)} was closed unread: call response.read() inside its `with`"
        )
    return _read(response, response.read)


def from_aiohttp(response: Any) -> Response:
    """Read `aiohttp.ClientResponse`, whose body has been awaited."""
    body = attribute(response, "_body")
    if body is None:
        raise UsageProblem(
            f"the body of this {kind(response)} was not read: "
            "await response.read() inside its `async with` first"
        )
    return Response(
        _status(response, response.status),
        _bytes(response, body),
        headers_of(response.headers),
        _word(response.method),
        _url(response),
    )


def from_urllib3(response: Any) -> Response:
    """Read `urllib3.HTTPResponse`; what was not preloaded is read, and kept for the user."""
    if attribute(response, "_body") is None:
        if response.tell():
            raise _gone(response, "read response.data before the stream")
        if response.closed and response.length_remaining:
            raise UsageProblem(f"this {kind(response)} was closed unread: read response.data first")
    return Response(
        _status(response, response.status),
        _read(response, lambda: response.data),
        headers_of(response.headers),
        _word(attribute(response, "_original_response", "_method")),
        _urllib3_url(response),
    )


def _urllib3_url(response: Any) -> str | None:
    url = _url(response)
    pool = attribute(response, "_pool")
    if url is None or pool is None or "://" in url:
        return url
    port = "" if pool.port is None else f":{pool.port}"
    return f"{pool.scheme}://{pool.host}{port}{url}"


def from_http_client(response: Any) -> Response:
    """Read `http.client.HTTPResponse`, which can be read once: the body is put back."""
    return Response(
        _status(response, response.status),
        _http_client_body(response),
        headers_of(response.headers),
        _word(attribute(response, "_method")),
        _url(response),
    )


def _http_client_body(response: Any) -> bytes:
    kept = attribute(response, "_apierrors_body")
    if kept is not None:
        return _bytes(response, kept)
    if _answer(response, "seekable"):
        return _from_start(response)
    method, length = attribute(response, "_method"), response.headers.get("Content-Length", "")
    bodyless = method == "HEAD" or response.status in (204, 304) or length == "0"
    counted = length.isdecimal() and not response.chunked and response.length != int(length)
    started = counted or (response.chunked and response.chunk_left is not None)
    if not bodyless and (response.isclosed() or started):
        raise _gone(response, "keep what read() returned")
    try:
        body: bytes = b"" if response.isclosed() else response.read()
    except Exception as error:
        partial = attribute(error, "partial")
        _put_back(response, partial if isinstance(partial, bytes) else b"")
        raise _unreadable(response, error) from error
    _put_back(response, body)
    response._apierrors_body = body  # noqa: SLF001 - kept for a second look, after the user's read
    return body


def _from_start(file: Any) -> bytes:
    """Read a file that can be wound back, as those of tests and replays can, and leave no trace."""
    place = file.tell()
    file.seek(0)
    body: bytes = file.read()
    file.seek(place)
    return body


def _put_back(response: Any, body: bytes) -> None:
    response.fp = BytesIO(body)
    response.length, response.chunked, response.chunk_left = len(body), False, None


def from_urllib(response: Any) -> Response:
    """Read `urllib.error.HTTPError`, and what urllib wraps a file in."""
    return Response(
        _status(response, response.code),
        _urllib_body(response),
        headers_of(response.headers),
        _word(attribute(response, "fp", "_method")),
        _url(response),
    )


def _urllib_body(response: Any) -> bytes:
    file = response.fp
    if file is None:
        return b""
    if shaped("begin", "getheaders", "isclosed")(file):
        return _http_client_body(file)
    if _answer(file, "seekable"):
        return _from_start(file)
    if attribute(file, "closed"):
        raise _gone(response, "keep what read() returned")
    body = _read(response, file.read)
    if not body and _promised(response.headers):
        raise _gone(response, "keep what read() returned")
    response.fp = response.file = BytesIO(body)
    for name in [name for name in vars(response) if hasattr(BytesIO, name)]:
        # The wrapper remembers the methods of the file that it wrapped first.
        delattr(response, name)
    return body


def _promised(headers: Any) -> bool:
    length = (headers_of(headers) or Headers()).get("Content-Length")
    return length not in (None, "0")


def from_fake(response: Any) -> Response:
    """Read any object with `status_code`, `headers` and `content`, `data` or `text`."""
    bodies = [attribute(response, name) for name in ("content", "data", "text")]
    body = next((one for one in bodies if isinstance(one, bytes | bytearray | str)), None)
    if body is None:
        raise UsageProblem(
            f"this {kind(response)} has no bytes as its content: "
            "pass a real response, or (body, status=, headers=)"
        )
    headers = attribute(response, "headers")
    return Response(
        _status(response, response.status_code),
        _bytes(response, body),
        headers_of(headers) if callable(attribute(headers, "items")) else None,
        _method(response),
        _url(response),
    )


def _status(response: object, status: object) -> int:
    if isinstance(status, int) and not isinstance(status, bool):
        return int(status)
    raise UsageProblem(f"this {kind(response)} has no status yet: send its request, {_FLOOR}")


def _method(response: object) -> str | None:
    return _word(attribute(response, "request", "method"))


def _word(method: object) -> str | None:
    return method.upper() if isinstance(method, str) else None


def _url(response: object) -> str | None:
    url = attribute(response, "url")
    known = isinstance(url, str) or type(url).__name__ == "URL"
    return str(url) or None if known else None


def _answer(stream: object, method: str) -> Any:
    """Ask a stream about itself; it may be anything, and know nothing."""
    ask = attribute(stream, method)
    try:
        return ask() if callable(ask) else None
    except Exception:  # noqa: BLE001 - as above
        return None


def _read(response: object, read: Callable[[], object]) -> bytes:
    try:
        body = read()
    except Exception as error:
        raise _unreadable(response, error) from error
    return _bytes(response, body)


def _bytes(response: object, body: object) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass")
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(body)
    raise UsageProblem(f"the body of this {kind(response)} is {kind(body)}, not bytes: await it")


def _gone(response: object, advice: str) -> UsageProblem:
    return UsageProblem(
        f"the body of this {kind(response)} was read already and is gone: {advice}, {_FLOOR}"
    )


def _unreadable(response: object, error: Exception) -> UsageProblem:
    # A client may name the URL in it.
    said = inert(redact_text(str(error)), 200)
    return UsageProblem(f"the body of this {kind(response)} cannot be read: {kind(error)}: {said}")
