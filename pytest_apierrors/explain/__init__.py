"""A verdict in words, for people: the only place where a mismatch is worded."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_apierrors.explain.expectation import explain_expectation
    from pytest_apierrors.explain.headlines import (
        headline,
        place_of,
        problem_line,
    )
    from pytest_apierrors.explain.message import explain

__all__ = [
    "explain",
    "explain_expectation",
    "headline",
    "place_of",
    "problem_line",
]

# A line per finding is all that most runs print: whole messages are imported when one is needed.
_HOMES = {"explain": "message", "explain_expectation": "expectation"}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'headlines')}"), name)
    globals()[name] = value
    return value
