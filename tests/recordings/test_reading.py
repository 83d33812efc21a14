"""Which reader a file gets, and what happens to files that none can read."""

from __future__ import annotations

import os
import random
import socket
from pathlib import Path

import pytest
from msgspec.structs import replace

from pytest_apierrors.errors import RecordingError, UsageProblem
from pytest_apierrors.recordings import (
    READERS,
    UNKNOWN,
    Limits,
    Reader,
    Unreadable,
    read,
    recognise,
)
from pytest_apierrors.response import Response

LINE = b'{"request": {"method": "GET", "url": "http://h/"}, "response": {"status": 404}}\n'
NAMES = ", ".join(sorted(one.name for one in READERS))


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"interactions:\n- request:\n", "vcrpy"),
        (b"# made by hand\nversion: 1\ninteractions:\n", "vcrpy"),
        (b"---\ninteractions: []\n", "vcrpy"),
        (b"{interactions: [{request: {}}]}", "vcrpy"),
        (b'"interactions":\n', "vcrpy"),
        (b'{"interactions": [', "vcrpy"),
        (b'\xef\xbb\xbf{\n "version": 1, "a": {"x": [1]},\n "interactions": [', "vcrpy"),
        (b'{"log": {"version": "1.2", "entries": []}}', "har"),
        (b"log:\n  creator: {}\n  entries:\n", "har"),
        (b"PK\x03\x04....", "har"),
        (LINE, "ndjson"),
        (b"\xef\xbb\xbf" + LINE, "ndjson"),
        (b"\n\n" + LINE, "ndjson"),
        (b'{"response": {"status": 404, "body": "' + b"x" * 70_000, "ndjson"),
        (b'{"request": {\n', None),
        (b'{"a": {"interactions": []}}', None),
        (b'{"a": "interactions", "b": ["log"]}', None),
        (b'{"a": 1, "log": {}}', None),
        (b'{"consumer": {"name": "a"}, "interactions": []}', "pact"),
        (b"consumer:\n  name: a\ninteractions:\n- request: {}\n", None),
        (b"http_interactions:\n- request:\n", "vcr-ruby"),
        (b'{"http_interactions": []}', "betamax"),
        (b"log: entries\n", None),
        (b"\x00\x01\x02", None),
        (b"\x89PNG\r\n", None),
        (b"<html>interactions:</html>", None),
        (b"[1, 2]", None),
        (b"{", None),
        (b'{"', None),
        (b'{"\xff', None),
    ],
)
def test_formats_are_recognised_from_content(head, name):
    reader = recognise(head, Path("cassette.txt"))

    assert (reader.name if reader else None) == name


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty file"),
        (b" \r\n\t\n", "empty file"),
        (b"hello", UNKNOWN),
        (b"\x00" * 100, UNKNOWN),
        (b"[" * 100_000, UNKNOWN),
        (random.Random(7).randbytes(1000), UNKNOWN),
    ],
)
def test_a_file_of_no_format_is_one_error(items, content, reason):
    [error] = items(content)

    assert isinstance(error, RecordingError)
    assert (error.reason, error.index) == (reason, None)
    assert error.file.endswith("recording")


def test_what_is_not_a_regular_file_is_an_error_and_not_a_wait(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder").mkdir()
    expected = {
        "pipe": "is not a regular file",
        "socket": "is not a regular file",
        "folder": "is a folder",
        "loop": "cannot be opened: Too many levels of symbolic links",
        "dangling": "cannot be opened: No such file or directory",
        "missing": "cannot be opened: No such file or directory",
        "x" * 300: "cannot be opened: File name too long",
        "nul\0": "cannot be opened: embedded null byte",
    }

    for name, reason in expected.items():
        [error] = read(tmp_path / name)
        assert error.reason.replace("lstat: ", "").replace("stat: ", "") == reason, name
    assert [one.reason for one in read("/dev/zero")] == ["is not a regular file"]


def test_a_file_swapped_for_a_pipe_is_refused(tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_bytes(LINE)
    os.mkfifo(tmp_path / "pipe")
    opening = os.open
    monkeypatch.setattr(os, "open", lambda _path, flags: opening(tmp_path / "pipe", flags))

    [error] = read(file)

    assert error.reason == "is not a regular file"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(LINE)
    file.chmod(0)

    [error] = read(file)

    assert error.reason == "cannot be opened: Permission denied"


def test_a_link_to_a_file_that_the_user_names_is_read(tmp_path):
    (tmp_path / "file").write_bytes(LINE)
    (tmp_path / "link").symlink_to(tmp_path / "file")

    [response] = read(tmp_path / "link")

    assert (response.status, response.origin.file) == (404, str(tmp_path / "link"))


def test_an_error_of_the_disk_ends_in_a_sentence(tmp_path):
    (tmp_path / "file").write_bytes(LINE)

    def failing(_source):
        yield Response(200)
        raise OSError(5, "Input/output error")

    reader = Reader("failing", "", lambda *_: True, failing)

    first, error = read(tmp_path / "file", reader=reader)

    assert first.status == 200
    assert error.reason == "cannot be read: Input/output error"


def test_a_reader_by_name(items):
    [error] = items(LINE, reader="har")
    [response] = items(LINE, reader="ndjson")

    assert error.reason == 'has no "log"'
    assert response.status == 404


def test_an_unknown_reader_is_a_mistake_of_the_user(tmp_path):
    with pytest.raises(UsageProblem, match=rf'no reader named "hra" \(known: {NAMES}\)'):
        read(tmp_path / "x", reader="hra")


def test_readers_of_others_can_be_passed_in(items):
    def refusing(source):
        raise Unreadable(f"not {source.size} bytes")
        yield

    other = Reader("other", "Other", lambda head, _: head == b"mine", refusing)

    assert [one.reason for one in items(b"mine", readers=[*READERS, other])] == ["not 4 bytes"]
    found = items(b"yours", readers=[*READERS, other])
    assert [one.reason for one in found] == [UNKNOWN]


def _open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_reading_is_lazy_and_closes_its_file(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(LINE * 3)
    before = _open_files()

    stream = read(file)
    assert next(stream).status == 404
    assert _open_files() == before + 1
    stream.close()

    assert _open_files() == before


def test_limits_are_named_with_their_unit():
    limits = Limits(max_body_bytes=1000)

    assert limits.over("max_body_bytes") == "over the limit of 1000 (--max-body-bytes)"
    assert limits.over("max_line_bytes") == "over the limit of 16 MiB (--max-line-bytes)"
    assert replace(limits, max_depth=3).over("max_depth") == "over the limit of 3 (--max-depth)"


DATA = Path(__file__).parent / "data"
CORPUS = Path(os.environ.get("APIERRORS_CORPUS", DATA))
REAL = sorted({path for top in (DATA, CORPUS) for path in top.rglob("*") if path.is_file()})


@pytest.mark.parametrize("path", REAL, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_who_is_certain_is_the_first_that_fits(path):
    head = path.read_bytes()[: 1 << 16]
    uncertain = tuple(replace(one, certain=None) for one in READERS)

    chosen, first = recognise(head, path), recognise(head, path, uncertain)

    assert (chosen and chosen.name) == (first and first.name)


@pytest.mark.parametrize(
    "name",
    [
        "vcrpy-8.5.0/requests.yaml",
        "vcr-ruby-5.0.0/usual.yml",
        "betamax-0.9.0/usual.json",
        "playwright-1.65.1/full-embed.har",
    ],
)
def test_common_formats_are_certain_but_for_installed_readers(name):
    head = (DATA / name).read_bytes()[: 1 << 16]
    [sure] = [one for one in READERS if one.certain is not None and one.certain(head)]
    greedy = replace(sure, name="greedy", recognise=lambda *_: True, words=(), certain=None)
    shy = replace(greedy, name="shy", recognise=lambda *_: False)

    assert recognise(head, DATA) is sure
    assert recognise(head, DATA, (shy, *READERS)) is sure
    assert recognise(head, DATA, (greedy, *READERS)) is greedy
    assert recognise(head, DATA, (greedy,)) is greedy


@pytest.mark.parametrize(
    "head",
    [
        b'{"http_interactions": [{"request": {}, "response": {"status": {}}}]}',
        b'{"http_interactions": [{"request": {}, "response": {"url": 7}}]}',
        b'{"http_interactions": [{"request": {}, "response": {"url": "http',
        b'{"http_interactions": [7]}',
        b"interactions:\n- request:\n    body: ''\n    form: {}\n    url: http://h/\n",
        b"interactions:\n- request: {}\n",
        b"http_interactions:\n- id: 1\n",
        b'{"logs": {}}',
    ],
)
def test_nobody_is_certain_of_what_others_may_have_written(head):
    assert not [one.name for one in READERS if one.certain is not None and one.certain(head)]
