"""The sentences for a run that was asked to check something and checked nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_apierrors.check.words import count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def nothing_heard(chosen: Sequence[str]) -> str:
    """Say that no test received a response of the chosen providers, or of any."""
    whose = f"of {', '.join(chosen)}" if chosen else "that any catalog names"
    return (
        f"asked to watch what the tests receive, but no response from a host {whose} came; "
        "--apierrors-claim HOST=PROVIDER names further hosts"
    )


def nothing_read(named: Sequence[str], collected: Mapping[str, int]) -> str:
    """Say that there was no error in the recordings, and how much was in them."""
    return (
        f"asked to check recordings, but nothing was checked: no error in {', '.join(named)} "
        f"({count(collected['read'], 'file')}, {count(collected['exchanges'], 'response')})"
    )
