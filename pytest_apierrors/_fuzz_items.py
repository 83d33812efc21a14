"""Fuzzed tests in pytest: one item per fault kind, and what came of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_apierrors._fuzz_sum import wire_faults
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.fuzzing.spec import ARGUMENT, ATTRIBUTE, FuzzFailure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_apierrors._session import Session
    from pytest_apierrors.catalog.model import Catalog
    from pytest_apierrors.faults.model import Kind
    from pytest_apierrors.fuzzing.spec import Spec

BASE = "http"


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
    if spec.kinds:
        return choose(kinds, spec.kinds)
    return kinds if wire_faults() else [kind for kind in kinds if kind.ring != "transport"]


def _short(file: str, item: pytest.Item) -> str:
    """Return a file as the user would name it: below the project, or by its last folders."""
    path = Path(file)
    if path.is_relative_to(item.config.rootpath):
        return str(path.relative_to(item.config.rootpath))
    return str(Path(*path.parts[-3:]))


def _shown(excinfo: pytest.ExceptionInfo[BaseException]) -> Any:
    shown: Any = excinfo.getrepr(style="value")
    shown.reprcrash.message = str(excinfo.value).partition("\n")[0]
    return shown


def result(item: pytest.Item, report: pytest.TestReport, call: pytest.CallInfo[None]) -> Any:
    """
    Return what came of one fuzzed item, as JSON has it; None for a report that is not of a call.

    A broken promise is shown by its own words: the stack is ours, and the client's is in them.
    """
    callspec = getattr(item, "callspec", None)
    kind = None if callspec is None else callspec.params.get(ARGUMENT)
    if kind is None or report.when != "call":
        return None
    bugs = []
    error = None if call.excinfo is None else call.excinfo.value
    if isinstance(error, FuzzFailure) and call.excinfo is not None:
        if report.failed:
            report.longrepr = _shown(call.excinfo)
        for broken in error.broken:
            part, name, frame = broken.key
            place = None if frame is None else [_short(frame[0], item), *frame[1:]]
            bugs.append([part, name, place])
    outcome = "expected" if hasattr(report, "wasxfail") and report.skipped else report.outcome
    test = item.nodeid.partition("[")[0]
    return {"test": test, "kind": kind.name, "outcome": outcome, "bugs": bugs}
