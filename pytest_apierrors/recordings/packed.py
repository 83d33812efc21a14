"""A recording that was compressed as a whole: .zhar of mitmproxy, .zz of VCR for Ruby, gzip."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from pytest_apierrors.recordings.reader import Reader, Source, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Response

_HEAD_BYTES: Final = 1 << 16
_GZIP: Final = b"\x1f\x8b\x08"
_ZLIB: Final = (b"x\x01", b"x\x5e", b"x\x9c", b"x\xda")
_EITHER: Final = 47  # the largest window, and zlib's or gzip's frame as the data has it


def recognise(head: bytes, path: Path) -> bool:
    """Tell whether a recording of a known format is in the compressed data."""
    return head.startswith((_GZIP, *_ZLIB)) and _inner(_start(head), path) is not None


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the responses of the recording inside; lines count in its text."""
    data, problem = _whole(source)
    reader = _inner(data[:_HEAD_BYTES], source.path)
    if reader is None:
        raise Unreadable(problem or "compressed, and no recording of a known format inside")
    inner = replace(source, stream=io.BytesIO(data), size=len(data))
    yield from reader.read(inner)
    if problem:
        yield source.problem(problem)


def _start(head: bytes) -> bytes:
    try:  # without the checksum at the end: a damaged recording is one, too
        return zlib.decompressobj(_EITHER).decompress(head[:-8], _HEAD_BYTES)
    except zlib.error:
        return b""


def _inner(head: bytes, path: Path) -> Reader | None:
    """Return the reader for what is inside, which is not compressed once more."""
    from pytest_apierrors.recordings import READERS  # noqa: PLC0415 - this is one of them

    others = (one for one in READERS if one.name != READER.name)
    return next((one for one in others if head and one.fits(head, path)), None)


def _whole(source: Source) -> tuple[bytes, str | None]:
    """Return what is inside, within the limit, and what is wrong with its end."""
    most = source.limits.max_file_bytes
    packed = source.whole("max_file_bytes")
    engine = zlib.decompressobj(_EITHER)
    try:
        data = engine.decompress(packed, most + 1)
    except zlib.error as error:
        raise Unreadable(f"not sound compressed data: {error}") from None
    if len(data) > most:
        raise Unreadable(f"decompressed file is {source.limits.over('max_file_bytes')}")
    if not engine.eof:
        return data, "cut short: the compressed data has no end"
    return data, "something follows the compressed data" if engine.unused_data else None


READER = Reader("compressed", "any of these, compressed (gzip, zlib)", recognise, read)
