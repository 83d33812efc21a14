"""What a recording may cost where pytest reads it: `NAME=N`, as options and ini files have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import fields

from pytest_apierrors.catalog.subset import suggestion
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.recordings.limits import Limits

if TYPE_CHECKING:
    from pytest_apierrors._options import Setting

_DIGITS: Final = 15
_NAMES: Final = tuple(one.name for one in fields(Limits))


class PytestLimits(Limits, frozen=True):
    """The limits, with pytest's option named where one is exceeded."""

    def option(self, name: str) -> str:
        """Return how to raise a limit."""
        return f"--apierrors-limit {name}=N"


def limits_of(setting: Setting | None) -> Limits:
    """Return the limits of a run; the last of equal names holds."""
    if setting is None or isinstance(setting.value, bool):
        return PytestLimits()
    return PytestLimits(**dict(_pair(word, setting.by) for word in setting.value))


def _pair(word: str, by: str) -> tuple[str, int]:
    said, equals, number = word.partition("=")
    name = said.strip().replace("-", "_")
    if not equals:
        raise UsageProblem(f'{by}: NAME=N is needed; found "{word}"')
    if name not in _NAMES:
        hint = suggestion(name, _NAMES)
        raise UsageProblem(f'{by}: no limit "{said}"{hint} (there are: {", ".join(_NAMES)})')
    text = number.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS and int(text)):
        raise UsageProblem(f'{by}: {name} is a number from 1; found "{number}"')
    return name, int(text)
