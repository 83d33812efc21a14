"""A clock for trio's loops: when nobody can do anything any more it jumps to the next deadline."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import contextmanager
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from pytest_apierrors.clock.virtual import NANO, VirtualTime, current

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_apierrors.clock.virtual import VirtualTime

_LOOP: Final = "trio._core._run"
_IDLE: Final = 0.01
"""Real seconds in which nothing happens before the clock is asked to jump."""


@contextmanager
def trio_on_virtual_time() -> Iterator[None]:
    """Give loops of trio that are started in the call a clock that jumps."""
    loop: Any = sys.modules.get(_LOOP)
    real = getattr(loop, "SystemClock", None)
    if real is None:
        yield
        return

    def clock() -> Any:
        virtual = current()
        return real() if virtual is None else _Jumping(sys.modules["trio._core"], virtual).clock

    loop.SystemClock = clock
    try:
        yield
    finally:
        loop.SystemClock = real


class _Jumping:
    """
    What trio's own clock for tests does for one loop.

    Only that one is asked to jump, and nothing may be derived from it.
    """

    def __init__(self, core: Any, virtual: VirtualTime) -> None:
        self._core = core
        self._virtual = virtual
        self._idle = 0.0
        self._last = 0.0
        self.clock: Any = core.MockClock(autojump_threshold=_IDLE)
        self.clock.current_time = self._now
        self.clock.deadline_to_sleep_time = lambda deadline: max(0.0, deadline - self._now())
        self.clock._autojump = self._jump  # noqa: SLF001 - what trio calls

    def _now(self) -> float:
        return self._virtual.tick() / NANO

    def _jump(self) -> None:
        """Jump: at once if all that anybody waits for is time, else after a while."""
        jump = self._core.current_statistics().seconds_to_next_deadline
        if not (isfinite(jump) and jump > 0):
            return
        sockets = _reads(self._core)
        if (sockets or _threads()) and self._waited() < self._virtual.patience:
            return
        self._idle = 0.0
        start = self._virtual.tick()
        if sockets:
            self._virtual.advance_to(start + int(jump * NANO))
        else:
            self._virtual.sleep(start, jump)

    def _waited(self) -> float:
        """Return the real seconds in which nothing has come, one idle moment after another."""
        now = time.monotonic()
        passed = now - self._last
        self._last = now
        self._idle = self._idle + passed if passed < 5 * _IDLE else 0.0
        return self._idle


def _reads(core: Any) -> bool:
    """Whether somebody waits for a socket."""
    io = core.current_statistics().io_statistics
    waiting = getattr(io, "tasks_waiting_read", 0) + getattr(io, "tasks_waiting_write", 0)
    return bool(waiting > 1)  # one of them is trio's own, which waits for other threads


def _threads() -> bool:
    """Whether there is a thread that somebody may wait for."""
    others = (one for one in threading.enumerate() if one is not threading.current_thread())
    return any(not one.name.startswith("apierrors") for one in others)
