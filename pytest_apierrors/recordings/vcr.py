"""VCR cassettes of vcrpy and its kin: YAML in any layout, and JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_apierrors.recordings import jsonitems
from pytest_apierrors.recordings.reader import Reader, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Response

PATH = ("interactions",)
_YAML = re.compile(rb"""\n(?:\{\s*)?["']?interactions["']?[ \t]*:(?=[\s\[])""")
_START = re.compile(rb"(?:---\n|#[^\n]*\n)*+interactions:\n- request:\n    body: ")
_OTHERS = re.compile(rb"""(?:\A|[\n{,]\s*)["']?consumer["']?\s*:""")  # a Pact


def recognise(head: bytes, _path: Path) -> bool:
    """Tell whether a file has interactions at its top."""
    if jsonitems.is_json(head):
        known = (key for key in jsonitems.top_keys(head) if key in ("interactions", "consumer"))
        return next(known, None) == "interactions"  # a Pact names its consumer first
    lines = b"\n" + head  # to look for the ends of lines is far quicker than for their starts
    return _YAML.search(lines) is not None and not (b"consumer" in head and _OTHERS.search(head))


def _is_certain(head: bytes) -> bool:
    """Tell whether the first interaction of a file looks as vcrpy writes it, address and all."""
    if _START.match(head) is None:
        return False
    from pytest_apierrors.recordings.vcr_layout import LAYOUT  # noqa: PLC0415 - costs 15 ms

    return LAYOUT.begins(head)


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the responses of a cassette."""
    from pytest_apierrors.recordings import vcr_layout  # noqa: PLC0415 - costs 15 ms
    from pytest_apierrors.recordings.layout import HEAD_BYTES  # noqa: PLC0415

    head = source.stream.read(HEAD_BYTES)
    source.stream.seek(0)
    if jsonitems.is_json(head):
        return _shaped(source, jsonitems.values(source, PATH))
    if vcr_layout.LAYOUT.start.match(head):
        return vcr_layout.LAYOUT.read(source)
    return _generic(source)


def _generic(source: Source) -> Iterator[Response | RecordingError]:
    from pytest_apierrors.recordings import yamlevents  # noqa: PLC0415 - costs 15 ms

    yield from _shaped(source, yamlevents.items(source, PATH))


def _shaped(
    source: Source, items: Iterable[tuple[int, Any]]
) -> Iterator[Response | RecordingError]:
    """Turn lines and values into responses; a value may be what is wrong with it."""
    from pytest_apierrors.recordings import vcr_shape  # noqa: PLC0415 - only for cassettes

    for index, (line, item) in enumerate(items):
        made = vcr_shape.shaped(source, index, line, item)
        if made is not None:
            yield made


READER = Reader(
    "vcrpy", "VCR cassette (YAML, JSON)", recognise, read, (b"interactions",), _is_certain
)
