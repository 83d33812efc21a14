"""The injection in force: decides about every call, whatever seam it came through."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.faults.model import Fault
from pytest_apierrors.inert import inert
from pytest_apierrors.redact import redact_url
from pytest_apierrors.response import Headers
from pytest_apierrors.seams.calls import Call, Injected
from pytest_apierrors.seams.matching import matcher
from pytest_apierrors.seams.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_apierrors.seams.calls import Clock, Faults
    from pytest_apierrors.seams.matching import Match
    from pytest_apierrors.seams.turns import Answer


class Turn:
    """An answer taken for one call, to be written down when the whole request is known."""

    __slots__ = ("answer", "auxiliary")

    def __init__(self, answer: Answer, *, auxiliary: bool) -> None:
        self.answer = answer
        self.auxiliary = auxiliary


class Injection:
    """
    Faults in turn, auxiliary answers, and the record of calls.

    Clients may call from several threads; a turn is taken under a lock. After its end every seam
    passes calls on as if nothing had been there.
    """

    def __init__(
        self,
        faults: Faults,
        match: Match,
        auxiliary: Mapping[str, Fault] | None,
        clock: Clock | None,
        once: str = "",
    ) -> None:
        self.injected = Injected(self._begin)
        self.lock = threading.RLock()
        self._once = once
        self._problem: str | None = None
        self._matches = matcher(match)
        self._auxiliary = [
            (matcher(pattern), Turns([answer])) for pattern, answer in (auxiliary or {}).items()
        ]
        self._clock = clock
        self._now = time.monotonic if clock is None else clock.monotonic
        self._begin(faults)

    def _begin(self, faults: Faults) -> None:
        turns = Turns([faults] if isinstance(faults, Fault) else faults, self._once)
        with self.lock:
            self._turns = turns
            self._problem = None
            self.round = object()
            """What connections that may be used again are marked with."""

    def take(self, method: str, url: str, *, wire: bool, seam: str) -> Turn | None:
        """
        Take the answer to a call.

        Returns None where the answer has to go over the wire and the seam is not there; then it
        is not used up. Raises UsageProblem for a call that nothing was said about.
        """
        with self.lock:
            if not wire:
                self.injected.stop_endless(method, url)
            turns, auxiliary, answer = self._coming(method, url, seam)
            if answer.wire and not wire:
                return None
            turns.use()
        return Turn(answer, auxiliary=auxiliary)

    def take_start(self, method: str, url: str, seam: str) -> Turn | None:
        """Take the answer to a call if it strikes before the request is read."""
        with self.lock:
            self.injected.stop_endless(method, url)
            turns, auxiliary, answer = self._coming(method, url, seam)
            if not answer.starts:
                return None
            turns.use()
        return Turn(answer, auxiliary=auxiliary)

    def admit(self, method: str, url: str, seam: str) -> bool:
        """
        Whether a call may go over a connection that has carried one: nothing strikes before.

        Raises UsageProblem for a call that nothing was said about.
        """
        with self.lock:
            self.injected.stop_endless(method, url)
            return not self._coming(method, url, seam)[2].starts

    def record(
        self,
        turn: Turn,
        called: tuple[str, str],
        headers: Iterable[tuple[str, str]],
        body: bytes,
        *,
        seam: str,
    ) -> None:
        """Write down the call of a method and URL."""
        call = Call(*called, Headers(headers), body, self._now(), turn.answer.fault, seam)
        kept = self.injected.auxiliary if turn.auxiliary else self.injected.calls
        kept.append(call)

    @property
    def holds(self) -> bool:
        """Whether an answer holds the line, and a virtual clock can pass what is waited for it."""
        return self.virtual and self._turns.hold

    @property
    def virtual(self) -> bool:
        """Whether calls have a virtual clock."""
        return self._clock is not None

    def waited(self, timeout: float | None, really: float) -> None:
        """Note that a read ended with its timeout, after a moment of real time."""
        if timeout is None:
            self.injected.no_timeout = True
        elif self._clock is not None:
            self._clock.pass_by(max(0.0, timeout - really))

    def impossible(self, problem: UsageProblem) -> None:
        """Note what stood in the way of an answer: a client may swallow the exception."""
        self._problem = str(problem)

    def refusals(self) -> str | None:
        """Return what there is to say about calls that got no answer."""
        return self._problem

    def _coming(self, method: str, url: str, seam: str) -> tuple[Turns, bool, Answer]:
        """Return the turns that a call belongs to, whether auxiliary ones, and the next answer."""
        for matches, turns in self._auxiliary:
            if matches(url):
                return turns, True, turns.next()
        if not self._matches(url):
            raise self._refused(UsageProblem(_unexpected(method, url)), method, url, seam)
        try:
            return self._turns, False, self._turns.next()
        except UsageProblem as problem:
            raise self._refused(problem, method, url, seam) from None

    def _refused(self, problem: UsageProblem, method: str, url: str, seam: str) -> UsageProblem:
        call = Call(method, url, Headers(), b"", self._now(), None, seam)
        self.injected.refused.append(call)
        self.impossible(problem)
        return problem


def _unexpected(method: str, url: str) -> str:
    url = inert(redact_url(url), 200)
    what = f"{method} {url}" if method else f"a connection to {url}"
    return (
        f"while faults are injected nothing goes to the network, and nothing was said about "
        f'{what}: widen match=, or add auxiliary={{"{url}": ok()}}'
    )
