"""HAR 1.2 as browsers, Playwright, mitmproxy and Polly write it: JSON, zipped JSON, YAML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_apierrors.recordings import har_entry, jsonitems
from pytest_apierrors.recordings.har_files import Attachments, zipped
from pytest_apierrors.recordings.reader import Reader, Source, Unreadable
from pytest_apierrors.response import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Response

PATH = ("log", "entries")
_ZIP = b"PK\x03\x04"
_YAML = re.compile(rb"""(?:\A|\n)["']?log["']?:[ \t]*\n(?:[ \t#][^\n]*\n|\n)*[ \t]+entries:""")


def recognise(head: bytes, _path: Path) -> bool:
    """Tell whether a file has a log at its top, or is a zip that may hold such a file."""
    if head.startswith(_ZIP):
        return True
    if jsonitems.is_json(head):
        return next(iter(jsonitems.top_keys(head)), None) == "log"
    return _YAML.search(head) is not None


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the responses of the entries that got one."""
    head = source.stream.read(1024)
    source.stream.seek(0)
    if head.startswith(_ZIP):
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


READER = Reader("har", "HTTP archive (HAR 1.2)", recognise, read)
