"""What responses of all clients have in common: attributes that may be missing, or refuse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.inert import inert
from pytest_apierrors.redact import redact_text
from pytest_apierrors.response import Headers, Response

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_HEADERS: Final = 100_000
_STATUS_BITS: Final = 31
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
        pairs = (pair for name, value in source for pair in _pairs(name, value))
        kept = list(islice(pairs, _MOST_HEADERS + 1))
    except (TypeError, ValueError) as error:
        raise UsageProblem(
            f"headers cannot be {kind(headers)}: pass a mapping or (name, value) pairs"
        ) from error
    if len(kept) > _MOST_HEADERS:
        raise UsageProblem(f"headers: more than {_MOST_HEADERS} came from {kind(headers)}")
    return Headers(kept)


def _pairs(name: object, value: object) -> list[tuple[str, str]]:
    several = isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping)
    values: Any = value if several else [value]
    return [(_text(name), _text(one)) for one in values]


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def fake_head(response: Any) -> Response:
    """Read what any object with `status_code` and `headers` says before its body."""
    headers = attribute(response, "headers")
    return Response(
        status_of(response, response.status_code),
        b"",
        headers_of(headers) if callable(attribute(headers, "items")) else None,
        method_of(response),
        url_of(response),
    )


def fake_body(response: Any) -> bytes:
    """Return its `content`, `data` or `text`, whichever is one."""
    bodies = [attribute(response, name) for name in ("content", "data", "text")]
    body = next((one for one in bodies if isinstance(one, bytes | bytearray | str)), None)
    if body is None:
        raise UsageProblem(
            f"this {kind(response)} has no bytes as its content: "
            "pass a real response, or (body, status=, headers=)"
        )
    return bytes_of(response, body)


def head_of(response: Any, status: object, method: object, url: str | None) -> Response:
    """Return what most responses say before their body."""
    return Response(
        status_of(response, status), b"", headers_of(response.headers), word(method), url
    )


def status_of(response: object, status: object) -> int:
    """Return a status that is a number. Raises UsageProblem for anything else."""
    if isinstance(status, int) and not isinstance(status, bool):
        if status.bit_length() > _STATUS_BITS:  # what Python itself refuses to write
            raise UsageProblem(f"the status of this {kind(response)} is no status of HTTP")
        return int(status)
    raise UsageProblem(f"this {kind(response)} has no status yet: send its request, {_FLOOR}")


def method_of(response: object) -> str | None:
    """Return the method of the request behind a response."""
    return word(attribute(response, "request", "method"))


def word(method: object) -> str | None:
    """Return a method in capitals."""
    return method.upper() if isinstance(method, str) else None


def url_of(response: object) -> str | None:
    """Return the URL as a text, whatever the client makes of it."""
    url = attribute(response, "url")
    known = isinstance(url, str) or type(url).__name__ == "URL"
    return str(url) or None if known else None


def answer(stream: object, method: str) -> Any:
    """Ask a stream about itself; it may be anything, and know nothing."""
    ask = attribute(stream, method)
    try:
        return ask() if callable(ask) else None
    except Exception:  # noqa: BLE001 - as above
        return None


def read(response: object, read: Callable[[], object]) -> bytes:
    """Read a body; what goes wrong becomes a UsageProblem."""
    try:
        body = read()
    except Exception as error:
        raise unreadable(response, error) from error
    return bytes_of(response, body)


def bytes_of(response: object, body: object) -> bytes:
    """Return a body as bytes."""
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass")
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(body)
    raise UsageProblem(f"the body of this {kind(response)} is {kind(body)}, not bytes: await it")


def gone(response: object, advice: str) -> UsageProblem:
    """Say that a body was read already."""
    return UsageProblem(
        f"the body of this {kind(response)} was read already and is gone: {advice}, {_FLOOR}"
    )


def unreadable(response: object, error: Exception) -> UsageProblem:
    """Say why a body cannot be read."""
    # A client may name the URL in it.
    said = inert(redact_text(str(error)), 200)
    return UsageProblem(f"the body of this {kind(response)} cannot be read: {kind(error)}: {said}")
