"""What all connections of one fault server share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.faults.model import Fault, Step
from pytest_apierrors.server.answers import ends, notice, rendered
from pytest_apierrors.server.record import Record
from pytest_apierrors.server.rules import Rules, start_of

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from pytest_apierrors.server.answers import Answer
    from pytest_apierrors.server.connection import Connection
    from pytest_apierrors.server.limits import Limits
    from pytest_apierrors.server.requests import Request
    from pytest_apierrors.server.seen import Seen
    from pytest_apierrors.server.tls import Certificates

_SWEEPS = 4  # how often within the time that a connection has


class Site:
    """
    The rules, the record and the open connections; everything here runs in the server's thread.

    `changed` is called after each answer: the next one may want the listener closed.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        limits: Limits,
        certificates: Certificates | None,
        changed: Callable[[], None],
    ) -> None:
        self.loop = loop
        self.limits = limits
        self.certificates = certificates
        self.rules = Rules()
        self.record = Record(limits)
        self.connections: dict[Connection, None] = {}
        self.full = False
        """Whether there was no room for the latest connection."""
        self._changed = changed
        self._count = 0
        self._last: tuple[Answer | None, tuple[str, bool], tuple[bytes, bool]]
        self._last = (None, ("", False), (b"", False))
        self._sweeper: asyncio.TimerHandle | None = None

    def opened(self, connection: Connection) -> int:
        """Take a connection in and return its number; room is made by cutting one off."""
        self._count += 1
        if self._room == 0:
            spare = next((one for one in self.connections if one.spare), None)
            if spare is not None:
                spare.abort()
        self.full = self._room == 0
        self.connections[connection] = None
        if self._sweeper is None:
            self._sweep_later()
        return self._count

    @property
    def _room(self) -> int:
        """How many connections there may still be; one that was cut is gone a moment later."""
        return max(0, self.limits.connections - sum(not one.gone for one in self.connections))

    def closed(self, connection: Connection) -> None:
        """Let a connection go."""
        self.connections.pop(connection, None)

    def strike(self) -> Fault | None:
        """Return the fault that strikes a new connection, if one does."""
        fault = self.rules.strike()
        if fault is not None:
            self._changed()
        return fault

    def answer(self, request: Request, seen: Seen) -> tuple[bytes | tuple[Step, ...], bool]:
        """Return what to send, or the plan to follow, and whether the connection ends with it."""
        self.record.saw(seen)
        try:
            answer = self.rules.take(seen)
            if answer is None:
                self.record.unexpected.append(seen)
                return notice(501, "no answer was set for this request"), True
            if start_of(answer) is not None:
                # Meant for a new connection, and this one was not closed in time.
                self._changed()
                return (Step("reset"),), True
            # Nothing may be sent before the listener is what the next connection is to find.
            self._changed()
            close = request.close or self.rules.coming() is not None
            if isinstance(answer, Fault) and answer.steps:
                return answer.steps, close
            return self._rendered(answer, seen.method, close=close)
        except UsageProblem as problem:
            return self._own_fault(str(problem))
        except Exception as error:  # noqa: BLE001 - a user's function may raise anything
            return self._own_fault(f"the function that answers raised {error!r}")

    def _rendered(self, answer: Answer, method: str, *, close: bool) -> tuple[bytes, bool]:
        # Most often the last answer is asked for again: that one is kept as bytes.
        last, said, sent = self._last
        if last is answer and said == (method, close):
            return sent
        sent = rendered(answer, method, close=close), close or ends(answer)
        self._last = (answer, (method, close), sent)
        return sent

    def _own_fault(self, sentence: str) -> tuple[bytes, bool]:
        self.record.problem(sentence)
        return notice(501, sentence), True

    def close_idle(self) -> None:
        """Close the connections on which nothing is going on, as an API may at any time."""
        for connection in tuple(self.connections):
            if connection.idle:
                connection.half_close()

    def _sweep_later(self) -> None:
        pause = min(1.0, self.limits.seconds / _SWEEPS, self.limits.linger / _SWEEPS)
        self._sweeper = self.loop.call_later(pause, self._sweep)

    def _sweep(self) -> None:
        self._sweeper = None
        now = self.loop.time()
        for connection in tuple(self.connections):
            connection.expire(now)
        if self.connections:
            self._sweep_later()

    def stop(self) -> None:
        """Cut every connection."""
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None
        for connection in tuple(self.connections):
            connection.abort()
