"""Where a command writes: standard output, or a file that is there whole or not at all."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_apierrors.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO


@contextmanager
def output_to(name: str | None) -> Iterator[TextIO]:
    """
    Open what a report is written to.

    A file is replaced when everything is written, and left alone if that does not come to pass.
    Raises UsageProblem where it cannot be written.
    """
    if name is None:
        yield sys.stdout
        return
    target = Path(os.path.realpath(name))  # a link stays a link
    if target.exists() and not target.is_file():
        with _opened(target, name) as stream:  # a pipe or a device is there already
            yield stream
        return
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with _opened(beside, name) as stream:
            yield stream
        _replace(beside, target, name)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def _opened(path: Path, name: str) -> Iterator[TextIO]:
    try:
        stream = path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise _refused(name, error) from None
    try:
        with stream:
            yield stream
    except OSError as error:
        if error.filename is not None:
            raise
        raise _refused(name, error) from None


def _replace(beside: Path, target: Path, name: str) -> None:
    try:
        if target.exists():
            beside.chmod(target.stat().st_mode)
        beside.replace(target)
    except OSError as error:
        raise _refused(name, error) from None


def _refused(name: str, error: OSError) -> UsageProblem:
    return UsageProblem(f"--output {name}: cannot be written: {error.strerror}")
