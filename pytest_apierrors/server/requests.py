"""Requests from bytes, a piece at a time, under limits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_apierrors.response import Headers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_apierrors.server.limits import Limits

_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}")
_LINES = re.compile(
    rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}:[^\r\n]*+(?:\r\n[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}:[^\r\n]*+)*+"
)
_TARGET = re.compile(rb"(?:[A-Za-z][A-Za-z0-9+.-]{0,20}://[^/?#\s]*)?([/?][^\s]*|\*)?")
_FRAMED = re.compile(rb"content-length:|transfer-encoding:")
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?")
_LONGEST_SIZE_LINE = 1024


class BadRequest(Exception):
    """What came is no request that a server answers; `status` says how far it is off."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Request:
    """One whole request; `close` if the client wants the connection to end with it."""

    method: str
    path: str
    headers: Headers
    body: bytes
    close: bool


@dataclass(frozen=True, slots=True)
class _Head:
    method: str
    path: str
    headers: Headers
    close: bool
    length: int | None
    """The declared length; None where the body comes in chunks."""
    expects: bool


class Requests:
    """
    The requests of one connection.

    Bytes are fed into `buffer`; `next()` gives a request as soon as it is whole. What follows it
    stays in the buffer. `continues` is set while a client waits to be told that it may send.
    """

    def __init__(self, limits: Limits) -> None:
        self.buffer = bytearray()
        self.continues = False
        self._limits = limits
        self._scanned = 0
        self._head: _Head | None = None
        self._chunks = bytearray()
        self._trailers = False

    @property
    def begun(self) -> bool:
        """Whether a part of a request is here."""
        return bool(self.buffer) or self._head is not None

    def next(self) -> Request | None:
        """Take the next request out of the buffer; None if it is not whole yet."""
        head = self._head
        if head is None:
            head = self._head = self._read_head()
            if head is None:
                return None
            self.continues = head.expects and not self.buffer
        body = self._read_chunks() if head.length is None else self._read_length(head.length)
        if body is None:
            return None
        self._head, self._chunks, self._trailers = None, bytearray(), False
        self.continues = False
        return Request(head.method, head.path, head.headers, body, head.close)

    def _read_head(self) -> _Head | None:
        buffer = self.buffer
        while buffer[:2] == b"\r\n":  # RFC 9112, 2.2: an empty line before a request is skipped
            del buffer[:2]
        end = buffer.find(b"\r\n\r\n", max(0, self._scanned - 3))
        if (len(buffer) if end < 0 else end) > self._limits.head:
            raise BadRequest(431, f"a head of more than {self._limits.head} bytes")
        if end < 0:
            self._scanned = len(buffer)
            return None
        head = bytes(buffer[:end])
        del buffer[: end + 4]
        self._scanned = 0
        return _head(head, self._limits)

    def _read_length(self, length: int) -> bytes | None:
        if len(self.buffer) < length:
            return None
        body = bytes(self.buffer[:length])
        del self.buffer[:length]
        return body

    def _read_chunks(self) -> bytes | None:
        while True:
            end = self.buffer.find(b"\r\n", 0, _LONGEST_SIZE_LINE)
            if end < 0:
                if len(self.buffer) >= _LONGEST_SIZE_LINE:
                    raise BadRequest(400, "a chunk without a size")
                return None
            if self._trailers:
                del self.buffer[: end + 2]
                if end == 0:
                    return bytes(self._chunks)
                continue
            if not self._read_chunk(end):
                return None

    def _read_chunk(self, end: int) -> bool:
        found = _SIZE.fullmatch(self.buffer, 0, end)
        if found is None:
            raise BadRequest(400, "a chunk without a size")
        size = int(found[1], 16)
        del found  # it holds the buffer, which could not shrink
        self._trailers = size == 0
        if size == 0:
            del self.buffer[: end + 2]
            return True
        if len(self._chunks) + size > self._limits.body:
            raise BadRequest(413, f"a body of more than {self._limits.body} bytes")
        start, stop = end + 2, end + 2 + size
        if len(self.buffer) < stop + 2:
            return False
        if self.buffer[stop : stop + 2] != b"\r\n":
            raise BadRequest(400, "a chunk that is longer than its size")
        self._chunks += self.buffer[start:stop]
        del self.buffer[: stop + 2]
        return True


def _head(head: bytes, limits: Limits) -> _Head:
    line, _, rest = head.partition(b"\r\n")
    parts = line.split(b" ")
    if len(parts) != 3 or not _TOKEN.fullmatch(parts[0]) or parts[2][:7] != b"HTTP/1.":
        raise BadRequest(400, "no request line of HTTP/1.1")
    target = _TARGET.fullmatch(parts[1])
    if target is None:
        raise BadRequest(400, "no request target")
    if rest and not _LINES.fullmatch(rest):
        raise BadRequest(400, "a header without a name")
    headers = Headers(_pairs(rest.decode("latin-1")) if rest else ())
    # Headers that are not here are not looked for: most requests have few of these.
    present = rest.lower()
    asked = (headers.get("Connection") or "").lower() if b"connection:" in present else ""
    old = parts[2] == b"HTTP/1.0"
    return _Head(
        method=parts[0].decode("ascii"),
        path=(target[1] or b"/").decode("latin-1"),
        headers=headers,
        close="close" in asked or (old and "keep-alive" not in asked),
        length=_length(headers, limits) if _FRAMED.search(present) else 0,
        expects=b"expect:" in present and (headers.get("Expect") or "").lower() == "100-continue",
    )


def _pairs(lines: str) -> Iterator[tuple[str, str]]:
    for line in lines.split("\r\n"):
        name, _, value = line.partition(":")
        yield name, value.strip(" \t")


def _length(headers: Headers, limits: Limits) -> int | None:
    coding = headers.get("Transfer-Encoding")
    lengths = headers.get_all("Content-Length")
    if coding is not None:
        if lengths or coding.strip().lower() != "chunked":
            raise BadRequest(400, "a body whose length nobody knows")
        return None
    if not lengths:
        return 0
    if len(set(lengths)) > 1 or not lengths[0].isascii() or not lengths[0].isdigit():
        raise BadRequest(400, "a Content-Length that is no number")
    digits = lengths[0].lstrip("0") or "0"
    if len(digits) > 15 or int(digits) > limits.body:
        raise BadRequest(413, f"a body of more than {limits.body} bytes")
    return int(digits)
