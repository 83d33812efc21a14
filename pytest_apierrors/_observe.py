"""Watched tests: what a test received is checked when it is over, and can fail it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from pytest_apierrors._session import errors_of
from pytest_apierrors.attribution import host_of
from pytest_apierrors.check import check
from pytest_apierrors.errors import ErrorMismatch, RecordingError, UsageProblem
from pytest_apierrors.explain import explain
from pytest_apierrors.observe import Heard, Place, observing
from pytest_apierrors.observe.cassettes import Cassettes
from pytest_apierrors.observe.same import same

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from pytest_apierrors._session import Session
    from pytest_apierrors.catalog.model import Catalog
    from pytest_apierrors.check.verdict import Verdict
    from pytest_apierrors.observe import Answer
    from pytest_apierrors.response import Response

_MOST_SHOWN = 3
_MOST_WAITING = 500  # a test of many examples may receive any number of responses
LACKING = "lacking "


class Received(NamedTuple):
    """One response of a provider, with who answered and where it belongs."""

    response: Response
    catalog: Catalog
    answer: Answer | None
    received: Place

    @property
    def place(self) -> Place:
        """Where the mock is, else where the test received it."""
        told = None if self.answer is None else self.answer.place
        return told or self.received

    def at(self, place: Place) -> Received:
        """Return it with the place of whoever answered."""
        return (
            self if self.answer is None else self._replace(answer=self.answer._replace(place=place))
        )

    @property
    def rank(self) -> tuple[object, ...]:
        """What a test's responses are ordered by: threads and tasks come as they like."""
        told = (self.response.method or "", self.response.url or "", self.response.status)
        return (self.place, self.received, *told, self.response.body)


class Lie(NamedTuple):
    """A response that the provider would not send."""

    received: Received
    verdict: Verdict
    times: int


def observe(session: Session) -> None:
    """Watch the tests of a run."""
    session.config.pluginmanager.register(Observer(session), "apierrors-observe")


class Observer:
    """A plug-in that watches each test, and checks what it received at the end of its call."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._where = {
            "root": session.config.rootpath,
            "here": session.config.invocation_params.dir,
        }
        self._lock = threading.RLock()
        self._waiting: list[Heard] = []
        self._received: dict[tuple[Any, ...], tuple[Received, int]] = {}
        self._asserted: list[Response] = []
        self._raised: Exception | None = None
        self._failed = False
        self._cassettes = Cassettes(self._where["here"], lambda: session.readers)
        session.asserted = self._asserted.append

    def hear(self, heard: Heard) -> None:
        """Keep a response until the test is over, and not too many of them."""
        with self._lock:
            self._waiting.append(heard)
            if len(self._waiting) > _MOST_WAITING:
                self._settle(self._waiting[:-_MOST_SHOWN])
                del self._waiting[:-_MOST_SHOWN]

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self) -> Generator[None, Any, Any]:
        """Learn where mocks are that are made when their module is imported."""
        with observing(lambda _: None, **self._where) as watch:
            result = yield
        self._lacking(watch.lacking)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Watch a test with its fixtures; what a fuzzed one receives is broken on purpose."""
        if hasattr(getattr(item, "function", None), "__apierrors_fuzz__"):
            return (yield)
        with observing(self.hear, test=item.path, **self._where) as watch:
            result = yield
        self._lacking(watch.lacking)
        self._asserted.clear()
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Check what was received by a setup that failed: there will be no call."""
        try:
            return (yield)
        except BaseException:
            self._conclude(item, "setup", ended=True)
            raise

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Check what was received by the end of the call."""
        return (yield from self._concluded(item, "call"))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Check what was received since."""
        return (yield from self._concluded(item, "teardown"))

    def _concluded(self, item: pytest.Item, when: str) -> Generator[None, Any, Any]:
        __tracebackhide__ = True
        try:
            result = yield
        except BaseException:
            self._conclude(item, when, ended=True)
            raise
        # A TestCase of unittest keeps its own failure there.
        own = bool(getattr(item, "_excinfo", None))
        self._conclude(item, when, ended=own or (when == "teardown" and self._failed))
        return result

    def _conclude(self, item: pytest.Item, when: str, *, ended: bool) -> None:
        """Check what was received; what is wrong fails the test, or stands beside its failure."""
        __tracebackhide__ = True
        found: AssertionError | pytest.UsageError
        try:
            lies = [lie for one, times in self._taken() for lie in self._checked(one, times)]
        except UsageProblem as problem:
            found = pytest.UsageError(str(problem))
        else:
            if not lies:
                return
            found = ErrorMismatch("\n\n".join(_told(lies)), lies[0].verdict)
        if ended:
            item.add_report_section(when, "apierrors", str(found))
        else:
            self._raised = found
            raise found

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Show the message alone: the stack is ours."""
        report = yield
        self._failed = report.failed if report.when == "setup" else self._failed or report.failed
        raised, self._raised = self._raised, None
        if call.excinfo is not None and call.excinfo.value is raised and report.failed:
            shown: Any = call.excinfo.getrepr(style="value")
            shown.reprcrash.message = str(raised).partition("\n")[0]
            report.longrepr = shown
        return report

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """Remember that the user wanted only some of the tests."""
        collected = self._session.collected
        collected["unwanted"] = collected.get("unwanted", 0) + len(items)

    def _lacking(self, lacking: Sequence[str]) -> None:
        # Together with the counts it reaches the controller of xdist.
        self._session.collected.update({f"{LACKING}{one}": 1 for one in lacking})

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Warn once of each seam that a library lacks."""
        if hasattr(session.config, "workerinput"):
            return
        for name in sorted(self._session.collected):
            if name.startswith(LACKING):
                said = name.removeprefix(LACKING)
                self._warn(f"not everything is heard: this version lacks a seam: {said}")

    def _warn(self, text: str) -> None:
        try:
            self._session.config.issue_config_time_warning(
                pytest.PytestWarning(f"apierrors: {text}"), stacklevel=2
            )
        except pytest.PytestWarning as warning:  # the user makes errors of warnings
            self._session.problems.append(str(warning))

    def _taken(self) -> list[tuple[Received, int]]:
        with self._lock:
            try:
                self._settle(self._waiting)
                return sorted(self._received.values(), key=lambda one: one[0].rank)
            finally:  # whose a response is may be a mistake, which is told once
                self._waiting.clear()
                self._received.clear()

    def _settle(self, waiting: Sequence[Heard]) -> None:
        """Turn what was heard into responses, as far as their users have read them by now."""
        attribution = self._session.watched(in_test=True)
        for heard in waiting:
            try:
                response = heard.response()
            except UsageProblem as problem:
                self._unusable(heard, str(problem))
                continue
            catalog = None if response is None else attribution.catalog_for(response)
            if response is not None and catalog is not None:
                answer = heard.answered(response.url)
                one = Received(response, catalog, answer, heard.received or self._here())
                # Equal ones are one, many times: examples of Hypothesis ask again and again.
                key = (response, catalog.name, answer, one.received)
                first, times = self._received.get(key, (one, 0))
                self._received[key] = (first, times + 1)

    def _unusable(self, heard: Heard, reason: str) -> None:
        url = getattr(heard.obj, "url", None)
        if host_of(None if url is None else str(url)):
            file, line, _ = heard.received or self._here()
            self._session.ledger.unreadable(RecordingError(file, reason, line=line))

    def _checked(self, one: Received, times: int) -> Iterator[Lie]:
        session, response, catalog = self._session, one.response, one.catalog
        verdict = check(response, catalog, session.policy(in_test=True))
        verdict = session.ledger.judged(verdict, response.status)
        evidence = "observed" if one.answer is None else one.answer.evidence
        session.ledger.pending.watched += times
        if any(same(response, other) for other in self._asserted):
            # All else was said by the test itself.
            entry = verdict.entry
            if entry is not None and entry.role == "error":
                tally = session.ledger.pending
                tally.exercise(catalog.name, entry.key, evidence, errors_of(catalog))
            return
        if verdict.is_error or verdict.violations:
            played = self._cassettes.place(one.answer, response.status)
            one = one if played is None else one.at(played)
        for _ in range(times):
            session.take(response, verdict, catalog, evidence, one.place)
        if verdict.errors:
            yield Lie(one, verdict, times)
        else:
            session.remark(verdict, response.status, str(one.place))

    def _here(self) -> Place:
        item = self._session.item
        if item is None:
            return Place("", 0)
        file, line, _ = item.location
        shown = self._session.shown(self._session.config.rootpath / file)
        return Place(shown, (line or 0) + 1)


def _told(lies: Sequence[Lie]) -> Iterator[str]:
    """Yield the messages, equal ones once, and how many more there are."""
    texts: dict[str, int] = {}
    for lie in lies:
        text = _message(lie)
        texts[text] = texts.get(text, 0) + lie.times
    for text, times in list(texts.items())[:_MOST_SHOWN]:
        yield text if times == 1 else f"{text}\n\n  ({times} times)"
    if len(texts) > _MOST_SHOWN:
        yield f"and {len(texts) - _MOST_SHOWN} more"


def _message(lie: Lie) -> str:
    one = lie.received
    facts = [("received", str(one.received))]
    if one.answer is not None:
        by, where = one.answer.by, one.answer.place or one.answer.file
        facts.insert(0, (one.answer.evidence, by if where is None else f"{where}, by {by}"))
    return "\n".join(explain(lie.verdict, one.response, one.catalog, facts=facts))
