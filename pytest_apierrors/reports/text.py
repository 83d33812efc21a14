"""The report for people and grep: one line per finding, one line of sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.explain.headlines import finding_lines, outcome_line, problem_line
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
            lines = finding_lines(result)
            if run.everything and not lines:
                lines = [outcome_line(result)]
            out.writelines(f"{line}\n" for line in lines)
    out.write(f"{run.summary.sentence()}\n")
