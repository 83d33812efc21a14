"""What a run has checked: kept per test, sent with its reports, added up where they arrive."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pytest_apierrors._tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_apierrors.baseline import Baseline
    from pytest_apierrors.check.verdict import Verdict
    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.evidence import Evidence
    from pytest_apierrors.results import Checked

_PACKAGE = str(Path(__file__).parent)
_MOST_TOLD = 50

# Nothing below imports what is heavy before it is needed: every pytest run makes a ledger.


class Ledger:
    """
    Keeps what one process checks in `pending`, and what all processes reported in `total`.

    With `whole`, each listed response is kept for the reports. `judge` is the baseline that
    verdicts are held against here, `baseline` the same with the counts of all processes.
    """

    def __init__(self) -> None:
        self.pending = Tally()
        self.total = Tally()
        self.whole = False
        self.judge: Baseline | None = None
        self.baseline: Baseline | None = None
        self._numbers: dict[str, int] = {}

    def judged(self, verdict: Verdict, status: int) -> Verdict:
        """Return a verdict as the baseline leaves it."""
        return verdict if self.judge is None else self.judge.applied(verdict, status)

    def take(
        self,
        checked: Checked,
        evidence: Evidence,
        test: str | None,
        documented: int,
        properties: list[tuple[str, object]],
    ) -> None:
        """Count one checked response, and keep what reports show of it."""
        verdict = checked.verdict
        tell(properties, verdict)
        self.pending.count(verdict.provider, verdict.outcome, documented)
        if checked.exercised is not None:
            self.pending.exercise(verdict.provider, checked.exercised, evidence)
        if self.judge is not None:
            self.judge.count_new(verdict, checked.status)
        if self.whole and checked.listed:
            from msgspec import to_builtins  # noqa: PLC0415 - only for a report

            from pytest_apierrors.records import record_of  # noqa: PLC0415

            record = record_of(checked, evidence, test, whole=True)
            self.pending.records.append(to_builtins(record))

    def unreadable(self, error: RecordingError) -> None:
        """Keep what could not be read."""
        place = {"file": error.file, "index": error.index, "line": error.line}
        self.pending.problems.append({**place, "reason": error.reason})

    def placed(
        self, at: tuple[str, int] | tuple[str, int, int | None], test: str
    ) -> tuple[str, int, int]:
        """Return a place with a number: its own, or how many a test had before."""
        file, line, number = (*at, None)[:3]
        if number is not None:
            return file, line, number
        before = self._numbers.get(test, 0)
        self._numbers = {test: before + 1}
        return file, line, before

    def sent(self, report: object = None) -> dict[str, Any] | None:
        """
        Return what is pending as JSON has it, and begin anew; None where there is nothing.

        What a test with this report was expected to fail for is a note, and nothing new.
        """
        expected = _expected(report)
        if expected is not None:
            self._expect(expected)
        if self.judge is not None:
            self.pending.baseline = self.judge.take()
        if not self.pending:
            return None
        data = self.pending.as_json()
        self.pending = Tally()
        return data

    def _expect(self, reason: str) -> None:
        for record in self.pending.records:
            violations = record["violations"]
            if any(severity == "error" for _, severity, *_ in violations):
                record["expected"] = reason
                record["violations"] = [(rule, "note", *rest) for rule, _, *rest in violations]
        if self.judge is not None:
            self.judge.new.clear()

    def add(self, data: dict[str, Any]) -> None:
        """Add what a report brought."""
        tally = Tally(data)
        self.total.add(tally)
        if self.baseline is not None:
            self.baseline.add(tally.baseline)


class Conclusion(Protocol):
    """What happens at the end of a run, if the user asked for something."""

    errors: list[str]

    def told(self, *, short: bool) -> list[str]:
        """Return what is to be said in the terminal."""

    def conclude(self, *, stopped: bool, failed: int) -> None:
        """Write what is to be written, and say what fails the run."""


def tell(properties: list[tuple[str, object]], verdict: Verdict) -> None:
    """
    Add what a response was found to be to a test's own properties, which JUnit reports show.

    A test has three of ours at most, whatever it checks how often and in which order.
    """
    facts = {"provider": verdict.provider, "outcome": verdict.outcome}
    if verdict.entry is not None:
        facts["entry"] = verdict.entry.key
    for fact, value in facts.items():
        name = f"apierrors_{fact}"
        known = next((one for one in properties if one[0] == name), None)
        values = set() if known is None else {*str(known[1]).split(", ")}
        if value in values or len(values) >= _MOST_TOLD:
            continue
        told = (name, ", ".join(sorted({*values, value})))
        if known is None:
            properties.append(told)
        else:
            properties[properties.index(known)] = told


def _expected(report: Any) -> str | None:
    """Return the reason of an xfail that came true."""
    if not getattr(report, "skipped", False) or not hasattr(report, "wasxfail"):
        return None
    from pytest_apierrors.inert import inert  # noqa: PLC0415 - only for a test that xfails

    return inert(str(report.wasxfail).removeprefix("reason: "))


def name_of(item: Any, shown: Callable[[Path], str]) -> str:
    """Return the name of a test, its file as `shown`; nothing where there is no test."""
    if item is None:
        return ""
    file, colons, rest = str(item.nodeid).partition("::")
    return f"{shown(item.config.rootpath / file)}{colons}{rest}"


def caller(shown: Callable[[str], str]) -> tuple[str, int]:
    """Return file and line of the innermost frame outside this package, the file as `shown`."""
    frame = sys._getframe(1)  # noqa: SLF001 - what traceback does, without reading the files
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    return shown(frame.f_code.co_filename), frame.f_lineno
