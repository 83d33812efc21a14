"""The fault server: a thread with a loop of its own, a listener, and what a test says to both."""

from __future__ import annotations

import asyncio
import atexit
import tempfile
import threading
from contextvars import Context
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.faults.transport import NEED_TLS, STARTS
from pytest_apierrors.server.connection import Connection
from pytest_apierrors.server.limits import Limits
from pytest_apierrors.server.listener import HOST, Listener
from pytest_apierrors.server.rules import Script
from pytest_apierrors.server.site import Site
from pytest_apierrors.server.tls import Certificates

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any, Self

    from pytest_apierrors.server.rules import Answers, Route
    from pytest_apierrors.server.seen import Seen, Transcript

T = TypeVar("T")
_PATIENCE = 10.0


class FaultServer:
    """
    A server on the loopback interface that answers with any response and any fault.

    A context manager, or `start()` and `stop()`. With `tls` it speaks TLS, with a certificate for
    whatever host a client asks for, from the authority in `ca_file`. What no rule is about is
    answered with status 501 and stands in `unexpected`.
    """

    def __init__(self, *, tls: bool = False, limits: Limits | None = None, port: int = 0) -> None:
        self._with_tls = tls
        self._port = port
        self._limits = limits or Limits()
        self._running: _Running | None = None

    def start(self) -> Self:
        """Begin to listen; without `port`, on one that the system chooses."""
        if self._running is None or self._running.stopped:
            self._running = _Running(self._limits, tls=self._with_tls, port=self._port)
            atexit.register(self.stop)
        return self

    def stop(self) -> None:
        """Cut all connections and let the port go; the record can still be read."""
        if self._running is not None:
            atexit.unregister(self.stop)
            self._running.stop()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    @property
    def url(self) -> str:
        """The base URL, without a slash at its end."""
        return f"http{'s' if self._with_tls else ''}://{HOST}:{self.port}"

    @property
    def port(self) -> int:
        """The port."""
        return self._live().listener.port

    @property
    def ca_file(self) -> Path:
        """The certificate, a PEM file, that a client trusts. Raises UsageProblem without TLS."""
        file = self._live().ca_file
        if file is None:
            raise UsageProblem("a fault server without TLS has no ca_file: FaultServer(tls=True)")
        return file

    def answer_with(self, answers: Answers) -> None:
        """
        Set the answers to all requests that no route is about, and forget what was seen.

        One answer, several in turn of which the last repeats, or a function of the request. A
        refused connection is not seen by anyone: a sequence stands still at it. Raises
        UsageProblem for what cannot be sent.
        """
        script = Script(answers)
        for fault in script.faults():
            if fault.kind in NEED_TLS and not self._with_tls:
                raise UsageProblem(f"{fault.kind!r} needs TLS: FaultServer(tls=True)")
        self._live().set(script)

    def on(self, method: str | None, pattern: str) -> Route:
        """
        Return a new route, to be given its answers with `answer()`.

        The pattern is matched with the whole path, `*` standing for anything; one that has a
        query is matched with path and query. The latest route goes first.
        """
        return self._live().site.rules.on(method, pattern)

    def clear(self) -> None:
        """Forget all answers, and what was seen."""
        self._live().set(None)

    def connecting(self) -> tuple[str, int]:
        """
        Return where the connection that is about to be made should go.

        For who redirects connections and so knows of every attempt: a refusal that is due is used
        up, and its address is one on which nothing listens.
        """
        return HOST, self._live().connecting()

    @property
    def calls(self) -> list[Seen]:
        """The requests, in the order in which they were complete."""
        return self._live().site.record.calls

    @property
    def unexpected(self) -> list[Seen]:
        """The requests that no rule was about."""
        return self._live().site.record.unexpected

    @property
    def problems(self) -> list[str]:
        """What else went wrong: functions that raised, requests that were none, limits."""
        return self._live().site.record.problems

    @property
    def transcript(self) -> Transcript:
        """Every byte of both directions."""
        return self._live().site.record.transcript

    def complaints(self) -> list[str]:
        """Hand over, as sentences, all that a test should fail for; they are told once."""
        return self._live().site.record.complaints()

    def _live(self) -> _Running:
        if self._running is None:
            raise UsageProblem("the fault server is not running: use it in `with`, or start() it")
        return self._running


class _Running:
    """What a server has from its start to its end."""

    def __init__(self, limits: Limits, *, tls: bool, port: int) -> None:
        # Everything that can fail comes before the thread does.
        certificates = Certificates() if tls else None
        self._loop = asyncio.SelectorEventLoop()
        self.site = Site(self._loop, limits, certificates, self._listen)
        self._loop.set_exception_handler(self._not_handled)
        factory = partial(Connection, self.site)
        try:
            self.listener = Listener(self._loop, factory, self.site.record.problem, port)
        except OSError:
            self._loop.close()
            raise
        self.stopped = False
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.ca_file: Path | None = None
        if certificates is not None:
            self._folder = tempfile.TemporaryDirectory(prefix="apierrors-")
            self.ca_file = Path(self._folder.name) / "ca.pem"
            certificates.write(self.ca_file)
        # An empty context: what a test sets in its own, such as a clock, does not reach the server.
        self._thread = threading.Thread(
            target=Context().run, args=(self._serve,), name="apierrors-server", daemon=True
        )
        self._thread.start()
        self._on_loop(self._begin)

    def _serve(self) -> None:
        try:
            self._loop.run_forever()
        finally:
            self._loop.close()

    async def _begin(self) -> None:
        self.listener.open()

    def set(self, script: Script | None) -> None:
        """Change the rules; by way of the loop where connections are touched by it."""
        if script is None:
            self.site.rules.clear()
        self.site.record.clear()
        if (script is None or not script.faults()) and self.listener.up:
            self.site.rules.rest = script
            return

        async def change() -> None:
            self.site.rules.rest = script
            if self.site.rules.coming() is not None:
                self.site.close_idle()
            self._listen()

        self._on_loop(change)

    def connecting(self) -> int:
        """Return the port for the next connection, and use up a refusal."""

        async def choose() -> int:
            if not self._refusing():
                return self.listener.port
            self.site.rules.strike()
            self._listen()
            return self.listener.dead_port()

        return self._on_loop(choose) if self._refusing() else self.listener.port

    def _refusing(self) -> bool:
        fault = self.site.rules.coming()
        return fault is not None and STARTS[fault.kind] == "connect"

    def _listen(self) -> None:
        """Listen or do not, as the next answer wants it."""
        if self._refusing():
            self.listener.close()
        else:
            self.listener.open()

    def _not_handled(self, _: object, context: dict[str, Any]) -> None:
        """Write down what asyncio would print."""
        error = context.get("exception")
        self.site.record.problem(
            f"{context['message']}: {error!r}" if error else context["message"]
        )

    def stop(self) -> None:
        """End the thread; what it held is closed."""
        if self.stopped:
            return
        self._on_loop(self._close)
        self.stopped = True
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE)
        if self._folder is not None:
            self._folder.cleanup()

    async def _close(self) -> None:
        self.listener.release()
        await self.listener.accepted()
        self.site.stop()
        # A transport closes its socket one turn of the loop after it was told to.
        while self.site.connections:  # noqa: ASYNC110 - for a turn or two
            await asyncio.sleep(0)

    def _on_loop(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """
        Run a coroutine in the server's thread and return its result.

        It waits with a bare lock, which no virtual clock can reach.
        """
        if self.stopped:
            raise UsageProblem("the fault server has been stopped: start() it again")
        if threading.get_ident() == self._thread.ident:
            raise UsageProblem("a function that answers cannot change the server that calls it")
        done = threading.Lock()
        done.acquire()
        task: list[asyncio.Task[T]] = []

        def begin() -> None:
            task.append(self._loop.create_task(make()))
            task[0].add_done_callback(lambda _: done.release())

        self._loop.call_soon_threadsafe(begin, context=Context())
        if not done.acquire(timeout=_PATIENCE):
            raise UsageProblem(
                "the fault server does not react: a function that answers keeps it waiting"
            )
        return task[0].result()
