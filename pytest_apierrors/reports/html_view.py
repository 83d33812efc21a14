"""What the page shows of a run, found out once: its verdict, its order, what is documented."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pytest_apierrors.check.verdict import SEVERITIES
from pytest_apierrors.check.words import count
from pytest_apierrors.evidence import Exercised, Matrix
from pytest_apierrors.reports.findings import deviation_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_apierrors.baseline import Accepted, Deviation
    from pytest_apierrors.catalog.model import Catalog
    from pytest_apierrors.check.verdict import Violation
    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.records import Record
    from pytest_apierrors.reports.run import Run

_NOTHING = Exercised()


class View(NamedTuple):
    """A run, read to its end; what needs attention comes first in `records`."""

    run: Run
    records: Sequence[Record]
    problems: Sequence[RecordingError]
    matrix: Matrix
    catalogs: Mapping[str, Catalog]
    accepted: Mapping[Deviation, Accepted]
    failures: Sequence[str]

    @property
    def providers(self) -> list[str]:
        """Whoever documents something here, or answered."""
        return sorted({*self.matrix.providers, *(one.provider for one in self.records)})

    @property
    def verdict(self) -> str:
        """What came of the run: incomplete, failed, nothing or passed."""
        run = self.run
        if run.incomplete is not None:
            return "incomplete"
        if self.failures or run.summary.violations["error"] or run.summary.unreadable:
            return "failed"
        tested = run.summary.responses or any(one.reached for one in self.matrix.providers.values())
        return "passed" if tested else "nothing"

    @property
    def reasons(self) -> list[str]:
        """Why it is so, in sentences."""
        run, summary = self.run, self.run.summary
        told = [] if run.incomplete is None else [f"the run is incomplete: {run.incomplete}"]
        told += self._broken()
        told += [f"{summary.unreadable} could not be read"] if summary.unreadable else []
        told += self.failures
        return told

    def _broken(self) -> list[str]:
        summary = self.run.summary
        if not summary.responses:
            thrown = sum(one.with_evidence("fuzzed") for one in self.matrix.providers.values())
            more = f"; clients got {count(thrown, 'documented error')}" if thrown else ""
            return [f"no responses were checked{more}"]
        if not summary.errors:
            told = [f"{count(summary.responses, 'response')}, no errors among them"]
        elif summary.broken:
            verb = "breaks" if summary.broken == 1 else "break"
            told = [f"{summary.broken} of {count(summary.errors, 'error')} {verb} the contract"]
        else:
            told = [f"{count(summary.errors, 'error')}, all of them as documented or tolerated"]
        if summary.broken_others:
            verb = "is" if summary.broken_others == 1 else "are"
            others = count(summary.broken_others, "response")
            told.append(f"{others} that {verb} no error broke a rule")
        return told

    def exercised(self, provider: str) -> Exercised:
        """Return what a provider documents and what came of it."""
        return self.matrix.providers.get(provider, _NOTHING)

    def rows(self, provider: str) -> list[str]:
        """Return the entries of a provider's table: what is documented, then what else came."""
        mine = self.exercised(provider)
        known = set(mine.documented)
        return [*mine.documented, *(key for key in sorted(mine.entries) if key not in known)]

    def acceptance(self, record: Record, violation: Violation) -> str | None:
        """Return what the baseline says about a violation, if it has a line for it."""
        line = self.accepted.get(deviation_of(record, violation))
        if line is None or violation.severity == "warning":
            return None
        if violation.severity == "error":
            return f"its acceptance expired on {line.expires}: {line.reason}"
        return f"accepted{f' until {line.expires}' if line.expires else ''}: {line.reason}"


def view_of(run: Run) -> View:
    """Read a run to its end."""
    records, problems = run.gathered()
    records.sort(key=_rank)
    matrix = _matrix(run, records) if run.matrix is None else run.matrix
    return View(
        run,
        records,
        problems,
        matrix,
        {one.name: one for one in run.catalogs},
        {line.deviation: line for line in run.accepted},
        [*run.failures, *run.lacking(matrix)],
    )


def _rank(record: Record) -> int:
    found = [SEVERITIES.index(one.severity) for one in record.violations]
    return min(found, default=len(SEVERITIES))


def _matrix(run: Run, records: Sequence[Record]) -> Matrix:
    """Return what recordings alone exercise: a run of tests brings its own."""
    used = {*run.named, *run.summary.exercised, *(one.provider for one in records)}
    matrix = Matrix()
    matrix.know(one for one in run.catalogs if one.name in used)
    documented = {name: set(one.documented) for name, one in matrix.providers.items()}
    for record in records:
        if record.is_error and record.entry in documented.get(record.provider, ()):
            matrix.count(record.provider, record.entry or "", record.evidence)
    return matrix
