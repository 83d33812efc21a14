"""Responses as they are on the wire: dumps, and what `curl -i` prints."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_apierrors.recordings.reader import Reader, Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Response

_STATUS = rb"HTTP/[0-9](?:\.[0-9])?[ \t]+[0-9]{3}(?=[ \t\r\n]|\Z)"
_REQUEST = rb"[A-Z]{3,20} [^ \r\n]+ HTTP/[0-9](?:\.[0-9])?\r?\n"
_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:%s|%s)" % (_STATUS, _REQUEST))


def recognise(head: bytes, _path: Path) -> bool:
    """Tell whether a file starts with a status line, or with the head of a request."""
    return _START.match(head) is not None


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the final responses of a dump, in their order."""
    from pytest_apierrors.recordings import rawhttp_dump  # noqa: PLC0415 - only for dumps

    return rawhttp_dump.read(source)


READER = Reader("http", "raw HTTP responses (dumps, curl -i)", recognise, read)
