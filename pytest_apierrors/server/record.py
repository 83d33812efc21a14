"""The record of a fault server: requests, bytes, and what went wrong on its own side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_apierrors.inert import inert
from pytest_apierrors.redact import redact_url
from pytest_apierrors.server.seen import Transcript

if TYPE_CHECKING:
    from pytest_apierrors.server.limits import Limits
    from pytest_apierrors.server.seen import Seen

_PROBLEMS = 100


class Record:
    """
    What happened, as lists that only grow until they are cleared.

    `unexpected` and `problems` survive clearing: a test must not lose them.
    """

    def __init__(self, limits: Limits) -> None:
        self.calls: list[Seen] = []
        self.unexpected: list[Seen] = []
        self.problems: list[str] = []
        self.transcript = Transcript(limits.kept)
        self._kept = limits.kept
        self._left = limits.kept

    def saw(self, seen: Seen) -> None:
        """Write a request down; when too much is kept already, without its body."""
        if len(seen.body) > self._left:
            self.problem("bodies of requests are no longer kept: clear() makes room")
            seen = replace(seen, body=b"")
        self._left -= len(seen.body)
        self.calls.append(seen)

    def problem(self, sentence: str) -> None:
        """Write down what went wrong; the first hundred tell enough."""
        if len(self.problems) < _PROBLEMS:
            self.problems.append(inert(sentence))

    def complaints(self) -> list[str]:
        """Return what a test should fail for, and forget it."""
        said = [
            f"no answer was set for {seen.method} {_shown(seen.path)}" for seen in self.unexpected
        ]
        said += self.problems
        self.unexpected = []
        self.problems = []
        return said

    def clear(self) -> None:
        """Forget requests and bytes."""
        self._left = self._kept
        self.calls = []
        self.transcript.clear()


def _shown(path: str) -> str:
    return inert(redact_url(path))
