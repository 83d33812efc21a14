"""How long the network may take, and why there was no answer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

SLICE: Final = 0.2
"""Seconds after which a wait looks up, so that Ctrl-C is honoured wherever it waits."""


class NoAnswer(Exception):
    """No response came that could be checked; the message says why."""


class Deadline:
    """A moment that nothing outlasts, however busily a server keeps the connection alive."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._end = clock() + seconds

    def left(self, doing: str) -> float:
        """Return the seconds that are left. Raises NoAnswer where there are none."""
        left = self._end - self._clock()
        if left <= 0:
            raise NoAnswer(f"no answer within {self.seconds:.3g} s ({doing})")
        return left

    def within(self, seconds: float) -> float:
        """Return how many of these seconds are left; 0 where none is."""
        return max(0.0, min(seconds, self._end - self._clock()))
