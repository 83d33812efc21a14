"""What goes wrong around a recording: its reader, its folder, the output, a credential's length."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from hostile_run import GOOD, check, exchange

from pytest_apierrors.adapters import as_response
from pytest_apierrors.errors import RecordingError, UsageProblem
from pytest_apierrors.recordings import Reader, read
from pytest_apierrors.redact import scrub
from pytest_apierrors.response import Origin, Response
from pytest_apierrors.results import NoRecording, found_in

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="long paths, closed descriptors")


def own(read, recognise=lambda _head, _path: True):
    return Reader("mine\x1b[31m", "Mine", recognise, read)


def failing(source):
    yield Response(404, b"", origin=Origin(source.name, 0))
    raise KeyError("a\x1b[31m")


@pytest.mark.parametrize(
    ("reads", "reason"),
    [
        (failing, "has failed: KeyError: 'a\\x1b[31m'"),
        (lambda _: None, "has failed: TypeError: 'NoneType' object is not iterable"),
        (lambda _: [5], "has yielded what is no response"),
        (lambda _: [Response("404", b"")], "has yielded what is no response"),
        (lambda _: [Response(404, "text")], "has yielded what is no response"),
        (lambda _: [Response(404, b"", {"a": "b"})], "has yielded what is no response"),
    ],
)
def test_a_reader_that_misbehaves_spoils_its_own_file_alone(tmp_path, reads, reason):
    file = tmp_path / "a.log"
    file.write_bytes(b"x")

    *_, error = read(file, readers=[own(reads)])

    assert isinstance(error, RecordingError)
    assert error.reason == f'the reader "mine\\x1b[31m" {reason}'


@pytest.mark.parametrize("failure", [ValueError("no"), OSError(5, "Input/output error")])
def test_a_file_that_cannot_be_looked_at_is_told(tmp_path, failure):
    """It is not passed over as no recording, and no other file and not the output is blamed."""

    def recognise(_head, _path):
        raise failure

    reader = own(failing, recognise)
    (tmp_path / "notes").write_bytes(b"x")

    [found] = found_in([str(tmp_path)], [reader])
    [error] = read(found, readers=[reader])

    assert not isinstance(found, NoRecording)
    assert isinstance(error, RecordingError)
    assert error.file == str(tmp_path / "notes")


@POSIX
def test_folders_in_folders(tmp_path):
    """Deeper than Python calls itself."""
    number = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1200):
        os.mkdir("d", dir_fd=number)
        inner = os.open("d", os.O_RDONLY, dir_fd=number)
        os.close(number)
        number = inner
    with os.fdopen(os.open("x.ndjson", os.O_WRONLY | os.O_CREAT, dir_fd=number), "wb") as file:
        file.write(GOOD)
    os.close(number)

    ran = check(tmp_path, ".").sound(0)

    assert "0 of 1 recorded errors break the contract" in ran.out
    subprocess.run(["rm", "-r", tmp_path / "d"], check=True)


def test_one_file_by_several_names_is_one(tmp_path):
    (tmp_path / "x.ndjson").write_bytes(GOOD)

    ran = check(tmp_path, "x.ndjson", "./x.ndjson", ".//x.ndjson", ".").sound(0)

    assert "0 of 1 recorded errors" in ran.out


def test_no_name_is_no_folder(tmp_path):
    ran = check(tmp_path, "").sound()

    assert ran.err == "pytest-apierrors: PATH is empty: name a recording, or a folder of them\n"


@POSIX
@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (">&-", "pytest-apierrors: the output cannot be written: it is closed\n"),
        (">&- 2>&-", ""),
        pytest.param(
            ">/dev/full",
            "pytest-apierrors: the output cannot be written: No space left on device\n",
            marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no /dev/full"),
        ),
    ],
)
def test_output_that_is_no_more(output, sentence):
    command = f'exec "$0" -m pytest_apierrors list {output}'

    done = subprocess.run(["sh", "-c", command, sys.executable], capture_output=True, check=False)

    assert (done.returncode, done.stderr.decode()) == (2, sentence)


@pytest.mark.parametrize("unit", ["@", "a@", "%/=", "\u00e9", "\\", '\\"', "ab"])
def test_a_long_credential_is_hidden_in_time(unit):
    secret = unit * 100_000
    start = time.process_time()

    for spelled in (secret, quote(secret), json.dumps(secret)[1:-1]):
        shown = scrub(f"before {spelled} after", [secret])
        assert shown.replace("[redacted][redacted]", "[redacted]") == "before [redacted] after"
    assert time.process_time() - start < 20


def test_a_url_of_nothing_but_signs(tmp_path):
    line = exchange()
    line["request"]["url"] = f"http://{'@' * 200_000}"
    (tmp_path / "x.ndjson").write_text(f"{json.dumps(line)}\n", encoding="utf-8")

    check(tmp_path, "x.ndjson", "--all", "--format", "json").sound(0)


@pytest.mark.parametrize("key", ["4o1", "4040", "-1", "40", "6XX", "Default", "404 "])
def test_a_response_under_no_status_is_told(tmp_path, key):
    responses = {"400": {"description": "bad"}, key: {"description": "bad"}, "4XX": {}, "x-a": 1}
    document = {"openapi": "3.0.3", "paths": {"/a": {"get": {"responses": responses}}}}
    (tmp_path / "a.json").write_text(json.dumps(document), encoding="utf-8")

    found, error = read(tmp_path / "a.json")

    assert found.status == 400
    assert error.reason == (
        f"responses of GET '/a' have '{key}': a status, 4XX or \"default\" is needed"
    )


def endless():
    while True:
        yield "a", "b"


def with_status(number):
    return type("Answer", (), {"status_code": number, "headers": {}, "content": b""})()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: as_response({}, status=10**5000), "status= is no status of HTTP"),
        (lambda: as_response(with_status(10**5000)), "the status of this .*Answer is no status"),
        (
            lambda: as_response({}, status=404, headers=endless()),
            "headers: more than 100000 came from generator",
        ),
        (
            lambda: as_response(object(), extra=[lambda _: 5]),
            "pytest_apierrors_as_response: returned int, no Response",
        ),
    ],
)
def test_what_no_response_can_be_is_refused(call, sentence):
    with pytest.raises(UsageProblem, match=sentence):
        call()


def test_a_mistake_quotes_nothing_that_a_terminal_obeys():
    problem = UsageProblem('no rule named "\x1b[31m\u202e::error::x"\n  ::error::y\tz')

    assert str(problem) == ('no rule named "\\x1b[31m\\u202e::error::x"\n  \\x3a:error::y\\tz')
