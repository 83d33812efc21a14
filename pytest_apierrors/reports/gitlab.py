"""The report for GitLab: Code Quality issues on the lines of recordings, mocks and tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_apierrors.inert import inert
from pytest_apierrors.records import file_text
from pytest_apierrors.reports.findings import findings, fingerprint
from pytest_apierrors.reports.jsontext import listed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from pytest_apierrors.reports.run import Run

_SEVERITIES = {"error": "major", "warning": "minor", "note": "info"}


def render(run: Run, out: TextIO) -> None:
    """Write a run as one list, complete or not there at all."""
    out.write(f"{listed(_issues(run))}\n")


def _issues(run: Run) -> Iterator[dict[str, Any]]:
    records, problems = run.gathered_for_hosts()
    for finding in findings(records):
        record, violation = finding.record, finding.violation
        severity = _SEVERITIES[violation.severity]
        place = (record.file, record.line)
        yield _issue(finding.text, violation.rule, severity, place, finding.fingerprint)
    for number, problem in enumerate(problems):
        name = fingerprint("unreadable", problem.file, problem.index or 0, number)
        at = "" if problem.index is None else f"#{problem.index}: "
        place = (problem.file, problem.line)
        yield _issue(f"{at}{problem.reason}", "unreadable", "critical", place, name)
    # It has no place, but an empty list would say that all is well.
    if run.incomplete is not None:
        text = f"the run is incomplete: {run.incomplete}"
        yield _issue(text, "incomplete", "critical", (".", None), fingerprint("incomplete"))


def _issue(
    text: str, rule: str, severity: str, place: tuple[str, int | None], name: str
) -> dict[str, Any]:
    file, line = place
    return {
        "description": inert(text),
        "check_name": rule,
        "fingerprint": name,
        "severity": severity,
        "location": {"path": file_text(file), "lines": {"begin": line or 1}},
    }
