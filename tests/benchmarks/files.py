"""Rows about whole recordings: cassettes, HARs and logs, each to the verdicts of all it holds."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from table import Goal, Row, mebibytes, number, seconds
from timing import Spent, in_turn, middle, run_worker
from traffic import write_cassette, write_har, write_log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

MIB = 2**20
FLAT = Goal(1.3, 1.1, less=True)


def cassette_rows(folder: Path, *, quick: bool) -> Iterator[Row]:
    """A vcrpy cassette against vcrpy and PyYAML, and one ten times as long."""
    count, rounds = (500, 3) if quick else (10_000, 3)
    small, file, long = (folder / f"{name}.yaml" for name in ("small", "cassette", "long"))
    write_cassette(small, 20)
    write_cassette(file, count)
    write_cassette(long, 10 * count)
    taken = _taken(("ours", "vcrpy", "pyyaml"), small, file, rounds)
    ours = taken.pop("ours")
    work = f"{count:,} vcrpy interactions (YAML) to verdicts"
    yield _faster(work, ours, "vcrpy load", taken["vcrpy"], Goal(5, 50))
    yield _faster(work, ours, "PyYAML CSafeLoader", taken["pyyaml"], None)
    far = middle([run_worker("ours", small, long) for _ in range(1 if quick else 3)])
    _hold_count(far, 10 * count)
    yield _grown(f"{10 * count:,} of them: time of one", ours, far)
    yield _peak(
        f"{10 * count:,} of them: peak memory", far, taken["vcrpy"], f"vcrpy with {count:,}"
    )


def har_rows(folder: Path, *, quick: bool) -> Iterator[Row]:
    """A HAR against json and ijson."""
    size, rounds = (5_000_000, 3) if quick else (100_000_000, 5)
    small, file = folder / "small.har", folder / "archive.har"
    write_har(small, 40_000)
    write_har(file, size)
    taken = _taken(("ours", "json_load", "ijson_items"), small, file, rounds)
    ours = taken["ours"]
    work = f"HAR of {size // 1_000_000} MB to verdicts"
    yield _faster(work, ours, "json.load", taken["json_load"], Goal(2, 6))
    yield _faster(work, ours, "ijson, yajl2_c", taken["ijson_items"], None)
    goal = None if quick else Goal(3, 1.3, less=True, unit=" of file")
    for name, peer in (("json.load", "json_load"), ("ijson, yajl2_c", "ijson_items")):
        own, theirs = mebibytes(ours.peak), mebibytes(taken[peer].peak)
        times = ours.peak / file.stat().st_size
        yield Row(f"{work}: peak memory", own, name, theirs, times, goal, " of file")
        goal = None


def log_rows(folder: Path, *, quick: bool) -> Iterator[Row]:
    """An NDJSON log against a loop written by hand, and what a log ten times as long adds."""
    count, rounds = (10_000, 3) if quick else (1_000_000, 3)
    small, tenth, file = (folder / f"{name}.ndjson" for name in ("small", "tenth", "log"))
    write_log(small, 20)
    write_log(tenth, count // 10)
    write_log(file, count)
    taken = _taken(("ours", "json_loop", "lines"), small, file, rounds)
    ours = taken["ours"]
    work = f"{count:,} NDJSON lines to verdicts"
    rate = ours.items / ours.cpu
    unit = "/s"
    said = _both(ours)
    yield Row(work, said, "", "", rate, Goal(60_000, 700_000, unit=unit), unit)
    yield _faster(work, ours, "json loop", taken["json_loop"], None)
    yield _faster(work, ours, "lines read, nothing done", taken["lines"], None)
    less = run_worker("ours", small, tenth)
    times = ours.peak / less.peak
    theirs = mebibytes(less.peak)
    yield Row(
        f"{work}: peak memory", mebibytes(ours.peak), "ours with a tenth", theirs, times, FLAT
    )


def _taken(jobs: Sequence[str], small: Path, file: Path, rounds: int) -> dict[str, Spent]:
    calls: dict[str, Callable[[], Spent]] = {
        job: partial(run_worker, job, small, file) for job in jobs
    }
    taken = {name: middle(spent) for name, spent in in_turn(calls, rounds).items()}
    counts = {
        spent.items for name, spent in taken.items() if name != "lines" or file.suffix == ".ndjson"
    }
    if len(counts) != 1:
        raise SystemExit(f"{file.name}: the counts differ: {taken}")
    return taken


def _hold_count(spent: Spent, count: int) -> None:
    if spent.items != count:
        raise SystemExit(f"{spent.items} verdicts for {count} exchanges")


def _both(spent: Spent) -> str:
    return f"{seconds(spent.cpu)} cpu, {seconds(spent.wall)}"


def _faster(work: str, ours: Spent, name: str, peer: Spent, goal: Goal | None) -> Row:
    return Row(work, _both(ours), name, _both(peer), peer.cpu / ours.cpu, goal)


def _grown(work: str, ours: Spent, far: Spent) -> Row:
    near_each, far_each = ours.cpu / ours.items * 1e6, far.cpu / far.items * 1e6
    said = f"{number(far_each)} us"
    return Row(
        work,
        said,
        f"ours with {ours.items:,}",
        f"{number(near_each)} us",
        far_each / near_each,
        FLAT,
    )


def _peak(work: str, far: Spent, peer: Spent, name: str) -> Row:
    goal = Goal(200, 40, less=True, unit=" MiB")
    return Row(work, mebibytes(far.peak), name, mebibytes(peer.peak), far.peak / MIB, goal, " MiB")
