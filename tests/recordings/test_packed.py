"""Recordings that were compressed as a whole, and hostile ones."""

from __future__ import annotations

import gzip
import io
import json
import time
import tracemalloc
import zipfile
import zlib

import pytest

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import Limits, recognise
from pytest_apierrors.response import Response

ENTRY = {
    "request": {"method": "GET", "url": "http://h/a"},
    "response": {"status": 404, "headers": [], "content": {"text": "x"}},
}
HAR = json.dumps({"log": {"version": "1.2", "entries": [ENTRY] * 3}}, indent=1).encode()
LOG = b'{"request": {"method": "GET"}, "response": {"status": 404, "body": "x"}}\n' * 3


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress], ids=["gzip", "zlib"])
@pytest.mark.parametrize("content", [HAR, LOG], ids=["har", "log"])
def test_recordings(items, tmp_path, pack, content):
    packed = pack(content)
    assert recognise(packed, tmp_path).name == "compressed"

    found = items(packed)

    assert [(one.status, one.body) for one in found] == [(404, b"x")] * 3
    assert [one.origin.index for one in found] == [0, 1, 2]


@pytest.mark.parametrize("level", [0, 1, 6, 9])
def test_every_level_of_zlib(items, level):
    assert len(items(zlib.compress(HAR, level))) == 3


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(b"a text", mtime=0),
        gzip.compress(b"", mtime=0),
        gzip.compress(gzip.compress(HAR, mtime=0)),
        b"\x1f\x8b\x08 not gzip",
        b"x\x9c",
        b"x^2 + y^2",
    ],
)
def test_what_is_no_recording(items, content):
    [error] = items(content)

    assert error.reason.startswith("not a recording of a known format")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            gzip.compress(b"a text", mtime=0),
            "compressed, and no recording of a known format inside",
        ),
        (gzip.compress(b"a text", mtime=0)[:-9], "cut short: the compressed data has no end"),
        (b"\x1f\x8b\x08 not gzip", "not sound compressed data: "),
    ],
)
def test_what_the_user_says_is_a_recording(items, content, reason):
    [error] = items(content, reader="compressed")

    assert error.reason.startswith(reason)


def test_a_stream_that_is_cut_short(items):
    *found, error = items(zlib.compress(HAR, 0)[:-40])

    assert [one.status for one in found] == [404, 404]
    assert error.reason == "cut short: the file ends within JSON"


def test_a_stream_that_is_cut_behind_a_line(items):
    """What is inside looks whole, so that only the compressed data tells of it."""
    *found, error = items(zlib.compress(LOG, 0)[: -4 - len(LOG) // 3])

    assert [one.status for one in found] == [404, 404]
    assert error.reason == "cut short: the compressed data has no end"


def test_a_stream_with_something_behind_it(items):
    *found, error = items(gzip.compress(HAR, mtime=0) + b"more")

    assert [type(one) for one in found] == [Response] * 3
    assert error.reason == "something follows the compressed data"


def test_a_stream_that_is_damaged(items):
    packed = bytearray(gzip.compress(HAR, mtime=0))
    packed[-6] ^= 255

    [error] = items(bytes(packed))

    assert isinstance(error, RecordingError)
    assert error.reason.startswith("not sound compressed data: ")


def test_a_zip_with_a_name_that_is_no_text(items):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("é.har", HAR)

    [error] = items(held.getvalue().replace("é".encode(), b"\xff\xfe"))

    assert error.reason.startswith("not a sound zip: 'utf-8' codec can't decode")


def test_a_bomb(items):
    """A kilobyte becomes a megabyte, but only as far as the limit goes."""
    engine = zlib.compressobj(9)
    start = b'{"log": {"entries": [], "comment": "'
    piece = b"x" * (1 << 20)
    packed = engine.compress(start) + b"".join(engine.compress(piece) for _ in range(70))
    before = time.process_time()

    tracemalloc.start()
    [error] = items(packed + engine.flush())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert error.reason == "decompressed file is over the limit of 64 MiB (--max-file-bytes)"
    assert peak < 200 << 20
    assert time.process_time() - before < 5


def test_the_limit_can_be_set(items):
    [error] = items(gzip.compress(HAR, mtime=0), limits=Limits(max_file_bytes=500))

    assert error.reason == "decompressed file is over the limit of 500 (--max-file-bytes)"
