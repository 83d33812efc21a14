"""Many recordings checked side by side in processes, their results in the order of the files."""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_apierrors.errors import RecordingError, UsageProblem
from pytest_apierrors.records import record_of
from pytest_apierrors.reports.run import Summary
from pytest_apierrors.results import Checked, How, check_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from concurrent.futures import Future

    from pytest_apierrors.records import Record
    from pytest_apierrors.reports.run import Result

_WORTH_IT = 4 << 20  # what takes a moment is done before a process has started
_FEWEST = 8
_CHUNK = 512 << 10
_LONGEST_CHUNK = 64


class Part(NamedTuple):
    """What came of some files: results that are listed, problems as their parts, and the sums."""

    results: list[Record | tuple[str, str, int | None, int | None]]
    summary: Summary
    baseline: dict[str, list[list[Any]]]


class Task(NamedTuple):
    """How recordings are checked, and which of their responses are to be kept, and how whole."""

    how: How
    everything: bool = False
    whole: bool = False


def worth_it(files: Sequence[str], jobs: int) -> bool:
    """Whether several processes are faster than one: they cost a moment to start."""
    if jobs < 2 or len(files) < _FEWEST or not _can_fork():
        return False
    return sum(map(_size, files)) >= _WORTH_IT


def cores() -> int:
    """Return how many processes can run at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def check_files(
    files: Iterable[str], task: Task, summary: Summary, jobs: int
) -> Iterator[Record | RecordingError]:
    """
    Yield what is listed of each file, in the order of the files, and add the sums to `summary`.

    The processes are copies of this one, so that catalogs are compiled once. Raises UsageProblem
    where one of them dies.
    """
    # Most runs need one process, and none of these.
    import multiprocessing  # noqa: PLC0415
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

    context = multiprocessing.get_context("fork")
    waiting: deque[Future[Part]] = deque()
    chunks = _chunks(files)
    with ProcessPoolExecutor(jobs, context, _begin, (task,)) as pool:
        try:
            waiting.extend(pool.submit(_check, one) for one in islice(chunks, 2 * jobs))
            while waiting:
                part = waiting.popleft().result()
                waiting.extend(pool.submit(_check, one) for one in islice(chunks, 1))
                summary.merge(part.summary)
                if task.how.baseline is not None:
                    task.how.baseline.add(part.baseline)
                yield from _unpacked(part)
        except BrokenProcessPool:
            raise UsageProblem(
                "a process that read recordings was killed: read them in one with --jobs 1"
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)


def _unpacked(part: Part) -> Iterator[Record | RecordingError]:
    for one in part.results:
        if isinstance(one, tuple):
            file, reason, index, line = one
            yield RecordingError(file, reason, index=index, line=line)
        else:
            yield one


def _chunks(files: Iterable[str]) -> Iterator[list[str]]:
    """Yield some files at a time: enough that sending them costs little."""
    chunk: list[str] = []
    size = 0
    for file in files:
        chunk.append(file)
        size += _size(file)
        if size >= _CHUNK or len(chunk) >= _LONGEST_CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _size(file: str) -> int:
    try:
        return os.stat(file).st_size  # noqa: PTH116 - there may be very many
    except (OSError, ValueError):
        return 0


def _can_fork() -> bool:
    # Elsewhere system libraries do not survive it, and a thread may hold a lock.
    return sys.platform == "linux" and threading.active_count() == 1


_TASK: list[Task] = []


def _begin(task: Task) -> None:
    _TASK[:] = [task]


def _check(files: list[str]) -> Part:
    """Check some files, in a process of its own."""
    how, everything, whole = _TASK[0]
    part = Part([], Summary(()), {})
    for file in files:
        for result in check_file(file, how):
            _keep(result, part, everything=everything, whole=whole)
    return part if how.baseline is None else part._replace(baseline=how.baseline.take())


def _keep(result: Result, part: Part, *, everything: bool, whole: bool) -> None:
    if isinstance(result, RecordingError):
        part.results.append((result.file, result.reason, result.index, result.line))
        return
    part.summary.add(result)
    if isinstance(result, Checked) and (result.listed or everything):
        part.results.append(record_of(result, whole=whole))
