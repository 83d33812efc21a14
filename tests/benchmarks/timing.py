"""Side-by-side timing: candidates take turns, and the median of several rounds counts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

WORKER = Path(__file__).with_name("worker.py")


@dataclass(frozen=True)
class Spent:
    """What one process took, in seconds and bytes; `items` is what it counted."""

    wall: float
    cpu: float
    peak: int = 0
    items: int = 0


def microseconds(
    calls: Mapping[str, Callable[[], object]], rounds: int, slot: float
) -> dict[str, float]:
    """Return the CPU time of one call of each, in microseconds; each round gives each one slot."""
    repeats = {name: _repeats(call, slot) for name, call in calls.items()}
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            taken[name].append(_timed(call, repeats[name]) / repeats[name])
    return {name: median(times) * 1e6 for name, times in taken.items()}


def _repeats(call: Callable[[], object], slot: float) -> int:
    """Return how many calls fill a slot; the first call compiles and fills caches."""
    call()
    repeats = 1
    while (spent := _timed(call, repeats)) < slot / 4:
        repeats *= 2
    return max(1, round(repeats * slot / spent))


def _timed(call: Callable[[], object], repeats: int) -> float:
    start = time.process_time()
    for _ in range(repeats):
        call()
    return time.process_time() - start


def peak_of_all(command: Sequence[str], folder: Path) -> int:
    """
    Run a command and return the most memory that it and its children had at once, in bytes.

    What processes share is counted once (PSS); looked at every few milliseconds.
    """
    most = 0
    with subprocess.Popen(
        command, cwd=folder, env=_environment(), stdout=subprocess.DEVNULL
    ) as run:
        while run.poll() is None:
            most = max(most, sum(map(_share, _family(run.pid))))
            time.sleep(0.005)
    return most


def _family(process: int) -> list[int]:
    """Return a process and its children."""
    children = Path(f"/proc/{process}/task/{process}/children")
    try:
        return [process, *map(int, children.read_text().split())]
    except OSError:
        return []


def _share(process: int) -> int:
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return int(text.partition("\nPss:")[2].split()[0]) * 1024 if "\nPss:" in text else 0


def run_process(command: Sequence[str], folder: Path, *, ok: Sequence[int] = (0,)) -> Spent:
    """Run a command to its end and return what the kernel says it took."""
    start = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=folder,
        env=_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        said = process.stderr.read() if process.stderr else ""
    if process.returncode not in ok:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{said[-2000:]}")
    return Spent(wall, usage.ru_utime + usage.ru_stime)


def _environment() -> dict[str, str]:
    """Return an environment in which a second start finds compiled modules, as users' do."""
    unwanted = ("PYTHONDONTWRITEBYTECODE", "PYTEST_ADDOPTS", "PYTEST_PLUGINS")
    return {name: value for name, value in os.environ.items() if name not in unwanted}


def run_worker(job: str, *arguments: object) -> Spent:
    """Do one job of `worker.py` in a process of its own; imports are not counted, memory is."""
    command = [sys.executable, str(WORKER), job, *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{job} failed:\n{done.stderr[-2000:]}")
    return Spent(**json.loads(done.stdout))


def in_turn(
    jobs: Mapping[str, Callable[[], Spent]], rounds: int, *, warm: bool = False
) -> dict[str, list[Spent]]:
    """
    Run each job once a round, `rounds` times, each round beginning with another one.

    `warm` puts a round first that does not count.
    """
    names = list(jobs)
    taken: dict[str, list[Spent]] = {name: [] for name in jobs}
    for count in range(rounds + 1 if warm else rounds):
        first = count % len(names)
        for name in names[first:] + names[:first]:
            spent = jobs[name]()
            if count or not warm:
                taken[name].append(spent)
    return taken


def middle(spent: Sequence[Spent]) -> Spent:
    """Return the medians of several runs of one job, and the highest peak."""
    return Spent(
        wall=median(one.wall for one in spent),
        cpu=median(one.cpu for one in spent),
        peak=max(one.peak for one in spent),
        items=spent[0].items,
    )
