"""Values, answers and exceptions as sentences show them: short, inert, without credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pytest_apierrors.inert import inert, one_line
from pytest_apierrors.redact import redact_json, redact_text, redact_url, scrub, scrub_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_apierrors.faults.model import Fault

_LONGEST: Final = 200
FAILURES: Final = (Exception, SystemExit)
"""What a client's code may raise where it is asked for a text or a value."""


class Words(NamedTuple):
    """The words for one run, whose requests had these credentials."""

    secrets: frozenset[str]

    def text(self, text: str) -> str:
        """Return a text of the client's."""
        return inert(redact_text(scrub(text, self.secrets)), _LONGEST)

    def url(self, url: str) -> str:
        """Return a URL."""
        return inert(redact_url(scrub(url, self.secrets)), _LONGEST)

    def value(self, value: object) -> str:
        """Return a value: JSON as JSON, nothing for None, everything else as its repr."""
        if value is None:
            return "nothing"
        if type(value) in (str, int, float, bool):
            return one_line(redact_json(scrub_json(value, self.secrets)), _LONGEST)
        try:
            return self.text(repr(value))
        except FAILURES:
            return f"a {type(value).__name__}"

    def error(self, error: BaseException) -> str:
        """Return an exception as the last line of its traceback shows it."""
        name = type(error).__qualname__.rpartition("<locals>.")[2]
        try:
            text = str(error)
        except FAILURES as inner:
            return f"{name} (its text raises {type(inner).__name__})"
        return f"{name}: {self.text(text)}" if text else name


def answer(fault: Fault) -> str:
    """Return what the client was told, in a few words."""
    if fault.status is None:
        return f"a fault of the wire ({fault.kind})"
    code = fault.carries.get("code")
    return f"{fault.status}" if code is None else f"{fault.status} (code {one_line(code, 40)})"


def names(classes: Iterable[type]) -> str:
    """Return the names of classes: `VoiceError or ValueError`."""
    shown = [one.__qualname__.rpartition("<locals>.")[2] for one in classes]
    return " or ".join(shown) or "an error object"


def span(seconds: float) -> str:
    """Return a length of time, without digits that say nothing."""
    return f"{seconds:.15g} s" if seconds >= 1e6 else f"{round(seconds, 3):g} s"
