"""Many recordings read ahead in several processes, while pytest collects one after the other."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from pytest_apierrors.errors import RecordingError, UsageProblem
from pytest_apierrors.parallel import chunks, worth_it
from pytest_apierrors.processes import Processes, cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from concurrent.futures import Future

    from pytest_apierrors.catalog.model import Catalog
    from pytest_apierrors.check.verdict import Verdict
    from pytest_apierrors.response import Response

    Found = tuple[Response, Catalog, Verdict] | RecordingError


class Read(NamedTuple):
    """What one file holds, and what was counted while it was read."""

    found: list[Any]
    counts: dict[str, int]


class Ahead:
    """
    Files that are read in other processes; `of` waits for one.

    `read` reads a file here, and is called there: those processes are copies of this one.
    """

    def __init__(
        self, files: Sequence[str], read: Callable[[str], tuple[Iterable[Found], dict[str, int]]]
    ) -> None:
        self._read = read
        self._waiting: dict[str, Future[list[Read]]] = {}
        self._places: dict[str, int] = {}
        self._processes: Processes[list[str], list[Read]] | None = None
        if worth_it(files, cores()):
            self._processes = Processes(partial(_packed_of, read), cores())
            with suppress(Exception):  # a process died already: what was not sent is read here
                self._send(files, self._processes)

    def _send(self, files: Sequence[str], processes: Processes[list[str], list[Read]]) -> None:
        for chunk in chunks(files):
            future = processes.submit(chunk)
            self._waiting.update(dict.fromkeys(chunk, future))
            self._places.update({file: place for place, file in enumerate(chunk)})

    def close(self) -> None:
        """End the other processes."""
        if self._processes is not None:
            self._processes.close()

    def of(self, file: str, catalogs: Iterable[Catalog]) -> tuple[Iterable[Found], dict[str, int]]:
        """Return what a file holds and its counts; where a process died, it is read here."""
        future = self._waiting.pop(file, None)
        if future is None:
            return self._read(file)
        try:
            read = future.result()[self._places[file]]
        except UsageProblem:
            raise
        except Exception:  # noqa: BLE001 - whatever befell the process, the file is there
            return self._read(file)
        named = {catalog.name: catalog for catalog in catalogs}
        return [_unpacked(one, named) for one in read.found], read.counts


def _packed_of(
    read: Callable[[str], tuple[Iterable[Found], dict[str, int]]], files: Sequence[str]
) -> list[Read]:
    reads = []
    for file in files:
        found, counts = read(file)
        reads.append(Read([_packed(one) for one in found], counts))
    return reads


def _packed(found: Found) -> tuple[Any, ...]:
    """Return values that can be sent: an entry and a catalog by their names."""
    if isinstance(found, RecordingError):
        return found.file, found.reason, found.index, found.line
    response, catalog, verdict = found
    key = None if verdict.entry is None else verdict.entry.key
    sent = replace(response, secrets=None)
    return sent, response.credentials(), catalog.name, replace(verdict, entry=None), key


def _unpacked(packed: tuple[Any, ...], catalogs: Mapping[str, Catalog]) -> Found:
    if isinstance(packed[0], str):
        file, reason, index, line = packed
        return RecordingError(file, reason, index=index, line=line)
    response, credentials, name, verdict, key = packed
    catalog = catalogs[name]
    entry = None if key is None else catalog.errors[key]
    response = replace(response, secrets=partial(_same, credentials))
    return response, catalog, replace(verdict, entry=entry)


def _same(credentials: frozenset[str]) -> frozenset[str]:
    return credentials
