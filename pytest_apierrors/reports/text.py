"""The report for people and grep: one line per finding, one line of sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.explain.headlines import problem_line
from pytest_apierrors.inert import inert
from pytest_apierrors.records import Record, brief, record_of
from pytest_apierrors.results import Checked

if TYPE_CHECKING:
    from typing import TextIO

    from pytest_apierrors.reports.run import Run


def render(run: Run, out: TextIO) -> None:
    """Write a run, each line as soon as it is known."""
    for result in run.results:
        if isinstance(result, RecordingError):
            out.write(f"{problem_line(result)}\n")
        elif isinstance(result, Checked):
            if run.everything:
                _write(record_of(result, whole=True), run, out)
            elif result.verdict.violations:
                _write(brief(result), run, out)
        elif isinstance(result, Record):
            _write(result, run, out)
    out.writelines(f"{line}\n" for line in run.summary.format_lines())
    if run.incomplete is not None:
        out.write(f"the run is incomplete: {inert(run.incomplete)}\n")
    out.writelines(f"{inert(line)}\n" for line in (*run.failures, *run.remarks))
    out.write(f"{run.summary.sentence()}\n")


def _write(record: Record, run: Run, out: TextIO) -> None:
    lines = record.findings
    if run.everything and not lines:
        lines = [record.outcome_line]
    out.writelines(f"{line}\n" for line in lines)
