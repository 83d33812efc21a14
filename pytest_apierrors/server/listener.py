"""The port of a fault server, on which it listens or not, and a port on which nobody does."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

HOST = "127.0.0.1"
_BACKLOG = 128


class Listener:
    """
    One port, held as long as this lives.

    A socket that is bound and does not listen keeps the port: while the server is down a
    connection is refused, and no other program can take its place.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, factory: Callable[[], asyncio.Protocol]
    ) -> None:
        self._loop = loop
        self._factory = factory
        self._server: asyncio.Server | None = None
        self._holder = _bound(0)
        self.port: int = self._holder.getsockname()[1]
        # Only now: with it set before, the kernel may hand out a port that others share.
        self._holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._dead: socket.socket | None = None

    @property
    def up(self) -> bool:
        """Whether connections are taken."""
        return self._server is not None

    async def open(self) -> None:
        """Listen."""
        if self._server is None:
            channel = _bound(self.port, shared=True)
            self._server = await self._loop.create_server(
                self._factory, sock=channel, backlog=_BACKLOG
            )

    def close(self) -> None:
        """Refuse connections; those that stand are left alone."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def dead_port(self) -> int:
        """Return a port on which nothing ever listens."""
        if self._dead is None:
            self._dead = _bound(0)
        port: int = self._dead.getsockname()[1]
        return port

    def release(self) -> None:
        """Let the ports go."""
        self.close()
        self._holder.close()
        if self._dead is not None:
            self._dead.close()


def _bound(port: int, *, shared: bool = False) -> socket.socket:
    channel = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if shared:
            channel.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        channel.bind((HOST, port))
    except OSError:
        channel.close()
        raise
    return channel
