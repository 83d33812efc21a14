"""Bodies that a tool keeps parsed: written again, for their bytes are not known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from pytest_apierrors.recordings import parts
from pytest_apierrors.recordings.reader import Unreadable

if TYPE_CHECKING:
    from pytest_apierrors.recordings.limits import Limits

PARSED: Final = "the body was recorded parsed; its bytes are not known"
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def written(what: str, value: Any, limits: Limits) -> bytes:
    """Return the bytes of a value in a member named `what`; a text was no JSON."""
    if isinstance(value, str):
        return parts.encoded(what, value)
    if isinstance(value, bytes):
        return value
    return as_json(what, value, limits)


def as_json(what: str, value: Any, limits: Limits) -> bytes:
    """Write a value as JSON, as far as the limit goes: aliases can make a small one large."""
    data = bytearray()
    try:
        for piece in _ENCODER.iterencode(value):
            data += piece.encode()
            if len(data) > limits.max_body_bytes:
                raise Unreadable(f"{what} is {limits.over('max_body_bytes')}")
    except (TypeError, ValueError):
        raise Unreadable(f"{what} is nothing that JSON can hold") from None
    return bytes(data)
