"""What stands in for the clock and for sleeping while virtual time is in force."""

from __future__ import annotations

import asyncio
import operator
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from pytest_apierrors.clock.jumping import FOREVER, Jumping
from pytest_apierrors.clock.virtual import NANO, asked, asked_through, current, enter

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from pytest_apierrors.clock.virtual import VirtualTime

_sleep = time.sleep
_time = time.time
_time_ns = time.time_ns
_monotonic = time.monotonic
_monotonic_ns = time.monotonic_ns
_perf_counter = time.perf_counter
_perf_counter_ns = time.perf_counter_ns
_async_sleep = asyncio.sleep
_wait = threading.Condition.wait
_start = threading.Thread.start
_submit = ThreadPoolExecutor.submit
_run_forever = asyncio.BaseEventLoop.run_forever

_NAP: Final = 0.001
"""Real seconds that a sleep leaves to other threads, who may be what is waited for."""
_NAP_OF_PARENTS: Final = 0.02
"""The same where the call has threads of its own: to poll them is not to sleep for long."""
_LONGEST: Final = 2**63 / NANO


def sleep(seconds: float, /) -> None:
    """Sleep in virtual time; what cannot be slept raises what it always does."""
    clock = asked()
    try:
        length = seconds if isinstance(seconds, float) else operator.index(seconds)
    except TypeError:
        clock = None
    if clock is None or not 0 <= length < _LONGEST:
        _sleep(seconds)
        return
    start = clock.tick()
    if threading.active_count() > 1:
        _sleep(min(length, _NAP_OF_PARENTS if clock.has_threads() else _NAP))
    clock.sleep(start, float(length))


def wall() -> float:
    """Return `time.time()`."""
    clock = asked()
    return _time() if clock is None else (clock.wall_ns + clock.tick()) / NANO


def wall_ns() -> int:
    """Return `time.time_ns()`."""
    clock = asked()
    return _time_ns() if clock is None else clock.wall_ns + clock.tick()


def monotonic() -> float:
    """Return `time.monotonic()`."""
    clock = asked()
    return _monotonic() if clock is None else (clock.monotonic_ns + clock.tick()) / NANO


def monotonic_ns() -> int:
    """Return `time.monotonic_ns()`."""
    clock = asked()
    return _monotonic_ns() if clock is None else clock.monotonic_ns + clock.tick()


def perf_counter() -> float:
    """Return `time.perf_counter()`."""
    clock = asked()
    return _perf_counter() if clock is None else (clock.perf_ns + clock.tick()) / NANO


def perf_counter_ns() -> int:
    """Return `time.perf_counter_ns()`."""
    clock = asked()
    return _perf_counter_ns() if clock is None else clock.perf_ns + clock.tick()


async def async_sleep(delay: float, result: Any = None) -> Any:
    """Sleep on the loop, and write it down; on a loop that does not jump it passes at once."""
    clock = current()
    if clock is None or not delay > 0:
        return await _async_sleep(delay, result)
    start = clock.tick()
    loop = asyncio.get_running_loop()
    jumping = getattr(loop, "_selector", None)
    if isinstance(jumping, Jumping):
        try:
            with jumping.asleep():
                await (jumping.until_woken(delay) if delay > FOREVER else _async_sleep(delay))
        except BaseException:
            clock.cut_sleep(start)
            raise
    else:
        await _async_sleep(0)
    clock.sleep(start, float(delay))
    return result


def wait(self: threading.Condition, timeout: float | None = None) -> bool:
    """Wait to be woken for a short real while, then let the timeout pass."""
    clock = asked_through()
    if clock is None or timeout is None or not 0 < timeout <= threading.TIMEOUT_MAX:
        return _wait(self, timeout)
    start = clock.tick()
    slept = sys._getframe(1).f_code is threading.Event.wait.__code__  # noqa: SLF001
    grace = min(timeout, clock.grace(sleeping=slept))
    if _wait(self, grace):
        return True
    if clock.over:
        return _wait(self, timeout - grace)
    clock.sleep(start, float(timeout))
    return False


def start(self: threading.Thread) -> None:
    """Start a thread that has the virtual time of who starts it."""
    clock = asked_through()
    if clock is not None:
        self.run = partial(_inherited, clock, self.run)  # type: ignore[method-assign]
        clock.threads.add(self)
    _start(self)


def submit(
    self: ThreadPoolExecutor, function: Callable[..., Any], /, *args: Any, **kwargs: Any
) -> Future[Any]:
    """Have a thread that may be older than the call work in its virtual time."""
    clock = asked_through()
    if clock is not None:
        function = partial(_borrowed, clock, function)
    return _submit(self, function, *args, **kwargs)


def _inherited(clock: VirtualTime, run: Callable[[], None]) -> None:
    enter(clock)
    run()


def _borrowed(clock: VirtualTime, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    before = current()
    enter(clock)
    try:
        return function(*args, **kwargs)
    finally:
        enter(before)


def run_forever(self: asyncio.BaseEventLoop) -> None:
    """Run a loop that jumps to its next timer when nothing else can come."""
    clock = current()
    selector = getattr(self, "_selector", None)
    if clock is None or selector is None or isinstance(selector, Jumping):
        _run_forever(self)
        return
    self._selector = Jumping(selector, self, clock)  # type: ignore[attr-defined]
    try:
        _run_forever(self)
    finally:
        self._selector = selector  # type: ignore[attr-defined]


FUNCTIONS: Final[tuple[tuple[Callable[..., Any], Callable[..., Any]], ...]] = (
    (_sleep, sleep),
    (_time, wall),
    (_time_ns, wall_ns),
    (_monotonic, monotonic),
    (_monotonic_ns, monotonic_ns),
    (_perf_counter, perf_counter),
    (_perf_counter_ns, perf_counter_ns),
    (_async_sleep, async_sleep),
)
METHODS: Final[tuple[tuple[type, str, Callable[..., Any]], ...]] = (
    (threading.Condition, "wait", wait),
    (threading.Thread, "start", start),
    (ThreadPoolExecutor, "submit", submit),
    (asyncio.BaseEventLoop, "run_forever", run_forever),
)
