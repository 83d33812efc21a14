"""The report for GitHub: workflow commands that become annotations on recordings and tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.inert import github_data, github_property, inert
from pytest_apierrors.records import Record, brief, record_of
from pytest_apierrors.results import Checked

if TYPE_CHECKING:
    from typing import TextIO

    from pytest_apierrors.reports.run import Run

_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}


def render(run: Run, out: TextIO) -> None:
    """Write a run, each annotation as soon as it is known, and the sums as a plain line."""
    for result in run.results:
        if isinstance(result, RecordingError):
            number = "" if result.index is None else f"#{result.index}: "
            text = f"{number}{result.reason}"
            place = (run.hosted(result.file), result.line)
            out.write(_command("error", place, "cannot be read", text))
        elif isinstance(result, Checked):
            if run.everything:
                _annotate(record_of(result, whole=True), run, out)
            elif result.verdict.violations:
                _annotate(brief(result), run, out)
        elif isinstance(result, Record):
            _annotate(result, run, out)
    told = [] if run.incomplete is None else [f"the run is incomplete: {run.incomplete}"]
    for text in (*told, *run.failures):
        out.write(_command("error", None, "pytest-apierrors", text))
    out.write(f"{run.summary.sentence()}\n")


def _annotate(record: Record, run: Run, out: TextIO) -> None:
    for violation in record.ranked:
        title = f"{record.provider} {record.status}: {violation.rule}"
        text = f"{record.title}: {record.worded(violation)}"
        level = _LEVELS[violation.severity]
        out.write(_command(level, (run.hosted(record.file), record.line), title, text))
    if run.everything and not record.violations:
        out.write(f"{record.outcome_line}\n")


def _command(level: str, place: tuple[str, int | None] | None, title: str, text: str) -> str:
    file, line = place or ("", None)
    at = "" if place is None else f"file={github_property(file)},"
    at += "" if line is None else f"line={line},"
    return f"::{level} {at}title={github_property(inert(title))}::{github_data(inert(text))}\n"
