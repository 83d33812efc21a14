"""Words of the command line that several commands take: names of a closed set, percentages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_apierrors.catalog.subset import suggestion
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.evidence import percentage
from pytest_apierrors.reports import FORMATS

if TYPE_CHECKING:
    from collections.abc import Sequence

_FEW = 8


def known(option: str, kind: str, word: str, there: Sequence[str], command: str = "check") -> None:
    """Refuse a word that is not one of those there are. Raises UsageProblem."""
    if word in there:
        return
    help_ = f" (pytest-apierrors {command} --help lists them)"
    few = f" (there are: {', '.join(there)})" if len(there) <= _FEW else help_
    raise UsageProblem(f'{option}: no {kind} named "{word}"{suggestion(word, tuple(there)) or few}')


def known_format(word: str, command: str = "check") -> None:
    """Refuse a format that no report has. Raises UsageProblem."""
    known("--format", "format", word, FORMATS, command)


def percent(option: str, word: str | None) -> float | None:
    """Return a percentage, or None where none is given. Raises UsageProblem."""
    if word is None:
        return None
    try:
        return percentage(word)
    except ValueError:
        raise UsageProblem(f'{option}: a number from 0 to 100 is needed; found "{word}"') from None
