"""Many recordings checked side by side in processes, their results in the order of the files."""

from __future__ import annotations

import os
from collections import deque
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_apierrors.errors import RecordingError, UsageProblem
from pytest_apierrors.processes import Processes, can_fork
from pytest_apierrors.records import brief, record_of
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
    """
    How recordings are checked, and what of their responses is to be kept.

    That is `everything` or what is listed, `whole` or without bodies, or no more than `findings`.
    """

    how: How
    everything: bool = False
    whole: bool = False
    findings: bool = False


def worth_it(files: Sequence[str], jobs: int) -> bool:
    """Whether several processes are faster than one: they cost a moment to start."""
    if jobs < 2 or len(files) < _FEWEST or not can_fork():
        return False
    return sum(map(_size, files)) >= _WORTH_IT


def check_files(
    files: Iterable[str], task: Task, summary: Summary, jobs: int
) -> Iterator[Record | RecordingError]:
    """
    Yield what is listed of each file, in the order of the files, and add the sums to `summary`.

    Raises UsageProblem where one of the processes dies.
    """
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415 - not for one process

    processes = Processes(partial(_check, task), jobs)
    some = chunks(files)
    waiting: deque[Future[Part]] = deque()
    try:
        waiting.extend(processes.submit(one) for one in islice(some, 2 * jobs))
        while waiting:
            part = waiting.popleft().result()
            waiting.extend(processes.submit(one) for one in islice(some, 1))
            summary.merge(part.summary)
            if task.how.baseline is not None:
                task.how.baseline.add(part.baseline)
            yield from _unpacked(part)
    except BrokenProcessPool:
        raise UsageProblem(
            "a process that read recordings was killed: read them in one with --jobs 1"
        ) from None
    finally:
        processes.close()


def _unpacked(part: Part) -> Iterator[Record | RecordingError]:
    for one in part.results:
        if isinstance(one, tuple):
            file, reason, index, line = one
            yield RecordingError(file, reason, index=index, line=line)
        else:
            yield one


def chunks(files: Iterable[str]) -> Iterator[list[str]]:
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


def _check(task: Task, files: list[str]) -> Part:
    """Check some files, in a process of its own."""
    baseline = task.how.baseline
    part = Part([], Summary(()), {})
    for file in files:
        for result in check_file(file, task.how):
            _keep(result, part, task)
    return part if baseline is None else part._replace(baseline=baseline.take())


def _keep(result: Result, part: Part, task: Task) -> None:
    if isinstance(result, RecordingError):
        part.results.append((result.file, result.reason, result.index, result.line))
        return
    part.summary.add(result)
    if not isinstance(result, Checked):
        return
    if task.findings:
        if result.verdict.violations:
            part.results.append(brief(result))
    elif task.everything or result.listed:
        part.results.append(record_of(result, whole=task.whole))
