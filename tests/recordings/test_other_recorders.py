"""What recorders in Python, Ruby, Go and JavaScript recorded of `make/server.py`, read back."""

from __future__ import annotations

import gzip
import importlib.util
import re
from pathlib import Path

import pytest

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import parsed, read, recognise
from pytest_apierrors.recordings.fields import REPLACED

HERE = Path(__file__).parent
DATA = HERE / "data"
TOOLS = ("betamax", "cassetter", "go-vcr", "mitmproxy", "polly", "responses", "vcr-ruby")
FILES = sorted(path for tool in TOOLS for path in DATA.glob(f"{tool}-*/*") if path.name != "flows")
READER = {"mitmproxy": "har", "polly": "har"}
DECODED = ("cassetter", "go-vcr", "mitmproxy", "responses", "vcr-ruby")
WITHOUT_SECRETS = ("cassetter",)
JOINED = ("responses",)


def _server():
    spec = importlib.util.spec_from_file_location("recorded_server", HERE / "make" / "server.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SERVER = _server()
CALLS = [
    ("POST", "/rate?token=fake"),
    *(("GET", path) for path in ("/gzip", "/latin", "/empty", "/nothing")),
    ("HEAD", "/rate"),
    *(("GET", path) for path in ("/redirect", "/unicode", "/binary")),
]


def _tool(path):
    return path.parent.name.rpartition("-")[0]


def _calls(path):
    """The calls in the order in which they stand in a file: cassetter sorts them."""
    if _tool(path) == "mitmproxy":
        return [("GET", "/page"), *CALLS]
    if _tool(path) == "cassetter":
        filtered = [(method, called.replace("fake", "[FILTERED]")) for method, called in CALLS]
        return sorted(filtered, key=lambda call: (call[0], call[1]))
    return CALLS


def test_every_tool_is_there():
    assert [path.name for path in FILES] == [
        *("exact.json", "usual.json"),
        *("recorded.toml", "recorded.yaml"),
        "recorded.yaml",
        *("converted.har", "converted.zhar"),
        "recording.har",
        *("recorded.toml", "recorded.yaml"),
        *("exact.yml", "json.json", "packed.zz", "usual.yml"),
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_exchanges(path):
    calls = _calls(path)

    found = list(read(path))

    assert [(one.method, one.url) for one in found] == [
        (method, f"http://127.0.0.1:{SERVER.PORT}{called}") for method, called in calls
    ]
    assert [one.origin.index for one in found] == list(range(len(calls)))
    for response, (method, called) in zip(found, calls, strict=True):
        name = called.partition("?")[0]
        assert response.status == SERVER.ANSWERS[name][0]
        _same_headers(response, name, _tool(path))
        _same_body(response, method, name, path)


def _same_headers(response, path, tool):
    headers = SERVER.ANSWERS[path][1]
    if tool in WITHOUT_SECRETS and response.status == 401:
        assert response.headers is None
        return
    for name in {name for name, _ in headers} - {"Content-Encoding"}:
        sent = [value for key, value in headers if key == name]
        if name == "Set-Cookie" and tool in WITHOUT_SECRETS:
            sent = []
        assert response.headers.get_all(name) == ([", ".join(sent)] if tool in JOINED else sent)


def _same_body(response, method, called, path):
    tool = _tool(path)
    sent = b"" if method == "HEAD" else SERVER.ANSWERS[called][2]
    if called == "/gzip" and tool in DECODED:
        sent = SERVER.GZIPPED
    if called == "/binary" and response.lost:
        assert (tool, response.altered) in [("betamax", REPLACED), ("responses", REPLACED)]
        assert path.name != "exact.json"
        return
    assert not response.lost
    if tool == "cassetter" and sent.startswith(b"{"):
        assert response.altered == parsed.PARSED
        sent = re.sub(rb'(": |, ")', lambda found: found[0].replace(b" ", b""), sent)
        assert response.body == sent
        return
    assert response.altered is None
    if tool == "mitmproxy" and called in ("/latin", "/binary"):
        sent = sent.decode("latin-1").encode()  # a HAR is text
    assert _plain(response.body) == _plain(sent)
    assert response.body[:2] == sent[:2]


def _plain(body):
    """Take gzip off: its bytes differ from one Python to the next."""
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_tool_is_recognised(path):
    compressed = path.suffix in (".zhar", ".zz")

    reader = recognise(path.read_bytes(), path)

    assert reader.name == ("compressed" if compressed else READER.get(_tool(path), _tool(path)))


STARTS = {
    "cassetter-0.16.1/recorded.yaml": r"- request:$",
    "cassetter-0.16.1/recorded.toml": r"\[\[interactions\]\]$",
    "go-vcr-1.2.0/recorded.yaml": r"- request:$",
    "responses-0.26.3/recorded.yaml": r"- response:$",
    "responses-0.26.3/recorded.toml": r"\[\[responses\]\]$",
    "vcr-ruby-5.0.0/usual.yml": r"- request:$",
    "vcr-ruby-5.0.0/exact.yml": r"- request:$",
    "polly-6.0.6/recording.har": r" {6}\{$",
    "mitmproxy-11.0.2/converted.har": r" {12}\{$",
}


@pytest.mark.parametrize(("name", "start"), STARTS.items(), ids=STARTS)
def test_lines_are_where_exchanges_start(name, start):
    lines = (DATA / name).read_text(encoding="utf-8").split("\n")
    starts = [number for number, line in enumerate(lines, 1) if re.match(start, line)]

    assert [one.origin.line for one in read(DATA / name)] == starts
    assert len(starts) >= len(CALLS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_credential_that_was_sent_is_known(path):
    sent = [one.credentials() for one in read(path)][-1]

    kept = _tool(path) not in ("responses", *WITHOUT_SECRETS)
    assert ("fake-header-t0ken" in sent) == kept


def test_flows_are_refused_with_the_command_that_converts_them():
    [error] = read(DATA / "mitmproxy-11.0.2" / "flows")

    assert isinstance(error, RecordingError)
    assert error.reason == (
        "a flow file of mitmproxy, which changes with each version; "
        "make a HAR of it: mitmdump -nr FILE --set hardump=OUT.har"
    )
