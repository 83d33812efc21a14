"""One connection that cannot outlast its deadline: a socket that never blocks, with TLS or not."""

from __future__ import annotations

import errno
import os
import selectors
import socket
import ssl
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from pytest_apierrors.inert import inert
from pytest_apierrors.live.deadline import SLICE, Deadline, NoAnswer
from pytest_apierrors.tlswrap import wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Self

    from pytest_apierrors.live.hosts import Address, Origin

T = TypeVar("T")

_UNDER_WAY: Final = frozenset(
    {0, errno.EINPROGRESS, errno.EWOULDBLOCK, getattr(errno, "WSAEWOULDBLOCK", 0)}
)


class Wire:
    """A connection; `doing` is what a deadline that passes is said to have interrupted."""

    def __init__(self, deadline: Deadline) -> None:
        self.deadline = deadline
        self.doing = "connecting"
        self._socket: socket.socket | None = None
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> Self:
        """Return itself; the connection is made by `open`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection at once, whatever the server still wants to say."""
        self._drop()
        self._selector.close()

    def open(
        self, origin: Origin, addresses: Sequence[Address], context: ssl.SSLContext | None
    ) -> None:
        """Connect to the first address that answers, and speak TLS there. Raises NoAnswer."""
        refused = "no address"
        for number, address in enumerate(addresses):
            share = self.deadline.left(self.doing) / (len(addresses) - number)
            reason = self._connect(address, origin.port, Deadline(share))
            if reason is None:
                break
            refused = reason
        else:
            raise NoAnswer(f"cannot connect to {origin.url}: {refused}")
        if context is not None:
            self._secure(context, origin.host)

    def send(self, data: bytes) -> None:
        """Send everything."""
        self.doing = "sending the request"
        view = memoryview(data)
        while view:
            view = view[self._when_ready(partial(self._open.send, view)) :]

    def receive(self, most: int) -> bytes:
        """Return what has come, at least a byte; nothing where the server is done."""
        return self._when_ready(partial(self._open.recv, most), selectors.EVENT_READ)

    @property
    def _open(self) -> socket.socket:
        if self._socket is None:
            raise NoAnswer("the connection is closed")
        return self._socket

    def _connect(self, address: Address, port: int, share: Deadline) -> str | None:
        """Try one address; return why it did not work."""
        family = socket.AF_INET if address.version == 4 else socket.AF_INET6
        try:
            self._adopt(socket.socket(family, socket.SOCK_STREAM))
        except OSError as error:  # this system does not have the family
            return _reason(error)
        self._open.setblocking(False)
        code = self._open.connect_ex((str(address), port))
        if code in _UNDER_WAY:
            try:
                self._wait(selectors.EVENT_WRITE, share)
            except NoAnswer as nothing:
                self._drop()
                self.deadline.left(self.doing)
                return str(nothing)
            code = self._open.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            self._drop()
            return os.strerror(code)
        return None

    def _secure(self, context: ssl.SSLContext, host: str) -> None:
        self.doing = "the TLS handshake"
        plain = self._open
        self._selector.unregister(plain)
        self._socket = None
        try:
            secure = wrapped(
                partial(
                    context.wrap_socket,
                    plain,
                    server_hostname=host,
                    do_handshake_on_connect=False,
                    suppress_ragged_eofs=False,
                )
            )
        except OSError as error:
            plain.close()
            raise NoAnswer(f"{_reason(error)} ({self.doing})") from None
        self._adopt(secure)
        self._when_ready(secure.do_handshake)

    def _when_ready(self, act: Callable[[], T], event: int = selectors.EVENT_WRITE) -> T:
        """Do something as soon as the socket is ready for it. Raises NoAnswer."""
        while True:
            self.deadline.left(self.doing)
            try:
                return act()
            except ssl.SSLWantReadError:
                wanted = selectors.EVENT_READ
            except ssl.SSLWantWriteError:
                wanted = selectors.EVENT_WRITE
            except BlockingIOError:
                wanted = event
            except OSError as error:
                raise NoAnswer(f"{_reason(error)} ({self.doing})") from None
            self._wait(wanted, self.deadline)

    def _wait(self, event: int, deadline: Deadline) -> None:
        self._selector.modify(self._open, event)
        while not self._selector.select(min(SLICE, deadline.left(self.doing))):
            pass

    def _adopt(self, one: socket.socket) -> None:
        self._socket = one
        self._selector.register(one, selectors.EVENT_WRITE)

    def _drop(self) -> None:
        if self._socket is not None:
            self._selector.unregister(self._socket)
            self._socket.close()
            self._socket = None


def _reason(error: OSError) -> str:
    """Word what went wrong on the wire."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"TLS: the certificate is not trusted: {inert(error.verify_message, 200)}"
    if isinstance(error, ssl.SSLEOFError):
        return "the connection ended without the goodbye of TLS: it may have been cut"
    if isinstance(error, ssl.SSLError):
        return f"TLS: {inert((error.reason or str(error)).lower().replace('_', ' '), 200)}"
    return error.strerror or str(error) or type(error).__name__
