"""
A dump of HTTP messages, taken apart.

Where a body ends is not known for sure: a stated length is believed only if a message or the end
of the file follows it, for dumps are edited by hand and lose or gain a byte.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from pytest_apierrors.recordings import parts
from pytest_apierrors.recordings.reader import Source, Unreadable
from pytest_apierrors.recordings.sent import Sent
from pytest_apierrors.response import Headers, Origin, Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_apierrors.errors import RecordingError

NOT_RECORDED: Final = "the body was not recorded"
_STATUS_LINE = re.compile(rb"HTTP/[0-9](?:\.[0-9])?[ \t]+([0-9]{3})([^\r\n]*)(?:\r?\n|\Z)")
_REQUEST_LINE = re.compile(rb"([A-Z]{3,20}) ([^ \r\n]+) HTTP/[0-9](?:\.[0-9])?\r?\n")
_STATUS = rb"HTTP/[0-9](?:\.[0-9])?[ \t]++[0-9]{3}[^\r\n]*+"
_REQUEST = rb"[A-Z]{3,20} [^ \r\n]++ HTTP/[0-9](?:\.[0-9])?"
_HEADER = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]++:"
# a message within a file: its first line and a header, or its first line alone at the very end
_NEXT = re.compile(rb"\n(?=(?:%s|%s)(?:\r?\n(?:%s|\r?\n)|\s*+\Z))" % (_STATUS, _REQUEST, _HEADER))
_GLUED = re.compile(rb"(?=%s\r?\n%s)" % (_STATUS, _HEADER))
_BLANK = re.compile(rb"[\r\n]+")
_NEWLINE = re.compile(rb"\r?\n")
_LINE = re.compile(rb"([^\r\n]*)(?:\r?\n|\r|\Z)")
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_AGAIN: Final = frozenset({301, 302, 303, 307, 308, 401, 407})
"""After these a client goes on by itself, and prints the next response right behind the body."""
_NO_BODY: Final = frozenset({204, 304})
_PAIR_NODES: Final = 4
"""A header takes as much memory as several values."""


class _Request(NamedTuple):
    """The head of the request in front of a response, where the dump has it."""

    method: str
    url: str
    sent: Sent


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the final responses of a dump."""
    dump = _Dump(source)
    index = 0
    while dump.goes_on():
        start, line = dump.at, dump.line()
        try:
            response = dump.response(Origin(source.name, index, line))
        except Unreadable as problem:
            yield source.problem(problem.reason, index, problem.line or line)
            dump.to_next(start)
        else:
            if response is None:
                continue
            yield response
        index += 1


class _Dump:
    """The bytes of a dump, and the place in them."""

    def __init__(self, source: Source) -> None:
        self.limits = source.limits
        self.data = source.whole("max_file_bytes")
        self.at = 3 if self.data.startswith(b"\xef\xbb\xbf") else 0
        self.request: _Request | None = None
        self.lines = 1
        self.counted = 0

    def goes_on(self) -> bool:
        """Pass over blank lines; False at the end of the file."""
        self.at = self._behind_blank(self.at)
        return self.at < len(self.data)

    def _behind_blank(self, place: int) -> int:
        """Return the place behind blank lines, if there are any."""
        found = _BLANK.match(self.data, place)
        return found.end() if found else place

    def line(self) -> int:
        """Return the line of the current place."""
        self.lines += self.data.count(b"\n", self.counted, self.at)
        self.counted = self.at
        return self.lines

    def to_next(self, start: int) -> None:
        """Go to the next message, over the one at `start` that could not be read."""
        found = _NEXT.search(self.data, max(self.at - 1, start))
        self.at = found.end() if found else len(self.data)
        self.request = None

    def response(self, origin: Origin) -> Response | None:
        """Take one message: None for a request and for a response that is not the last word."""
        asked = _REQUEST_LINE.match(self.data, self.at)
        if asked:
            self._take_request(asked)
            return None
        found = _STATUS_LINE.match(self.data, self.at)
        if found is None:
            raise Unreadable("neither a status line nor the head of a request")
        status = int(found[1])
        self.at = found.end()
        headers = self._headers()
        if self._interim(status, found[2]):
            return None
        request, self.request = self.request, None
        body = self._body(status, headers, request)
        altered = NOT_RECORDED if self._left_out(status, headers, body, request) else None
        return Response(
            parts.status(status),
            parts.within(body, self.limits),
            headers,
            request.method if request else None,
            request.url if request else None,
            origin,
            altered,
            request.sent if request else None,
            altered is not None,
        )

    def _interim(self, status: int, phrase: bytes) -> bool:
        """Whether another head follows at once: after 1xx, and after a proxy's CONNECT."""
        if 100 <= status < 200 and status != 101:
            return True
        connected = status == 200 and b"connection established" in phrase.lower()
        after = self._behind_blank(self.at)
        return connected and _STATUS_LINE.match(self.data, after) is not None

    def _take_request(self, asked: re.Match[bytes]) -> None:
        self.at = asked.end()
        headers = self._headers()
        start = self.at
        end = self._stated_end(headers)
        if end is None:
            found = _NEXT.search(self.data, max(start - 1, 0))
            end = found.end() if found else len(self.data)
        self.at = end
        target = asked[2].decode("latin-1")
        host = headers.get("Host")
        url = f"https://{host}{target}" if host and target.startswith("/") else target
        body = self.data[start:end].strip(b"\r\n")
        sent = Sent(headers.pairs, body.decode("utf-8", "replace"))
        self.request = _Request(asked[1].decode(), url, sent)

    def _headers(self) -> Headers:
        """Take the lines up to the blank one."""
        pairs: list[tuple[str, str]] = []
        while found := _LINE.match(self.data, self.at):
            text = found[1].decode("latin-1")
            name, colon, value = text.partition(":")
            if text[:1] in (" ", "\t") and pairs:
                pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {text.strip()}")
            elif text and (not colon or not name.strip() or " " in name.strip()):
                raise Unreadable(f"{parts.shown(text)} is no header", self.line())
            elif text:
                pairs.append((name.strip(), value.strip()))
                if len(pairs) * _PAIR_NODES > self.limits.max_nodes:
                    reason = f"nodes of the headers are {self.limits.over('max_nodes')}"
                    raise Unreadable(reason, self.line())
            self.at = found.end()
            if not text:
                break
        return Headers(pairs)

    def _body(self, status: int, headers: Headers, request: _Request | None) -> bytes:
        if status in _NO_BODY or (request is not None and request.method == "HEAD"):
            return b""
        chunked = (headers.get("Transfer-Encoding") or "").lower().endswith("chunked")
        if chunked:
            body = self._chunks()
            if body is not None:
                return body
        end = None if chunked else self._stated_end(headers)
        if end is None:
            return self._up_to_next(status)
        body, self.at = self.data[self.at : end], end
        return body

    def _chunks(self) -> bytes | None:
        """Take a body in chunks; None where the dump has it in one piece."""
        at = self.at
        body = bytearray()
        chunks = 0
        while found := _CHUNK.match(self.data, at):
            at = found.end()
            size = int(found[1], 16)
            if size == 0:
                self.at = at
                self._trailers()
                return bytes(body)
            body += self.data[at : at + size]
            chunks += 1
            if chunks > self.limits.max_nodes:
                raise Unreadable(f"chunks are {self.limits.over('max_nodes')}")
            if len(body) > self.limits.max_body_bytes:
                raise Unreadable(f"body is {self.limits.over('max_body_bytes')}")
            ending = _NEWLINE.match(self.data, at + size)
            if ending is None:
                return None
            at = ending.end()
        return None

    def _trailers(self) -> None:
        """Pass over the headers behind the last chunk."""
        if not self._ends_at(self.at):
            self._headers()

    def _stated_end(self, headers: Headers) -> int | None:
        """Return where a body of the stated length ends, if that is a place for it to end."""
        stated = (headers.get("Content-Length") or "").strip()
        if not stated.isascii() or not stated.isdigit() or len(stated) > 12:
            return None
        end = self.at + int(stated)
        return end if end <= len(self.data) and self._ends_at(end) else None

    def _ends_at(self, place: int) -> bool:
        """Whether nothing, or another message, follows a place."""
        after = self._behind_blank(place)
        if after == len(self.data):
            return True
        return bool(_STATUS_LINE.match(self.data, after) or _REQUEST_LINE.match(self.data, after))

    def _up_to_next(self, status: int) -> bytes:
        """Take everything in front of the next message."""
        start = self.at
        if _STATUS_LINE.match(self.data, start):
            return b""
        found = _NEXT.search(self.data, max(start - 1, 0))
        self.at = found.end() if found else len(self.data)
        glued = _GLUED.search(self.data, start, self.at) if status in _AGAIN else None
        if glued:
            self.at = glued.start()
        body = self.data[start : self.at]
        return body if body.strip(b"\r\n") else b""

    def _left_out(
        self, status: int, headers: Headers, body: bytes, request: _Request | None
    ) -> bool:
        """Whether headers promise a body that is not there, as after `curl -I`."""
        if body or request is not None or status in _NO_BODY:
            return False
        stated = (headers.get("Content-Length") or "0").strip()
        return stated.isdigit() and stated.strip("0") != ""
