"""The sum of what reports bring, on whichever side of pytest-xdist they arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_apierrors._session import Session


def add_up(session: Session) -> None:
    """Have a session add up what reports bring."""
    session.config.pluginmanager.register(_Sum(session), "apierrors-sum")


class _Sum:
    """A plug-in of its own, because the hook for reports knows no configuration."""

    def __init__(self, session: Session) -> None:
        self.session = session

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add what one report brings, before others write it down."""
        if getattr(report, "apierrors", None) is not None:
            self.session.ledger.add(report.__dict__["apierrors"])
        if getattr(report, "apierrors_fuzz", None) is not None:
            from pytest_apierrors._fuzz_items import keep  # noqa: PLC0415 - only if fuzzed

            keep(report, self.session)
