"""Where a fault's choices come from when Hypothesis does not make them."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class First:
    """Always the simplest choice: the deterministic first example of a kind."""

    def one(self, values: Sequence[T]) -> T:
        """Return the first value."""
        return values[0]

    def number(self, low: int, high: int) -> int:  # noqa: ARG002 - the protocol has both bounds
        """Return the lower bound."""
        return low

    def text(self, alphabet: str, low: int, high: int) -> str:  # noqa: ARG002 - the same
        """Return the shortest text, of the alphabet's first character."""
        return alphabet[:1] * low


class Seeded:
    """Random choices that are the same for the same seed: the sweep outside Hypothesis."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - test data, not secrets

    def one(self, values: Sequence[T]) -> T:
        """Return any of the values."""
        return values[self._random.randrange(len(values))]

    def number(self, low: int, high: int) -> int:
        """Return a number between the bounds, both included."""
        return self._random.randint(low, high)

    def text(self, alphabet: str, low: int, high: int) -> str:
        """Return a text over the alphabet."""
        return "".join(self._random.choices(alphabet, k=self._random.randint(low, high)))
