"""Files that are there whole or not at all: written beside their place, then put there."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO


class NotWritten(Exception):
    """A file cannot be written; the message is the system's reason."""


@contextmanager
def replacing(name: str | os.PathLike[str]) -> Iterator[TextIO]:
    """
    Open a text file that takes the place of another when everything is written.

    A process that is killed leaves the old file; what it left beside it is removed by the next
    one. A link stays a link, and a pipe or a device is written to directly. Raises NotWritten.
    """
    with _refusals():
        target = Path(os.path.realpath(name))
        in_place = target.exists() and not target.is_file()
    if in_place:
        with _opened(target) as stream:
            yield stream
        return
    _remove_left_behind(target)
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with _opened(beside) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        with _refusals():
            if target.exists():
                beside.chmod(target.stat().st_mode)
            beside.replace(target)
        _sync_folder(target.parent)
    finally:
        with suppress(OSError):  # where it could not be opened, its folder may be none
            beside.unlink(missing_ok=True)


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    with _refusals():
        stream = path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")
    try:
        with stream:
            yield stream
    except OSError as error:
        if error.filename is not None:
            raise  # of another file
        raise NotWritten(error.strerror) from None


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotWritten(error.strerror) from None


def _remove_left_behind(target: Path) -> None:
    mine = re.compile(rf"\.{re.escape(target.name)}\.([0-9]+)\.tmp")
    with suppress(OSError):
        for path in target.parent.iterdir():
            found = mine.fullmatch(path.name)
            if found is not None and not _alive(int(found[1])):
                path.unlink(missing_ok=True)


def _alive(process: int) -> bool:
    if os.name != "posix":
        return True  # elsewhere a signal of 0 is no question
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _sync_folder(folder: Path) -> None:
    # Not every system lets a folder be opened; the file itself is safe then, too.
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
