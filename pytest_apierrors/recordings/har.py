"""HAR 1.2 as browsers, Playwright, mitmproxy and Polly write it: JSON, zipped JSON, YAML."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING

from pytest_apierrors.recordings import jsonitems
from pytest_apierrors.recordings.outline import outline
from pytest_apierrors.recordings.reader import Reader, Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Response

ZIP = b"PK\x03\x04"
_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*+\{\s*+"log"\s*+:\s*+\{')
_YAML = re.compile(rb"""(?:\A|\n)["']?log["']?:[ \t]*\n(?:[ \t#][^\n]*\n|\n)*[ \t]+entries:""")


def recognise(head: bytes, _path: Path) -> bool:
    """Tell whether a file has a log at its top, or is a zip that may hold such a file."""
    if head.startswith(ZIP):
        return True
    if jsonitems.is_json(head):
        keys = jsonitems.top_keys(head)
        return keys[:1] == ("log",) or ("log" in keys and "log.entries" in outline(head))
    return _YAML.search(head) is not None


def _is_certain(head: bytes) -> bool:
    return _JSON.match(head) is not None


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the responses of the entries that got one."""
    from pytest_apierrors.recordings import har_log  # noqa: PLC0415 - costs 10 ms

    return har_log.read(source)


def _is_foreign(stream: IO[bytes]) -> bool:
    """Tell whether a file is a sound zip of something else, such as a document."""
    if stream.read(len(ZIP)) != ZIP:
        return False
    from pytest_apierrors.recordings import har_files  # noqa: PLC0415 - costs 10 ms

    return not har_files.may_hold_har(stream)


READER = Reader(
    "har", "HTTP archive (HAR 1.2)", recognise, read, (ZIP, b"log"), _is_certain, _is_foreign
)
