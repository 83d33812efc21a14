"""A loop's selector that lets virtual time pass instead of waiting for the next timer."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from pytest_apierrors.clock.virtual import NANO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_apierrors.clock.virtual import VirtualTime

FOREVER: Final = 1e9
"""Seconds of a sleep that needs no timer: it ends when nothing else can happen any more."""


class Jumping:
    """
    Around the selector of a loop, as long as the loop runs.

    Nothing is ready and a timer is set: if nobody waits for anything but sleeps, or nothing is
    there that could come, time jumps to the timer at once; else after the clock's patience.
    """

    def __init__(self, selector: Any, loop: asyncio.BaseEventLoop, clock: VirtualTime) -> None:
        self._selector = selector
        self._loop = loop
        self._clock = clock
        self._sleepers: set[asyncio.Task[Any] | None] = set()
        self._endless: list[tuple[float, asyncio.Future[None]]] = []

    def __getattr__(self, name: str) -> Any:
        """Be the selector in everything else."""
        return getattr(self._selector, name)

    @contextmanager
    def asleep(self) -> Iterator[None]:
        """Know the current task as one that only sleeps."""
        task = asyncio.current_task()
        self._sleepers.add(task)
        try:
            yield
        finally:
            self._sleepers.discard(task)

    async def until_woken(self, delay: float) -> None:
        """Sleep without a timer."""
        future: asyncio.Future[None] = self._loop.create_future()
        entry = (delay, future)
        self._endless.append(entry)
        try:
            await future
        finally:
            self._endless.remove(entry)

    def select(self, timeout: float | None = None) -> Any:
        """Return what is ready; if nothing is, wait or jump."""
        events = self._selector.select(0)
        if events or (timeout is not None and timeout <= 0):
            return events
        if self._clock.over or (timeout is None and not self._endless):
            return self._selector.select(timeout)
        if self._awaited():
            patience = self._clock.patience
            events = self._selector.select(patience if timeout is None else min(timeout, patience))
            # A thread had its while; what comes from a socket is waited for until the deadline.
            if events or (timeout is None and self._sockets()):
                return events
        if timeout is None:
            self._wake()
        elif self._mine() or asyncio.all_tasks(self._loop):
            self._jump(timeout)
        return events

    def _mine(self) -> bool:
        return threading.get_ident() == self._clock.thread

    def _awaited(self) -> bool:
        """Whether something may come that somebody waits for: from a socket, from a thread."""
        if not self._mine():
            return True
        tasks = asyncio.all_tasks(self._loop)
        if all(task in self._sleepers or _waits_for_task(task) for task in tasks):
            return not tasks
        # The fault server is a thread, too, and answers by sockets only.
        threads = (one for one in threading.enumerate() if one is not threading.current_thread())
        return self._sockets() or any(not one.name.startswith("apierrors") for one in threads)

    def _sockets(self) -> bool:
        own = getattr(self._loop, "_ssock", None)
        registered: Any = getattr(self._selector, "get_map", dict)() or {}
        return any(key.fileobj is not own and key.fd != _number(own) for key in registered.values())

    def _jump(self, timeout: float) -> None:
        # The loop cuts a long timeout: the timer itself knows when it is due.
        timers = getattr(self._loop, "_scheduled", None)
        due = max(0.0, timers[0].when() - self._loop.time()) if timers else timeout
        moment = self._clock.tick()
        self._clock.advance_to(moment + int(due * NANO))

    def _wake(self) -> None:
        pending = [entry for entry in self._endless if not entry[1].done()]
        if pending:
            min(pending, key=lambda entry: entry[0])[1].set_result(None)


def _waits_for_task(task: asyncio.Task[Any]) -> bool:
    waiter = getattr(task, "_fut_waiter", None)
    return isinstance(waiter, asyncio.Task) or type(waiter).__name__ == "_GatheringFuture"


def _number(one: Any) -> int:
    return -1 if one is None else int(one.fileno())
