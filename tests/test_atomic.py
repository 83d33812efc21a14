"""Files that are there whole or not at all."""

import os
import stat
import subprocess
import sys

import pytest

from pytest_apierrors.atomic import NotWritten, replacing

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="processes, modes and links of POSIX")


def names(folder):
    return sorted(one.name for one in folder.iterdir())


def write(path, text="new\n"):
    with replacing(path) as stream:
        stream.write(text)


def test_a_new_file_is_written_and_nothing_is_left_beside_it(tmp_path):
    write(tmp_path / "a.json")

    assert (tmp_path / "a.json").read_bytes() == b"new\n"
    assert names(tmp_path) == ["a.json"]


def test_the_old_file_stays_until_everything_is_written(tmp_path):
    (tmp_path / "a.json").write_text("old")

    with replacing(tmp_path / "a.json") as stream:
        stream.write("new")
        stream.flush()
        assert (tmp_path / "a.json").read_text() == "old"
    assert (tmp_path / "a.json").read_text() == "new"


def test_what_is_broken_off_leaves_the_old_file(tmp_path):
    (tmp_path / "a.json").write_text("old")

    with pytest.raises(ZeroDivisionError), replacing(tmp_path / "a.json") as stream:
        stream.write(f"new {1 / 0}")

    assert (tmp_path / "a.json").read_text() == "old"
    assert names(tmp_path) == ["a.json"]


def test_text_that_is_none_is_escaped_and_line_ends_stay(tmp_path):
    write(tmp_path / "a.json", "caf\u00e9 \udce9\n")

    assert (tmp_path / "a.json").read_bytes() == b"caf\xc3\xa9 \\udce9\n"


@POSIX
def test_the_mode_and_a_link_are_kept(tmp_path):
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)

    write(link)

    assert link.is_symlink()
    assert real.read_text() == "new\n"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


@POSIX
def test_a_link_to_nothing_is_followed(tmp_path):
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")

    write(tmp_path / "link.json")

    assert (tmp_path / "real.json").read_text() == "new\n"


@POSIX
def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        write(tmp_path / "pipe")
        assert os.read(reader, 100) == b"new\n"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@POSIX
def test_what_a_dead_process_left_is_removed_and_what_a_living_one_writes_is_not(tmp_path):
    with subprocess.Popen([sys.executable, "-c", "pass"]) as dead:
        pass
    living = os.getppid()
    others = [
        f".a.json.{living}.tmp",
        f".b.json.{dead.pid}.tmp",
        f".a.json.{dead.pid}.tmp~",
        ".a.json.x.tmp",
        "a.json.1.tmp",
    ]
    for name in (f".a.json.{dead.pid}.tmp", f".a.json.{10**30}.tmp", *others):
        (tmp_path / name).write_text("left")

    write(tmp_path / "a.json")

    assert names(tmp_path) == sorted(["a.json", *others])


@POSIX
def test_what_somebody_else_is_writing_is_left_alone(tmp_path, monkeypatch):
    def refused(*_):
        raise PermissionError

    monkeypatch.setattr("os.kill", refused)
    (tmp_path / ".a.json.4.tmp").write_text("theirs")

    write(tmp_path / "a.json")

    assert names(tmp_path) == [".a.json.4.tmp", "a.json"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("no/such/a.json", "No such file or directory"),
        ("file/a.json", "Not a directory"),
        ("loop/a.json", "Too many levels of symbolic links"),
        ("x" * 300, "File name too long"),
        (".", "Is a directory"),
    ],
)
@POSIX
def test_what_cannot_be_written_is_said_with_the_reason_of_the_system(tmp_path, path, reason):
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to("loop")
    before = names(tmp_path)

    with pytest.raises(NotWritten, match=reason):
        write(tmp_path / path)
    assert names(tmp_path) == before


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device")  # noqa: PTH110
def test_a_full_disk_is_said():
    with pytest.raises(NotWritten, match="No space left on device"):
        write("/dev/full")
    with pytest.raises(NotWritten, match="No space left on device"):
        write("/dev/full", "x" * 1_000_000)


@POSIX
def test_a_disk_that_fills_up_leaves_the_old_file(tmp_path, monkeypatch):
    (tmp_path / "a.json").write_text("old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(NotWritten, match="No space left on device"):
        write(tmp_path / "a.json")

    assert (tmp_path / "a.json").read_text() == "old"
    assert names(tmp_path) == ["a.json"]


def test_an_error_of_another_file_is_not_taken_for_ours(tmp_path):
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "a.json"):
        (tmp_path / "other").read_text()
