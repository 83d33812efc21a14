"""What a fault server has seen: the requests, and every byte of both directions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pytest_apierrors.inert import inert
from pytest_apierrors.redact import redact_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_apierrors.response import Headers

What = Literal[
    "opened",
    "in",
    "out",
    "note",
    "client closed",
    "client reset",
    "server half-closed",
    "server closed",
    "server reset",
]
_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Seen:
    """
    One request as it came: `path` with its query, `at` on the monotonic clock.

    `connection` counts the connections of the server from 1. Headers and body may hold secrets:
    neither is shown.
    """

    method: str
    path: str
    headers: Headers
    body: bytes = field(repr=False)
    at: float
    connection: int


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened on a connection; `size` bytes, of which `data` may be kept."""

    at: float
    connection: int
    what: What
    data: bytes = field(default=b"", repr=False)
    size: int = 0
    note: str = ""


class Transcript:
    """
    Every event of every connection, in order.

    It keeps so many bytes and no more: an event after that has its size, but not its data.
    """

    def __init__(self, kept: int) -> None:
        self._left = kept
        self._kept = kept
        # Tuples: an event is made only where one is looked at.
        self._events: list[tuple[float, int, What, bytes, int, str]] = []

    def add(
        self, at: float, connection: int, what: What, data: bytes = b"", note: str = ""
    ) -> None:
        """Write an event down."""
        size = len(data)
        if size > self._left:
            data = b""
        self._left -= len(data)
        self._events.append((at, connection, what, data, size, note))

    def clear(self) -> None:
        """Begin anew."""
        self._left = self._kept
        self._events = []

    def of(self, connection: int) -> list[Event]:
        """Return the events of one connection."""
        return [event for event in self if event.connection == connection]

    def sent(self, connection: int) -> bytes:
        """Return all that the server sent on one connection."""
        return b"".join(event.data for event in self.of(connection) if event.what == "out")

    def __iter__(self) -> Iterator[Event]:
        """Iterate over the events so far."""
        return (Event(*event) for event in tuple(self._events))

    def __len__(self) -> int:
        """Count the events."""
        return len(self._events)

    def __str__(self) -> str:
        """Show it, a line an event: inert, and with secrets taken out."""
        events = tuple(self)
        start = events[0].at if events else 0.0
        return "\n".join(_line(event, start) for event in events)


def _line(event: Event, start: float) -> str:
    opening = f"{event.at - start:8.3f} s  #{event.connection}  {event.what}"
    if event.note:
        return f"{opening}: {inert(event.note)}"
    if not event.size:
        return opening
    if not event.data:
        return f"{opening}: {event.size} bytes"
    # Redacted before it is cut: half a secret has no shape.
    text = redact_text(event.data[: _SHOWN * 8].decode("latin-1"))
    return f"{opening}: {event.size} bytes: {inert(text, _SHOWN)}"
