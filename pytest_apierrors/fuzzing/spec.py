"""What a test wants fuzzed: the provider, the promise, the kinds, and how hard to try."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_apierrors.errors import UsageProblem

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

    def __post_init__(self) -> None:
        """Refuse what cannot be, with a sentence that says why."""
        if not all(isinstance(reason, str) for reason in self.xfail.values()):
            raise UsageProblem(f"xfail= needs a reason for each kind, not {dict(self.xfail)!r}")
        asked = self.max_examples
        if asked is not None and (
            isinstance(asked, bool) or not isinstance(asked, int) or asked < 1
        ):
            raise UsageProblem(f"max_examples= needs a whole number from 1, not {asked!r}")
        if not (isinstance(self.deadline, int | float) and self.deadline > 0):
            raise UsageProblem(
                f"deadline= needs a number of seconds above 0, not {self.deadline!r}"
            )
        if self.client is not None and not callable(self.client):
            raise UsageProblem(f"client= needs a function that makes a client, not {self.client!r}")


class FuzzFailure(AssertionError):
    """A call of the client broke its promise; `broken` says in which ways, `fault` by what."""

    __module__ = "pytest_apierrors"

    def __init__(self, text: str, broken: tuple[Broken, ...], fault: Fault) -> None:
        super().__init__(text)
        self.broken = broken
        self.fault = fault
