"""Responses that read from a socket: urllib3, http.client, urllib."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from pytest_apierrors.clients.parts import (
    answer,
    attribute,
    bytes_of,
    gone,
    head_of,
    headers_of,
    kind,
    read,
    shaped,
    unreadable,
    url_of,
)
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.response import Headers

if TYPE_CHECKING:
    from pytest_apierrors.response import Response

_is_http_client = shaped("begin", "getheaders", "isclosed")


def urllib3_head(response: Any) -> Response:
    """Read what `urllib3.HTTPResponse` says before its body."""
    method = attribute(response, "_original_response", "_method")
    return head_of(response, response.status, method, _urllib3_url(response))


def urllib3_body(response: Any) -> bytes:
    """Return its body; what was not preloaded is read, and kept for the user."""
    if not urllib3_here(response):
        if response.tell():
            raise gone(response, "read response.data before the stream")
        if response.closed and response.length_remaining:
            raise UsageProblem(f"this {kind(response)} was closed unread: read response.data first")
    return read(response, lambda: response.data)


def urllib3_here(response: Any) -> bool:
    """Whether the body was preloaded, or read since."""
    return attribute(response, "_body") is not None


def _urllib3_url(response: Any) -> str | None:
    url = url_of(response)
    pool = attribute(response, "_pool")
    if url is None or pool is None or "://" in url:
        return url
    port = "" if pool.port is None else f":{pool.port}"
    return f"{pool.scheme}://{pool.host}{port}{url}"


def http_client_head(response: Any) -> Response:
    """Read what `http.client.HTTPResponse` says before its body."""
    return head_of(response, response.status, attribute(response, "_method"), url_of(response))


def http_client_body(response: Any) -> bytes:
    """Return its body, which can be read once: it is put back."""
    kept = attribute(response, "_apierrors_body")
    if kept is not None:
        return bytes_of(response, kept)
    if answer(response, "seekable"):
        return _from_start(response)
    length = response.headers.get("Content-Length", "")
    counted = length.isdecimal() and not response.chunked and response.length != int(length)
    started = counted or (response.chunked and response.chunk_left is not None)
    if not bodyless(response) and (response.isclosed() or started):
        raise gone(response, "keep what read() returned")
    try:
        body: bytes = b"" if response.isclosed() else response.read()
    except Exception as error:
        partial = attribute(error, "partial")
        _put_back(response, partial if isinstance(partial, bytes) else b"")
        raise unreadable(response, error) from error
    _put_back(response, body)
    response._apierrors_body = body  # noqa: SLF001 - kept for a second look, after the user's read
    return body


def http_client_here(response: Any) -> bool:
    """Whether there is none, it was kept, or it can be wound back."""
    if attribute(response, "_apierrors_body") is not None or answer(response, "seekable"):
        return True
    return bodyless(response)


def bodyless(response: Any) -> bool:
    """Whether a response of http.client has no body, by its method, status or length."""
    length = response.headers.get("Content-Length", "")
    method = attribute(response, "_method")
    return method == "HEAD" or response.status in (204, 304) or length == "0"


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


def urllib_head(response: Any) -> Response:
    """Read what `urllib.error.HTTPError`, and what urllib wraps a file in, say before the body."""
    return head_of(response, response.code, attribute(response, "fp", "_method"), url_of(response))


def urllib_body(response: Any) -> bytes:
    """Return its body, and leave one to be read."""
    file = response.fp
    if file is None:
        return b""
    if _is_http_client(file):
        return http_client_body(file)
    if answer(file, "seekable"):
        return _from_start(file)
    if attribute(file, "closed"):
        raise gone(response, "keep what read() returned")
    body = read(response, file.read)
    if not body and _promised(response.headers):
        raise gone(response, "keep what read() returned")
    response.fp = response.file = BytesIO(body)
    for name in [name for name in vars(response) if hasattr(BytesIO, name)]:
        # The wrapper remembers the methods of the file that it wrapped first.
        delattr(response, name)
    return body


def urllib_here(response: Any) -> bool:
    """Whether there is none, it was kept, or it can be wound back."""
    file = response.fp
    if file is None:
        return True
    return http_client_here(file) if _is_http_client(file) else bool(answer(file, "seekable"))


def _promised(headers: Any) -> bool:
    length = (headers_of(headers) or Headers()).get("Content-Length")
    return length not in (None, "0")
