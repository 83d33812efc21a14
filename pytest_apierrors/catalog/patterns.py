"""Regular expressions in catalogs: only those that every engine reads alike, in linear time."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_LENGTH = 1000
_TOKEN = re.compile(
    r"""\\(?P<escape>.)
    | (?P<cls>\[\^?\]?(?:\\.|[^\]\\])*\])
    | (?P<open>\((?:\?[:=!<P][=!]?)?)
    | (?P<close>\))
    | (?P<bar>\|)
    | (?P<many>[*+]|\{\d+,\})
    | (?P<few>\?|\{\d+(?:,\d+)?\})
    | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


def problem(pattern: str) -> str | None:
    """Say why a pattern is refused, or return None where it is safe."""
    if len(pattern) > MAX_LENGTH:
        return f"a pattern of {len(pattern)} characters; at most {MAX_LENGTH} are read"
    try:
        re.compile(pattern)
    except (re.error, OverflowError) as error:
        return f"not a regular expression: {error}"
    return _walk(pattern)


def _walk(pattern: str) -> str | None:
    groups = [False]  # per open group: does it repeat without bound, or have alternatives?
    closed = False  # the same of the group that ends just before this token
    for token in _TOKEN.finditer(pattern):
        kind, was_closed, closed = token.lastgroup, closed, False
        if kind == "escape" and token["escape"].isalnum() and token["escape"] not in "nrtfv":
            return f"\\{token['escape']} differs between engines; name the characters instead"
        if kind == "open":
            if token["open"] not in ("(", "(?:"):
                return f'"{token["open"]}" (look-around, named groups, flags) is not in the subset'
            groups.append(False)
        elif kind == "close":
            closed = groups.pop()
            groups[-1] = groups[-1] or closed
        elif kind == "bar":
            groups[-1] = True
        elif kind == "many" or (kind == "few" and token["few"] != "?"):
            if was_closed:
                return "a repeated group that itself repeats or has alternatives can take for ever"
            groups[-1] = groups[-1] or kind == "many"
    return None


@lru_cache(maxsize=512)
def searcher(pattern: str) -> Callable[[str], bool]:
    """Return a test of whether a pattern is found in a text, with JSON Schema's meaning."""
    try:
        import jsonschema_rs  # noqa: PLC0415 - heavy: only where a pattern is used
    except ImportError:
        compiled = re.compile(re.sub(r"(?<!\\)\$$", r"\\Z", pattern), re.ASCII)
        return lambda text: compiled.search(text) is not None
    validator = jsonschema_rs.Draft202012Validator(
        {"pattern": pattern}, pattern_options=jsonschema_rs.RegexOptions(), offline=True
    )
    return validator.is_valid
