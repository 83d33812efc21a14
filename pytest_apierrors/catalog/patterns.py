"""Regular expressions in catalogs: only those that every engine reads alike, in linear time."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_LENGTH = 1000
MAX_REPEAT = 1000
"""The largest number that a repetition may name; engines give up on more."""
MAX_CHOICES = 16
"""Repetitions in one pattern, at most: an engine that steps back tries them in combination."""

_TOKEN = re.compile(
    r"""\\(?P<escape>.)
    | (?P<cls>\[\^?(?:\\.|[^\]\\])*\])
    | (?P<special>\((?=\?(?!:)))
    | (?P<open>\((?:\?:)?)
    | (?P<close>\))
    | (?P<bar>\|)
    | (?P<repeat>[*+?]|\{[0-9]+(?:,[0-9]*)?\})
    | (?P<brace>[\[\]{}])
    | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
# Engines read these in a class as operators on sets, or as a set in the set.
_SETS = re.compile(r"(?<!\\)(?:\[|&&|--|~~|\|\|)")
_LARGE = re.compile(r"[0-9]{2}[,}]")
_FOREIGN = re.compile(r"\\(?:[^nrtfv\W]|[<>]|[^\x00-\x7f])", re.ASCII)


def problem(pattern: str) -> str | None:
    """Say why a pattern is refused, or return None where it is safe."""
    if len(pattern) > MAX_LENGTH:
        return f"a pattern of {len(pattern)} characters; at most {MAX_LENGTH} are read"
    found = next(_foreign(pattern), None)
    if found is not None:
        return found
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern)
        if _LARGE.search(pattern):  # whether an engine gives up on its size, it alone knows
            searcher(pattern)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        return f"not a regular expression: {error}"
    except ValueError:
        return "too large once its repetitions are written out"
    return _slow(pattern)


def _foreign(pattern: str) -> Iterator[str]:
    """Find what engines do not all have, or do not read alike."""
    for token in _TOKEN.finditer(pattern):
        kind, text = token.lastgroup, token[0]
        if _FOREIGN.match(text):
            yield f"{text} differs between engines; name the characters instead"
        elif kind == "special":
            named = pattern[token.start() : token.start() + 3]
            yield f'"{named}" (look-around, named groups, flags) is not in the subset'
        elif kind == "cls":
            inner = text[1:-1].removeprefix("^")
            foreign = _FOREIGN.search(inner.replace("\\\\", ""))
            if foreign:
                yield f"{foreign[0]} differs between engines; name the characters instead"
            if not inner or _SETS.search(inner.replace("\\\\", "")):
                yield f"{text} differs between engines; escape [ and ], and double - & ~ |"
        elif kind == "brace":
            yield f'"{text}" alone differs between engines; escape it'


def _slow(pattern: str) -> str | None:
    groups = [False]  # per open group: does it repeat, or have alternatives?
    closed = False  # the same of the group that ends just before this token
    before = ""
    repeats = 0
    for token in _TOKEN.finditer(pattern):
        kind, was_closed, closed = str(token.lastgroup), closed, False
        if kind == "open":
            groups.append(False)
        elif kind == "close":
            closed = groups.pop()
            groups[-1] = groups[-1] or closed
        elif kind == "bar":
            groups[-1] = True
        elif kind == "repeat":
            if before == "repeat":
                return f'"{token[0]}" after a repetition differs between engines'
            if any(int(number) > MAX_REPEAT for number in re.findall("[0-9]+", token[0])):
                return f"{token[0]} repeats more than {MAX_REPEAT} times"
            if was_closed and token[0] != "?":
                return "a repeated group that itself repeats or has alternatives can take for ever"
            repeats += not re.fullmatch(r"\{[0-9]+\}", token[0])
            groups[-1] = True
        before = kind
    if repeats > MAX_CHOICES:
        return f"{repeats} repetitions in one pattern; at most {MAX_CHOICES} are read"
    return None


@lru_cache(maxsize=512)
def searcher(pattern: str) -> Callable[[str], bool]:
    """Return a test of whether a pattern is found in a text, with JSON Schema's meaning."""
    try:
        import jsonschema_rs  # noqa: PLC0415 - heavy: only where a pattern is used
    except ImportError:
        return _search_in_python(pattern)
    validator = jsonschema_rs.Draft202012Validator(
        {"pattern": pattern}, pattern_options=jsonschema_rs.RegexOptions(), offline=True
    )

    def search(text: str) -> bool:
        try:
            return validator.is_valid(text)
        except UnicodeEncodeError:  # half of a surrogate pair, which no pattern names
            return validator.is_valid(text.encode(errors="replace").decode())

    return search


def _search_in_python(pattern: str) -> Callable[[str], bool]:
    """Translate what Python reads otherwise: its `$` also fits before a last line end."""
    text = "".join(
        r"\Z" if token["other"] == "$" else token[0] for token in _TOKEN.finditer(pattern)
    )
    compiled = re.compile(text)
    return lambda found: compiled.search(found) is not None
