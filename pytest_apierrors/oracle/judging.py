"""The judgement: every part of the oracle, asked one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_apierrors.faults.model import Fault, Kind
    from pytest_apierrors.oracle.model import Broken, Run
    from pytest_apierrors.oracle.promise import Promise


def judge(
    promise: Promise, kind: Kind | None, faults: Fault | Sequence[Fault], run: Run
) -> list[Broken]:
    """Return what of a promise one call broke, the gravest first; nothing if it kept it."""
    raise NotImplementedError
