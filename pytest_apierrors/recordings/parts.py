"""Status, headers and body out of what recorders wrote for them; refused in one sentence."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from pytest_apierrors.recordings.reader import Unreadable
from pytest_apierrors.redact import redact_text

if TYPE_CHECKING:
    from pytest_apierrors.recordings.limits import Limits


def shown(value: object, most: int = 40) -> str:
    """Show a value of a file in a sentence: short, in plain ASCII and without what is secret."""
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    if isinstance(value, str):
        value = redact_text(value[:400])
    if isinstance(value, str | bytes):
        return ascii(value[:most]) + ("..." if len(value) > most else "")
    return (
        ascii(value)[:40] if not isinstance(value, int) or abs(value) < 10**9 else "a huge number"
    )


def status(value: object) -> int:
    """Return an HTTP status that is a number or a string of digits."""
    if type(value) is str and len(value) == 3 and value.isascii() and value.isdigit():
        value = int(value)
    if type(value) is int and 100 <= value <= 999:
        return value
    raise Unreadable(f"status {shown(value)} is not an HTTP status")


def header_pairs(headers: Any) -> list[tuple[str, str]]:
    """
    Return the pairs of a mapping whose values are a text, a number, bytes or a list of them.

    Its names and values may also be a list of two-item lists, as tornado's were.
    """
    if headers is None:
        return []
    if isinstance(headers, dict):
        headers = headers.items()
    elif not (isinstance(headers, list) and headers and all(map(_is_pair, headers))):
        raise Unreadable(f"headers are {shown(headers)}, not a mapping")
    pairs: list[tuple[str, str]] = []
    for name, value in headers:
        if type(value) is list:
            pairs += [(name, header_value(name, one)) for one in value]
        else:
            pairs.append((name, header_value(name, value)))
    return pairs


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and isinstance(value[0], str)


def header_value(name: str, value: Any) -> str:
    """Return one header value as text."""
    kind = type(value)
    if kind is str:
        return value  # type: ignore[no-any-return]
    if kind is bytes:
        return value.decode("latin-1")  # type: ignore[no-any-return]
    if kind is bool:
        return "true" if value else "false"
    if kind is int or kind is float:
        return str(value)
    raise Unreadable(f"header {shown(name)} has {shown(value)} as its value")


def text(what: str, value: object) -> str | None:
    """Return a text that may be absent."""
    if value is None or isinstance(value, str):
        return value
    raise Unreadable(f"{what} is {shown(value)}, not a text")


def within(body: bytes, limits: Limits) -> bytes:
    """Return a body that is within the limit."""
    if len(body) > limits.max_body_bytes:
        raise Unreadable(f"body of {len(body)} bytes is {limits.over('max_body_bytes')}")
    return body


def encoded(what: str, value: str) -> bytes:
    """Return the bytes of a text; a lone surrogate has none."""
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise Unreadable(f"{what} has half of a surrogate pair") from None


def base64_bytes(what: str, value: str) -> bytes:
    """Decode base64 strictly, line breaks aside."""
    try:
        return base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable(f"{what} is not base64") from None
