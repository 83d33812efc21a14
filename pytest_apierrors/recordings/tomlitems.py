"""The items of one array of tables in a TOML file, each parsed by itself."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from pytest_apierrors.recordings.parts import shown
from pytest_apierrors.recordings.reader import Source, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+"""
_DOTTED = re.compile(rf"(?<![\w-])(?:{_PART})++")


def items(source: Source, name: str) -> Iterator[tuple[int, Any]]:
    """
    Yield line and value of each table of the array `name`; a value may be what is wrong with it.

    The file is cut in front of `[[name]]`: a piece cut within a text of several lines does not
    parse, so it is an error and never another value.
    """
    try:
        text = source.whole("max_toml_bytes").decode()
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise Unreadable("not TOML: not UTF-8", line) from None
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    starts = [found.start() for found in re.finditer(rf"^\[\[{name}\]\]", text, re.MULTILINE)]
    if not starts:
        yield from _inline(text, name, source)
        return
    _parsed(text[: starts[0]], 1, source)
    line = 1 + text.count("\n", 0, starts[0])
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        piece = text[start:end]
        try:
            value: Any = _only(_parsed(piece, line, source), name)
        except Unreadable as problem:
            value = problem
        yield line, value
        line += piece.count("\n")


def _only(table: dict[str, Any], name: str) -> Any:
    """Return the one table of a piece; what else it defines would change what came before."""
    if set(table) != {name}:
        raise Unreadable(f"{shown(next(iter(table.keys() - {name})))} stands behind [[{name}]]")
    return table[name][0]


def _inline(text: str, name: str, source: Source) -> Iterator[tuple[int, Any]]:
    """Yield the items of an array that is written as a value; all have the line of its name."""
    values = _parsed(text, 1, source).get(name)
    if not isinstance(values, list):
        raise Unreadable(f'has no list "{name}"')
    found = re.search(rf"^{name}\b", text, re.MULTILINE)
    line = text.count("\n", 0, found.start()) + 1 if found else 1
    for value in values:
        yield line, value


def _parsed(text: str, line: int, source: Source) -> dict[str, Any]:
    """Parse a text that starts on this line of the file."""
    limits = source.limits
    if text.count(".") >= limits.max_depth and _longest_name(text) > limits.max_depth:
        raise Unreadable(f"nesting is {limits.over('max_depth')}", line)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise Unreadable(f"nesting is {limits.over('max_depth')}", line) from None
    except ValueError as error:  # TOMLDecodeError, or a number of too many digits
        reason = str(error)
        at = _AT.search(reason)
        below = int(at[1]) - 1 if at and at[1] else text.count("\n") if at else 0
        raise Unreadable(f"not TOML: {_AT.sub('', reason)[:120]}", line + below) from None


def _longest_name(text: str) -> int:
    """Return of how many parts a name may be: the parser takes a minute for some thousand."""
    return max(
        (len(re.findall(_PART, found[0])) + 1 for found in _DOTTED.finditer(text)), default=0
    )
