"""What a test wants fuzzed: the provider, the promise, the kinds, and how hard to try."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hypothesis import settings as Settings  # noqa: N812 - a class with a small name

    from pytest_apierrors.catalog.model import Catalog
    from pytest_apierrors.faults.model import Fault
    from pytest_apierrors.oracle import Broken, Promise
    from pytest_apierrors.seams.matching import Match

ATTRIBUTE = "__apierrors_fuzz__"
"""Where the decorator leaves the spec on the test function."""
ARGUMENT = "apierrors_kind"
"""The argument by which pytest hands a fault kind to a fuzzed test."""
EXAMPLES = 20
DEADLINE = 10.0
"""Real seconds after which one call counts as hung."""


@dataclass(frozen=True)
class Spec:
    """One use of `fuzz`."""

    provider: str | Catalog | None
    promise: Promise
    client: Callable[[], Any] | None = None
    auxiliary: Mapping[str, Fault] | None = None
    match: Match = None
    kinds: tuple[str, ...] = ()
    xfail: Mapping[str, str] = field(default_factory=dict)
    max_examples: int | None = None
    settings: Settings | None = None
    deadline: float = DEADLINE
    examples: tuple[Fault, ...] = ()


class FuzzFailure(AssertionError):
    """A call of the client broke its promise; `broken` says in which ways, `fault` by what."""

    __module__ = "pytest_apierrors"

    def __init__(self, text: str, broken: tuple[Broken, ...], fault: Fault) -> None:
        super().__init__(text)
        self.broken = broken
        self.fault = fault
