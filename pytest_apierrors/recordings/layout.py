"""
YAML recordings in the layout of one tool, read item by item in flat memory.

A file is cut in front of its top-level `- `. What a cut could tear apart (a quoted text that goes
on in the first column) does not parse, so a wrong cut is an error and never another value. An
item of exactly the known layout is taken by one expression whose parts are the lexical rules of
YAML for the scalars that occur; anything else goes to the parser, item by item.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pytest_apierrors.credentials import secrets_of
from pytest_apierrors.recordings import layout_scalars
from pytest_apierrors.recordings.reader import Source, Unreadable
from pytest_apierrors.recordings.sent import Sent
from pytest_apierrors.response import Headers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.recordings.yamlevents import Anchors
    from pytest_apierrors.response import Response

HEAD_BYTES: Final = 4096
ASCII_TEXT: Final = bytes([10, *range(32, 127)])
_PIECE: Final = 1 << 18
_BOUNDARY = re.compile(rb"\n(?=-[ \n]|---|[^\s#-])")
_TEXT = layout_scalars.value(8)
HEADERS: Final = rf"(?:\n      [A-Za-z0-9_-]++:(?:\n      - {_TEXT})++)++"
"""The headers of a request or a response, which all tools indent alike."""
_NAME_OR_VALUE = re.compile(rf"\n      ([A-Za-z0-9_-]++:|- {_TEXT})")
_NAME = re.compile(r"\n      ([A-Za-z0-9_-]++):(?=\n)")
_ONE_VALUE = re.compile(f"- {_TEXT}")
_INDENT: Final = "\n      "
_DEEPER: Final = _INDENT + "  "
_MOST_SEEN: Final = 4096


class Layout(msgspec.Struct, frozen=True):
    """
    How one tool lays out its recordings.

    The list stands under `key`; `start` fits what is in front of its first item, and `tail` what
    usually follows the last. `item` fits an item, and `take` makes a response of what it found, or
    None where something is unusual; `shaped` does so with an item that was parsed.
    """

    key: str
    start: re.Pattern[bytes]
    item: re.Pattern[str]
    tail: re.Pattern[bytes]
    take: Callable[[re.Match[str], Reading], Response | None]
    shaped: Callable[[Source, int, int, Any], Response | RecordingError | None]

    def begins(self, head: bytes) -> bool:
        """Tell whether a file starts with an item of exactly this layout."""
        start = self.start.match(head)
        if start is None:
            return False
        return self.item.match(head[start.end() :].decode("latin-1")) is not None

    def read(self, source: Source) -> Iterator[Response | RecordingError]:
        """Yield the responses of a recording in this layout."""
        reading = Reading(source, self)
        for region in reading.regions():
            yield from reading.responses(region)
        reading.finish()


def of_tool(lines: tuple[str, ...]) -> re.Pattern[str]:
    """Return the expression of an item whose lines look like these."""
    return re.compile("\n".join(lines) + r"\n(?=- |[^\s#-]|\Z)")


class Reading:
    """One pass through a file: the place in it, and what a later item may refer to."""

    def __init__(self, source: Source, layout: Layout) -> None:
        self.source = source
        self.layout = layout
        self.index = 0
        self.line = 1
        self.tail = bytearray()
        self.anchors: Anchors | None = None
        self.header_lines = HeaderLines()

    def regions(self) -> Iterator[bytes]:
        """Yield runs of whole items, the last with what follows the list."""
        stream = self.source.stream
        left = stream.read(HEAD_BYTES)
        start = self.layout.start.match(left)
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
        clean = not region.translate(None, ASCII_TEXT)
        fits, take = self.layout.item.match, self.layout.take
        while position < len(text):
            found = fits(text, position)
            if found and not clean and found[0].encode("latin-1").translate(None, ASCII_TEXT):
                found = None
            made = take(found, self) if found else None
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

    def _parsed(self, item: bytes) -> Iterator[Response | RecordingError]:
        """Yield the response of an item in any layout."""
        from pytest_apierrors.recordings import yamlevents  # noqa: PLC0415 - costs 15 ms

        source = self.source
        self.anchors = self.anchors or yamlevents.Anchors.none()
        try:
            for line, value in yamlevents.listed(item, source.limits, self.line, self.anchors):
                made = self.layout.shaped(source, self.index, line, value)
                if made is not None:
                    yield made
        except Unreadable as problem:
            yield source.problem(problem.reason, self.index, problem.line)

    def _more_tail(self, text: bytes) -> None:
        self.tail += text
        if len(self.tail) > self.source.limits.max_exchange_bytes:
            limit = self.source.limits.over("max_exchange_bytes")
            raise Unreadable(f"what follows the {self.layout.key} is {limit}", self.line)

    def finish(self) -> None:
        """Check what stands behind the list: it may be anything but a second list."""
        if not self.tail or self.layout.tail.fullmatch(self.tail):
            return
        from pytest_apierrors.recordings import yamlevents  # noqa: PLC0415 - costs 15 ms

        around = yamlevents.mapping(bytes(self.tail), self.source.limits, self.line)
        if self.layout.key in around:
            raise Unreadable(f'key "{self.layout.key}" came before', self.line)


class SentAsLaidOut(Sent, gc=False):
    """A request in a known layout, its headers and its body as they stand in the file."""

    def look(self) -> frozenset[str]:
        """Find the credentials."""
        return _secrets_in(self.headers or "") | secrets_of((), None, self.content())

    def content(self) -> Any:
        """Return the body."""
        return None if self.body == "null" else layout_scalars.scalar(self.body)


@lru_cache(maxsize=64)  # the calls of a test mostly send the same headers
def _secrets_in(block: str) -> frozenset[str]:
    """Return the credentials in a block of headers; one that is no text stands for itself."""
    pairs: list[tuple[str, str]] = []
    name = ""
    for line in _NAME_OR_VALUE.findall(block):
        if line[0] == "-":
            pairs.append((name, str(layout_scalars.scalar(line[2:]) or line[2:])))
        else:
            name = line[:-1]
    return secrets_of(pairs, None)


class HeaderLines:
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
        known = self.seen.get
        # a text in several lines is the exception; its lines must not be taken apart
        folded = _DEEPER in block
        lines = _NAME_OR_VALUE.findall(block) if folded else block[len(_INDENT) :].split(_INDENT)
        for line in lines:
            if line[0] != "-":
                name = line[:-1]
                names.add(name)
                count += 1
                continue
            text = known(line)
            if text is None:
                text = self._value(line)
                if text is None:
                    return None
            pairs.append((name, text))
        return Headers(pairs) if len(names) == count else None

    def _value(self, line: str) -> str | None:
        """Return the value of a line, None where it is not one whole text."""
        if line[2] == "'" and line[-1] == "'" and line.count("'") == 2 and "\n" not in line:
            text = line[3:-1]
        else:
            if line[2] in "'\"" and not _ONE_VALUE.fullmatch(line):
                return None
            found = layout_scalars.scalar(line[2:])
            if type(found) is not str:
                return None
            text = found
        if len(self.seen) >= _MOST_SEEN:
            self.seen.clear()
        self.seen[line] = text
        return text
