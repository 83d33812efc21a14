"""Bodies that a specification or a contract declares, in the bytes that a server would send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_apierrors.recordings import parsed, parts
from pytest_apierrors.recordings.contenttype import is_json

if TYPE_CHECKING:
    from pytest_apierrors.recordings.limits import Limits


def declared_bytes(what: str, value: Any, media: str, limits: Limits) -> bytes:
    """
    Write a declared body as its media type says.

    One of JSON is often declared as the text of it.
    """
    if isinstance(value, str) and (not is_json(media) or value.lstrip()[:1] in ("{", "[")):
        return parts.encoded(what, value)
    return parsed.as_json(what, value, limits)
