"""A fault server for the length of a `with`, as the fixture `apierrors_server` gives it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from pytest_apierrors.server import FaultServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from pytest_apierrors.server.rules import Answers


class ServerOf(Protocol):
    """The type of the fixture `apierrors_server`."""

    def __call__(
        self, answers: Answers | None = None, *, tls: bool = False
    ) -> AbstractContextManager[FaultServer]:
        """Return a context manager that gives a server with these answers."""


_PORTS: set[int] = set()


def served_ports() -> set[int]:
    """Return the ports on which servers of `serving` answer now."""
    return _PORTS


@contextmanager
def serving(answers: Answers | None = None, *, tls: bool = False) -> Iterator[FaultServer]:
    """
    Run a fault server; its end fails if a request came that nobody had an answer for.

    Each has a port of its own and keeps nothing from the one before: it can be used in `@given`.
    """
    with FaultServer(tls=tls) as server:
        if answers is not None:
            server.answer_with(answers)
        port = server.port
        _PORTS.add(port)
        try:
            yield server
        except BaseException as error:
            for sentence in server.complaints():
                error.add_note(f"the fault server: {sentence}")
            raise
        finally:
            _PORTS.discard(port)
        complaints = server.complaints()
    assert not complaints, "the fault server: " + "; ".join(complaints)  # noqa: S101
