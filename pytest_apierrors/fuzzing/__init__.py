"""Fuzzing a client: every fault kind of a provider as one test of the client's call."""

from __future__ import annotations

from pytest_apierrors.fuzzing.decorator import fuzz
from pytest_apierrors.fuzzing.spec import FuzzFailure, Spec

__all__ = ["FuzzFailure", "Spec", "fuzz"]
