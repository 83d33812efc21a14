"""Putting an injection into force and taking it out again."""

from __future__ import annotations

import http.client  # noqa: F401 - there from the start, so that what is built on it is caught
import sys
import threading
from typing import TYPE_CHECKING

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.seams import (
    aiohttp_connector,
    http_client,
    httpx_transport,
    requests_adapter,
    urllib3_pool,
)
from pytest_apierrors.seams.injection import Injection
from pytest_apierrors.seams.loopback import Loopback
from pytest_apierrors.seams.patches import LateImports, Patches
from pytest_apierrors.seams.recorders import install_vcr, refuse_cassette, refuse_deaf
from pytest_apierrors.seams.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from pytest_apierrors.faults.model import Fault
    from pytest_apierrors.seams.calls import Clock, Faults, Injected
    from pytest_apierrors.seams.matching import Match
    from pytest_apierrors.seams.patches import Install

SEAMS = {
    "requests.adapters": "requests",
    "httpx": "httpx",
    "httpx2": "httpx2",
    "http.client": "http.client",
    "urllib3.connection": "urllib3",
    "urllib3_future.connection": "urllib3_future",
    "aiohttp.connector": "aiohttp",
}
"""The names of the seams, each with the module whose presence puts it into force."""

_INSTALLS: dict[str, Install] = {
    "requests.adapters": requests_adapter.install,
    "httpx": httpx_transport.install,
    "httpx2": httpx_transport.install,
    "http.client": http_client.install,
    "aiohttp.connector": aiohttp_connector.install,
    "vcr.cassette": install_vcr,
    **{
        f"{package}.{module}": urllib3_pool.install
        for package in ("urllib3", "urllib3_future")
        for module in ("connection", "connectionpool", "_async.connection", "_async.connectionpool")
    },
}

_GATE = threading.Lock()
_IN_FORCE: list[Force] = []


class Force:
    """
    A context in which an injection answers every HTTP call of the process.

    `answering` says that it answers as the API would, `place` in which file and line that was said.
    """

    def __init__(
        self,
        injection: Injection,
        *,
        answering: bool = False,
        place: tuple[str, int] | None = None,
    ) -> None:
        self.answering = answering
        self.place = place
        patches = Patches()
        self._scene = Scene(injection, Loopback(injection, patches), patches)
        self._late = LateImports(_INSTALLS, self._scene)
        self._over = False

    def __enter__(self) -> Injected:
        """Patch what is loaded. Raises UsageProblem where that would do harm or nothing."""
        __tracebackhide__ = True
        refuse_cassette()
        refuse_deaf()
        if self._over:
            raise UsageProblem("an injection is used once: call inject() again")
        with _GATE:
            if _IN_FORCE:
                raise UsageProblem(
                    "faults are being injected already: one injection at a time, "
                    "with all its faults in one sequence"
                )
            _IN_FORCE.append(self)
        try:
            self._late.start()
            self._scene.loopback.start()
        except BaseException:
            self._end()
            raise
        self._scene.patches.live = True
        return self._scene.injection.injected

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put everything back, and say which calls were refused."""
        __tracebackhide__ = True
        self._end()
        refused = self._scene.injection.refusals()
        if refused is None or isinstance(error, UsageProblem):
            return
        if error is None:
            raise UsageProblem(refused)
        error.add_note(refused)

    def _end(self) -> None:
        self._over = True
        self._scene.patches.live = False
        try:
            self._late.stop()
            self._scene.patches.undo()
            self._scene.loopback.close()
        finally:
            _IN_FORCE.remove(self)


def inject(
    faults: Faults,
    *,
    match: Match = None,
    auxiliary: Mapping[str, Fault] | None = None,
    clock: Clock | None = None,
) -> Force:
    """
    Answer every HTTP call of the process with faults in turn, of which the last repeats.

    A context manager that gives what happened. `match` says which URLs get a fault: all, those
    of a glob such as `https://api.example.com/*`, or those for which a function is true.
    `auxiliary` maps globs of other URLs to what they get, such as `ok({"token": "t"})`; they
    are not counted. Whatever else is called is refused, and the end of the context says so.
    Raises UsageProblem for what is no fault, or cannot be sent.
    """
    __tracebackhide__ = True
    try:
        return Force(Injection(faults, match, auxiliary, clock))
    except UsageProblem as problem:
        raise problem.with_traceback(None) from None  # the line of the test is what helps


def in_force() -> Force | None:
    """Return the injection that is in force now."""
    return _IN_FORCE[0] if _IN_FORCE else None


def active() -> tuple[str, ...]:
    """Return the names of the seams that are in force now."""
    if not _IN_FORCE:
        return ()
    return tuple(name for module, name in SEAMS.items() if module in sys.modules)


def seam_names() -> tuple[str, ...]:
    """Return the names of all seams."""
    return tuple(SEAMS.values())
