"""Recorded responses checked file by file: what the command line and pytest both work on."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_apierrors.check import check
from pytest_apierrors.check.match import EVERYTHING
from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import READERS, Limits, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_apierrors.attribution import Attribution
    from pytest_apierrors.check.verdict import Policy, Verdict
    from pytest_apierrors.recordings import Reader


@dataclass(frozen=True, slots=True)
class Checked:
    """One recorded response with its verdict; `index` counts from 0 in the file, `line` from 1."""

    file: str
    index: int
    line: int | None
    method: str | None
    url: str | None
    status: int
    verdict: Verdict

    @property
    def listed(self) -> bool:
        """Whether it is listed: an error, or a response that breaks a rule all the same."""
        return self.verdict.is_error or bool(self.verdict.violations)


@dataclass(frozen=True, slots=True)
class Skipped:
    """One response from a host of no chosen provider, passed over because the user said so."""

    file: str
    index: int


@dataclass(frozen=True, slots=True)
class How:
    """How recordings are checked."""

    attribution: Attribution
    policy: Policy = EVERYTHING
    reader: str | None = None
    limits: Limits = field(default_factory=Limits)
    readers: Sequence[Reader] = READERS


def check_file(path: str, how: How) -> Iterator[Checked | Skipped | RecordingError]:
    """
    Check the exchanges of one recording in their order.

    What cannot be read comes as a RecordingError in its place; the rest goes on. Raises
    UsageProblem where a response belongs to none of several providers.
    """
    exchanges = read(path, reader=how.reader, limits=how.limits, readers=how.readers)
    for number, exchange in enumerate(exchanges):
        if isinstance(exchange, RecordingError):
            yield exchange
            continue
        origin = exchange.origin
        index = number if origin is None else origin.index
        catalog = how.attribution.catalog_for(exchange)
        if catalog is None:
            yield Skipped(path, index)
            continue
        yield Checked(
            file=path,
            index=index,
            line=None if origin is None else origin.line,
            method=exchange.method,
            url=exchange.url,
            status=exchange.status,
            verdict=check(exchange, catalog, how.policy),
        )


def files_of(paths: Iterable[str]) -> Iterator[str]:
    """
    Yield the files that paths name, in a stable order; folders are walked.

    Hidden files and folders inside a folder are passed over, links to folders not followed. A
    path that does not exist is yielded too: reading it says so.
    """
    for path in paths:
        if not Path(path).is_dir():
            yield path
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                if not name.startswith("."):
                    yield os.path.join(folder, name)  # noqa: PTH118 - the path as the user wrote it
