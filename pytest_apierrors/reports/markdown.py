"""The report in Markdown, for a pull request or the summary of a CI job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_apierrors.check.verdict import SEVERITIES
from pytest_apierrors.evidence import EVIDENCE, few
from pytest_apierrors.explain.headlines import place_of
from pytest_apierrors.inert import markdown_code
from pytest_apierrors.reports.findings import findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TextIO

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.evidence import Matrix
    from pytest_apierrors.reports.findings import Finding
    from pytest_apierrors.reports.run import Run

MOST_ROWS = 300  # a job's summary may have 1 MiB
_LONGEST_CELL = 300
_COVERAGE = ("provider", "documented", *EVIDENCE, "covered", "missing")
_FINDINGS = ("severity", "place", "response", "entry", "rule", "where", "documented", "found")


def render(run: Run, out: TextIO) -> None:
    """Write a run as one document."""
    records, problems = run.gathered()
    found = sorted(findings(records), key=lambda one: SEVERITIES.index(one.violation.severity))
    out.write(f"## API errors\n\n{run.summary.sentence()}.\n")
    if run.incomplete is not None:
        out.write(f"\n**The run is incomplete:** {_code(run.incomplete)}\n")
    out.writelines(f"{line}\n" for line in _part("What fails the run", _items(run.failures)))
    out.writelines(f"{line}\n" for line in _part("Coverage", _covered(run.coverage)))
    rows = (_finding(one) for one in found[:MOST_ROWS])
    out.writelines(f"{line}\n" for line in _part("Findings", _table(_FINDINGS, rows)))
    _more(len(found), out)
    unreadable = _items(_unreadable(one) for one in problems[:MOST_ROWS])
    out.writelines(f"{line}\n" for line in _part("Could not be read", unreadable))
    _more(len(problems), out)
    out.writelines(f"{line}\n" for line in _part("Remarks", _items(run.remarks)))


def _part(title: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield a part of the document, or nothing where it has no lines."""
    known = list(lines)
    if known:
        yield from ("", f"### {title}", "", *known)


def _more(number: int, out: TextIO) -> None:
    if number > MOST_ROWS:
        out.write(f"\nand {number - MOST_ROWS} more\n")


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        if not number:
            yield _row(titles)
            yield f"|{'---|' * len(titles)}"
        yield _row(row)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _covered(matrix: Matrix) -> Iterator[str]:
    yield from _table(
        _COVERAGE,
        (
            (
                _cell(provider),
                str(len(mine.documented)),
                *(str(mine.with_evidence(one)) for one in EVIDENCE),
                f"{int(mine.percent)} %",
                _cell(few(mine.missing)) if mine.missing else "",
            )
            for provider, mine in sorted(matrix.providers.items())
        ),
    )


def _finding(finding: Finding) -> tuple[str, ...]:
    record, violation = finding.record, finding.violation
    place = f"{place_of(record.file, record.line, None)} {record.title}"
    return (
        violation.severity,
        _cell(place),
        _cell(f"{record.provider} {record.status}"),
        _cell(record.entry or "none"),
        violation.rule,
        _cell(violation.where),
        _cell(violation.documented),
        _cell(violation.found),
    )


def _unreadable(problem: RecordingError) -> str:
    return f"{place_of(problem.file, problem.line, problem.index)}: {problem.reason}"


def _items(texts: Iterable[str]) -> Iterator[str]:
    return (f"- {_code(text)}" for text in texts)


def _code(text: str) -> str:
    return markdown_code(text, _LONGEST_CELL)


def _cell(text: str) -> str:
    return markdown_code(text, _LONGEST_CELL, table=True)
