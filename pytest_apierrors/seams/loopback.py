"""The way over the loopback server: connections that were meant for an API end there."""

from __future__ import annotations

import os
import ssl
import threading
from functools import partial
from typing import TYPE_CHECKING, Any

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.faults.model import Fault, Step
from pytest_apierrors.seams.authorities import install_authorities
from pytest_apierrors.seams.stalls import Stalls
from pytest_apierrors.server import FaultServer
from pytest_apierrors.server.answers import NOTICE
from pytest_apierrors.tlswrap import wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_apierrors.seams.injection import Injection
    from pytest_apierrors.seams.patches import Patches
    from pytest_apierrors.server import Seen

REFUSED = Fault("connection-refused", None)
_TOO_LATE = Fault("reset-before-headers", None, steps=(Step("reset"),))
_SERVERS: dict[tuple[int, bool], FaultServer] = {}
"""The servers of a process, plain and with TLS: started once, closed to all between injections."""
_TWINS: dict[tuple[int, bool, int], ssl.SSLContext] = {}
"""The contexts of a process that trust the server with TLS."""


class Loopback:
    """The loopback servers as one injection uses them."""

    def __init__(self, injection: Injection, patches: Patches) -> None:
        self._injection = injection
        self._patches = patches
        self._lock = threading.Lock()
        self._stalls = Stalls(injection, patches, self.owns)
        self.watch = self._stalls.watch
        self._used: dict[bool, FaultServer] = {}
        self._answering: dict[bool, object] = {}
        self._seams: dict[str, str] = {}
        self._trusting = False

    def dial(self, method: str, url: str, seam: str, name: str = "") -> tuple[str, int]:
        """
        Return where a connection goes that is about to be made for a call.

        A fault that strikes before the request is read is used up here. `name` is the host that
        the client will ask the certificate for.
        """
        # A lock of its own: the server's thread takes turns while this one waits for it.
        with self._lock:
            try:
                return self._dial(method, url, seam, name)
            except UsageProblem as problem:
                self._injection.impossible(problem)
                raise

    def _dial(self, method: str, url: str, seam: str, name: str) -> tuple[str, int]:
        secure = url.startswith("https:")
        host = _host(url)
        self._stalls.prepare()
        turn = self._injection.take_start(method, url, seam)
        if secure:
            self._trust()
        server = self._server(secure=secure)
        self._seams[host] = self._seams[name or host] = seam
        if turn is not None:
            self._answering.pop(secure, None)
            server.answer_with(turn.answer.fault)
            self._injection.record(turn, (method, url), (), b"", seam=seam)
        elif self._answering.get(secure) is not self._injection.round:
            server.answer_with(partial(self._answer, secure))
            self._answering[secure] = self._injection.round
        return server.connecting()

    def owns(self, channel: Any) -> bool:
        """Whether a connected socket leads to a loopback server."""
        try:
            peer = channel.getpeername()
        except (OSError, AttributeError):
            return False
        ports = [server.port for server in tuple(self._used.values())]
        return isinstance(peer, tuple) and peer[:1] == ("127.0.0.1",) and peer[1] in ports

    def start(self) -> None:
        """Begin. Only where examples follow each other is there anything to save."""
        if self._injection.virtual:
            self._trust()
            install_authorities(self._patches)

    def close(self) -> None:
        """Close the servers to everybody, and take over what they complain about."""
        for server in self._used.values():
            self._injection.injected.problems += server.complaints()
            # Idle connections are closed, so that no client keeps one for later.
            server.answer_with(REFUSED)

    def _trust(self) -> None:
        """Let TLS contexts trust the loopback server, for connections to it only."""
        if self._trusting:
            return
        self._trusting = True
        self._patches.wrap(ssl.SSLContext, "wrap_socket", self._wrap_socket)
        self._patches.wrap(ssl.SSLContext, "wrap_bio", self._wrap_bio)

    def _wrap_socket(
        self,
        original: Callable[..., Any],
        context: ssl.SSLContext,
        sock: Any,
        server_side: bool = False,
        *args: Any,
        **kw: Any,
    ) -> Any:
        if not server_side and self.owns(sock):
            context = self._twin(context)
            kw.pop("session", None)
        return wrapped(partial(original, context, sock, server_side, *args, **kw))

    def _wrap_bio(
        self,
        original: Callable[..., Any],
        context: ssl.SSLContext,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        *args: Any,
        **kw: Any,
    ) -> Any:
        kw |= zip(("server_side", "server_hostname", "session"), args, strict=False)
        name = kw.get("server_hostname")
        name = name.decode() if isinstance(name, bytes) else name
        if not kw.get("server_side") and name in self._seams:
            context = self._twin(context)
            kw.pop("session", None)
        return original(context, incoming, outgoing, **kw)

    def _twin(self, context: ssl.SSLContext) -> ssl.SSLContext:
        """Return a context that is as strict as a client's own, and trusts only our authority."""
        key = (os.getpid(), context.check_hostname, int(context.verify_mode))
        if key not in _TWINS:
            twin = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            twin.check_hostname = False
            twin.verify_mode = context.verify_mode
            twin.check_hostname = context.check_hostname
            twin.load_verify_locations(cafile=str(self._server(secure=True).ca_file))
            _TWINS[key] = twin
        return _TWINS[key]

    def _server(self, *, secure: bool) -> FaultServer:
        key = (os.getpid(), secure)
        if key not in _SERVERS:
            _SERVERS[key] = FaultServer(tls=secure).start()
        self._used[secure] = _SERVERS[key]
        return _SERVERS[key]

    def _answer(self, secure: bool, seen: Seen) -> Fault:
        """Answer a request in the server's thread."""
        scheme, usual = ("https", ":443") if secure else ("http", ":80")
        place = (seen.headers.get("Host") or "").removesuffix(usual)
        url = f"{scheme}://{place}{seen.path}"
        seam = self._seams.get(_host(url), "server")
        try:
            turn = self._injection.take(seen.method, url, wire=True, seam=seam)
        except UsageProblem as problem:
            return Fault("refused", 501, ((NOTICE, str(problem)),), str(problem).encode())
        if turn is None:
            return _TOO_LATE
        called = (seen.method, url)
        self._injection.record(turn, called, seen.headers, seen.body, seam=seam)
        return _TOO_LATE if turn.answer.starts else turn.answer.sent


def _host(url: str) -> str:
    host = url.partition("://")[2].partition("/")[0].partition("?")[0].rpartition("@")[2].lower()
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).strip("[]")
