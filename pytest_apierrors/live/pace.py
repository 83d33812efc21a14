"""How fast requests follow each other."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Final

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.inert import one_line
from pytest_apierrors.live.deadline import Deadline, NoAnswer

if TYPE_CHECKING:
    from collections.abc import Callable

FASTEST: Final = 10
"""Requests a second; nobody provokes errors faster than this by accident."""

_DOING: Final = "waiting for its turn"
_RATE = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,3})?)(?:/(s|m|h))?", re.ASCII)
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600}


def seconds_between(rate: str, option: str = "--rate") -> float:
    """Read a rate such as `1/s` or `20/m`. Raises UsageProblem."""
    found = _RATE.fullmatch(rate)
    number = float(found[1]) if found else 0.0
    if found is None or not number:
        raise UsageProblem(f'{option}: a rate such as "1/s" or "20/m"; found {one_line(rate, 40)}')
    seconds = _SECONDS[found[2] or "s"] / number
    if seconds < 1 / FASTEST:
        raise UsageProblem(f"{option}: at most {FASTEST}/s; found {one_line(rate, 40)}")
    return seconds


class Pace:
    """Keeps a time between the beginnings of requests; the first one begins at once."""

    def __init__(
        self,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.seconds = seconds
        self._clock = clock
        self._sleep = sleep
        self._next: float | None = None

    def wait(self, deadline: Deadline) -> None:
        """Wait until it is time for the next request. Raises NoAnswer past the deadline."""
        if self._next is not None:
            # A loop: a sleep may end a hair before the moment.
            while (wait := self._next - self._clock()) > 0:
                if wait >= deadline.left(_DOING):
                    raise NoAnswer("not sent: the deadline of the run comes before its turn")
                self._sleep(wait)
        deadline.left(_DOING)
        self._next = self._clock() + self.seconds
