"""Where in its recording a response stands that a cassette played."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.observe.heard import Answer, Place
from pytest_apierrors.recordings import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from pytest_apierrors.recordings import Reader
    from pytest_apierrors.response import Response


class Cassettes:
    """
    The lines of recorded exchanges; a recording is read once, and only if one of it is asked for.

    What was left out when it was played shifts its numbers: a line counts only if the status is
    the same there.
    """

    def __init__(self, root: Path, readers: Callable[[], Sequence[Reader]]) -> None:
        self._root = root
        self._readers = readers
        self._known: dict[str, dict[int, tuple[int, int]]] = {}

    def place(self, answer: Answer | None, status: int) -> Place | None:
        """Return file and line of the exchange, if they can be known."""
        if answer is None or answer.file is None or answer.number is None:
            return None
        if answer.file not in self._known:
            self._known[answer.file] = dict(self._lines(answer.file))
        line, recorded = self._known[answer.file].get(answer.number, (0, 0))
        return Place(answer.file, line, answer.number) if recorded == status and line else None

    def _lines(self, file: str) -> Iterator[tuple[int, tuple[int, int]]]:
        for response in self._responses(file):
            origin = response.origin
            if origin is not None and origin.line is not None:
                yield origin.index, (origin.line, response.status)

    def _responses(self, file: str) -> Iterator[Response]:
        try:
            for one in read(self._root / file, readers=self._readers()):
                if not isinstance(one, RecordingError):
                    yield one
        except (RecordingError, OSError):
            return  # it was played all the same: the test's own line has to do
