"""The engine: one response and one catalog in, one verdict out; no I/O, no pytest."""

from pytest_apierrors.check.match import check
from pytest_apierrors.check.verdict import Policy, Verdict, Violation

__all__ = ["Policy", "Verdict", "Violation", "check"]
