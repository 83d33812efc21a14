"""Text from outside made safe to print: in terminals and logs, workflow commands and Markdown."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIMIT: Final = 2000

_DEEPEST: Final = 64
_LONGEST_INTEGER_BITS: Final = 4096

# Controls (C0, DEL, C1), line and paragraph separators, direction marks and overrides, invisible
# characters (zero-width space, word joiner and its kin, byte order mark, tags), what is no
# character at all, lone surrogates.
# The zero-width joiners stay: scripts and emoji need them.
_UNPRINTABLE: Final = (
    r"\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    r"\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f"
)
_UNSAFE = re.compile(f"[{_UNPRINTABLE}]")
_UNSAFE_BUT_LINE_ENDS = re.compile(rf"(?![\r\n])[{_UNPRINTABLE}]")

# GitHub trims a line before it looks for `::`, and takes `##[` from anywhere in a line; Azure,
# TeamCity and GitLab have marks of their own. Output may be wrapped later, so that every place
# after white space counts as a possible start.
_COMMANDS = re.compile(r"(?<!\S)::|##(?=\[|[a-z]{1,16}\[)|section_(?:start|end):", re.IGNORECASE)
_written = json.JSONEncoder(ensure_ascii=False).encode
_NAMED: Final = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def inert(text: str, limit: int = LIMIT) -> str:
    """
    Return the text on one line, with nothing left that a terminal or a CI service obeys.

    Control characters are shown as escapes, workflow commands are broken up, and what is
    longer than `limit` is cut, with its size and a hash of the whole.
    """
    kept = text[:limit]
    return f"{_neutral(kept, _UNSAFE)}{'' if kept == text else _rest(text)}"


def one_line(value: object, limit: int = LIMIT) -> str:
    """Return a JSON value (or text, quoted) on one line, cut before it is rendered if too long."""
    if isinstance(value, str) and len(value) <= limit:
        return _neutral(_written(value), _UNSAFE)
    shown: list[str] = []
    size = 0
    for piece in _pieces(value, limit, _DEEPEST):
        if size > limit:
            shown.append("...")
            break
        shown.append(piece)
        size += len(piece)
    return _neutral("".join(shown), _UNSAFE)


def github_data(text: str) -> str:
    """Escape the message of a GitHub workflow command; line ends survive as `%0A`."""
    text = _neutral(text, _UNSAFE_BUT_LINE_ENDS)
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def github_property(text: str) -> str:
    """Escape a property of a GitHub workflow command, such as a file name or a title."""
    return github_data(text).replace(":", "%3A").replace(",", "%2C")


def markdown_code(text: str, limit: int = LIMIT, *, table: bool = False) -> str:
    """Return the text as a Markdown code span, in which no link, image or markup can begin."""
    text = inert(text, limit)
    if not text.strip():
        return "(blank)" if text else "(empty)"
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    if text[0] in "` " or text[-1] in "` ":
        text = f" {text} "
    # A table is split at bars before code spans are seen, a backslash is the only way around.
    text = text.replace("|", r"\|") if table else text
    return f"{fence}{text}{fence}"


def _rest(text: str) -> str:
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"... ({len(text)} characters, sha256 {digest[:12]})"


def _neutral(text: str, unsafe: re.Pattern[str]) -> str:
    if text.isascii() and text.isprintable() and not (":" in text or "#" in text):
        return text  # as most are
    # Commands first: white space in front of one is still white space here.
    return unsafe.sub(_escaped, _COMMANDS.sub(_broken, text))


def _broken(match: re.Match[str]) -> str:
    mark = match[0]
    if mark == "::":
        return r"\x3a:"
    return r"#\x23" if mark == "##" else rf"{mark[:-1]}\x3a"


def _escaped(match: re.Match[str]) -> str:
    number = ord(match[0])
    if number < 0x100:
        return _NAMED.get(match[0], f"\\x{number:02x}")
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _pieces(value: object, limit: int, levels: int) -> Iterator[str]:
    if isinstance(value, str):
        kept = value[:limit]
        yield f"{_written(kept)}{'' if kept == value else _rest(value)}"
    elif isinstance(value, dict) and levels:
        members = ((f"{_head(name, limit)}: ", member) for name, member in value.items())
        yield from _joined("{", members, "}", lambda member: _pieces(member, limit, levels - 1))
    elif isinstance(value, list | tuple) and levels:
        items = (("", item) for item in value)
        yield from _joined("[", items, "]", lambda item: _pieces(item, limit, levels - 1))
    else:
        yield _scalar(value)


def _head(name: object, limit: int) -> str:
    return "".join(_pieces(str(name), limit, 1))


def _joined(
    opening: str,
    members: Iterator[tuple[str, object]],
    closing: str,
    pieces: Callable[[object], Iterator[str]],
) -> Iterator[str]:
    yield opening
    for number, (head, member) in enumerate(members):
        yield f"{', ' if number else ''}{head}"
        yield from pieces(member)
    yield closing


def _scalar(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        bits = value.bit_length()
        # Python refuses to write integers of more than 4300 digits.
        return str(int(value)) if bits <= _LONGEST_INTEGER_BITS else f"(integer of {bits} bits)"
    if isinstance(value, float):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(repr(value), repr(value))
    return "..." if isinstance(value, dict | list | tuple) else f"({type(value).__name__})"
