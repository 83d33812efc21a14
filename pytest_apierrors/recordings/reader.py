"""What every reader is made of: the value that describes it, its source, its way to refuse."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

import msgspec

from pytest_apierrors.errors import RecordingError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_apierrors.recordings.limits import Limits
    from pytest_apierrors.response import Response

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # a pipe must not be waited for
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class Unreadable(Exception):
    """A file or one exchange of it cannot be understood; `line` counts from 1."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class Source(msgspec.Struct, frozen=True):
    """An open recording: its name as the user knows it, where it is, and its bytes."""

    name: str
    path: Path
    stream: IO[bytes]
    size: int
    limits: Limits

    def whole(self, limit: str) -> bytes:
        """Read everything that is left, if it is within the limit of that name."""
        most: int = getattr(self.limits, limit)
        data = self.stream.read(most + 1)
        if len(data) > most:
            raise Unreadable(f"file is {self.limits.over(limit)}")
        return data

    def problem(
        self, reason: str, index: int | None = None, line: int | None = None
    ) -> RecordingError:
        """Name a problem of this file."""
        return RecordingError(self.name, reason, index=index, line=line)


class Reader(msgspec.Struct, frozen=True):
    """
    One format of recordings.

    `recognise` gets the first bytes of a file and its path, and decides from the bytes; it is only
    asked if one of the `words`, where there are any, is among them. `read` yields one item per
    exchange, in file order, and may raise `Unreadable` for the whole file. `certain` tells at
    little cost that a file is in this format whatever the other readers would say. `foreign` tells
    of an open file of a folder that it is none of this format, in spite of its beginning.
    """

    name: str
    title: str
    recognise: Callable[[bytes, Path], bool]
    read: Callable[[Source], Iterator[Response | RecordingError]]
    words: tuple[bytes, ...] = ()
    certain: Callable[[bytes], bool] | None = None
    foreign: Callable[[IO[bytes]], bool] | None = None

    def fits(self, head: bytes, path: Path) -> bool:
        """Whether a file that starts with these bytes is in this format."""
        if self.words and not any(word in head for word in self.words):
            return False
        return self.recognise(head, path)


@contextmanager
def opened(path: Path) -> Iterator[tuple[IO[bytes], int]]:
    """Open a regular file, and nothing that could wait, loop or be a device."""
    with os.fdopen(_descriptor(path), "rb", buffering=1 << 16) as stream:
        yield stream, os.fstat(stream.fileno()).st_size


def _descriptor(path: Path) -> int:
    try:
        _regular(path.stat().st_mode)
        number = os.open(path, _FLAGS)
    except OSError as error:
        raise Unreadable(f"cannot be opened: {error.strerror}") from None
    except ValueError as error:
        raise Unreadable(f"cannot be opened: {error}") from None
    try:
        _regular(os.fstat(number).st_mode)
    except Unreadable:
        os.close(number)
        raise
    return number


def _regular(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise Unreadable("is a folder")
    if not stat.S_ISREG(mode):
        raise Unreadable("is not a regular file")
