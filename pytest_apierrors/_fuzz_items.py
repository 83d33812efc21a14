"""Fuzzed tests in pytest: one item per fault kind, and what came of them."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_apierrors._fuzz_sum import NOT_JUDGED, UNEXPECTED, bug_text, told, wire_faults
from pytest_apierrors._session import SESSION
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.fuzzing.spec import ARGUMENT, ATTRIBUTE, FuzzFailure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_apierrors._session import Session
    from pytest_apierrors.catalog.model import Catalog
    from pytest_apierrors.faults.model import Kind
    from pytest_apierrors.fuzzing.spec import Spec

BASE = "http"
MOST_LINES = 12
"""So many lines of what a client printed or logged are shown with a failure."""


def parametrize(metafunc: pytest.Metafunc, session: Session) -> None:
    """Make one item per fault kind of a fuzzed test, or fail its collection with a sentence."""
    spec: Spec = getattr(metafunc.function, ATTRIBUTE)
    try:
        _check_client(metafunc, spec)
        kinds = _chosen(spec, _catalog(spec, session))
    except UsageProblem as problem:
        sentence = f"@fuzz on {metafunc.function.__qualname__}: {problem}"
    else:
        metafunc.parametrize(ARGUMENT, [_param(kind, spec) for kind in kinds])
        return
    pytest.fail(sentence, pytrace=False)  # not above: pytest would show both, one below the other


def _check_client(metafunc: pytest.Metafunc, spec: Spec) -> None:
    """Say what makes a test's client, before pytest says that it knows no such fixture."""
    name = "client"
    if spec.client is not None or name not in inspect.signature(metafunc.function).parameters:
        return
    info = getattr(metafunc.definition, "_fixtureinfo", None)
    fixtures = getattr(info, "name2fixturedefs", None)
    if fixtures is None or name in fixtures or _is_parametrized(metafunc, name):
        return
    raise UsageProblem(
        "the test takes a client, which nothing makes: give client=, a function that makes one, "
        "or a fixture of that name"
    )


def _is_parametrized(metafunc: pytest.Metafunc, name: str) -> bool:
    """Whether a mark, or another hook before, gives an argument."""
    marks = metafunc.definition.iter_markers("parametrize")
    named = [one.kwargs.get("argnames", one.args[0] if one.args else "") for one in marks]
    calls = [getattr(one, "params", {}) for one in getattr(metafunc, "_calls", ())]
    names = (one.split(",") if isinstance(one, str) else one for one in named)
    return any(name in map(str.strip, some) for some in names) or any(name in one for one in calls)


def _param(kind: Kind, spec: Spec) -> Any:
    reason = spec.xfail.get(kind.name)
    # Only a broken promise is expected: a call that never came to one is a mistake of the test.
    marks = (
        ()
        if reason is None
        else (pytest.mark.xfail(reason=reason, strict=True, raises=FuzzFailure),)
    )
    return pytest.param(kind, id=kind.name, marks=marks)


def _catalog(spec: Spec, session: Session) -> Catalog:
    if spec.provider is None or isinstance(spec.provider, str):
        return session.providers.get(spec.provider or BASE, "provider")
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


def result(item: pytest.Item, report: pytest.TestReport, call: pytest.CallInfo[None]) -> Any:
    """Return what came of one fuzzed item, as JSON has it; None for a report not of a call."""
    callspec = getattr(item, "callspec", None)
    kind = None if callspec is None else callspec.params.get(ARGUMENT)
    if kind is None or report.when != "call":
        return None
    outcome = "expected" if hasattr(report, "wasxfail") and report.skipped else report.outcome
    error = None if call.excinfo is None else call.excinfo.value
    bugs = _bugs(error, item) if isinstance(error, FuzzFailure) else []
    parts = [part for part, _, _ in bugs]
    if outcome == "failed" and not bugs:
        parts = [UNEXPECTED if error is None else NOT_JUDGED]
    what = told(outcome, parts)
    test = item.nodeid.partition("[")[0]
    if isinstance(error, FuzzFailure) and report.failed and call.excinfo is not None:
        report.longrepr = _by_its_words(call.excinfo, bugs)
        report.sections = [(title, _last(text)) for title, text in report.sections]
    elif isinstance(error, UsageProblem) and report.failed and call.excinfo is not None:
        if not item.config.stash[SESSION].fuzzed.is_news(test, str(error)):
            error.args = (str(error).partition("\n")[0],)
        report.longrepr = _by_its_words(call.excinfo, [])
    if bugs or outcome in ("passed", "expected"):
        item.config.stash[SESSION].fuzzed_kind(kind)
    item.user_properties += [("apierrors_kind", kind.name), ("apierrors_result", what)]
    known = {"test": test, "kind": kind.name, "ring": kind.ring, "doc": kind.doc}
    return {**known, "outcome": outcome, "result": what, "bugs": bugs}


def _last(text: str) -> str:
    """Return the end of what was printed or logged: all examples of the item did so."""
    lines = text.splitlines(keepends=True)
    left_out = len(lines) - MOST_LINES
    if left_out <= 0:
        return text
    said = f"({left_out} lines before, most of them of other examples, are left out)\n"
    return "".join((said, *lines[left_out:]))


def _bugs(error: FuzzFailure, item: pytest.Item) -> list[Any]:
    bugs = []
    for broken in error.broken:
        part, name, frame = broken.key
        place = None if frame is None else [_short(frame[0], item), *frame[1:]]
        bugs.append([part, name, place])
    return bugs


def _by_its_words(excinfo: pytest.ExceptionInfo[BaseException], bugs: list[Any]) -> Any:
    """Show a broken promise by its own words: the stack is ours, and the client's is in them."""
    shown: Any = excinfo.getrepr(style="value")
    said = "; ".join(bug_text(*bug) for bug in bugs)
    shown.reprcrash.message = said or str(excinfo.value).partition("\n")[0]
    return shown


class Kept:
    """
    A failure as pytest prints it, and as text (what a JUnit report keeps) without drawn values.

    A report is to hold which kind broke what and where; the response stands in the terminal.
    """

    def __init__(self, shown: Any, data: dict[str, Any]) -> None:
        self.reprcrash = shown.reprcrash
        self.reprtraceback = shown.reprtraceback
        self.toterminal = shown.toterminal
        bugs = "\n".join(f"  {bug_text(*bug)}" for bug in data["bugs"])
        self._text = f"{data['kind']}: {data['result']}\n{data['doc']}\n{bugs}"

    def __str__(self) -> str:
        """Return the kind, its result and the places."""
        return self._text


def keep(report: pytest.TestReport, session: Session) -> None:
    """Keep what came of a fuzzed item; what writes reports of it shall write no drawn values."""
    data = report.__dict__["apierrors_fuzz"]
    session.fuzzed.add(data)
    if hasattr(session.config, "workerinput"):
        return
    if report.failed and data["bugs"] and hasattr(report.longrepr, "toterminal"):
        shown: Any = Kept(report.longrepr, data)
        report.longrepr = shown
