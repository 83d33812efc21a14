"""Bodies as vcr for R writes them: the rest of its recordings is as in VCR for Ruby."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Any, Final

from pytest_apierrors.recordings import fields, parts
from pytest_apierrors.recordings.fields import Body
from pytest_apierrors.recordings.reader import Unreadable

if TYPE_CHECKING:
    from pytest_apierrors.recordings.limits import Limits

ELSEWHERE: Final = "body altered by the recorder: it is in a file of its own"
# shorter ones could be words
_BASE64 = re.compile(
    r"(?:[A-Za-z0-9+/]{4}\s*+){2,}+(?:[A-Za-z0-9+/]{2}(?:==|[A-Za-z0-9+/]=)\s*+)?+"
)
_STARTS: Final = (b"{", b"[", b"<")
_YES: Final = ("yes", "true", True)


def body_of(body: dict[str, Any], limits: Limits) -> Body | None:
    """Return a body in one of the shapes that only R's vcr writes, None for the others."""
    if "raw_gzip" in body:
        return Body(_expanded(fields.text_of("raw_gzip", body["raw_gzip"]) or "", limits))
    if "on_disk" in body or body.get("file") in _YES:
        return Body(b"", ELSEWHERE, lost=True)
    text = body.get("string")
    if "file" in body and isinstance(text, str) and _BASE64.fullmatch(text):
        return _uncoded(text)
    return None


def _expanded(coded: str, limits: Limits) -> bytes:
    """Return what R compressed: in spite of the name, as zlib does."""
    engine = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        data = engine.decompress(parts.base64_bytes("raw_gzip", coded), limits.max_body_bytes + 1)
    except zlib.error:
        raise Unreadable("raw_gzip is not sound compressed data") from None
    if len(data) > limits.max_body_bytes:
        raise Unreadable(f"body is {limits.over('max_body_bytes')}")
    if not engine.eof:
        raise Unreadable("raw_gzip is not sound compressed data")
    return data


def _uncoded(text: str) -> Body | None:
    """Return the JSON or the page that a text is the base64 of: before 1.1, nothing told it."""
    data = parts.base64_bytes("string", text)
    return Body(data) if data.startswith(_STARTS) else None
