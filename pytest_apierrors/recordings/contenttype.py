"""What a Content-Type says of a body that a tool keeps as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_apierrors.response import Headers

_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\s;\"']{1,40})", re.IGNORECASE)
_JSON = re.compile(r"\s*[\w.+-]+/(?:[\w.+-]*[.+-])?json\b", re.IGNORECASE | re.ASCII)


def charset_of(headers: Headers) -> str | None:
    """Return the charset that a body was decoded with."""
    found = _CHARSET.search(headers.get("Content-Type") or "")
    return found[1] if found else None


def is_json(media: str) -> bool:
    """Tell whether a media type is one of JSON."""
    return _JSON.match(media) is not None
