"""
Strict JSON: every body and catalog is read here, with the oddities as findings and not as errors.

Two ways: `decode_fast` accepts what is plainly sound and costs little more than the decoder;
`loads` also explains the rest. The slow way is an own loop over tokens without recursion, so
that its result depends neither on the Python nor on how deep the caller stands.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["syntax", "depth", "duplicate-key", "number", "surrogate", "encoding"]

MAX_DEPTH: Final = 64
MAX_DIGITS: Final = 400
MAX_PROBLEMS: Final = 100
MAX_KEY: Final = 60

_OPENING_BRACKET: Final = ord("[")
_BACKSLASH: Final = ord("\\")
_BOM: Final = b"\xef\xbb\xbf"
_DIGITS = re.compile(rb"[0-9]{401}")
# of that many digits, every 20th byte of the text meets at least 20
_EVERY: Final = 20
_SOME_DIGITS = re.compile(rb"[0-9]{20}")
_STRINGS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_NOT_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
_ONE_BRACKET: Final = bytes.maketrans(b"[]", b"{}")
_TOKEN = re.compile(
    rb"""(?P<string>"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+")
    |(?P<number>-?+(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?+[0-9]++)?+(?![0-9A-Za-z.+-]))
    |(?P<word>true|false|null|NaN|-?+Infinity)(?![A-Za-z0-9_])
    |(?P<mark>[\[\]{}:,])""",
    re.VERBOSE,
)
_SPACE = re.compile(rb"[ \t\n\r]*+")
_STRING_START = re.compile(
    rb'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+'
)
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|.)")
_WORDS: Final[dict[bytes, Any]] = {
    b"true": True,
    b"false": False,
    b"null": None,
    b"NaN": math.nan,
    b"Infinity": math.inf,
    b"-Infinity": -math.inf,
}
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


class NotPlain(Exception):
    """`decode_fast` cannot vouch for these bytes; `loads` says why."""


class Problem(msgspec.Struct, frozen=True):
    """One oddity of a JSON text: its kind, what it is in words, and its byte offset."""

    kind: Kind
    reason: str
    offset: int


class Parsed(msgspec.Struct, frozen=True):
    """What a JSON text holds; `usable` is False where no value could be made of it."""

    value: Any
    usable: bool
    problems: tuple[Problem, ...] = ()


def loads(data: bytes | bytearray | memoryview, *, max_depth: int = MAX_DEPTH) -> Parsed:
    """Read one JSON text; every oddity becomes a problem with its position, nothing is raised."""
    raw = bytes(data)
    if max_depth == MAX_DEPTH:
        try:
            return Parsed(decode_fast(raw), usable=True)
        except NotPlain:
            pass
    return _Reading(raw, max_depth).parsed()


def decode_fast(data: bytes) -> Any:
    """
    Return the value of a JSON text in which `loads` finds no problem, or raise NotPlain.

    Every member takes a colon, so a decoded object with as many members as the text has colons
    has lost none to a repeated key. Where colons also stand in strings or deeper down, the value
    written again must have as many colons as the text.
    """
    try:
        value = _decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NotPlain from None
    colons = data.count(b":")
    if _OPENING_BRACKET not in data:
        if type(value) is dict and len(value) == colons and len(data) <= MAX_DIGITS:
            return value
        arrays = 0
    else:
        arrays = data.count(b"[")
    # an object holds another one only behind a colon, which bounds the depth
    if colons + arrays >= MAX_DEPTH and not _shallow(data, arrays):
        raise NotPlain
    if len(data) > MAX_DIGITS and _SOME_DIGITS.search(data[::_EVERY]) and _DIGITS.search(data):
        raise NotPlain
    if colons and not _no_key_lost(data, value, colons):
        raise NotPlain
    return value


def _shallow(data: bytes, arrays: int) -> bool:
    return data.count(b"{") + arrays <= MAX_DEPTH or not nested_over(data, MAX_DEPTH)


def _no_key_lost(data: bytes, value: Any, colons: int) -> bool:
    """Tell whether a decoded value is proven to have as many members as its text."""
    if _BACKSLASH in data and b"\\u003" in data:
        return False  # an escaped colon would be counted in the value and not in the text
    try:
        return _encode(value).count(b":") == colons
    except RecursionError:
        return False


def nested_over(data: bytes, limit: int) -> bool:
    """Tell whether brackets outside strings may nest deeper than `limit`, without recursion."""
    brackets = _STRINGS.sub(b"", data).translate(_ONE_BRACKET, _NOT_BRACKETS)
    for _ in range(limit):
        peeled = brackets.replace(b"{}", b"")
        if len(peeled) == len(brackets):
            break
        brackets = peeled
    return bool(brackets)


class _Reading:
    """One careful reading: a loop over tokens that builds the value and collects problems."""

    def __init__(self, raw: bytes, max_depth: int) -> None:
        self.raw = raw
        self.max_depth = max_depth
        self.problems: list[Problem] = []
        self.result: list[Any] = []
        self.holder: Any = self.result
        self.open: list[Any] = []
        self.key = ""
        self.expected = "value"

    def parsed(self) -> Parsed:
        """Return the value, if there is one, and the problems in order of their place."""
        start = self._encoding()
        value: Any = None
        usable = False
        if start is not None:
            try:
                value = self._value(start)
                usable = True
            except _Stop as stop:
                self.problems.append(stop.problem)
        return Parsed(value, usable, tuple(self.problems))

    def _encoding(self) -> int | None:
        """Return where the text starts, or None where it is not UTF-8."""
        other = _other_encoding(self.raw)
        if other:
            self._note("encoding", f"{other}, not UTF-8", 0)
            return None
        try:
            self.raw.decode()
        except UnicodeDecodeError as error:
            self._note("encoding", f"byte 0x{self.raw[error.start]:02x} is not UTF-8", error.start)
            return None
        if self.raw.startswith(_BOM):
            self._note("encoding", "starts with a byte order mark", 0)
            return len(_BOM)
        return 0

    def _note(self, kind: Kind, reason: str, offset: int) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(kind, reason, offset))

    def _tokens(self, position: int) -> Iterator[tuple[str, bytes, int]]:
        """Yield kind, text and offset of every token; a stop where none fits."""
        raw = self.raw
        while True:
            position = _SPACE.match(raw, position).end()  # type: ignore[union-attr]
            found = _TOKEN.match(raw, position)
            if found is None:
                if position == len(raw):
                    yield "end", b"", position
                    return
                raise _Stop("syntax", *_unreadable(raw, position))
            yield str(found.lastgroup), found[0], position
            position = found.end()

    def _value(self, start: int) -> Any:
        """Follow the grammar: what may come next is in `expected`, what is open in `open`."""
        for kind, token, offset in self._tokens(start):
            match self.expected:
                case "end":
                    if kind == "end":
                        break
                    raise _Stop("syntax", "something follows the value", offset)
                case "colon":
                    if token != b":":
                        raise _Stop("syntax", f"{_named(kind, token)} in place of a colon", offset)
                    self.expected = "value"
                case "comma":
                    self._after_value(kind, token, offset)
                case "first-key" | "key":
                    self._member(kind, token, offset)
                case _:
                    self._item(kind, token, offset)
        return self.result[0]

    def _after_value(self, kind: str, token: bytes, offset: int) -> None:
        """Take a comma or the end of the container that is open."""
        is_object = type(self.holder) is dict
        if token == b",":
            self.expected = "key" if is_object else "value"
        elif token == (b"}" if is_object else b"]"):
            self._close()
        else:
            reason = f"{_named(kind, token)} in place of a comma or an end"
            raise _Stop("syntax", reason, offset)

    def _member(self, kind: str, token: bytes, offset: int) -> None:
        """Take the key of a member, or the end of an empty object."""
        if kind == "string":
            self.key = self._string(token, offset)
            if self.key in self.holder:
                self._note("duplicate-key", f"{_key_text(self.key)} came before", offset)
            self.expected = "colon"
        elif token != b"}":
            raise _Stop("syntax", f"{_named(kind, token)} in place of a key", offset)
        elif self.expected == "key":
            raise _Stop("syntax", "trailing comma", offset)
        else:
            self._close()

    def _item(self, kind: str, token: bytes, offset: int) -> None:
        """Take a value, or the end of an empty array."""
        if token == b"]" and self.expected == "first-item":
            self._close()
            return
        value = self._one(kind, token, offset)
        if type(self.holder) is dict:
            self.holder[self.key] = value
        else:
            self.holder.append(value)
        if token not in (b"{", b"["):
            self.expected = "comma" if self.open else "end"
            return
        self.open.append(self.holder)
        if len(self.open) > self.max_depth:
            raise _Stop("depth", f"nested deeper than {self.max_depth} levels", offset)
        self.holder = value
        self.expected = "first-key" if token == b"{" else "first-item"

    def _close(self) -> None:
        self.holder = self.open.pop()
        self.expected = "comma" if self.open else "end"

    def _one(self, kind: str, token: bytes, offset: int) -> Any:
        """Return the value of a token, or an empty container where one opens."""
        if kind == "string":
            return self._string(token, offset)
        if kind == "number":
            return self._number(token, offset)
        if kind == "word":
            if token in (b"NaN", b"Infinity", b"-Infinity"):
                self._note("number", f"{token.decode()} is no JSON number", offset)
            return _WORDS[token]
        if token in (b"{", b"["):
            return {} if token == b"{" else []
        if token == b"]" and type(self.holder) is list and self.holder is not self.result:
            raise _Stop("syntax", "trailing comma", offset)
        raise _Stop("syntax", f"{_named(kind, token)} in place of a value", offset)

    def _number(self, token: bytes, offset: int) -> int | float:
        if token.lstrip(b"-").isdigit():
            if len(token.lstrip(b"-")) <= MAX_DIGITS:
                return int(token)
            self._note("number", f"integer of more than {MAX_DIGITS} digits", offset)
            return -math.inf if token.startswith(b"-") else math.inf
        number = float(token)
        if math.isinf(number):
            self._note("number", "number too large for a float", offset)
        return number

    def _string(self, token: bytes, offset: int) -> str:
        if b"\\" not in token:
            return token[1:-1].decode()
        if _SURROGATE.search(token):
            whole = bytearray(token)
            for place in _lone_surrogates(token):
                self._note("surrogate", "half of a surrogate pair", offset + place)
                whole[place + 2 : place + 6] = b"fffd"
            token = bytes(whole)
        text: str = _decode(token)
        return text


class _Stop(Exception):
    """The reading cannot go on."""

    def __init__(self, kind: Kind, reason: str, offset: int) -> None:
        super().__init__(reason)
        self.problem = Problem(kind, reason, offset)


def _key_text(key: str) -> str:
    """Name a key in a sentence: whole or not at all, since half of a secret would be missed."""
    return f'key "{key}"' if len(key) <= MAX_KEY else f"a key of {len(key)} characters"


def _named(kind: str, token: bytes) -> str:
    """Name a token in a sentence."""
    if kind == "end":
        return "the end of the text"
    return {"string": "a string", "number": "a number"}.get(kind, f'"{token.decode()}"')


def _unreadable(raw: bytes, position: int) -> tuple[str, int]:
    """Say why no token starts here, and where exactly the trouble is."""
    byte = raw[position]
    if byte == ord('"'):
        end = _STRING_START.match(raw, position).end()  # type: ignore[union-attr]
        if end == len(raw):
            return "string is not closed", position
        if raw[end] == ord("\\"):
            return "escape that JSON does not have", end
        return f"raw control character 0x{raw[end]:02x} in a string", end
    if byte == ord("'"):
        return "single quotes", position
    if byte in b"+-.0123456789":
        return "number that JSON does not allow", position
    character = raw[position : position + 4].decode(errors="ignore")[0]
    return f"unexpected {character!a}", position


def _lone_surrogates(token: bytes) -> list[int]:
    """Find the escapes that are half of a pair, as offsets in the token."""
    lone: list[int] = []
    high: int | None = None
    end = -1
    for found in _ESCAPE.finditer(token):
        code = int(found[1], 16) if found[1] else 0
        if high is not None and not (0xDC00 <= code <= 0xDFFF and found.start() == end):
            lone.append(high)
            high = None
        if 0xDC00 <= code <= 0xDFFF and high is None:
            lone.append(found.start())
        high = found.start() if 0xD800 <= code <= 0xDBFF else None
        end = found.end()
    return lone if high is None else [*lone, high]


def _other_encoding(raw: bytes) -> str | None:
    """Recognise UTF-16 and UTF-32, by their mark or by where the zero bytes are."""
    if raw.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "UTF-32"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    zeros = tuple(byte == 0 for byte in raw[:4])
    if zeros in ((True, True, True, False), (False, True, True, True)):
        return "UTF-32"
    if zeros in ((True, False, True, False), (False, True, False, True)):
        return "UTF-16"
    if zeros in ((True, False), (False, True)):
        return "UTF-16"
    return None
