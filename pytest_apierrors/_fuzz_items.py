"""Fuzzed tests in pytest: one item per fault kind, and what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.fuzzing.spec import ARGUMENT, ATTRIBUTE, FuzzFailure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_apierrors._session import Session
    from pytest_apierrors.catalog.model import Catalog
    from pytest_apierrors.faults.model import Kind
    from pytest_apierrors.fuzzing.spec import Spec

BASE = "http"
_MOST_KINDS = 6


def parametrize(metafunc: pytest.Metafunc, session: Session) -> None:
    """Make one item per fault kind of a fuzzed test. Raises UsageError for what cannot be."""
    spec: Spec = getattr(metafunc.function, ATTRIBUTE)
    try:
        kinds = _chosen(spec, _catalog(spec, session))
    except UsageProblem as problem:
        name = metafunc.function.__qualname__
        raise pytest.UsageError(f"@fuzz on {name}: {problem}") from None
    metafunc.parametrize(ARGUMENT, [_param(kind, spec) for kind in kinds])


def _param(kind: Kind, spec: Spec) -> Any:
    reason = spec.xfail.get(kind.name)
    marks = () if reason is None else (pytest.mark.xfail(reason=reason, strict=True),)
    return pytest.param(kind, id=kind.name, marks=marks)


def _catalog(spec: Spec, session: Session) -> Catalog:
    if spec.provider is None or isinstance(spec.provider, str):
        return session.providers.get(spec.provider or BASE, "fuzz")
    return spec.provider


def _chosen(spec: Spec, catalog: Catalog) -> Sequence[Kind]:
    from pytest_apierrors.faults.kinds import choose, kinds_of  # noqa: PLC0415 - only if fuzzed

    kinds = kinds_of(catalog)
    choose(kinds, spec.xfail)
    return choose(kinds, spec.kinds) if spec.kinds else kinds


def result(item: pytest.Item, report: pytest.TestReport, error: BaseException | None) -> Any:
    """Return what came of one fuzzed item, as JSON has it; None for any other item."""
    callspec = getattr(item, "callspec", None)
    kind = None if callspec is None else callspec.params.get(ARGUMENT)
    if kind is None or report.when != "call":
        return None
    bugs = []
    if isinstance(error, FuzzFailure):
        for broken in error.broken:
            part, name, frame = broken.key
            bugs.append([part, name, None if frame is None else list(frame)])
    outcome = "expected" if hasattr(report, "wasxfail") and report.skipped else report.outcome
    test = item.nodeid.partition("[")[0]
    return {"test": test, "kind": kind.name, "outcome": outcome, "bugs": bugs}


class FuzzSum:
    """Adds up what fuzzed items bring: counts per test, and each distinct bug once."""

    def __init__(self) -> None:
        self.outcomes: dict[str, dict[str, int]] = {}
        self.bugs: dict[tuple[str, str, str], list[str]] = {}

    def add(self, data: dict[str, Any]) -> None:
        """Add what one item brings."""
        mine = self.outcomes.setdefault(data["test"], {})
        mine[data["outcome"]] = mine.get(data["outcome"], 0) + 1
        for part, name, frame in data["bugs"]:
            place = "" if frame is None else f"{frame[0]}:{frame[1]} in {frame[2]}"
            self.bugs.setdefault((part, name, place), []).append(data["kind"])

    def lines(self) -> Iterator[str]:
        """Say how many kinds each test stood, and list the distinct bugs."""
        for test, outcomes in sorted(self.outcomes.items()):
            counts = ", ".join(f"{number} {name}" for name, number in sorted(outcomes.items()))
            yield f"{test}: {sum(outcomes.values())} kinds of fault: {counts}"
        if self.bugs:
            count = len(self.bugs)
            yield f"{count} distinct bug{'s' if count != 1 else ''}:"
        for (part, name, place), kinds in sorted(self.bugs.items()):
            what = f"{part} {name}".rstrip()
            where = f" at {place}" if place else ""
            names = sorted(set(kinds))
            more = f" and {len(names) - _MOST_KINDS} more" if len(names) > _MOST_KINDS else ""
            yield f"  {what}{where}: {', '.join(names[:_MOST_KINDS])}{more}"
