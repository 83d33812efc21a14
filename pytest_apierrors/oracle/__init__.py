"""The oracle: what a client must do with an error, and whether one call of it did."""

from __future__ import annotations

from pytest_apierrors.oracle.carrying import wall_of
from pytest_apierrors.oracle.judging import judge
from pytest_apierrors.oracle.model import PARTS, Broken, Call, Frame, Part, Run
from pytest_apierrors.oracle.promise import Promise

__all__ = ["PARTS", "Broken", "Call", "Frame", "Part", "Promise", "Run", "judge", "wall_of"]
