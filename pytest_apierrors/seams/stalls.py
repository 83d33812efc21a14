"""Stalled reads: the timeout in force is read, and passes on the virtual clock."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_apierrors.seams.injection import Injection
    from pytest_apierrors.seams.patches import Patches

ENOUGH = 0.3
"""Real seconds after which nothing more comes from a server that holds the line."""


class Stalls:
    """
    Sockets that lead to a loopback server which will hold the line.

    Their timeout is what the client sets, and what it is told when it asks; what really passes is
    no more than a moment. Who has set none would wait for ever: that is noted.
    """

    def __init__(self, injection: Injection, patches: Patches, owns: Callable[[Any], bool]) -> None:
        self._injection = injection
        self._patches = patches
        self._owns = owns
        self._wanted: WeakKeyDictionary[Any, float | None] = WeakKeyDictionary()
        self._ready = False

    def prepare(self) -> None:
        """Be there before a connection is made, if a fault of this injection holds the line."""
        if self._ready or not self._injection.holds:
            return
        self._ready = True
        wrap = self._patches.wrap
        wrap(socket.socket, "settimeout", self._set)
        wrap(socket.socket, "gettimeout", self._get)
        for owner, name in (
            (socket.socket, "recv"),
            (socket.socket, "recv_into"),
            (ssl.SSLSocket, "read"),
            (ssl.SSLSocket, "do_handshake"),
        ):
            wrap(owner, name, self._read)

    def watch(self, channel: Any) -> None:
        """See to the timeout of a connection that was set before it led anywhere."""
        if self._ready and isinstance(channel, socket.socket):
            channel.settimeout(channel.gettimeout())

    def _set(self, original: Callable[..., Any], channel: Any, value: float | None) -> None:
        if self._owns(channel) and (value is None or value > 0):
            self._wanted[channel] = value
            value = ENOUGH if value is None else min(value, ENOUGH)
        original(channel, value)

    def _get(self, original: Callable[..., Any], channel: Any) -> Any:
        return self._wanted[channel] if channel in self._wanted else original(channel)

    def _read(self, original: Callable[..., Any], channel: Any, *args: Any, **kw: Any) -> Any:
        try:
            return original(channel, *args, **kw)
        except TimeoutError:
            if channel in self._wanted:
                self._injection.waited(self._wanted[channel], ENOUGH)
            raise
