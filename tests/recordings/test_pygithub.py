"""
PyGithub's ReplayData, composed after what its test framework writes and reads.

Ten lines an exchange: scheme, method, host, port, path, request headers, request body, status,
response headers, response body; then an empty line. Headers are Python's own text of them.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import Limits, read, recognise
from pytest_apierrors.recordings.fields import REPLACED


def _block(sent=None, given="None", status=404, headers=(), body="{}", **more):
    first = {"scheme": "https", "method": "GET", "host": "h", "port": "None", "path": "/a", **more}
    sent = {"Authorization": "token private_token_removed"} if sent is None else sent
    return "\n".join([*first.values(), f"{sent}", given, f"{status}", f"{list(headers)}", body, ""])


HEADERS = [("status", "404 Not Found"), ("set-cookie", "a"), ("set-cookie", "b"), ("etag", '"\'"')]


def test_exchanges_in_their_order(items):
    text = "\n".join(
        [
            _block(headers=HEADERS, body='{"a": 1}'),
            _block(method="POST", path="/b?c=d", port="8080", status=500, body=""),
            _block(scheme="http", path="http://other/c", status=200),
        ]
    )

    found = items(text)

    assert [(one.method, one.url, one.status, one.body) for one in found] == [
        ("GET", "https://h/a", 404, b'{"a": 1}'),
        ("POST", "https://h:8080/b?c=d", 500, b""),
        ("GET", "http://other/c", 200, b"{}"),
    ]
    assert list(found[0].headers) == HEADERS
    assert [(one.origin.index, one.origin.line) for one in found] == [(0, 1), (1, 12), (2, 23)]


def test_windows_line_ends_and_bodies_of_many_lines(items):
    text = _block(body="<p>\n\nhttps\n</p>") + "\n" + _block(status=500)

    first, second = items(text.replace("\n", "\r\n"))

    assert (first.body, second.status) == (b"<p>\n\nhttps\n</p>", 500)


@pytest.mark.parametrize("text", ["''", '""'])
def test_headers_that_were_taken_out(items, text):
    [found] = items(_block().replace("[]", text))

    assert (found.status, found.headers, found.body) == (404, None, b"{}")


def test_credentials_of_the_request(items):
    sent = {"Authorization": "token header-t0ken", "X-Api-Key": "it's \\ k3y"}

    [found] = items(
        _block(sent, given='{"client_secret": "body-s3cret"}', path="/?token=query-t0k")
    )

    assert found.credentials() >= {"header-t0ken", "it's \\ k3y", "body-s3cret", "query-t0k"}


@pytest.mark.parametrize(
    ("written", "pairs"),
    [
        ("[]", []),
        ("{}", []),
        ("[('a', 'b')]", [("a", "b")]),
        ("""[(u'a', b'b'), ("it's", 'c')]""", [("a", "b"), ("it's", "c")]),
        ("{'a': 'b', 'c': 5, 'd': None}", [("a", "b"), ("c", "5"), ("d", "None")]),
        (r"[('a', '\x1b\u00e9\U0001f600\n\'\q')]", [("a", "\x1bé\U0001f600\n'q")]),
        (r"[('a', '\ud800\Uffffffff')]", [("a", "\ufffd\ufffd")]),
    ],
)
def test_headers_as_python_writes_them(items, written, pairs):
    block = _block().replace("[]", written)

    [found] = items(block)

    assert list(found.headers) == pairs


def test_a_body_that_lost_bytes(items):
    [found] = items(_block(body="a\ufffdb"))

    assert (found.altered, found.lost) == (REPLACED, True)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (_block(status="no"), "status 'no' is not an HTTP status"),
        (_block(status=""), "status '' is not an HTTP status"),
        (_block().replace("[]", "None"), "headers are 'None', no pairs of texts"),
        (_block().replace("[]", "[('a',)]"), "headers are \"[('a',)]\", no pairs of texts"),
        (
            _block().replace("[]", "__import__('os')"),
            "headers are \"__import__('os')\", no pairs of texts",
        ),
        (_block(sent="{x}"), "request headers are '{x}', no pairs of texts"),
    ],
)
def test_what_is_wrong_with_one_does_not_spoil_the_rest(items, bad, reason):
    first, error, last = items("\n".join([_block(), bad, _block(status=500)]))

    assert (first.status, last.status, last.origin.index) == (404, 500, 2)
    assert isinstance(error, RecordingError)
    assert (error.reason, error.index, error.line) == (reason, 1, 12)


@pytest.mark.parametrize("lines", range(6, 10))
def test_what_is_cut_short(items, lines):
    cut = "\n".join(_block().split("\n")[:lines])

    [error] = items(cut)

    assert error.reason == f"cut short: {lines} of 10 lines"


def test_limits(items):
    [large] = items(_block(body="x" * 100), limits=Limits(max_body_bytes=99))
    [huge] = items(_block(body="x" * 100), limits=Limits(max_file_bytes=99))

    assert "--max-body-bytes" in large.reason
    assert "--max-file-bytes" in huge.reason


@pytest.mark.parametrize("piece", ["('", "'\\", "(", "('a', ", "'a': ", "[{", '"\\\\', "0" * 50])
def test_hostile_headers_take_no_longer_than_their_length(items, piece):
    start = time.process_time()

    [error] = items(_block().replace("[]", "[" + piece * 100_000))

    assert error.reason.startswith("headers are ")
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    ("head", "known"),
    [
        (_block(), True),
        (_block(port="443", scheme="http"), True),
        (_block(method="get"), False),
        (_block(port="x"), False),
        (_block(scheme="ftp"), False),
        ("https\nGET\n", False),
    ],
)
def test_recognised_by_the_first_six_lines(head, known):
    reader = recognise(head.encode(), Path("a.txt"))

    assert (reader is not None and reader.name == "pygithub") is known


def test_nothing_is_evaluated(tmp_path):
    target = tmp_path / "made"
    file = tmp_path / "a.txt"
    file.write_text(_block().replace("[]", f"[('a', open({str(target)!r}, 'w'))]"))

    [error] = read(file)

    assert error.reason.endswith("no pairs of texts")
    assert not target.exists()
