"""Running one kind: its first example, then what Hypothesis makes of it, judged one by one."""

from __future__ import annotations

import asyncio
import gc
import inspect
import re
import warnings
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, Verbosity, given
from hypothesis import settings as hypothesis_settings
from hypothesis.errors import FlakyFailure

from pytest_apierrors.clock import virtual_time
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.faults.pick import First
from pytest_apierrors.fuzzing.spec import EXAMPLES, FuzzFailure
from pytest_apierrors.fuzzing.words import failure_text, sometimes
from pytest_apierrors.oracle import Run, judge, wall_of
from pytest_apierrors.oracle.frames import frame_of, shown
from pytest_apierrors.oracle.wording import Words
from pytest_apierrors.redact import secrets_of
from pytest_apierrors.seams import Endless, inject
from pytest_apierrors.strategies import faults_of
from pytest_apierrors.watchdog import Hung, deadline

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_apierrors.clock import VirtualTime
    from pytest_apierrors.faults.model import Fault, Kind
    from pytest_apierrors.fuzzing.spec import Spec
    from pytest_apierrors.seams import Call

NOTHING = """\
nothing was injected: the test made no HTTP request that could be answered.
  Call the client in the test itself, and so that it asks anew each time (no cached answer).
  If it does ask, it goes by a way of its own. Answered are requests, urllib3, httpx, httpx2,
  aiohttp and http.client with their own transports; not httpx.MockTransport and such, not pycurl.
  Use such a client with the library's own transport, or point its base URL at a server that the
  fixture apierrors_server gives, with faults of pytest_apierrors.strategies."""


_UNASKED = 100
"""What Hypothesis takes if nobody asks for a number of examples, in a profile or elsewhere."""


def run_kind(spec: Spec, kind: Kind, call: Callable[..., Any], test: Callable[..., Any]) -> None:
    """
    Run a test under one kind of fault. Raises FuzzFailure with the simplest fault that breaks it.

    `call` is the test with its fixtures filled in.
    """
    __tracebackhide__ = True
    trial = _Trial(spec, kind, call)
    for example in spec.examples:
        if example.kind == kind.name:
            trial.one(example)
    first = kind.make(First())
    trial.one(first)
    if kind.ring != "documented" and not _waits(first):
        _vary(trial, test)


def _waits(fault: Fault) -> bool:
    """Whether a fault holds the line: one example of that is enough."""
    return any(step.do in ("hold", "wait") for step in fault.steps)


def _vary(trial: _Trial, test: Callable[..., Any]) -> None:
    """Let Hypothesis vary the fault, under the user's profile and the test's own settings."""
    __tracebackhide__ = True
    spec = trial.spec

    def engine(fault: Fault) -> None:
        trial.one(fault)

    # The name makes the key under which the example database keeps what failed.
    engine.__name__ = f"{test.__name__}__{re.sub('[^A-Za-z0-9]', '_', trial.kind.name)}"
    engine.__qualname__ = f"{test.__qualname__}.{engine.__name__}"
    engine.__module__ = test.__module__
    own = spec.settings or hypothesis_settings()
    asked = spec.max_examples or own.max_examples
    if spec.settings is None and spec.max_examples is None and asked == _UNASKED:
        asked = EXAMPLES
    chosen = hypothesis_settings(
        own,
        max_examples=asked,
        deadline=None,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet if own.verbosity == Verbosity.normal else own.verbosity,
        phases=[phase for phase in own.phases if phase != Phase.explain],
        suppress_health_check=list(HealthCheck),
    )
    try:
        chosen(given(fault=faults_of(trial.kind))(engine))()
    except FlakyFailure as flaky:
        found = next((one for one in flaky.exceptions if isinstance(one, FuzzFailure)), None)
        if found is None:
            raise
        raise FuzzFailure(sometimes(str(found)), found.broken, found.fault) from None


class _Trial:
    """One kind thrown at one call, again and again."""

    def __init__(self, spec: Spec, kind: Kind, call: Callable[..., Any]) -> None:
        self.spec = spec
        self.kind = kind
        self.call = call

    def one(self, fault: Fault) -> None:
        """Make the call under one fault, and hold what it did against the promise."""
        __tracebackhide__ = True
        run = self.run(fault)
        broken = judge(self.spec.promise, self.kind, fault, run)
        if broken:
            text = failure_text(self.kind, fault, run, broken)
            if run.hung is not None:
                _forget(run)
            raise FuzzFailure(text, tuple(broken), fault) from None

    def run(self, fault: Fault) -> Run:
        """Make the call under one fault, and tell what it did."""
        run = Run()
        spec = self.spec
        with virtual_time(wall=wall_of(fault)) as time:
            injection = inject(fault, match=spec.match, auxiliary=spec.auxiliary, clock=time)
            with warnings.catch_warnings(record=True) as caught, injection as injected:
                injected.most = spec.promise.most
                if not spec.promise.leaks:
                    warnings.simplefilter("ignore")
                self._make(run, time)
            run.slept, run.sleeps = time.slept, tuple(time.sleeps)
        run.calls = tuple(injected.calls)
        run.warnings = tuple(caught)
        run.no_timeout = injected.no_timeout
        run.endless = injected.endless
        run.secrets = _secrets(injected.calls)
        if not injected.calls and run.hung is None:
            raise UsageProblem(NOTHING + _ended(run.raised)) from run.raised
        return run

    def _make(self, run: Run, time: VirtualTime) -> None:
        """Make the call; what comes out of it goes into the run."""
        client = {} if self.spec.client is None else {"client": self.spec.client()}
        try:
            with deadline(self.spec.deadline):
                result = self.call(**client)
                if inspect.iscoroutine(result):
                    result = time.run_async(result)
                run.returned = result
        except Hung as hung:
            run.hung, run.raised = hung.stack, hung
        except (KeyboardInterrupt, UsageProblem):
            raise
        except (Exception, SystemExit, Endless, asyncio.CancelledError, GeneratorExit) as error:  # noqa: BLE001 - the oracle judges all
            run.raised = error


def _forget(run: Run) -> None:
    """
    Have what an interrupted call left behind thrown away here.

    A loop that was torn out of its work leaves coroutines that cannot even be closed, which is
    no harm in this place, but may be wherever else the collector happens to find them.
    """
    error = run.raised
    while error is not None:
        error.__traceback__ = None
        if isinstance(error, Hung):
            error.awaiting.clear()
        error = error.__cause__ or error.__context__
    run.raised = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


def _ended(error: BaseException | None) -> str:
    """Say how a test ended that asked for nothing: often that is why."""
    if error is None:
        return ""
    return f"\n  The test ended with {Words(frozenset()).error(error)} in {shown(frame_of(error))}."


def _secrets(calls: list[Call]) -> frozenset[str]:
    """Return the credentials of all requests, which no text of an exception may hold."""
    return frozenset(one for call in calls for one in secrets_of(call.headers, call.url, call.body))
