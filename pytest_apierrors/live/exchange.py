"""One request and its answer: nothing is sent but what is said here, and nothing is followed."""

from __future__ import annotations

import io
import re
from http.client import (
    BadStatusLine,
    HTTPException,
    HTTPResponse,
    IncompleteRead,
    RemoteDisconnected,
)
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pytest_apierrors.inert import inert
from pytest_apierrors.live.deadline import NoAnswer
from pytest_apierrors.response import Headers, Response

if TYPE_CHECKING:
    from pytest_apierrors.live.hosts import Origin
    from pytest_apierrors.live.wire import Wire

LARGEST_HEAD: Final = 64 << 10
"""Bytes of the head of an answer, with all informational answers before it."""
LARGEST_BODY: Final = 1 << 20
MOST_INFORMATIONAL: Final = 20

_FRAMING: Final = 1 << 20  # what the chunks of a body may add to it
_PIECE: Final = 1 << 16
_SWITCHING: Final = 101
_WITHOUT_CONTENT: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_FOLD = re.compile(r"[\r\n]+[ \t]*")


class Request(NamedTuple):
    """A request without a body; `target` is its path and query."""

    method: str
    origin: Origin
    target: str
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def url(self) -> str:
        """Where it goes."""
        return f"{self.origin.url}{self.target}"

    def sent(self) -> list[tuple[str, str]]:
        """Return all headers that are sent, and there are no others."""
        headers = {"accept": ("Accept", "*/*"), "accept-encoding": ("Accept-Encoding", "identity")}
        headers.update({name.lower(): (name, value) for name, value in self.headers})
        framing = [] if self.method in _WITHOUT_CONTENT else [("Content-Length", "0")]
        return [
            ("Host", self.origin.authority),
            ("User-Agent", "pytest-apierrors"),
            *headers.values(),
            *framing,
            ("Connection", "close"),
        ]


def exchange(wire: Wire, request: Request) -> Response:
    """Send a request over an open connection and read the answer. Raises NoAnswer."""
    lines = [f"{request.method} {request.target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in request.sent()]
    wire.send("\r\n".join([*lines, "", ""]).encode("ascii"))
    stream = _Stream(wire)
    try:
        answer = _head(stream, request.method)
        stream.allow(LARGEST_BODY + _FRAMING, f"its body is over {LARGEST_BODY} bytes")
        body = _body(answer)
    except (HTTPException, ValueError, OverflowError) as error:
        # http.client takes a chunk of -5 bytes for a number like others.
        raise NoAnswer(_reason(error)) from None
    # A header that went on over several lines is one line.
    pairs = [(name, _FOLD.sub(" ", value)) for name, value in answer.getheaders()]
    return Response(answer.status, body, Headers(pairs), request.method, request.url)


class _Stream(io.RawIOBase):
    """What comes over the wire as a file, up to a number of bytes."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        wire.doing = "reading the head of the answer"
        self._left = LARGEST_HEAD
        self._over = f"the head of the answer is over {LARGEST_HEAD} bytes"
        self._file = _Kept(self)

    def makefile(self, *_: object) -> io.BufferedReader:
        """Be the socket of several answers in turn, of which the last one counts."""
        return self._file

    def allow(self, most: int, over: str) -> None:
        """Let more bytes come; `over` is said of those that are too many."""
        self._wire.doing = "reading the body of the answer"
        self._left, self._over = most, over

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what has come. Raises NoAnswer where that is too much."""
        if not self._left:
            raise NoAnswer(self._over)
        data = self._wire.receive(min(len(buffer), self._left))
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)


class _Kept(io.BufferedReader):
    """A file that outlives the answers that are read from it."""

    def close(self) -> None:
        """Stay open."""


def _head(stream: _Stream, method: str) -> HTTPResponse:
    """Read the head of the answer, past informational ones."""
    for _ in range(MOST_INFORMATIONAL + 1):
        answer = HTTPResponse(stream, method=method)  # type: ignore[arg-type] # all it asks for
        answer.begin()
        if answer.status >= 200 or answer.status == _SWITCHING:
            return answer
    raise NoAnswer(f"more than {MOST_INFORMATIONAL} informational answers and no other one")


def _body(answer: HTTPResponse) -> bytes:
    body = bytearray()
    while part := answer.read(min(_PIECE, LARGEST_BODY + 1 - len(body))):
        body += part
        if len(body) > LARGEST_BODY:
            raise NoAnswer(f"its body is over {LARGEST_BODY} bytes")
    if answer.length:
        raise NoAnswer(f"the connection closed inside the body: {answer.length} bytes are missing")
    return bytes(body)


def _reason(error: Exception) -> str:
    if isinstance(error, RemoteDisconnected):
        return "the connection closed without an answer"
    if isinstance(error, IncompleteRead):
        return "the connection closed inside the body"
    if isinstance(error, BadStatusLine):
        return f"what answered does not speak HTTP: {inert(repr(error.args[0]), 60)}"
    return f"the answer cannot be read: {inert(str(error) or type(error).__name__, 200)}"
