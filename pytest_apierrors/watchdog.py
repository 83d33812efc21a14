"""A hard deadline for one call: whatever hangs is interrupted, and its stack is shown."""

from __future__ import annotations

import signal
import sys
import threading
import time
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import FrameType

    Place = tuple[FrameType, int]

_AGAIN = 1.0
"""Seconds after which a call that swallowed the interruption gets the next one."""
_FRAMES = 30


class Hung(BaseException):
    """
    A call was still running at its deadline; `stack` says where, as text.

    `awaiting` are the frames of what a loop was waiting for, with their lines: no traceback has
    them. No subclass of Exception, so that a client's `except Exception` does not take it for its
    own.
    """

    __module__ = "pytest_apierrors"

    def __init__(self, stack: str, seconds: float) -> None:
        super().__init__(stack, seconds)
        self.stack = stack
        self.awaiting: list[Place] = []
        self.seconds = seconds

    def __str__(self) -> str:
        """Say how long it was given and where it was."""
        return f"still running after {self.seconds:g} s:\n{self.stack}"


class _Watch:
    """One deadline: what was seen of the call when it passed."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.over = False
        self.stack: str | None = None
        self.awaiting: list[Place] = []

    def hung(self) -> Hung:
        hung = Hung(self.stack or "", self.seconds)
        hung.awaiting = self.awaiting
        return hung

    def rang(self, _: int, frame: FrameType | None) -> None:
        # The signal may come in the last moment, when the call is over and this is being left.
        if not self.over:
            if self.stack is None:
                self.awaiting = _awaiting()
                self.stack = _stack(frame, self.awaiting)
            raise self.hung()


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """
    Raise Hung if the block is not over after so many seconds of real time.

    In the main thread the block is interrupted, wherever it is, again and again should it swallow
    that. Elsewhere, and where there is no `signal.setitimer`, it cannot be: the stack is printed
    at the deadline, and Hung is raised if the block ever ends. A timer of somebody else that
    would ring earlier is left in force; one that would ring later is set again afterwards.
    """
    watch = _Watch(seconds)
    able = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    with _interrupting(watch) if able else _telling(watch):
        try:
            yield
        except Hung:
            watch.over = True
            raise
        except BaseException as error:
            watch.over = True
            if watch.stack is not None:
                raise watch.hung() from error
            raise
        watch.over = True
        if watch.stack is not None:
            raise watch.hung()


@contextmanager
def _interrupting(watch: _Watch) -> Iterator[None]:
    left, interval = signal.getitimer(signal.ITIMER_REAL)
    if 0 < left < watch.seconds:
        yield
        return
    started = time.monotonic()
    handler = signal.signal(signal.SIGALRM, watch.rang)
    try:
        signal.setitimer(signal.ITIMER_REAL, watch.seconds, _AGAIN)
        yield
    finally:
        watch.over = True
        signal.setitimer(signal.ITIMER_REAL, 0)
        # A handler that was not set from Python cannot be set back from it.
        signal.signal(signal.SIGALRM, signal.SIG_DFL if handler is None else handler)
        if left:
            rest = max(left - (time.monotonic() - started), 0.001)
            signal.setitimer(signal.ITIMER_REAL, rest, interval)


@contextmanager
def _telling(watch: _Watch) -> Iterator[None]:
    ident = threading.get_ident()

    def tell() -> None:
        frame = sys._current_frames().get(ident)  # noqa: SLF001 - documented in spite of its name
        if watch.over or frame is None:
            return
        watch.stack = _stack(frame)
        sys.stderr.write(
            f"still running after {watch.seconds:g} s, and it cannot be interrupted here (only "
            f"the main thread can be, where signal.setitimer exists):\n{watch.stack}\n"
        )

    timer = threading.Timer(watch.seconds, tell)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        watch.over = True
        timer.cancel()


def _stack(frame: FrameType | None, awaiting: Sequence[Place] = ()) -> str:
    places = [] if frame is None else [*traceback.walk_stack(frame)][:_FRAMES][::-1]
    lines = _lines(places)
    if awaiting:
        lines += ["where the loop waits for:\n", *_lines(awaiting)]
    return "".join(lines).rstrip("\n")


def _lines(places: Sequence[Place]) -> list[str]:
    return traceback.format_list(traceback.StackSummary.extract(iter(places)))


def _awaiting() -> list[Place]:
    """Return what the tasks of this thread's loop await, if that is what it waits for."""
    asyncio = sys.modules.get("asyncio")
    loop = None if asyncio is None else asyncio._get_running_loop()  # noqa: SLF001 - documented
    if asyncio is None or loop is None or asyncio.current_task(loop) is not None:
        return []
    places: list[Place] = []
    for task in sorted(asyncio.all_tasks(loop), key=lambda task: str(task.get_name())):
        awaited = task.get_coro()
        while (frame := getattr(awaited, "cr_frame", None)) is not None:
            places.append((frame, frame.f_lineno))
            awaited = awaited.cr_await
    return places
