"""Readers that installed packages bring."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from pytest_apierrors.entrypoints import installed
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.inert import inert
from pytest_apierrors.recordings.reader import Reader

ENTRY_POINTS: Final = "pytest_apierrors.readers"
"""Entry-point group of packages that bring readers; each value names one, or a list of them."""


@lru_cache(maxsize=1)
def installed_readers() -> tuple[Reader, ...]:
    """Return the readers of installed packages. Raises UsageProblem for what is none."""
    return tuple(reader for point in installed(ENTRY_POINTS) for reader in _loaded(point))


def _loaded(point: Any) -> list[Reader]:
    try:
        value = point.load()
    except Exception as error:  # noqa: BLE001 - whatever a package does when it is imported
        raise UsageProblem(_refusal(point, f"cannot be loaded: {error}")) from None
    readers = [value] if isinstance(value, Reader) else value
    if isinstance(readers, list | tuple) and all(isinstance(one, Reader) for one in readers):
        return list(readers)
    raise UsageProblem(_refusal(point, "is neither a Reader nor a list of them"))


def _refusal(point: Any, reason: str) -> str:
    return inert(f'the reader "{point.value}" of an installed package {reason}', 300)
