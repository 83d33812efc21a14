"""Where a command writes: standard output, or a file that is there whole or not at all."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pytest_apierrors.atomic import NotWritten, replacing
from pytest_apierrors.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO


def file_or_stdout(name: str) -> str | None:
    """Return the name of a file; None for `-`, which is standard output everywhere else, too."""
    return None if name == "-" else name


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
    try:
        with replacing(name) as stream:
            yield stream
    except NotWritten as problem:
        raise UsageProblem(f"--output {name}: cannot be written: {problem}") from None
