"""Short texts for what was documented and what was found, with secrets taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_apierrors.check.diagnose import NOTHING
from pytest_apierrors.inert import inert, one_line
from pytest_apierrors.redact import redact_headers, redact_json, redact_text

if TYPE_CHECKING:
    from collections.abc import Sequence

LIMIT = 120


def show(value: Any, *names: str) -> str:
    """Return a JSON value as one short line; `names` are the members that it stands in."""
    if value is NOTHING:
        return "nothing"
    return one_line(redact_json(value, *names), LIMIT)


def show_place(where: str) -> str:
    """Return a JSONPath as it can be printed: the names in it come from the body."""
    return inert(redact_text(where), 2 * LIMIT)


def show_text(text: str | None, name: str = "") -> str:
    """Return a header value or the like, unquoted; "nothing" for None, two quotes for no text."""
    if text is None:
        return "nothing"
    if not text.strip():
        return one_line(text, LIMIT)
    safe = redact_headers([(name, text)])[0][1] if name else redact_text(text)
    return inert(safe, LIMIT)


def either(names: Sequence[object]) -> str:
    """Join alternatives: `a`, `a or b`, `a, b or c`; more than five are counted."""
    texts = [str(name) for name in names]
    if len(texts) > 5:
        return f"{', '.join(texts[:4])} or {len(texts) - 4} others"
    return " or ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else texts[0]


def count(number: int, word: str) -> str:
    """Return a number with its word in the right form."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def types(wanted: object) -> str:
    """Name the types of a schema."""
    return either(wanted) if isinstance(wanted, list) else str(wanted)


def documented(keyword: str, wanted: Any) -> str:
    """Say what a schema keyword asks for."""
    if keyword in _COUNTED:
        bound, word = _COUNTED[keyword]
        return f"{bound} {count(wanted, word)}"
    if keyword in _PHRASES:
        return _PHRASES[keyword].format(wanted)
    if keyword == "type":
        return types(wanted)
    if keyword == "enum":
        return f"one of {either([one_line(one, 60) for one in wanted])}"
    if keyword == "required":
        return _sample(wanted)
    return one_line(wanted, LIMIT)


def _sample(schema: Any) -> str:
    if not isinstance(schema, dict):
        return "a value"
    if "const" in schema:
        return one_line(schema["const"], LIMIT)
    if "enum" in schema:
        return documented("enum", schema["enum"])
    return types(schema["type"]) if "type" in schema else "a value"


_PHRASES = {
    "pattern": "text like {}",
    "format": "{}",
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "additionalProperties": "nothing",
}
_COUNTED = {
    "minLength": ("at least", "character"),
    "maxLength": ("at most", "character"),
    "minItems": ("at least", "element"),
    "maxItems": ("at most", "element"),
    "minProperties": ("at least", "member"),
    "maxProperties": ("at most", "member"),
}
