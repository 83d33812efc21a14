"""What happens when a run is over: reports, coverage, the baseline, and what fails it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from msgspec import convert, json

from pytest_apierrors import baseline
from pytest_apierrors._targets import path_of, summarise, target_of, written
from pytest_apierrors.atomic import NotWritten
from pytest_apierrors.errors import RecordingError, UsageProblem
from pytest_apierrors.evidence import Matrix, counted, documented_by, percentage
from pytest_apierrors.records import Record
from pytest_apierrors.reports.run import Run, Summary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pytest_apierrors._options import Setting
    from pytest_apierrors._session import Session
    from pytest_apierrors.catalog.model import Catalog


def ending(session: Session) -> Ending:
    """Return what happens at the end of a run. Raises UsageError for what cannot be had."""
    try:
        made = Ending(session)
    except UsageProblem as problem:
        raise pytest.UsageError(str(problem)) from None
    session.config.pluginmanager.register(made, "apierrors-ending")
    return made


class Ending:
    """
    What the user wants to have at the end of a run, and what came of it.

    `lines` are for the terminal, `errors` are why the run fails. Raises UsageProblem for what
    cannot be had.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.lines: list[str] = []
        self.errors: list[str] = []
        self._exited = False
        self.targets = [target_of(*one, session.config) for one in self._texts("report")]
        self.fail_under = self._percent()
        self.baseline_path: Path | None = None
        self.baseline_name = ""
        self._load_baseline()
        session.ledger.whole = bool(self.targets)
        self.provided = session.settings.get("provider") is not None

    def pytest_keyboard_interrupt(self) -> None:
        """Remember that somebody stopped the run: a test may do so with any status, even 0."""
        self._exited = True

    def told(self, *, short: bool) -> list[str]:
        """Return the lines for the terminal: in short, only what was written."""
        kept = ("report: ", "baseline: ")
        return [line for line in self.lines if line.startswith(kept)] if short else self.lines

    def conclude(self, *, stopped: bool, failed: int = 0) -> None:
        """Write what is to be written, and say what fails the run beside its `failed` tests."""
        incomplete = self._incomplete(stopped=stopped or self._exited)
        if incomplete is not None:
            self.errors.append(f"the run is incomplete: {incomplete}")
        run = self._run(incomplete)
        if run.matrix is not None and (self.fail_under is not None or self.targets):
            self.lines += ["", *run.matrix.table()] if run.matrix.providers else []
        if self.fail_under is not None and run.matrix is not None:
            self.errors += self._uncovered(run.matrix, self.fail_under)
        self._conclude_baseline(tested=bool(run.summary.responses))
        run = run._replace(failures=self._failures(failed, incomplete), accepted=self._accepted())
        self._write(run)

    def _failures(self, failed: int, incomplete: str | None) -> tuple[str, ...]:
        """Return why the run fails, as far as reports do not know it already."""
        failures = [f"{failed} test{'' if failed == 1 else 's'} failed"] if failed else []
        failures += self.errors[0 if incomplete is None else 1 :]
        unchecked = self.session.unchecked() if incomplete is None else None
        return tuple(failures if unchecked is None else [*failures, unchecked])

    def _accepted(self) -> tuple[baseline.Accepted, ...]:
        held = self.session.ledger.baseline
        return () if held is None else tuple(held.lines.values())

    def _uncovered(self, matrix: Matrix, percent: float) -> list[str]:
        if not any(one.documented for one in matrix.providers.values()):
            return ["no provider was chosen, so that no documented error was exercised"]
        return list(matrix.below(percent))

    def _conclude_baseline(self, *, tested: bool) -> None:
        held = self.session.ledger.baseline
        if held is None or self.baseline_path is None:
            return
        self.lines += held.summary(tested=tested)
        setting = self.session.settings.get("accept")
        if setting is None or isinstance(setting.value, bool):
            if held.new and not self.baseline_path.exists():
                how = "--apierrors-accept REASON writes it"
                self.lines.append(f"baseline: there is no file {self.baseline_name}: {how}")
            return
        lines = held.extended(setting.value[0])
        try:
            baseline.write(self.baseline_path, self.baseline_name, lines)
        except UsageProblem as problem:
            self.errors.append(str(problem))
        else:
            added = len(lines) - len(held.lines)
            self.lines.append(f"baseline: {added} added to {self.baseline_name}")

    def _write(self, run: Run) -> None:
        for target in self.targets:
            try:
                self.lines += written(target, run, self.session.config)
                summarise(run, target)
            except NotWritten as problem:
                self.errors.append(str(problem))

    def _incomplete(self, *, stopped: bool) -> str | None:
        crashed = self.session.crashed
        if crashed:
            return f"{crashed} worker{'' if crashed == 1 else 's'} of pytest-xdist crashed"
        return "it was stopped before its end" if stopped else None

    def _run(self, incomplete: str | None) -> Run:
        """Return what the reports are made of, in an order that no run can change."""
        total = self.session.ledger.total
        records = convert(total.records, list[Record])
        # Those of one place are ordered by all that they say.
        records.sort(key=lambda one: (one.place, json.encode(one)))
        problems = [RecordingError(**one) for one in total.problems]
        problems.sort(key=lambda one: (one.file, one.index or 0, one.line or 0, one.reason))
        catalogs = self._catalogs()
        matrix = Matrix()
        matrix.know(catalogs)
        matrix.add(counted({name: one["entries"] for name, one in total.providers.items()}))
        summary = self._summary(catalogs, records)
        summary.unreadable = len(problems)
        summary.exercised = {name: {*one.reached} for name, one in matrix.providers.items()}
        sole = catalogs[0].name if len(catalogs) == 1 else None
        return Run(
            [*records, *problems],
            summary,
            sole,
            catalogs=catalogs,
            matrix=matrix,
            incomplete=incomplete,
            remarks=tuple(self.session.fuzzed_lines(0)),
            folder=self.session.config.invocation_params.dir,
        )

    def _summary(self, catalogs: Sequence[Catalog], records: Sequence[Record]) -> Summary:
        summary = Summary(catalogs)
        summary.kind = "checked"
        for mine in self.session.ledger.total.providers.values():
            summary.outcomes.update(mine["outcomes"])
        collected = self.session.collected
        summary.outcomes["not-an-error"] += collected["fine"]
        summary.responses = summary.outcomes.total()
        summary.files = collected["read"]
        for record in records:
            summary.judge(record.violations, is_error=record.is_error)
        return summary

    def _catalogs(self) -> list[Catalog]:
        """Return the chosen catalogs, and those that tests named themselves."""
        names = list(self.session.ledger.total.providers)
        if self.provided:
            names += [one.name for one in self.session.attribution().catalogs]
        found = []
        for name in sorted(set(names)):
            try:
                found.append(self.session.providers.get(name, "report"))
            except UsageProblem:
                continue  # a catalog that a test made itself
        return [one for one in found if documented_by(one)]

    def _texts(self, option: str) -> list[tuple[str, Setting]]:
        setting = self.session.settings.get(option)
        if setting is None or isinstance(setting.value, bool):
            return []
        return [(text, setting) for text in setting.value]

    def _percent(self) -> float | None:
        for text, setting in self._texts("fail_under"):
            try:
                return percentage(text)
            except ValueError:
                wanted = f'a number from 0 to 100 is needed; found "{text}"'
                raise UsageProblem(f"{setting.by}: {wanted}") from None
        return None

    def _load_baseline(self) -> None:
        for text, setting in self._texts("baseline"):
            self.baseline_path, self.baseline_name = (
                path_of(text, setting, self.session.config),
                text,
            )
            today = datetime.now(UTC).date()
            ledger = self.session.ledger
            ledger.judge = baseline.load(self.baseline_path, text, today)
            ledger.baseline = baseline.load(self.baseline_path, text, today)
        for text, setting in self._texts("accept"):
            if self.baseline_path is None:
                raise UsageProblem(f"{setting.by}: name the file with --apierrors-baseline FILE")
            if not text.strip():
                raise UsageProblem(f"{setting.by}: a reason is needed")
