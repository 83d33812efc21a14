"""The items of one list in a large JSON file, read in pieces so that memory stays flat."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from pytest_apierrors import strictjson
from pytest_apierrors.recordings.jsonnodes import bounded
from pytest_apierrors.recordings.parts import shown
from pytest_apierrors.recordings.reader import Source, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

PIECE: Final = 1 << 18
_BOM: Final = b"\xef\xbb\xbf"
_GAP = re.compile(rb"[ \t\n\r]*+,[ \t\n\r]*+")
_SPACE = re.compile(rb"[ \t\n\r]*+")
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_STRING_OR_ITS_START = _STRING + b"?+"  # where a piece ends within a string
_KEY_OR_BRACKET = re.compile(
    rb"(%s)([ \t\n\r]*+:)?|([\[{])|[\]}]" % _STRING_OR_ITS_START, re.DOTALL
)
_NESTING = re.compile(rb"%s|([\[{])|([\]}])" % _STRING_OR_ITS_START, re.DOTALL)
_SCALAR = re.compile(rb'(?:%s|[^"\s,\[\]{}:]++)' % _STRING, re.DOTALL)
_OPENING = re.compile(rb'\{[ \t\n\r]*+"[^"\\]*+"')


def is_json(head: bytes) -> bool:
    """Tell whether a file starts like a JSON object or list."""
    return head.removeprefix(_BOM).lstrip()[:1] in (b"{", b"[") and not _flow_yaml(head)


def _flow_yaml(head: bytes) -> bool:
    return re.match(rb"(?:\xef\xbb\xbf)?\s*\{\s*[A-Za-z_]", head) is not None


@lru_cache(maxsize=2)  # one reader after the other asks for those of the same head
def top_keys(head: bytes) -> tuple[str, ...]:
    """Return the keys of the first object of a JSON text, as far as its head goes."""
    return tuple(_top_keys(head)) if is_json(head) else ()


def _top_keys(head: bytes) -> Iterator[str]:
    depth = 0
    for found in _KEY_OR_BRACKET.finditer(head):
        string, colon, opening = found.groups()
        if string is not None:
            if depth == 1 and colon is not None:
                yield string[1:-1].decode(errors="replace")
        else:
            depth += 1 if opening else -1
            if depth == 0:
                return


def end_of(text: bytes, start: int) -> int | None:
    """Return where the object or list that starts there ends, None where it does not."""
    depth = 0
    for found in _NESTING.finditer(text, start):
        if found[1]:
            depth += 1
        elif found[2]:
            depth -= 1
            if not depth:
                return found.end()
    return None


def values(source: Source, path: tuple[str, ...]) -> Iterator[tuple[int, Any]]:
    """Yield line and value of each item; a value may be what is wrong with it."""
    return items(source, path, strict)


def strict(item: bytes) -> Any:
    """Return the value of a JSON text without oddities."""
    try:
        return strictjson.decode_fast(item)
    except strictjson.NotPlain:
        parsed = strictjson.loads(item)
    if parsed.problems:
        first = parsed.problems[0]
        raise Unreadable(f"not sound JSON: {first.reason}", item.count(b"\n", 0, first.offset))
    return parsed.value


def items(
    source: Source, path: tuple[str, ...], decode: Callable[[bytes], T]
) -> Iterator[tuple[int, T | Unreadable]]:
    """
    Yield line and decoded item for each item of the list at `path`; without one it is the file.

    `decode` refuses with `Unreadable`, its line counted from 0 within the item. What stands
    around the list has to be JSON as well; a file that is cut short still yields what it has.
    """
    window = _Window(source)
    opening, what = (b"{", "object") if path else (b"[", "list")
    if window.next_byte() != opening:
        raise Unreadable(f"not a JSON {what} at its top", window.line())
    yield from _under(window, path, decode) if path else window.items(decode)
    if window.next_byte():
        raise Unreadable(f"something follows the JSON {what}", window.line())


def _under(
    window: _Window, path: tuple[str, ...], decode: Callable[[bytes], T]
) -> Iterator[tuple[int, T | Unreadable]]:
    """Walk through the members of an object; the one on the path is not skipped."""
    seen = False
    for key in window.each_key():
        if key != path[0]:
            window.skip_value()
            continue
        if seen:
            raise Unreadable(f'key "{key}" came before', window.line())
        seen = True
        opening = window.next_byte()
        if opening != (b"{" if path[1:] else b"["):
            what = "a mapping" if path[1:] else "a list"
            raise Unreadable(f'"{key}" is not {what}', window.line())
        if path[1:]:
            yield from _under(window, path[1:], decode)
        else:
            yield from window.items(decode)
    if not seen:
        raise Unreadable(f'has no "{path[0]}"', window.line())


class _Window:
    """The part of a file that is at hand, and the place in it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.buffer = b""
        self.position = 0
        self.ended = False
        self.lines = 1
        self.counted = 0
        self.taken = 0
        self.between = b""
        self.gap = 0
        self.more()
        if self.buffer.startswith(_BOM):
            self.position = self.counted = len(_BOM)

    def more(self) -> bool:
        """Read another piece behind what is left; False at the end of the file."""
        if self.ended:
            return False
        self.line()
        left = self.buffer[self.position :]
        limits = self.source.limits
        if len(left) > limits.max_exchange_bytes:
            reason = f"one value is {limits.over('max_exchange_bytes')}"
            raise Unreadable(reason, self.lines)
        piece = self.source.stream.read(max(PIECE, len(left)))
        self.taken += len(piece)
        if self.taken > limits.max_json_bytes:
            raise Unreadable(f"file is {limits.over('max_json_bytes')}", self.lines)
        self.ended = not piece
        self.buffer = left + piece
        self.position = self.counted = 0
        return not self.ended

    def line(self) -> int:
        """Return the line of the current place."""
        self.lines += self.buffer.count(b"\n", self.counted, self.position)
        self.counted = self.position
        return self.lines

    def next_byte(self) -> bytes:
        """Skip white space and return the byte behind it, without taking it; empty at the end."""
        while True:
            self.position = _SPACE.match(self.buffer, self.position).end()  # type: ignore[union-attr]
            if self.position < len(self.buffer):
                return self.buffer[self.position : self.position + 1]
            if not self.more():
                return b""

    def members(self, end: bytes) -> Iterator[None]:
        """Go through an object or list: stop in front of each member until its end is taken."""
        self.position += 1
        if self.next_byte() != end:
            while True:
                yield
                byte = self.next_byte()
                if byte == end:
                    break
                if byte != b",":
                    raise self._unexpected(byte)
                self.position += 1
        self.position += 1

    def each_key(self) -> Iterator[str]:
        """Yield each key of an object, the place being behind its colon."""
        for _ in self.members(b"}"):
            if self.next_byte() != b'"':
                raise self._unexpected(self.next_byte())
            text = self._take(self.value_end())
            try:
                key: str = msgspec.json.decode(text, type=str)
            except (msgspec.DecodeError, UnicodeDecodeError):
                raise Unreadable("not JSON: a key that is no string", self.line()) from None
            if self.next_byte() != b":":
                raise self._unexpected(self.next_byte())
            self.position += 1
            yield key

    def _unexpected(self, byte: bytes) -> Unreadable:
        if not byte:
            return Unreadable("cut short: the file ends within JSON", self.line())
        return Unreadable(f"not JSON: unexpected {shown(byte)[1:]}", self.line())

    def _take(self, end: int) -> bytes:
        text = self.buffer[self.position : end]
        self.position = end
        return text

    def skip_value(self) -> None:
        """Pass over a value that is of no interest, but has to be JSON."""
        if not self.next_byte():
            raise self._unexpected(b"")
        line = self.line()
        text = self._take(self.value_end())
        try:
            bounded(text, self.source.limits)
        except Unreadable as problem:
            raise Unreadable(problem.reason, line) from None
        parsed = strictjson.loads(text)
        if not parsed.usable:
            first = parsed.problems[0]
            raise Unreadable(f"not JSON: {first.reason}", line + text.count(b"\n", 0, first.offset))

    def value_end(self) -> int:
        """Find where the value at the current place ends, by its brackets alone."""
        while True:
            end = self._end_within()
            if end is not None:
                return end
            if not self.more():
                raise self._unexpected(b"")

    def _end_within(self) -> int | None:
        if self.buffer[self.position] not in b"{[":
            found = _SCALAR.match(self.buffer, self.position)
            if found is None:
                if self.buffer[self.position] == ord('"'):
                    return None
                raise self._unexpected(self.buffer[self.position : self.position + 1])
            return found.end() if found.end() < len(self.buffer) or self.ended else None
        most = self.source.limits.max_nodes
        depth = opened = 0
        for found in _NESTING.finditer(self.buffer, self.position):
            if found[1]:
                depth += 1
                opened += 1
            elif found[2]:
                depth -= 1
                if not depth:
                    return found.end()
            if opened > most:
                raise Unreadable(f"nodes are {self.source.limits.over('max_nodes')}", self.line())
        return None

    def items(self, decode: Callable[[bytes], T]) -> Iterator[tuple[int, T | Unreadable]]:
        """Yield line and value of each item of the list at the current place."""
        for _ in self.members(b"]"):
            if not self.next_byte():
                raise self._unexpected(b"")
            yield from self._alike(decode)
            yield self._item(decode)

    def _alike(self, decode: Callable[[bytes], T]) -> Iterator[tuple[int, T]]:
        """
        Yield items for as long as the start of the next one can be seen.

        Where an item ends is guessed, for items look alike; that it decodes proves it right.
        """
        between = self.between
        gap = self.gap
        while between:
            end = self.buffer.find(between, self.position + 1)
            if end < 0:
                if self._nearly_used_up() and self.more():
                    continue
                return
            item = self.buffer[self.position : end]
            try:
                bounded(item, self.source.limits)
                value = decode(item)
            except Unreadable:
                return
            line = self.line()
            self.position = end + gap
            yield line, value

    def _nearly_used_up(self) -> bool:
        """Tell whether there is so little left that the next item is likely to be cut."""
        left = len(self.buffer) - self.position
        return left < min(PIECE, self.source.limits.max_exchange_bytes)

    def _item(self, decode: Callable[[bytes], T]) -> tuple[int, T | Unreadable]:
        """Return line and value of one item, whose end is looked for bracket by bracket."""
        line = self.line()
        text = self._take(self.value_end())
        if not self.between:
            self._learn(text)
        try:
            bounded(text, self.source.limits)
            return line, decode(text)
        except Unreadable as problem:
            return line, Unreadable(problem.reason, line + (problem.line or 0))

    def _learn(self, item: bytes) -> None:
        """Learn what stands between two items, from the item just taken and what follows it."""
        opening = _OPENING.match(item)
        gap = _GAP.match(self.buffer, self.position)
        if opening and gap and self.buffer.startswith(opening[0], gap.end()):
            self.between = gap[0] + opening[0]
            self.gap = len(gap[0])
