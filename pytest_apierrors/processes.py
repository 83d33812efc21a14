"""Copies of this process that do one kind of work side by side."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

A = TypeVar("A")
R = TypeVar("R")

_WORK: list[Callable[[Any], Any]] = []


def cores() -> int:
    """Return how many processes can run at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def can_fork() -> bool:
    """Whether copies can be made: elsewhere libraries do not survive it; threads may hold locks."""
    return sys.platform == "linux" and threading.active_count() == 1


class Processes(Generic[A, R]):
    """
    Processes that have what this one has, catalogs compiled and all, and run `work`.

    Arguments and results are sent between them; the work itself is not. What `submit` returns
    raises `concurrent.futures.process.BrokenProcessPool` where a process died.
    """

    def __init__(self, work: Callable[[A], R], jobs: int) -> None:
        # Most runs need one process, and none of these.
        import multiprocessing  # noqa: PLC0415
        from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415

        context = multiprocessing.get_context("fork")
        self._pool = ProcessPoolExecutor(jobs, context, _begin, (work,))

    def submit(self, argument: A) -> Future[R]:
        """Have something done."""
        return self._pool.submit(_call, argument)

    def close(self) -> None:
        """End the processes; what has not begun is not done any more."""
        self._pool.shutdown(cancel_futures=True)


def _begin(work: Callable[[Any], Any]) -> None:
    _WORK[:] = [work]


def _call(argument: Any) -> Any:
    return _WORK[0](argument)
