"""Tests that use the network: they run only if asked for by name, and never go missing unsaid."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from pytest_apierrors._options import LIVE as MARKER
from pytest_apierrors._session import SESSION

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from pytest_apierrors._session import Session

DESELECTED = "live_deselected"
WHY_SKIPPED = "uses the network: run it with --apierrors-live"
FINISHED = (
    pytest.ExitCode.OK,
    pytest.ExitCode.TESTS_FAILED,
    pytest.ExitCode.NO_TESTS_COLLECTED,
)
"""How a run ends that was neither interrupted nor a mistake."""


def skip(item: pytest.Item) -> None:
    """Skip a live test unless live tests were asked for."""
    if item.config.stash[SESSION].settings.get("live") is None:
        item.add_marker(pytest.mark.skip(reason=WHY_SKIPPED))


def begin(session: Session) -> None:
    """Count the live tests that were asked for. Raises UsageError in CI, unless CI is named."""
    setting = session.settings.get("live")
    named = session.settings.get("live_in_ci") is not None
    if setting is not None and os.environ.get("CI") and not named:
        raise pytest.UsageError(
            f"{setting.by}: the variable CI is set, and live tests run in CI only if it is named: "
            "apierrors_live_in_ci = true in the ini file, or --apierrors-live-in-ci"
        )
    session.config.pluginmanager.register(Live(session), "apierrors-live")


class Live:
    """Counts the live tests that run, and fails a run without any."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.asked = session.settings.get("live")
        self.run = 0
        self.skipped = 0
        self.stopped = False

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """Count the live tests that the user did not want."""
        collected = self.session.collected
        collected[DESELECTED] = collected.get(DESELECTED, 0) + sum(map(is_live, items))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Mark the reports of live tests, for the controller of xdist sees nothing else."""
        report = yield
        if is_live(item):
            report.__dict__[MARKER] = True
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count the live tests that ran; one that skipped itself did not."""
        if not getattr(report, MARKER, False):
            return
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped += 1
        elif report.when == "call" or report.failed:
            self.run += 1

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail a run that was asked to run live tests and ran none."""
        self.stopped = bool(session.shouldstop or session.shouldfail)
        if self.unrun(session.exitstatus) is not None:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any, exitstatus: int) -> None:
        """Say that no live test was run."""
        why = self.unrun(exitstatus)
        if why is None:
            return
        if self.session.config.get_verbosity() >= 0:
            terminalreporter.write_sep("=", "apierrors live")
        terminalreporter.write_line(f"ERROR: {why}", red=True)

    def unrun(self, exitstatus: int) -> str | None:
        """Return why a run that was asked for live tests is no such run, if it is so."""
        if self.asked is None or self.run or self.stopped or exitstatus not in FINISHED:
            return None
        if self._wanted_others() or hasattr(self.session.config, "workerinput"):
            return None
        skipped = f" ({self.skipped} skipped)" if self.skipped else f": no test is marked {MARKER}"
        return f"asked to run live tests ({self.asked.by}), but none was run{skipped}"

    def _wanted_others(self) -> bool:
        """Whether the user chose tests, and no live one was among them."""
        config = self.session.config
        by_name = config.args_source is pytest.Config.ArgsSource.ARGS
        return bool(
            self.session.collected.get(DESELECTED)
            or config.getoption("collectonly")
            or config.getoption("lf", False)
            or config.getoption("stepwise", False)
            # An ini file asks every run; the command line asks this one.
            or (by_name and "live" not in self.session.settings.command_line)
        )


def is_live(item: pytest.Item) -> bool:
    """Whether a test is marked as one that uses the network."""
    return item.get_closest_marker(MARKER) is not None
