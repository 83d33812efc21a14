"""Files that are no files, and names that lead elsewhere: refused by name, never waited for."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import sys
import zipfile

import pytest
from hostile_run import ACME, GOOD, check, entry, har, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes, sockets, links, devices")
CANARY = "c4n4ry-from-elsewhere"


def linked(target):
    return lambda path: path.symlink_to(target)


def bound(path):
    os.chdir(path.parent)  # the path of a socket has to be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path.name)


PLACES = {
    "pipe.har": (os.mkfifo, ": cannot be opened|: is not a regular file"),
    "zero.har": (linked("/dev/zero"), ": is not a regular file"),
    "random.yaml": (linked("/dev/urandom"), ": is not a regular file"),
    "full.json": (linked("/dev/full"), ": is not a regular file"),
    "input.ndjson": (linked("/dev/stdin"), ": is not a regular file"),
    "socket.har": (bound, ": is not a regular file|: cannot be opened"),
    "loop.har": (linked("loop.har"), ": cannot be opened: "),
    "nothing.har": (linked("not-there"), ": cannot be opened: No such file or directory"),
    "memory.har": (linked("/proc/self/mem"), ": (not a recording|cannot be|empty file)"),
}
FOLDER = {"folder.har": (os.mkdir, "")}


@pytest.mark.parametrize("by", ["name", "folder"])
def test_no_regular_file_is_read(tmp_path, monkeypatch, by):
    monkeypatch.chdir(tmp_path)
    for name, (make, _) in (PLACES | FOLDER).items():
        make(tmp_path / name)
    (tmp_path / "good.ndjson").write_bytes(GOOD)
    names = [*PLACES, "good.ndjson"] if by == "name" else ["."]
    prefix = "" if by == "name" else "./"

    ran = check(tmp_path, "--all", *names).sound()

    for name, (_, expected) in PLACES.items():
        lines = ran.lines_on(prefix + name)
        assert len(lines) == 1, (name, lines)
        assert re.match(expected, lines[0]), (name, lines)
    assert len(ran.lines_on(f"{prefix}good.ndjson")) == 1


def test_names_that_a_terminal_would_obey(tmp_path):
    names = ["a\nb.har", "a\x1b[31mb.har", "x\n::error::b.har", "##[error]c.har", "d\u202ex.har"]
    for name in names:
        (tmp_path / name).write_bytes(b"nothing")
    (tmp_path / os.fsdecode(b"bad-\xff.har")).write_bytes(b"nothing")
    (tmp_path / "good.ndjson").write_bytes(GOOD)

    ran = check(tmp_path, "--all", ".").sound()

    assert all(one.isprintable() or one == "\n" for one in ran.out)
    assert not re.search(r"(?m)^\s*::|##\[", ran.out)
    assert ran.out.count("not a recording of a known format") == len(names) + 1
    assert len(ran.lines_on("./good.ndjson")) == 1


def test_a_name_that_cannot_be(tmp_path):
    (tmp_path / "good.ndjson").write_bytes(GOOD)

    long = "x" * 5000

    ran = check(tmp_path, long, "no/such.har", "good.ndjson").sound()

    assert re.search(r"x\.\.\. \(5000 characters, sha256 \w+\): cannot be opened: ", ran.out)
    assert ran.lines_on("no/such.har") == [": cannot be opened: No such file or directory"]
    for option in ("--baseline", "--catalogs", "--output"):
        check(tmp_path, "good.ndjson", option, long).sound()
    for command in ("lint", "combine"):
        run(command, long, folder=tmp_path).sound()


OUTSIDE = (
    "../secret.txt",
    "../../secret.txt",
    "/etc/passwd",
    "sub/../../secret.txt",
    "..\\secret.txt",
    "C:\\secret.txt",
    "file:///etc/passwd",
    "linked.txt",
    "linked/secret.txt",
    "pipe.txt",
    "zero.txt",
    "a\nb.txt",
    "a\0b.txt",
    "",
    ".",
    "/",
    "sub",
    "x" * 5000,
)


def traps(folder):
    """Put what leads elsewhere into a folder of bodies."""
    folder.mkdir(exist_ok=True)
    (folder.parent / "secret.txt").write_text(CANARY, encoding="utf-8")
    (folder / "linked.txt").symlink_to(folder.parent / "secret.txt")
    (folder / "linked").symlink_to(folder.parent)
    os.mkfifo(folder / "pipe.txt")
    (folder / "zero.txt").symlink_to("/dev/zero")
    (folder / "sub").mkdir()
    (folder / "fine.txt").write_text("fine", encoding="utf-8")


def refused(ran, file, names):
    """Check that each exchange with such a name is refused, and the last one is not."""
    assert CANARY not in ran.out + ran.err
    assert "root:" not in ran.out
    for number, name in enumerate(names):
        found = [one for one in ran.lines_on(file) if f" #{number}: " in one]
        assert len(found) == 1, (name, found)
        assert re.search(r"#\d+: file ", found[0]), (name, found)
    last = [one for one in ran.lines_on(file) if f" #{len(names)}: " in one]
    assert len(last) == 1
    assert ": http 404: " in last[0]


def test_bodies_of_a_har_stay_beside_it(tmp_path):
    names = [name for name in OUTSIDE if name]
    bodies = tmp_path / "recorded"
    traps(bodies)
    entries = [entry(None, _file=name) for name in (*names, "fine.txt")]
    (bodies / "log.har").write_bytes(har(*entries))

    refused(check(tmp_path, "--all", "recorded/log.har").sound(), "recorded/log.har", names)


def test_bodies_of_a_zipped_har_stay_in_it(tmp_path):
    names = ["../secret.txt", "/etc/passwd", "not-there.txt", "bomb.txt", "bzip2.txt", "twice.txt"]
    (tmp_path / "secret.txt").write_text(CANARY, encoding="utf-8")
    entries = [entry(None, _file=name) for name in (*names, "fine.txt")]
    with zipfile.ZipFile(tmp_path / "log.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("log.har", har(*entries))
        archive.writestr("../secret.txt", CANARY)
        archive.writestr("bomb.txt", b"\0" * (64 << 20))
        archive.writestr("bzip2.txt", b"\0" * (64 << 20), zipfile.ZIP_BZIP2)
        archive.writestr("fine.txt", "fine")
    data = (tmp_path / "log.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(data[: len(data) // 2])
    (tmp_path / "spoiled.zip").write_bytes(data.replace(b"log.har", b"log.h\xff\xff"))

    ran = check(tmp_path, "--all", "log.zip", "cut.zip", "spoiled.zip").sound()

    refused(ran, "log.zip", names)
    assert len(ran.lines_on("cut.zip")) == 1
    assert len(ran.lines_on("spoiled.zip")) == 1


def test_bodies_of_mappings_stay_in_their_folder(tmp_path):
    names = [name for name in OUTSIDE if name not in ("", "/")]
    (tmp_path / "mappings").mkdir()
    traps(tmp_path / "__files")
    stubs = [
        {"request": {"url": "/a"}, "response": {"status": 404, "bodyFileName": name}}
        for name in (*names, "fine.txt")
    ]
    file = tmp_path / "mappings" / "all.json"
    file.write_text(json.dumps({"mappings": stubs}), encoding="utf-8")

    ran = check(tmp_path, "--all", "mappings/all.json")

    assert ran.sound().status == 2
    refused(ran, "mappings/all.json", names)


def test_what_is_asked_for_beside_recordings_is_no_device_either(tmp_path):
    shutil.copy(ACME, tmp_path / "acme.json")
    (tmp_path / "good.ndjson").write_bytes(GOOD)
    (tmp_path / "zero.json").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.json")

    for name in ("zero.json", "pipe.json"):
        catalog = run("check", "good.ndjson", "--catalogs", name, folder=tmp_path).sound()
        linted = run("lint", name, folder=tmp_path).sound()
        baseline = check(tmp_path, "good.ndjson", "--baseline", name).sound()

        for one in (catalog.err, baseline.err, linted.err + linted.out):
            assert name in one
            assert one.count("\n") == 1, one
