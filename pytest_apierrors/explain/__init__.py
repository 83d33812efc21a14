"""A verdict in words, for people: the only place where a mismatch is worded."""

from pytest_apierrors.explain.expectation import explain_expectation
from pytest_apierrors.explain.headlines import (
    finding_lines,
    headline,
    place_of,
    problem_line,
)
from pytest_apierrors.explain.message import explain

__all__ = [
    "explain",
    "explain_expectation",
    "finding_lines",
    "headline",
    "place_of",
    "problem_line",
]
