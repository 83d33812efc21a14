"""The port of a fault server, on which it listens or not, and a port on which nobody does."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

HOST = "127.0.0.1"
_BACKLOG = 1024
_PAUSE = 0.1  # with no file left to open, asking again at once would only burn time


class Listener:
    """
    One port, held as long as this lives.

    A socket that is bound and does not listen keeps the port: while the server is down a
    connection is refused, and no other program can take its place. Connections are accepted
    here, because asyncio's own server loses those that it has just accepted when it is closed.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        factory: Callable[[], asyncio.Protocol],
        problem: Callable[[str], None],
        port: int = 0,
    ) -> None:
        self._loop = loop
        self._factory = factory
        self._problem = problem
        self._channel: socket.socket | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._holder = _bound(port)
        self.port: int = self._holder.getsockname()[1]
        # Only now: with it set before, the kernel may hand out a port that others share.
        self._holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._dead: socket.socket | None = None
        self._released = False

    @property
    def up(self) -> bool:
        """Whether connections are taken."""
        return self._channel is not None

    def open(self) -> None:
        """Listen, unless the port has been let go."""
        if self._channel is None and not self._released:
            self._channel = _bound(self.port, shared=True)
            self._channel.setblocking(False)
            self._channel.listen(_BACKLOG)
            self._loop.add_reader(self._channel, self._accept, self._channel)

    def close(self) -> None:
        """Refuse connections; those that stand are left alone."""
        if self._channel is not None:
            self._loop.remove_reader(self._channel)
            self._channel.close()
            self._channel = None

    def _accept(self, channel: socket.socket) -> None:
        while True:
            try:
                accepted, _ = channel.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                self._problem(f"a connection could not be accepted: {error}")
                self._loop.remove_reader(channel)
                self._loop.call_later(_PAUSE, self._resume, channel)
                return
            accepted.setblocking(False)
            making = self._loop.connect_accepted_socket(self._factory, accepted)
            task = self._loop.create_task(making)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _resume(self, channel: socket.socket) -> None:
        if channel is self._channel:
            self._loop.add_reader(channel, self._accept, channel)

    async def accepted(self) -> None:
        """Wait until all that was accepted has become a connection."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def dead_port(self) -> int:
        """Return a port on which nothing ever listens."""
        if self._dead is None:
            self._dead = _bound(0)
        port: int = self._dead.getsockname()[1]
        return port

    def release(self) -> None:
        """Let the ports go for good; an answer that is still given cannot bring them back."""
        self._released = True
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
