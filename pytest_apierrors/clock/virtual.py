"""Virtual time itself: a number of nanoseconds, the sleeps, and whose time it is."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from contextvars import ContextVar
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import FrameType

T = TypeVar("T")

NANO: Final = 1_000_000_000
_TICK: Final = 1_000
"""What a look at the clock takes: time never stands still for who waits for it in a loop."""
_WAITED: Final = NANO // 4
"""
Real time that counts, once it is so much: who waits in C and then looks at the clock gets on.
Shorter calls have the same times in every run.
"""
_FOREIGN: Final = 0.05
"""Real seconds in which a thread that was there before the call may wake somebody."""

_CURRENT: ContextVar[VirtualTime | None] = ContextVar("apierrors_virtual_time", default=None)


class VirtualTime:
    """
    The time of one call; it begins at 0.

    `wall` is what `time.time()` says at the beginning, now if not given. `patience` is how many
    real seconds an answer, or another thread of the call, may take before a timeout passes.
    """

    def __init__(self, wall: float | None = None, patience: float = 1.0) -> None:
        self.patience = patience
        self.over = False
        self.threads: WeakSet[threading.Thread] = WeakSet()
        self.thread = threading.get_ident()
        """The thread of the call itself."""
        self.wall_ns = time.time_ns() if wall is None else int(wall * NANO)
        self.monotonic_ns = time.monotonic_ns()
        self.perf_ns = time.perf_counter_ns()
        self._passed = 0
        self._counted = self.monotonic_ns
        self._lock = threading.Lock()
        self._sleeps: list[tuple[float, float]] = []

    def now(self) -> float:
        """Return the virtual seconds since the beginning."""
        return self._passed / NANO

    monotonic = now
    """The name under which seams ask."""

    @property
    def sleeps(self) -> list[tuple[float, float]]:
        """When each sleep began, and how long it was, in virtual seconds."""
        return sorted(self._sleeps)

    @property
    def slept(self) -> float:
        """The seconds in which the call slept; sleeps side by side count once."""
        total = end = 0.0
        for start, seconds in self.sleeps:
            if start + seconds > end:
                total += seconds if start >= end else start + seconds - end
                end = start + seconds
        return total

    def run_async(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on a loop that jumps to its next timer when nothing else can come."""
        return asyncio.run(coroutine)

    def tick(self) -> int:
        """Return the nanoseconds that have passed; looking takes one more moment."""
        with self._lock:
            waited = time.monotonic_ns() - self._counted
            if waited >= _WAITED:
                self._counted += waited
                self._passed += waited
            self._passed += _TICK
            return self._passed

    def sleep(self, start: int, seconds: float) -> None:
        """Write down a sleep that began at `start`, and let it pass. An endless one does not."""
        self._sleeps.append((start / NANO, seconds))
        if isfinite(seconds):
            self.advance_to(start + int(seconds * NANO))

    def pass_by(self, seconds: float) -> None:
        """Let seconds pass in which somebody waited, but did not sleep."""
        self.advance_to(self.tick() + int(seconds * NANO))

    def cut_sleep(self, start: int) -> None:
        """Write down a sleep that somebody ended."""
        self._sleeps.append((start / NANO, max(0, self._passed - start) / NANO))

    def advance_to(self, moment: int) -> None:
        """Go on to a moment; time never goes back. What was really waited for it is no extra."""
        with self._lock:
            self._counted = time.monotonic_ns()
            self._passed = max(self._passed, moment)

    def has_threads(self) -> bool:
        """Whether a thread that the call has started is alive."""
        return any(thread.is_alive() for thread in list(self.threads))

    def grace(self, *, sleeping: bool) -> float:
        """
        Return the real seconds in which another thread may wake the one that waits.

        `sleeping` says that the wait looks like a sleep: then only threads of the call count.
        """
        if threading.get_ident() != self.thread or self.has_threads():
            return self.patience
        others = [one for one in threading.enumerate() if one.ident != self.thread]
        if all(one.name.startswith("apierrors") for one in others):
            return 0.0
        return min(self.patience, _FOREIGN) if sleeping else self.patience


def current() -> VirtualTime | None:
    """Return the virtual time of this context, if it has one."""
    clock = _CURRENT.get()
    return None if clock is None or clock.over else clock


def enter(clock: VirtualTime | None) -> None:
    """Give this context a virtual time, or none."""
    _CURRENT.set(clock)


# What stands around the call runs in its context, too, and keeps real time.
AROUND: Final = frozenset(
    {"_pytest", "coverage", "execnet", "hypothesis", "pluggy", "pytest", "pytest_apierrors"}
    | {"pytest_timeout", "xdist"}
)
_OURS: Final = "pytest_apierrors.clock.stand_ins"
"""The module of ours that calls functions on behalf of the call."""
_CARRIERS: Final = frozenset({"concurrent", "queue", "threading"})


def asked() -> VirtualTime | None:
    """Return the virtual time for who has called the function that asks; None for real time."""
    clock = current()
    return None if clock is None or _keeps_real(sys._getframe(2)) else clock  # noqa: SLF001


def asked_through() -> VirtualTime | None:
    """Return the same for who is behind the threading machinery that has called."""
    clock = current()
    if clock is None:
        return None
    frame: FrameType | None = sys._getframe(2)  # noqa: SLF001
    while frame is not None and _module(frame).partition(".")[0] in _CARRIERS:
        frame = frame.f_back
    return None if frame is not None and _keeps_real(frame) else clock


def _keeps_real(frame: FrameType) -> bool:
    name = _module(frame)
    return name.partition(".")[0] in AROUND and name != _OURS


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__") or "")
