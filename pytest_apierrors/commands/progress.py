"""Signs of life on work that takes long, for a person who is watching."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SILENT_SECONDS = 1.0

_EVERY_SECONDS = 0.2
_T = TypeVar("_T")


def with_progress(results: Iterable[_T]) -> Iterator[_T]:
    """Pass results on; after a second, count them on standard error if that is a terminal."""
    if not sys.stderr.isatty():
        yield from results
        return
    due = monotonic() + SILENT_SECONDS
    shown = False
    try:
        for number, result in enumerate(results, 1):
            now = monotonic()
            if now >= due:
                sys.stderr.write(f"\r{number} responses ...")
                sys.stderr.flush()
                due, shown = now + _EVERY_SECONDS, True
            yield result
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
