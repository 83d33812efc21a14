"""Ring 1: every documented error, each as itself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pytest_apierrors.faults.model import Fault, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_apierrors.faults.compose import Composed
    from pytest_apierrors.faults.model import Pick
    from pytest_apierrors.faults.subject import Subjects


def kinds(subjects: Subjects) -> Iterator[Kind]:
    """Yield one kind per documented error of which a body is known."""
    for one in subjects.all:
        entry = one.entry
        name = f"{subjects.catalog.name}-{entry.key}"
        about = entry.name or entry.description or f"status {one.status}"
        yield Kind(
            name=name,
            ring="documented",
            doc=f"The documented error {entry.key} ({about}), as itself.",
            expect="error",
            carries=tuple(one.carries),
            make=partial(_itself, name, one),
            entry=entry,
            catalog=subjects.catalog,
        )


def _itself(name: str, one: Composed, _: Pick) -> Fault:
    return Fault(name, one.status, one.headers, one.data, one.carries)
