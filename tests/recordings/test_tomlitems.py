"""Tables of a TOML file one by one, and hostile ones."""

from __future__ import annotations

import time

import pytest

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import Limits

GOOD = '[[responses]]\n[responses.response]\nstatus = 404\nurl = "http://h"\n'


def test_one_table_that_is_no_toml(items):
    first, error, last = items(f"{GOOD}\n{GOOD}status = 404\n\n{GOOD}".replace("\n", "\r\n"))

    assert (first.origin.line, last.origin.line) == (1, 12)
    assert (error.index, error.line) == (1, 10)
    assert error.reason == "not TOML: Cannot overwrite a value"


@pytest.mark.parametrize(
    ("piece", "reason", "line"),
    [
        ('a = "', "not TOML: ", 5),
        ("a = 1979-13-99", "not TOML: ", 5),
        ("a = " + "1" * 5000, "not TOML: Exceeds the limit", 1),
        ("a = " + "[" * 100_000, "nesting is over the limit of 64 (--max-depth)", 1),
        ("a" + ".a" * 100_000 + " = 1", "nesting is over the limit of 64 (--max-depth)", 1),
        ("a" + ' . "a"' * 100_000 + " = 1", "nesting is over the limit of 64 (--max-depth)", 1),
        ("[responses.response]", "not TOML: Cannot declare", 5),
        ("." * 100 + "a" * 2_000_000, "not TOML: ", 5),
        (("a" + ".a" * 62 + " ") * 10_000, "not TOML: ", 5),
        ("'\"" * 500_000 + "." * 100, "not TOML: ", 5),
        ("[other]\na = 1", "'other' stands behind [[responses]]", 1),
    ],
)
def test_pieces_that_cannot_be_read(items, piece, reason, line):
    start = time.process_time()

    error, last = items(f"{GOOD}{piece}\n{GOOD}")

    assert isinstance(error, RecordingError)
    assert error.reason.startswith(reason)
    assert len(error.reason) < 150
    assert (error.index, error.line) == (0, line)
    assert last.status == 404
    assert time.process_time() - start < 2


def test_a_text_that_looks_like_the_start_of_a_table(items):
    """The pieces on both sides are refused; neither is read as something else."""
    found = items(f'{GOOD}body = """\n{GOOD}"""\n{GOOD}')

    assert [type(one) for one in found[:2]] == [RecordingError, RecordingError]
    assert found[2].status == 404


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        (b"\xff = 1\n" + GOOD.encode(), "not TOML: not UTF-8", 1),
        (GOOD.encode() + b'a = "\xe9"\n', "not TOML: not UTF-8", 5),
        (b"= 1\n" + GOOD.encode(), "not TOML: Invalid statement", 1),
    ],
)
def test_files_that_cannot_be_read(items, content, reason, line):
    [error] = items(content, reader="responses")

    assert (error.reason, error.line, error.index) == (reason, line, None)


def test_a_list_that_is_none(items):
    [error] = items('[interactions.response]\nbody_type = "none"\n')

    assert error.reason == 'has no list "interactions"'


def test_a_byte_order_mark(items):
    [read] = items("\ufeff" + GOOD, reader="responses")

    assert (read.status, read.origin.line) == (404, 1)


def test_a_file_over_the_limit(items):
    [error] = items(GOOD * 10, limits=Limits(max_toml_bytes=100))

    assert error.reason == "file is over the limit of 100 (--max-toml-bytes)"
