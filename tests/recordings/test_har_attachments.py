"""Bodies that lie beside a HAR, in its folder or in one zip with it, and hostile ones."""

from __future__ import annotations

import io
import os
import zipfile

import pytest
from har_texts import har_entry, har_text

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import Limits, har_files


def _attached(name):
    return har_text(har_entry({"_file": name}), har_entry({"text": "next"}))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../secret", "file '../secret' is not beside the recording"),
        ("a/../../secret", "file 'a/../../secret' is not beside the recording"),
        ("/etc/passwd", "file '/etc/passwd' is not beside the recording"),
        ("..\\secret", r"file '..\\secret' is not beside the recording"),
        ("C:x", "file 'C:x' is not beside the recording"),
        ("", "file '' is not beside the recording"),
        (".", "file '.' is not beside the recording"),
        ("a\0b", r"file 'a\x00b' is not beside the recording"),
        ("link", "file 'link' leads out of the recording's folder"),
        ("folder-link/secret", "file 'folder-link/secret' leads out of the recording's folder"),
        ("pipe", "file 'pipe' is not a regular file"),
        ("missing", "file 'missing' cannot be opened: No such file or directory"),
        ("loop", None),
        ("big", "file 'big' is over the limit of 8 (--max-body-bytes)"),
    ],
)
def test_an_attachment_stays_beside_the_recording(items, tmp_path, name, reason):
    (tmp_path / "secret").write_text("secret")
    beside = tmp_path / "har"
    beside.mkdir()
    (beside / "link").symlink_to(tmp_path / "secret")
    (beside / "folder-link").symlink_to(tmp_path)
    (beside / "loop").symlink_to(beside / "loop")
    (beside / "big").write_bytes(b"x" * 9)
    os.mkfifo(beside / "pipe")

    error, good = items(_attached(name), "har/x.har", limits=Limits(max_body_bytes=8))

    assert isinstance(error, RecordingError)
    assert reason in (error.reason, None)
    assert (error.index, good.body) == (0, b"next")


def test_an_attachment_is_read(items, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "body.bin").write_bytes(b"\0\xff")

    first, _ = items(_attached("sub/body.bin"), "x.har")

    assert first.body == b"\0\xff"


def _zip(members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def test_attachments_in_a_zip(items):
    found = items(_zip({"x.har": _attached("a.bin"), "a.bin": b"\0\xff"}))

    assert [one.body for one in found] == [b"\0\xff", b"next"]


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"x.har": _attached("missing")}, "file 'missing' is not in the archive"),
        ({"x.har": _attached("../a"), "../a": b""}, "file '../a' is not beside the recording"),
        (
            {"x.har": _attached("a"), "a": b"\0" * 10_000_000},
            "file 'a' is over the limit of 8 MiB (--max-body-bytes)",
        ),
        ({"a": b""}, "a zip with no .har in it, not one"),
        ({"a.har": b"", "b.har": b""}, "a zip with 2 .har in it, not one"),
        ({"a.har": b"hello"}, "not a JSON object at its top"),
        ({"a.har": b""}, "not a JSON object at its top"),
    ],
)
def test_hostile_zips(items, members, reason):
    error = items(_zip(members))[0]

    assert error.reason == reason


def test_an_archive_of_fiddler_is_known(items):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("[Content_Types].xml", "_index.htm", "raw/01_c.txt", "raw/01_s.txt"):
            archive.writestr(name, "x")

    [error] = items(packed.getvalue(), "a.saz")

    assert error.reason == "an archive of Fiddler; export it as HAR (HTTP Archive)"


def test_a_zip_bomb_is_bounded(items):
    bomb = _zip({"x.har": b'{"log": {"entries": [' + b" " * 50_000_000})

    [error] = items(bomb, limits=Limits(max_json_bytes=10_000_000))

    assert error.reason == "file is over the limit of 10000000 (--max-json-bytes)"


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
def test_a_broken_zip_is_one_error(items, cut):
    whole = _zip({"x.har": _attached("a"), "a": os.urandom(100)})

    [error] = items(whole[: int(len(whole) * cut)])

    assert error.reason.startswith("not a sound zip: ")


def test_a_zip_with_a_wrong_checksum(items):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("x.har", _attached("a"))
        archive.writestr("a", b"body")

    error, good = items(packed.getvalue().replace(b"body", b"BODY"))
    [broken] = items(packed.getvalue().replace(b"next", b"NEXT"))[-1:]

    assert error.reason.startswith("file 'a' cannot be read: Bad CRC-32")
    assert good.body == b"next"
    assert broken.reason.startswith("not a sound zip: Bad CRC-32")


def test_a_zip_of_too_many_files(items, monkeypatch):
    monkeypatch.setattr(har_files, "_MOST_MEMBERS", 2)

    [error] = items(_zip({"x.har": har_text(), "a": b"", "b": b""}))

    assert error.reason == "a zip of more than 2 files"
