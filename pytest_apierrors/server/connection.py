"""One connection of the fault server: requests in, answers and plans out."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import sys
from typing import TYPE_CHECKING, Literal, cast

from pytest_apierrors.faults.transport import STARTS
from pytest_apierrors.server.answers import notice
from pytest_apierrors.server.requests import BadRequest, Requests
from pytest_apierrors.server.seen import Seen
from pytest_apierrors.server.tls import Tls

if TYPE_CHECKING:
    from pytest_apierrors.faults.model import Fault, Step
    from pytest_apierrors.server.requests import Request
    from pytest_apierrors.server.seen import What
    from pytest_apierrors.server.site import Site

Phase = Literal["reading", "busy", "draining", "closed"]
_PIPELINED = 1024 * 1024
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_LINGER_NOT = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Connection(asyncio.Protocol):
    """
    A client's connection.

    It reads a request to its end before it answers, and ends by closing its own side first and
    reading on: bytes that nobody has read would turn the goodbye into a reset, at random.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._phase: Phase = "reading"
        self._requests = Requests(site.limits)
        self._tls: Tls | None = None
        self._hello: Fault | None = None
        self._first: Fault | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._close_after = False
        self._client_done = False
        self._holding = False
        self._drained = 0
        self._deadline = 0.0

    @property
    def idle(self) -> bool:
        """Whether no request has begun."""
        return self._phase == "reading" and not self._requests.begun

    @property
    def spare(self) -> bool:
        """Whether nobody waits for anything here."""
        return self.idle or self._phase == "draining"

    @property
    def gone(self) -> bool:
        """Whether it has ended."""
        return self._phase == "closed"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin; some faults strike at once."""
        self._transport = cast("asyncio.Transport", transport)
        self._number = self._site.opened(self)
        self._await_end(self._site.limits.seconds)
        self._log("opened")
        if self._site.full:
            self._site.record.problem("more connections than the fault server takes at once")
            if self._site.certificates is None:
                self._write(notice(503, "too many connections"))
            self.half_close()
            return
        self._strike(self._site.strike())

    def _strike(self, fault: Fault | None) -> None:
        start = None if fault is None else STARTS[fault.kind]
        if fault is not None:
            self._log("note", note=fault.kind)
        if fault is not None and start in ("connect", "accept"):
            # A refusal that comes too late for the listener: a reset is the next best.
            self._begin(fault.steps or (), close=True) if fault.steps else self._reset()
        elif start == "hello":
            self._hello = fault
        elif self._site.certificates is not None:
            self._first = fault
            self._tls = Tls(self._site.certificates.context(fault.kind if fault else ""))

    def data_received(self, data: bytes) -> None:
        """Take bytes in, whatever they are."""
        if self._phase == "draining":
            self._drained += len(data)
            if self._drained > self._site.limits.body:
                self.abort()
            return
        if self._hello is not None:
            self._read_hello(data)
            return
        if self._tls is not None:
            data = self._decrypted(self._tls, data)
        if not data or self._phase == "closed":
            return
        self._log("in", data)
        if self.idle:
            self._await_end(self._site.limits.seconds)
        self._requests.buffer += data
        if self._phase == "reading":
            self._advance()
        elif len(self._requests.buffer) > _PIPELINED:
            self._transport.pause_reading()

    def _read_hello(self, data: bytes) -> None:
        """Wait for the client's first record to be whole, so that nothing is left unread."""
        buffer = self._requests.buffer
        buffer += data
        if len(buffer) < 5 or len(buffer) < 5 + int.from_bytes(buffer[3:5], "big"):
            return
        fault, self._hello = self._hello, None
        self._log("in", bytes(buffer))
        buffer.clear()
        if fault is not None:
            self._begin(fault.steps, close=True)

    def _decrypted(self, tls: Tls, data: bytes) -> bytes:
        try:
            data = tls.read(data)
        except ssl.SSLError as error:
            self._log("note", note=f"TLS: {error.reason or error}")
            self._flush(tls.write(b""))
            if error.reason == "HTTP_REQUEST":
                self._tls = None
                self._refuse(400, "plain HTTP on a port for TLS")
            else:
                self.half_close(goodbye=False)
            return b""
        self._flush(tls.write(b""))
        if tls.ended:
            self._client_ended()
        return data

    def _advance(self) -> None:
        """Answer as many whole requests as there are, one after the other."""
        while self._phase == "reading":
            try:
                request = self._requests.next()
            except BadRequest as bad:
                self._refuse(bad.status, bad.reason)
                return
            if request is None:
                if self._client_done:
                    self.half_close()
                elif self._requests.continues:
                    self._requests.continues = False
                    self._write(_CONTINUE)
                return
            self._answer(request)

    def _answer(self, request: Request) -> None:
        now = self._site.loop.time()
        seen = Seen(request.method, request.path, request.headers, request.body, now, self._number)
        self._await_end(self._site.limits.seconds)
        first, self._first = self._first, None
        if first is not None:
            self._site.record.saw(seen)
            self._begin(first.steps, close=True)
            return
        answer, close = self._site.answer(request, seen)
        if not isinstance(answer, bytes):
            self._begin(answer, close=close)
            return
        self._write(answer)
        if close:
            self.half_close()

    def _begin(self, steps: tuple[Step, ...], *, close: bool) -> None:
        self._phase = "busy"
        self._close_after = close
        self._play(steps, 0)

    def _play(self, steps: tuple[Step, ...], start: int) -> None:
        """Follow a plan; what comes after its end depends on what the client asked for."""
        self._timer = None
        for number in range(start, len(steps)):
            step = steps[number]
            if step.do == "send":
                self._write(step.data)
            elif step.do == "wait":
                later = self._site.loop.call_later
                self._timer = later(step.seconds, self._play, steps, number + 1)
                return
            else:
                self._finish(step.do)
                return
        if self._close_after:
            self.half_close()
            return
        self._phase = "reading"
        self._transport.resume_reading()
        if start:  # the reading loop that began the plan has ended long ago
            self._advance()

    def _finish(self, do: str) -> None:
        if do == "hold":
            self._holding = True
            if self._client_done:
                self.half_close()
        elif do == "half-close":
            self.half_close()
        elif do == "close":
            self._log("server closed")
            self._phase = "closed"
            self._transport.close()
        else:
            self._reset()

    def _refuse(self, status: int, reason: str) -> None:
        self._site.record.problem(f"connection {self._number}: {reason}")
        self._write(notice(status, reason))
        self.half_close()

    def half_close(self, *, goodbye: bool = True) -> None:
        """Say that this is all, and read on until the client closes, too."""
        if self._phase in ("draining", "closed"):
            return
        if goodbye and self._tls is not None:
            self._flush(self._tls.goodbye())
        self._log("server half-closed")
        self._phase = "draining"
        self._await_end(self._site.limits.linger)
        self._transport.resume_reading()
        if self._client_done or not self._transport.can_write_eof():
            self._transport.close()
            return
        try:
            self._transport.write_eof()
        except OSError:  # the client has cut the connection, and the loop is yet to hear of it
            self._transport.close()

    def _reset(self) -> None:
        self._log("server reset")
        self._phase = "closed"
        channel = self._transport.get_extra_info("socket")
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        self._transport.abort()

    def abort(self) -> None:
        """Cut the connection."""
        if self._phase != "closed":
            self._log("server closed")
            self._phase = "closed"
        self._transport.abort()

    def expire(self, now: float) -> None:
        """Do what is due when time is up."""
        if now < self._deadline:
            return
        if self._phase in ("draining", "closed"):
            self.abort()
        elif self._phase == "busy":
            self._log("note", note="time is up")
            self._stop_timer()
            self.half_close()
        elif self.idle:
            self.half_close()
        elif self._hello is not None or (self._tls is not None and not self._tls.established):
            self.abort()
        else:
            self._refuse(408, "a request that does not end")

    def eof_received(self) -> bool:
        """Note that the client sends no more; it may still be listening."""
        if self._phase == "draining":
            self._log("client closed")
            return False
        self._client_ended()
        return self._phase == "busy"

    def _client_ended(self) -> None:
        if self._client_done:
            return
        self._log("client closed")
        self._client_done = True
        if self._phase == "reading" or self._holding:
            self.half_close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Clean up."""
        self._stop_timer()
        if isinstance(exc, ConnectionError) and self._phase != "closed":
            self._log("client reset")
        self._phase = "closed"
        self._site.closed(self)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _await_end(self, seconds: float) -> None:
        self._deadline = self._site.loop.time() + seconds

    def _write(self, data: bytes) -> None:
        """Send some bytes with one call."""
        self._log("out", data)
        self._flush(data if self._tls is None else self._tls.write(data))

    def _flush(self, data: bytes) -> None:
        if data and not self._transport.is_closing():
            self._transport.write(data)

    def _log(self, what: What, data: bytes = b"", note: str = "") -> None:
        now = self._site.loop.time()
        self._site.record.transcript.add(now, self._number, what, data, note)
