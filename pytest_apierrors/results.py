"""Recorded responses checked file by file: what the command line and pytest both work on."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from pytest_apierrors.check import check
from pytest_apierrors.check.verdict import EVERYTHING
from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import READERS, Limits, Unreadable, read, recognise
from pytest_apierrors.recordings.other_data import is_other
from pytest_apierrors.recordings.reader import opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_apierrors.attribution import Attribution
    from pytest_apierrors.baseline import Baseline
    from pytest_apierrors.catalog.model import Catalog
    from pytest_apierrors.check.verdict import Policy, Verdict
    from pytest_apierrors.recordings import Reader
    from pytest_apierrors.response import Response

_LIMITS = Limits()
_SUFFIXES = (".har", ".ndjson", ".jsonl")
_DATA = (".yaml", ".yml", ".json")
# programs and pages show recordings in their texts, and are none
_SHOWING = re.compile(
    r"\.(adoc|c|cc|clj|cpp|cs|css|cts|dart|diff|erl|exs?|fs|go|groovy|h|hpp|hs|html?|ipynb|java|jsx?|kts?"
    r"|lua|m|markdown|md|mjs|mts|patch|php|pl|pm|ps1|pyi?|r|rb|rmd|rs|rst|scala|sh|swift|tsx?|vb)",
    re.IGNORECASE,
)
_HEAD = 1 << 16


class Checked(msgspec.Struct, frozen=True):
    """
    One recorded response with its verdict; `index` counts from 0 in the file, `line` from 1.

    `method`, `url` and the verdict's code are as recorded: `scrubbed` makes them fit to be shown.
    """

    file: str
    index: int
    line: int | None
    method: str | None
    url: str | None
    status: int
    verdict: Verdict
    response: Response | None = None

    def scrubbed(self, text: str) -> str:
        """Return a text without the request's credentials."""
        return text if self.response is None else self.response.scrubbed(text)

    @property
    def listed(self) -> bool:
        """Whether it is listed: an error, or a response that breaks a rule all the same."""
        return self.verdict.is_error or bool(self.verdict.violations)

    @property
    def exercised(self) -> str | None:
        """
        The documented error that it is evidence for.

        What is declared was never sent; and without a body, one code of a status is as likely as
        the others.
        """
        entry = self.verdict.entry
        if entry is None or entry.role != "error" or not self.verdict.is_error:
            return None
        response = self.response
        known = response is None or not (
            response.declared or (response.lost and isinstance(entry.code, str))
        )
        return entry.key if known else None


class Skipped(msgspec.Struct, frozen=True):
    """One response from a host of no chosen provider, passed over because the user said so."""

    file: str
    index: int


class Recognised(msgspec.Struct, frozen=True):
    """A file that is a recording of this format; what it holds comes after it."""

    file: str
    format: str


class NoRecording(msgspec.Struct, frozen=True):
    """A file of a folder that neither is called like a recording nor looks like one."""

    file: str


class How(NamedTuple):
    """How recordings are checked."""

    attribution: Attribution
    policy: Policy = EVERYTHING
    reader: str | None = None
    limits: Limits = _LIMITS
    readers: Sequence[Reader] = READERS
    baseline: Baseline | None = None

    def judged(self, response: Response, catalog: Catalog) -> Verdict:
        """Return the verdict on a response, as the baseline leaves it."""
        verdict = check(response, catalog, self.policy)
        if self.baseline is None:
            return verdict
        verdict = self.baseline.applied(verdict, response.status)
        self.baseline.count_new(verdict, response.status)
        return verdict


def check_file(path: str, how: How) -> Iterator[Checked | Skipped | Recognised | RecordingError]:
    """
    Check the exchanges of one recording in their order; first comes what format it has.

    What cannot be read comes as a RecordingError in its place; the rest goes on. Raises
    UsageProblem where a response belongs to none of several providers.
    """
    formats: list[str] = []
    exchanges = read(
        path,
        reader=how.reader,
        limits=how.limits,
        readers=how.readers,
        recognised=formats.append,
    )
    for number, exchange in enumerate(exchanges):
        if formats:
            yield Recognised(path, formats.pop())
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
            verdict=how.judged(exchange, catalog),
            response=exchange,
        )
    if formats:
        yield Recognised(path, formats.pop())


def checked_of(
    response: Response, verdict: Verdict, place: tuple[str, int, int] | None = None
) -> Checked:
    """Return a response with its verdict; a place (file, line, number) stands for its origin."""
    origin = response.origin
    at = ("", None, 0) if origin is None else (origin.file, origin.line, origin.index)
    file, line, index = at if place is None else place
    return Checked(
        file=file,
        index=index,
        line=line,
        method=response.method,
        url=response.url,
        status=response.status,
        verdict=verdict,
        response=response,
    )


def files_of(paths: Iterable[str], readers: Sequence[Reader] = READERS) -> Iterator[str]:
    """Yield the files that `found_in` finds and that are to be read as recordings."""
    return (one for one in found_in(paths, readers) if isinstance(one, str))


def found_in(
    paths: Iterable[str], readers: Sequence[Reader] = READERS
) -> Iterator[str | NoRecording]:
    """
    Yield the files that paths name, each once, in a stable order; folders are walked.

    Inside a folder, what is hidden is passed over, and links to folders are not followed; a file
    that neither is called like a recording nor looks like one is said to be none. Bodies that
    mappings keep beside themselves, in `__files`, are read through them. A path that does not
    exist is yielded: reading it says so.
    """
    seen: set[str] = set()
    for path in paths:
        folder = os.path.isdir(path)  # noqa: PTH112 - where a name is too long, Path raises
        for found in _walked(path, readers) if folder else (path,):
            file = found if isinstance(found, str) else found.file
            key = _same(file)
            if key not in seen:
                seen.add(key)
                yield found


def _same(file: str) -> str:
    """Return what is equal for spellings of one path; what `..` means depends on links."""
    return file if ".." in file else os.path.normpath(file)


def _walked(top: str, readers: Sequence[Reader]) -> Iterator[str | NoRecording]:
    waiting = [top]  # no recursion: how deep folders lie is not ours to say
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                inside = {one.name: one for one in entries if not one.name.startswith(".")}
        except OSError:
            yield folder  # reading it says why it cannot be listed
            continue
        folders = {name for name, one in inside.items() if _is_folder(one)}
        bodies = "__files" if "mappings" in folders else ""
        for name in sorted(inside.keys() - folders):
            file = inside[name].path
            yield file if _may_be_recording(file, readers) else NoRecording(file)
        links = {name for name in folders if inside[name].is_symlink()}
        further = sorted(folders - links - {bodies}, reverse=True)
        waiting += [inside[name].path for name in further]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads in a circle
        return False


def _may_be_recording(file: str, readers: Sequence[Reader]) -> bool:
    """Whether to read a file of a folder; one that cannot be opened is read to say so."""
    name = file.lower()
    if name.endswith(_SUFFIXES):
        return True
    is_data = name.endswith(_DATA)
    path = Path(file)
    if _SHOWING.fullmatch(path.suffix):
        readers = [one for one in readers if one not in READERS]
    try:
        with opened(path) as (stream, _):
            if is_data and not is_other(stream, is_json=name.endswith(".json")):
                return True
            stream.seek(0)
            reader = recognise(stream.read(_HEAD), path, readers)
            stream.seek(0)
            return reader is not None and (reader.foreign is None or not reader.foreign(stream))
    except Unreadable:
        return is_data or path.is_file()
    except Exception:  # noqa: BLE001 - of the system or of a reader: reading it says what
        return True
