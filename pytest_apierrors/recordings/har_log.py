"""The entries of a HAR, whatever it is written in: JSON, zipped JSON, YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_apierrors.recordings import har_entry, jsonitems
from pytest_apierrors.recordings.har import ZIP
from pytest_apierrors.recordings.har_files import Attachments, zipped
from pytest_apierrors.recordings.reader import Source, Unreadable
from pytest_apierrors.response import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Response

PATH = ("log", "entries")


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the responses of the entries that got one."""
    head = source.stream.read(1024)
    source.stream.seek(0)
    if head.startswith(ZIP):
        with zipped(source) as (inner, attachments):
            yield from _entries(inner, attachments, jsonitems.items(inner, PATH, har_entry.decoded))
    elif jsonitems.is_json(head):
        entries = jsonitems.items(source, PATH, har_entry.decoded)
        yield from _entries(source, Attachments.beside(source), entries)
    else:
        yield from _entries(source, Attachments.beside(source), _yaml(source))


def _yaml(source: Source) -> Iterator[tuple[int, har_entry.Entry | Unreadable]]:
    from pytest_apierrors.recordings import yamlevents  # noqa: PLC0415 - costs 15 ms

    for line, value in yamlevents.items(source, PATH):
        yield line, _converted(value)


def _converted(value: Any) -> har_entry.Entry | Unreadable:
    try:
        return value if isinstance(value, Unreadable) else har_entry.converted(value)
    except Unreadable as problem:
        return problem


def _entries(
    source: Source,
    attachments: Attachments,
    entries: Iterable[tuple[int, har_entry.Entry | Unreadable]],
) -> Iterator[Response | RecordingError]:
    for index, (line, entry) in enumerate(entries):
        try:
            if isinstance(entry, Unreadable):
                raise entry
            origin = Origin(source.name, index, line)
            response = har_entry.response_of(entry, origin, source.limits, attachments)
        except Unreadable as problem:
            yield source.problem(problem.reason, index, problem.line or line)
        else:
            if response is not None:
                yield response
