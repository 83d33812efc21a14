"""What real tools recorded of `make/server.py`, read back and compared with what it sends."""

from __future__ import annotations

import gzip
import importlib.util
import re
from pathlib import Path

import pytest

from pytest_apierrors.recordings import read

HERE = Path(__file__).parent
DATA = HERE / "data"


def _server():
    spec = importlib.util.spec_from_file_location("recorded_server", HERE / "make" / "server.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SERVER = _server()
CALLS = [
    ("POST", "/rate?token=fake"),
    ("GET", "/gzip"),
    ("GET", "/latin"),
    ("GET", "/empty"),
    ("GET", "/nothing"),
    ("HEAD", "/rate"),
    ("GET", "/redirect"),
    ("GET", "/unicode"),
    ("GET", "/binary"),
]
TEXT_CALLS = [CALLS[0], CALLS[3], CALLS[6], CALLS[7]]
# httpx decoded before vcrpy 6 saw the body, and what was not UTF-8 was dropped
LOST = {"/latin": b"<h1>caf</h1>", "/binary": bytes(range(128))}
CASSETTES = sorted(DATA.glob("vcrpy-*/*.*"))
HARS = sorted(DATA.glob("playwright-*/**/*.har")) + sorted(DATA.glob("playwright-*/*.zip"))


def test_every_version_and_client_is_there():
    assert len(CASSETTES) == 6 * 4 * 2
    assert len(HARS) == 5


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_cassettes(path):
    calls = CALLS if path.suffix == ".yaml" else TEXT_CALLS

    responses = list(read(path))

    assert [(one.method, one.url) for one in responses] == [
        (method, f"http://127.0.0.1:{SERVER.PORT}{called}") for method, called in calls
    ]
    for response, (method, called) in zip(responses, calls, strict=True):
        _same_head(response, called)
        assert _plain(response.body) == _plain(_recorded_body(path, method, called))
        assert response.body[:2] == _recorded_body(path, method, called)[:2]
        assert response.altered is None


def _plain(body):
    """Take gzip off: its bytes differ from one Python to the next."""
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


def _recorded_body(path, method, called):
    name = called.partition("?")[0]
    sent = b"" if method == "HEAD" else SERVER.ANSWERS[name][2]
    version = path.parent.name.removeprefix("vcrpy-")
    decoded = {"aiohttp": True, "requests": version >= "6", "httpx": version < "6", "urllib": False}
    if name == "/gzip" and decoded[path.stem]:
        return SERVER.GZIPPED
    if path.stem == "httpx" and version < "6":
        return LOST.get(name, sent)
    return sent


def _same_head(response, called):
    status, headers, _ = SERVER.ANSWERS[called.partition("?")[0]]
    assert response.status == status
    assert response.header("date") == SERVER.DATE
    for name in {name for name, _ in headers}:
        assert response.headers.get_all(name) == [value for key, value in headers if key == name]


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_lines_are_where_exchanges_start(path):
    lines = path.read_text().split("\n")
    start = re.compile(r"- request:$" if path.suffix == ".yaml" else r" {8}\{$")
    starts = [number for number, line in enumerate(lines, 1) if start.match(line)]

    assert [one.origin.line for one in read(path)] == starts
    assert [one.origin.index for one in read(path)] == list(range(len(starts)))


@pytest.mark.parametrize("path", HARS, ids=lambda path: path.name)
def test_hars(path):
    calls = [("GET", "/page"), *CALLS]
    omitted = "omit" in path.name

    responses = list(read(path))

    assert [(one.method, one.url) for one in responses] == [
        (method, f"http://127.0.0.1:{SERVER.PORT}{called}") for method, called in calls
    ]
    for response, (method, called) in zip(responses, calls, strict=True):
        _same_head(response, called)
        body = _body_seen_by_a_browser(method, called)
        assert response.body == (b"" if omitted else body)
        # nothing in a minimal HAR tells an empty body of a redirect from one that was left out
        lost = (omitted and body) or ("minimal" in path.name and called == "/redirect")
        assert response.altered == ("the body was not recorded" if lost else None)
    assert {one.origin.line for one in responses} == {1}


def _body_seen_by_a_browser(method, called):
    name = called.partition("?")[0]
    if method == "HEAD":
        return b""
    seen = {"/gzip": SERVER.GZIPPED, "/latin": SERVER.LATIN.decode("latin-1").encode()}
    return seen.get(name, SERVER.ANSWERS[name][2])
