"""References within an OpenAPI document; none that leads out of it is followed."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import unquote

from pytest_apierrors.recordings import parts
from pytest_apierrors.recordings.reader import Unreadable

_MOST: Final = 16
_LONGEST: Final = 2000


class Refs:
    """What the references of one document stand for."""

    def __init__(self, top: dict[str, Any]) -> None:
        self.top = top

    def resolved(self, value: Any) -> Any:
        """Return what a value stands for, following its references."""
        for _ in range(_MOST):
            ref = value.get("$ref") if isinstance(value, dict) else None
            if not isinstance(ref, str):
                return value
            value = self._named(ref)
        raise Unreadable("references lead from one to the next without an end")

    def _named(self, ref: str) -> Any:
        if len(ref) > _LONGEST:
            raise Unreadable(f"reference {parts.shown(ref, 80)} has {len(ref)} characters")
        if not ref.startswith("#/"):
            raise Unreadable(f"reference {parts.shown(ref, 80)} leads out of the file")
        value: Any = self.top
        for name in unquote(ref[2:]).split("/"):
            key = name.replace("~1", "/").replace("~0", "~")
            if not isinstance(value, dict) or key not in value:
                raise Unreadable(f"reference {parts.shown(ref, 80)} names nothing in the file")
            value = value[key]
        return value
