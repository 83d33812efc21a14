"""What a report is made of: results as they come, and their sums once they are all there."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from pytest_apierrors.check.words import count
from pytest_apierrors.errors import RecordingError
from pytest_apierrors.evidence import Exercised, Matrix, documented_by
from pytest_apierrors.inert import inert
from pytest_apierrors.records import Record, file_text, record_of
from pytest_apierrors.repository import seen_from_checkout
from pytest_apierrors.results import Checked, NoRecording, Recognised, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pytest_apierrors.baseline import Accepted
    from pytest_apierrors.catalog.model import Catalog
    from pytest_apierrors.check.verdict import Violation

_FEW = 5

Result = Checked | Record | Skipped | Recognised | NoRecording | RecordingError


class Summary:
    """
    The sums of a run over some catalogs, of `recorded` responses or others that were `checked`.

    `broken` counts the errors with a violation of severity error, `broken_others` the responses
    that are no errors and have one all the same.
    """

    def __init__(self, catalogs: Iterable[Catalog]) -> None:
        self.documented = {one.name: documented_by(one) for one in catalogs}
        self.kind = "recorded"
        self.files = 0
        self.formats: dict[str, Counter[str]] = {}
        self.no_recordings: list[str] = []
        self.responses = 0
        self.passed_over = 0
        self.unreadable = 0
        self.broken = 0
        self.broken_others = 0
        self.outcomes: Counter[str] = Counter()
        self.violations: Counter[str] = Counter()
        self.exercised: dict[str, set[str]] = {}
        self._format: Counter[str] = Counter()

    @property
    def errors(self) -> int:
        """The responses that are errors."""
        return self.responses - self.outcomes["not-an-error"]

    def counted(self, results: Iterable[Result]) -> Iterator[Result]:
        """Pass results on and add them up."""
        for result in results:
            self.add(result)
            yield result

    def add(self, result: Result) -> None:
        """Add one result; a record comes with sums of its own."""
        if isinstance(result, Checked):
            self._add(result)
        elif isinstance(result, Skipped):
            self.passed_over += 1
        elif isinstance(result, Recognised):
            self._format = self.formats.setdefault(result.format, Counter())
            self._format["files"] += 1
        elif isinstance(result, NoRecording):
            self.no_recordings.append(result.file)
        elif isinstance(result, RecordingError):
            self.unreadable += 1

    def take(self, record: Record) -> None:
        """Add what one record says, but that it is a response: its run has counted those."""
        self.outcomes[record.outcome] += 1
        self.judge(record.violations, is_error=record.is_error)

    def judge(self, violations: Iterable[Violation], *, is_error: bool) -> None:
        """Add what was found in one response."""
        severities = [one.severity for one in violations]
        self.violations.update(severities)
        if "error" in severities:
            self.broken += is_error
            self.broken_others += not is_error

    def merge(self, other: Summary) -> None:
        """Add the sums of another part of the same run."""
        for name in ("responses", "passed_over", "unreadable", "broken", "broken_others"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.outcomes += other.outcomes
        self.violations += other.violations
        for provider, keys in other.exercised.items():
            self.exercised.setdefault(provider, set()).update(keys)
        for name, counts in other.formats.items():
            self.formats[name] = self.formats.get(name, Counter()) + counts

    def _add(self, checked: Checked) -> None:
        verdict = checked.verdict
        is_error = verdict.is_error
        self.responses += 1
        self.outcomes[verdict.outcome] += 1
        self._format["responses"] += 1
        self._format["errors"] += is_error
        exercised = self.exercised.setdefault(verdict.provider, set())
        if is_error and (key := checked.exercised) is not None:
            exercised.add(key)
        if verdict.violations:
            self.judge(verdict.violations, is_error=is_error)

    @property
    def coverage(self) -> Matrix:
        """What the providers document whose responses came, against what recordings exercised."""
        return Matrix(
            {
                name: Exercised(
                    self.documented.get(name, ()), {key: {"recorded": 1} for key in sorted(keys)}
                )
                for name, keys in sorted(self.exercised.items())
            }
        )

    def format_lines(self) -> list[str]:
        """Return a line per format, and one for files of none; nothing where all are alike."""
        if len(self.formats) < 2 and not self.no_recordings:
            return []
        lines = [
            f"{name}: {count(counts['files'], 'file')}, {count(counts['responses'], 'response')}, "
            f"{count(counts['errors'], 'error')}"
            for name, counts in sorted(self.formats.items())
        ]
        if self.no_recordings:
            shown = ", ".join(inert(name) for name in self.no_recordings[:_FEW])
            more = len(self.no_recordings) - _FEW
            shown += f" and {more} more" if more > 0 else ""
            lines.append(f"no recordings: {count(len(self.no_recordings), 'file')}: {shown}")
        return lines

    def sentence(self) -> str:
        """Return the sums as one line."""
        return "; ".join([self._verdict(), *self._rest()])

    def _verdict(self) -> str:
        if not self.responses:
            return "no responses"
        if not self.errors:
            return f"{count(self.responses, 'response')}, no errors among them"
        verb = "breaks" if self.broken == 1 else "break"
        return f"{self.broken} of {self.errors} {self.kind} errors {verb} the contract"

    def _rest(self) -> Iterator[str]:
        if self.broken_others:
            others = count(self.broken_others, "response")
            verb = "is" if self.broken_others == 1 else "are"
            yield f"{others} that {verb} no error broke a rule"
        if self.errors and self.exercised:
            several = len(self.exercised) > 1
            known = {name: len(keys) for name, keys in self.documented.items()}
            shares = [
                f"{f'{name} ' if several else ''}{len(keys)} of {known.get(name, 0)}"
                for name, keys in sorted(self.exercised.items())
            ]
            yield f"{', '.join(shares)} documented errors exercised"
        if self.passed_over:
            yield f"{count(self.passed_over, 'response')} of other hosts passed over"
        if self.unreadable:
            lacking = "not answered" if self.kind == "live" else "could not be read"
            yield f"{self.unreadable} {lacking}"


class Run(NamedTuple):
    """
    Results in file and index order, read once, and the sums that are complete after the last.

    `provider` is the sole chosen one, None where hosts decide; `everything` lists also what
    needs no attention. A run of tests has a `matrix`, and says why it is `incomplete` if it is;
    `remarks` are further sentences about it as a whole, `failures` what fails it beside its
    results. `accepted` are the lines of its baseline. Recordings alone have `named` providers,
    and may have to contain errors (`require_errors`), or a percentage of what is documented.
    Files are named as seen from the `folder`, by default the current one.
    """

    results: Iterable[Result]
    summary: Summary
    provider: str | None = None
    everything: bool = False
    catalogs: Sequence[Catalog] = ()
    matrix: Matrix | None = None
    incomplete: str | None = None
    remarks: Sequence[str] = ()
    failures: Sequence[str] = ()
    accepted: Sequence[Accepted] = ()
    named: Sequence[str] = ()
    fail_under: float | None = None
    require_errors: bool = False
    folder: Path | None = None

    def hosted(self, file: str) -> str:
        """Return a file as code hosts name it: as seen from the root of its checkout."""
        return seen_from_checkout(file_text(file), self.folder)

    def lacking(self, coverage: Matrix) -> list[str]:
        """Return why too little was tested; known once all results are read."""
        lacking = []
        if self.require_errors and not self.summary.errors:
            lacking.append("--require-errors: there is no error among the responses")
        if self.fail_under is not None:
            lacking += coverage.below(self.fail_under)
        return lacking

    @property
    def coverage(self) -> Matrix:
        """Which documented errors were exercised; known once all results are read."""
        if self.matrix is not None:
            return self.matrix
        matrix = self.summary.coverage
        matrix.know(one for one in self.catalogs if one.name in self.named)
        return matrix

    def gathered(self) -> tuple[list[Record], list[RecordingError]]:
        """Read all results: those that are listed, whole, and what could not be read."""
        records: list[Record] = []
        problems: list[RecordingError] = []
        for result in self.results:
            if isinstance(result, RecordingError):
                problems.append(result)
            elif isinstance(result, Record):
                records.append(result)
            elif isinstance(result, Checked) and (result.listed or self.everything):
                records.append(record_of(result, whole=True))
        return records, problems

    def gathered_for_hosts(self) -> tuple[list[Record], list[RecordingError]]:
        """Read all results, their files named as code hosts do."""
        records, problems = self.gathered()
        return (
            [replace(one, file=self.hosted(one.file)) for one in records],
            [
                RecordingError(self.hosted(one.file), one.reason, index=one.index, line=one.line)
                for one in problems
            ],
        )
