"""Readers of installed packages: found by their entry points, asked first, or refused."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.recordings.installed import ENTRY_POINTS, installed_readers

MODULE = """
from pytest_apierrors.recordings import Reader
from pytest_apierrors.response import Origin, Response


def recognise(head, path):
    return head.startswith(b"words:")


def read(source):
    for index, word in enumerate(source.stream.read().split()[1:]):
        yield Response(int(word), b"{}", origin=Origin(source.name, index, 1))


READER = Reader(name="words", title="Words", recognise=recognise, read=read)
READERS = [READER]
NONE = [READER, 7]
"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Install a package whose entry point has this value: a function that returns its folder."""

    def install(value, content=MODULE):
        name = value.partition(":")[0]
        (tmp_path / f"{name}.py").write_text(content)
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[{ENTRY_POINTS}]\nwords = {value}\n")
        monkeypatch.syspath_prepend(tmp_path)
        return tmp_path

    installed_readers.cache_clear()
    yield install
    installed_readers.cache_clear()


def test_there_are_none_here_unasked():
    installed_readers.cache_clear()

    assert installed_readers() == ()


@pytest.mark.parametrize("name", ["READER", "READERS"])
def test_an_entry_point_names_a_reader_or_a_list(package, name):
    package(f"words_{name.lower()}_of_a_test:{name}")

    assert [one.name for one in installed_readers()] == ["words"]


@pytest.mark.parametrize(
    ("value", "content", "reason"),
    [
        ("words_seven_of_a_test:NONE", MODULE, "is neither a Reader nor a list of them"),
        ("words_missing_of_a_test:X", MODULE, "cannot be loaded: module 'words_missing_of_a_test'"),
        ("words_broken_of_a_test:X", "1 / 0", "cannot be loaded: division by zero"),
        ("words_hostile_of_a_test:X", "raise ValueError('\\x1b[31m')", r"cannot be loaded: \\x1b"),
    ],
)
def test_what_is_no_reader_is_a_mistake_with_a_sentence(package, value, content, reason):
    package(value, content)

    with pytest.raises(UsageProblem, match=reason) as caught:
        installed_readers()

    assert str(caught.value).startswith(f'the reader "{value}" of an installed package ')
    assert "\x1b" not in str(caught.value)


def test_the_command_line_asks_them(package, monkeypatch):
    site = package("words_on_the_command_line:READER")
    monkeypatch.setenv("PYTHONPATH", str(site))
    (site / "recorded.txt").write_text("words: 404 418")
    check = [sys.executable, "-m", "pytest_apierrors", "check", "--provider", "http", "--all"]

    shown = [
        subprocess.run([*check, *how, "recorded.txt"], cwd=site, capture_output=True, check=False)
        for how in ((), ("--reader", "words"))
    ]

    assert b"recorded.txt:1 #0: http 404" in shown[0].stdout
    assert shown[0].stderr == b""
    assert shown[0].stdout == shown[1].stdout
