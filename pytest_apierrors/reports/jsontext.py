"""JSON in ASCII that can stand in the log of a CI service."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

# What a log service could take for a command, written so that a JSON parser reads the same text.
_ESCAPES = {"##": r"#\u0023", " ::": r" \u003a:", "section_": r"section\u005f"}


def dumps(value: Any) -> str:
    """Return a value as JSON on one line."""
    text = json.dumps(value)
    for mark, escaped in _ESCAPES.items():
        text = text.replace(mark, escaped)
    return text


def listed(values: Iterable[Any]) -> str:
    """Return a JSON list with one item a line, so that reports can be compared by line."""
    lines = [dumps(value) for value in values]
    return (
        "["
        + "".join(f"{',' if number else ''}\n{line}" for number, line in enumerate(lines))
        + ("\n]" if lines else "]")
    )
