"""JSON reports of several test runs read back and put together as one run."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath
from posixpath import normpath
from typing import TYPE_CHECKING, Annotated, NamedTuple

import msgspec
from msgspec import Meta, Struct, json

from pytest_apierrors.check.verdict import Outcome, Rule, Severity, Violation
from pytest_apierrors.errors import RecordingError, UsageProblem
from pytest_apierrors.evidence import Evidence, Exercised, Matrix
from pytest_apierrors.explain.headlines import by_severity
from pytest_apierrors.inert import inert
from pytest_apierrors.records import Record
from pytest_apierrors.reports.json import VERSION
from pytest_apierrors.reports.run import Run, Summary
from pytest_apierrors.repository import checkout_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_LARGEST = 256 << 20

# A report may come from anywhere: what it says is held to the format, and printed as text only.
_Provider = Annotated[str, Meta(pattern="^[a-z][a-z0-9-]*$")]
_Number = Annotated[int, Meta(ge=0)]
_Line = Annotated[int, Meta(ge=1)]


class _Violation(Struct):
    rule: Rule
    severity: Severity
    where: str
    documented: str
    found: str


class _Retry(Struct):
    advice: str
    seconds: float | None = None


class _Response(Struct):
    file: str
    index: _Number
    status: Annotated[int, Meta(ge=0, le=999)]
    outcome: Outcome
    line: _Line | None = None
    test: str | None = None
    evidence: Evidence = "recorded"
    method: str | None = None
    url: str | None = None
    provider: _Provider | None = None
    entry: str | None = None
    code: str | None = None
    category: str | None = None
    retry: _Retry | None = None
    violations: list[_Violation] = []
    expected: str | None = None


class _Problem(Struct):
    file: str
    reason: str
    index: _Number | None = None


class _Summary(Struct):
    files: _Number
    responses: _Number


class _Covered(Struct):
    documented: list[str]
    entries: dict[str, dict[Evidence, _Number]]


class _Report(Struct):
    version: int
    provider: _Provider | None
    summary: _Summary
    responses: list[_Response]
    problems: list[_Problem]
    coverage: dict[_Provider, _Covered] | None = None
    incomplete: str | None = None
    folder: str | None = None

    def seen(self, file: str) -> str:
        """Return a file as seen from the root of its checkout, where that is known."""
        whole = PurePosixPath(file).is_absolute() or PureWindowsPath(file).is_absolute()
        return file if whole or self.folder is None else normpath(f"{self.folder}/{file}")


class _Versioned(Struct):
    version: int


class Report(NamedTuple):
    """A report as it was read, and the name of its file."""

    name: str
    data: _Report


def read_report(name: str) -> Report:
    """Read the JSON report of a test run. Raises UsageProblem."""
    try:
        path = Path(name)
        size = path.stat().st_size
        if not path.is_file():  # a pipe may never end
            raise UsageProblem(f"{name}: is not a regular file")
        if size > _LARGEST:
            raise UsageProblem(f"{name}: is larger than {_LARGEST} bytes")
        data = path.read_bytes()
    except OSError as error:
        raise UsageProblem(f"{name}: cannot be read: {error.strerror}") from None
    try:
        version = json.decode(data, type=_Versioned).version
        if version != VERSION:
            known = f"this pytest-apierrors reads version {VERSION}"
            raise UsageProblem(f"{name}: version {inert(str(version), 40)} is not known; {known}")
        report = json.decode(data, type=_Report)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UsageProblem(
            f"{name}: is no JSON report of a run: {inert(str(error), 200)}"
        ) from None
    if report.coverage is None:
        raise UsageProblem(
            f"{name}: has no coverage: only a run of pytest with --apierrors-report writes it"
        )
    return Report(name, report)


def combined(reports: Sequence[Report]) -> Run:
    """Return several runs as one; the order in which they are named changes nothing."""
    records = _without_repeats(record for one in reports for record in _records(one.data))
    problems = {
        (one.data.seen(p.file), p.index, p.reason) for one in reports for p in one.data.problems
    }
    matrix = Matrix()
    for one in reports:
        matrix.add(_matrix(one.data))
    incomplete = sorted(
        f"{one.name}: {one.data.incomplete}" for one in reports if one.data.incomplete is not None
    )
    providers = {one.data.provider for one in reports}
    return Run(
        [
            *records,
            *(
                RecordingError(file, inert(reason), index=index)
                for file, index, reason in sorted(
                    problems, key=lambda one: (one[0], one[1] or 0, one[2])
                )
            ),
        ],
        _summary(reports, records, matrix, len(problems)),
        provider=providers.pop() if len(providers) == 1 else None,
        matrix=matrix,
        incomplete=inert("; ".join(incomplete)) if incomplete else None,
        remarks=tuple(_differences(reports)),
        folder=checkout_of(Path.cwd()),
    )


def _records(report: _Report) -> Iterator[Record]:
    for one in report.responses:
        yield Record(
            provider=one.provider or report.provider or "unknown",
            evidence=one.evidence,
            file=report.seen(one.file),
            index=one.index,
            status=one.status,
            outcome=one.outcome,
            line=one.line,
            test=_inert(one.test),
            method=_inert(one.method),
            url=_inert(one.url),
            entry=_inert(one.entry),
            code=_inert(one.code),
            category=_inert(one.category),
            retry=None if one.retry is None else msgspec.to_builtins(one.retry),
            violations=tuple(
                Violation(v.rule, v.severity, inert(v.where), inert(v.documented), inert(v.found))
                for v in one.violations
            ),
            expected=_inert(one.expected),
        )


def _without_repeats(records: Iterable[Record]) -> list[Record]:
    """Return records in their order; of those with the same place and test, the worst one."""
    kept: dict[object, Record] = {}
    for record in records:
        key = (record.provider, record.place)
        if key not in kept or _rank(record) < _rank(kept[key]):
            kept[key] = record
    return sorted(kept.values(), key=lambda one: (one.place, _rank(one)))


def _rank(record: Record) -> tuple[int, int, bytes]:
    errors = sum(one.severity == "error" for one in record.violations)
    return -errors, -len(by_severity(record.violations)), json.encode(record)


def _matrix(report: _Report) -> Matrix:
    return Matrix(
        {
            provider: Exercised(
                tuple(inert(key) for key in one.documented),
                {
                    inert(key): {str(e): n for e, n in counts.items()}
                    for key, counts in one.entries.items()
                },
            )
            for provider, one in (report.coverage or {}).items()
        }
    )


def _summary(
    reports: Sequence[Report], records: Sequence[Record], matrix: Matrix, unreadable: int
) -> Summary:
    """Return the sums: of what reports list, without repeats; what they only count is added up."""
    summary = Summary(())
    summary.kind = "checked"
    summary.documented = {name: one.documented for name, one in matrix.providers.items()}
    summary.exercised = {name: {*one.reached} for name, one in matrix.providers.items()}
    summary.files = sum(one.data.summary.files for one in reports)
    summary.unreadable = unreadable
    for one in reports:
        counted = one.data.summary.responses - len(one.data.responses)
        summary.outcomes["not-an-error"] += max(counted, 0)
    for record in records:
        summary.take(record)
    summary.responses = summary.outcomes.total()
    return summary


def _differences(reports: Sequence[Report]) -> Iterator[str]:
    """Say of which providers the runs knew different errors."""
    known: dict[str, set[tuple[str, ...]]] = {}
    for one in reports:
        for provider, covered in (one.data.coverage or {}).items():
            if covered.documented:
                known.setdefault(provider, set()).add(tuple(covered.documented))
    for provider, lists in sorted(known.items()):
        if len(lists) > 1:
            yield f"{provider}: the runs were made with different catalogs"


def _inert(text: str | None) -> str | None:
    return None if text is None else inert(text)
