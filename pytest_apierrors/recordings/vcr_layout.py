"""
YAML cassettes in the layout that vcrpy writes, read item by item in flat memory.

A file is cut in front of its top-level `- `. What a cut could tear apart (a quoted text that goes
on in the first column) does not parse, so a wrong cut is an error and never another value. An
item of exactly the known layout is taken by one expression whose parts are the lexical rules of
YAML for the scalars that occur; anything else goes to the parser, item by item.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pytest_apierrors.credentials import secrets_of
from pytest_apierrors.recordings import vcr_scalars, vcr_shape
from pytest_apierrors.recordings.reader import Source, Unreadable
from pytest_apierrors.recordings.sent import Sent
from pytest_apierrors.response import Headers, Origin, Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.recordings.yamlevents import Anchors

HEAD_BYTES: Final = 4096
START: Final = re.compile(rb"(?:---\n|#[^\n]*\n)*interactions:\n(?=- )")
_PIECE: Final = 1 << 18
_USUAL_TAIL: Final = b"version: 1\n"
_ASCII_TEXT: Final = bytes([10, *range(32, 127)])
_BOUNDARY = re.compile(rb"\n(?=-[ \n]|---|[^\s#-])")
_TEXT_6, _TEXT_8 = vcr_scalars.value(6), vcr_scalars.value(8)
_HEADERS = rf"(?:\n      [A-Za-z0-9_-]++:(?:\n      - {_TEXT_8})++)++"
_NAME_OR_VALUE = re.compile(rf"\n      ([A-Za-z0-9_-]++:|- {_TEXT_8})")
_NAME = re.compile(r"\n      ([A-Za-z0-9_-]++):(?=\n)")
_ONE_VALUE = re.compile(f"- {_TEXT_8}")
_INDENT: Final = "\n      "
_DEEPER: Final = _INDENT + "  "
_MOST_SEEN: Final = 4096
_LINES = (
    r"- request:",
    rf"    body: ({_TEXT_6}|{vcr_scalars.binary(6)})",
    rf"    headers:(?: \{{\}}|({_HEADERS}))",
    r"    method: ([A-Z]++)",
    rf"    uri: ({_TEXT_6})",
    r"  response:",
    r"    body:",
    rf"      string: ({_TEXT_8}|{vcr_scalars.binary(8)})",
    rf"    headers:(?: \{{\}}|({_HEADERS}))",
    r"    status:",
    r"      code: ([1-9][0-9]{2})",
    rf"      message: {_TEXT_8}",
)
_ITEM = re.compile("\n".join(_LINES) + r"\n(?=- |[^\s#-]|\Z)")


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the responses of a cassette in this layout."""
    reading = _Reading(source)
    for region in reading.regions():
        yield from reading.responses(region)
    reading.finish()


class _Reading:
    """One pass through a file: the place in it, and what a later item may refer to."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.index = 0
        self.line = 1
        self.tail = bytearray()
        self.anchors: Anchors | None = None
        self.header_lines = _HeaderLines()

    def regions(self) -> Iterator[bytes]:
        """Yield runs of whole items, the last with what follows the list."""
        stream = self.source.stream
        left = stream.read(HEAD_BYTES)
        start = START.match(left)
        begin = start.end() if start else 0
        self.line += left.count(b"\n", 0, begin)
        left = left[begin:]
        while True:
            piece = stream.read(max(_PIECE, len(left)))
            left += piece
            cut = left.rfind(b"\n- ") + 1 if piece else len(left)
            if cut:
                yield left[:cut]
                left = left[cut:]
            if len(left) > self.source.limits.max_exchange_bytes:
                limit = self.source.limits.over("max_exchange_bytes")
                raise Unreadable(f"one exchange is {limit}", self.line)
            if not piece:
                return

    def responses(self, region: bytes) -> Iterator[Response | RecordingError]:
        """Yield the responses of a run of whole items."""
        position = 0 if not self.tail else len(region)
        if self.tail:
            self._more_tail(region)
        text = region.decode("latin-1")
        clean = not region.translate(None, _ASCII_TEXT)
        while position < len(text):
            found = _ITEM.match(text, position)
            if found and not clean and found[0].encode("latin-1").translate(None, _ASCII_TEXT):
                found = None
            made = self._taken(found) if found else None
            if found and made:
                end = found.end()
                yield made
            elif text.startswith(("- ", "-\n"), position):
                boundary = _BOUNDARY.search(region, position)
                end = boundary.end() if boundary else len(region)
                yield from self._parsed(region[position:end])
            else:
                self._more_tail(region[position:])
                return
            self.index += 1
            self.line += text.count("\n", position, end)
            position = end

    def _taken(self, found: re.Match[str]) -> Response | RecordingError | None:
        """Return the response of an item in the known layout, None where something is unusual."""
        sent, sent_headers, method, raw_uri, string, header_lines, code = found.groups()
        if sent[0] == "!" and vcr_scalars.scalar(sent) is None:
            return None
        if sent_headers and not self.header_lines.sound(sent_headers):
            return None
        uri = vcr_scalars.scalar(raw_uri)
        body = vcr_scalars.scalar(string)
        headers = self.header_lines.headers(header_lines) if header_lines else Headers()
        if body is None or headers is None or not isinstance(uri, str) or not uri:
            return None
        if isinstance(body, str):
            body = body.encode()
        if len(body) > self.source.limits.max_body_bytes:
            return None
        origin = Origin(self.source.name, self.index, self.line)
        request = _Sent(sent_headers, sent)
        return Response(int(code), body, headers, method, uri, origin, None, request)

    def _parsed(self, item: bytes) -> Iterator[Response | RecordingError]:
        """Yield the response of an item in any layout."""
        from pytest_apierrors.recordings import yamlevents  # noqa: PLC0415 - costs 15 ms

        source = self.source
        self.anchors = self.anchors or yamlevents.Anchors.none()
        try:
            for line, value in yamlevents.listed(item, source.limits, self.line, self.anchors):
                made = vcr_shape.shaped(source, self.index, line, value)
                if made is not None:
                    yield made
        except Unreadable as problem:
            yield source.problem(problem.reason, self.index, problem.line)

    def _more_tail(self, text: bytes) -> None:
        self.tail += text
        if len(self.tail) > self.source.limits.max_exchange_bytes:
            limit = self.source.limits.over("max_exchange_bytes")
            raise Unreadable(f"what follows the interactions is {limit}", self.line)

    def finish(self) -> None:
        """Check what stands behind the list: it may be anything but a second list."""
        if not self.tail or self.tail == _USUAL_TAIL:
            return
        from pytest_apierrors.recordings import yamlevents  # noqa: PLC0415 - costs 15 ms

        around = yamlevents.mapping(bytes(self.tail), self.source.limits, self.line)
        if "interactions" in around:
            raise Unreadable('key "interactions" came before', self.line)


class _Sent(Sent, gc=False):
    """A request in the known layout, its headers and its body as they stand in the file."""

    def look(self) -> frozenset[str]:
        """Find the credentials."""
        body = None if self.body == "null" else vcr_scalars.scalar(self.body)
        return _secrets_in(self.headers or "") | secrets_of((), None, body)


@lru_cache(maxsize=64)  # the calls of a test mostly send the same headers
def _secrets_in(block: str) -> frozenset[str]:
    """Return the credentials in a block of headers; one that is no text stands for itself."""
    pairs: list[tuple[str, str]] = []
    name = ""
    for line in _NAME_OR_VALUE.findall(block):
        if line[0] == "-":
            pairs.append((name, str(vcr_scalars.scalar(line[2:]) or line[2:])))
        else:
            name = line[:-1]
    return secrets_of(pairs, None)


class _HeaderLines:
    """Header blocks in the known layout; most lines of a file have been seen before."""

    def __init__(self) -> None:
        self.seen: dict[str, str] = {}
        self.checked: set[str] = set()

    def sound(self, block: str) -> bool:
        """Tell whether no name stands twice in a block whose values do not matter."""
        if block in self.checked:
            return True
        names = _NAME.findall(block)
        if len(set(names)) != len(names):
            return False
        if len(self.checked) >= _MOST_SEEN:
            self.checked.clear()
        self.checked.add(block)
        return True

    def headers(self, block: str) -> Headers | None:
        """Return the headers of a block, None where something is unusual."""
        pairs: list[tuple[str, str]] = []
        names: set[str] = set()
        count = 0
        name = ""
        seen = self.seen
        # a text in several lines is the exception; its lines must not be taken apart
        folded = _DEEPER in block
        lines = _NAME_OR_VALUE.findall(block) if folded else block[len(_INDENT) :].split(_INDENT)
        for line in lines:
            if line[0] != "-":
                name = line[:-1]
                names.add(name)
                count += 1
                continue
            text = seen.get(line)
            if text is None:
                text = self._value(line)
                if text is None:
                    return None
            pairs.append((name, text))
        return Headers(pairs) if len(names) == count else None

    def _value(self, line: str) -> str | None:
        """Return the value of a line, None where it is not one whole text."""
        if line[2] in "'\"" and not _ONE_VALUE.fullmatch(line):
            return None
        text = vcr_scalars.scalar(line[2:])
        if type(text) is not str:
            return None
        if len(self.seen) >= _MOST_SEEN:
            self.seen.clear()
        self.seen[line] = text
        return text
