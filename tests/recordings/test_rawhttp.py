"""Raw HTTP: what curl prints, dumps edited by hand, several messages in a file, hostile ones."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import pytest

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import Limits, read, recognise
from pytest_apierrors.recordings.rawhttp_dump import NOT_RECORDED
from pytest_apierrors.response import Response

DATA = Path(__file__).parent / "data" / "curl-7.88.1"
HEAD = (
    "HTTP/1.1 400 Bad Request\nContent-Type: application/json\nSet-Cookie: a=1\nset-cookie: b=2\n"
)
ZIPPED = gzip.compress(b'{"a": 1}', mtime=0)


@pytest.mark.parametrize(
    ("name", "method", "path"),
    [
        ("post-rate-token-fake", "POST", "/rate"),
        ("head-rate", "HEAD", "/rate"),
        ("continued", "POST", "/rate"),
        *((f"get-{name}", "GET", f"/{name}") for name in ("gzip", "latin", "empty", "nothing")),
        *((f"get-{name}", "GET", f"/{name}") for name in ("redirect", "unicode", "binary")),
    ],
)
def test_what_curl_prints(as_sent, name, method, path):
    [found] = read(DATA / f"{name}.http")

    as_sent(found, method, path)
    lost = method == "HEAD"
    assert (found.altered, found.lost) == ((NOT_RECORDED, True) if lost else (None, False))
    assert (found.method, found.url) == (None, None)
    assert (found.origin.index, found.origin.line) == (0, 3 if name == "continued" else 1)


def test_each_hop_of_a_redirect_is_a_response(as_sent):
    first, second = read(DATA / "redirected.http")

    as_sent(first, "GET", "/redirect")
    as_sent(second, "GET", "/unicode")
    assert [one.origin.index for one in (first, second)] == [0, 1]
    assert second.origin.line == 6


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_head_and_body(items, newline):
    [found] = items((HEAD + '\n{"a": 1}').replace("\n", newline))

    assert (found.status, found.body) == (400, b'{"a": 1}')
    assert found.headers.get_all("Set-Cookie") == ["a=1", "b=2"]


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("HTTP/2 400 \nA: b\n\n{}", b"{}"),
        ("HTTP/2 400\n\n{}", b"{}"),
        ("HTTP/1.0 400 Bad\nA: b\n", b""),
        ("HTTP/1.1 400 Bad", b""),
        ("\n\nHTTP/1.1 400 Bad\n\n\n\n", b""),
        ("\ufeffHTTP/1.1 400 Bad\n\n{}\n", b"{}\n"),
        ("HTTP/1.1 400 Bad\nContent-Length: 2\n\n{}\n\n", b"{}"),
        ("HTTP/1.1 400 Bad\nContent-Length: 1\n\n{}", b"{}"),
        ("HTTP/1.1 400 Bad\nContent-Length: 300\n\n{}", b"{}"),
        ("HTTP/1.1 400 Bad\nContent-Length: -2\n\n{}", b"{}"),
        ("HTTP/1.1 400 Bad\nContent-Length: " + "9" * 5000 + "\n\n{}", b"{}"),
        ("HTTP/1.1 400 Bad\nTransfer-Encoding: chunked\n\n{}", b"{}"),
        ("HTTP/1.1 400 Bad\nTransfer-Encoding: chunked\n\n1\n{\n1\n}\n0\n\n", b"{}"),
        ("HTTP/1.1 400 Bad\nTransfer-Encoding: chunked\n\n2;x=y\r\n{}\r\n0\r\nT: r\r\n\r\n", b"{}"),
        ("HTTP/1.1 400 Bad\nTransfer-Encoding: chunked\n\n9\n{}", b"9\n{}"),
        ("HTTP/1.1 400 Bad\nTransfer-Encoding: chunked\n\n2\n{}!", b"2\n{}!"),
        ("HTTP/1.1 400 Bad\nTransfer-Encoding: chunked\n\nffffffff\n{}\n0\n", b"ffffffff\n{}\n0\n"),
        ("HTTP/1.1 400 B\n\nHTTP/1.1 is spoken here\n", b"HTTP/1.1 is spoken here\n"),
        ("HTTP/1.1 400 B\n\n<pre>HTTP/1.1 200 OK\nA: b\n</pre>", None),
        ("HTTP/1.1 400 B\nA: b\n c\n\n{}", b"{}"),
    ],
)
def test_bodies(items, text, body):
    [found] = items(text)

    assert found.body == (text.partition("\n\n")[2].encode() if body is None else body)
    assert found.status == 400


def test_compressed_bodies_are_kept_as_they_were_dumped(items):
    head = b"HTTP/1.1 400 Bad\r\nContent-Encoding: gzip\r\n"
    chunks = b"5\r\n%s\r\n%x\r\n%s\r\n0\r\n\r\n" % (ZIPPED[:5], len(ZIPPED) - 5, ZIPPED[5:])

    [stated] = items(head + b"Content-Length: %d\r\n\r\n" % len(ZIPPED) + ZIPPED)
    [chunked] = items(head + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + chunks)

    assert stated.body == chunked.body == ZIPPED


def test_several_responses_in_one_file(items):
    text = (
        "HTTP/1.1 100 Continue\n\n"
        "HTTP/1.1 200 Connection established\nVia: x\n\n"
        "HTTP/1.1 103 Early Hints\nLink: x\n\n"
        "HTTP/1.1 401 No\nContent-Length: 2\n\n{}"
        "HTTP/1.1 302 Found\nLocation: /b\n\ngone"
        "HTTP/1.1 429 Slow\nRetry-After: 7\n\n{}\n"
        "HTTP/2 500\nContent-Length: 4\n\nbody\n\n"
        "HTTP/1.1 404 Not Found\n\n"
    )

    found = items(text)

    assert [(one.status, one.body) for one in found] == [
        *((401, b"{}"), (302, b"gone"), (429, b"{}\n"), (500, b"body"), (404, b"")),
    ]
    assert [one.origin.index for one in found] == list(range(5))
    lines = text.split("\n")
    assert all(str(one.status) in lines[one.origin.line - 1] for one in found)


def test_requests_in_front_of_responses(items):
    text = (
        "POST /v1/a?token=query-t0ken HTTP/1.1\nHost: api.acme.test\nX-Api-Key: header-k3y\n"
        'Content-Length: 31\n\n{"client_secret": "body-s3cret"}\n'
        "HTTP/1.1 400 Bad\n\n{}\n"
        "HEAD http://h/b HTTP/1.1\n\n"
        "HTTP/1.1 404 Gone\nContent-Length: 9\n\n"
        "HTTP/1.1 500 Bad\n\n{}"
    )

    first, second, third = items(text)

    assert (first.method, first.url) == ("POST", "https://api.acme.test/v1/a?token=query-t0ken")
    assert first.credentials() >= {"query-t0ken", "header-k3y", "body-s3cret"}
    assert (second.method, second.url, second.body) == ("HEAD", "http://h/b", b"")
    assert (second.altered, third.method, third.url) == (None, None, None)
    assert [one.origin.line for one in (first, second, third)] == [7, 12, 15]


@pytest.mark.parametrize("status", [204, 304])
def test_statuses_without_a_body(items, status):
    found = items(f"HTTP/1.1 {status} X\nContent-Length: 5\n\nHTTP/1.1 400 Bad\n\n{{}}")

    assert [(one.status, one.body, one.altered) for one in found] == [
        (status, b"", None),
        (400, b"{}", None),
    ]


@pytest.mark.parametrize(
    ("bad", "reason", "line"),
    [
        ("HTTP/1.1 400 Bad\nno header\n\n{}\n", "'no header' is no header", 4),
        ("HTTP/1.1 400 Bad\n: x\n\n{}\n", "': x' is no header", 4),
        ("HTTP/1.1 400 Bad\nA: b\n\x1b[31mred: x y z\nC d: x\n\n", "'C d: x' is no header", 6),
        ("HTTP/1.1 099 Bad\nA: b\n\n", "status 99 is not an HTTP status", 3),
    ],
)
def test_what_is_no_message_is_that_one_s_problem(items, bad, reason, line):
    good = "HTTP/1.1 500 Bad\n\n"

    first, error, last = items(f"{good}{bad}{good}")

    assert (first.status, last.status, last.origin.index) == (500, 500, 2)
    assert isinstance(error, RecordingError)
    assert (error.reason, error.index, error.line) == (reason, 1, line)


def test_a_body_over_the_limit(items):
    [error] = items(f"{HEAD}\n{'x' * 100}", limits=Limits(max_body_bytes=99))

    assert error.reason == "body of 100 bytes is over the limit of 99 (--max-body-bytes)"


def test_a_file_over_the_limit(items):
    [error] = items(HEAD, limits=Limits(max_file_bytes=9))

    assert error.reason == "file is over the limit of 9 (--max-file-bytes)"


@pytest.mark.parametrize(
    "piece",
    [
        "HTTP/1.1 301 X\n\n",
        "HTTP/1.1 301 X",
        "\nHTTP/1.1 200 " + " " * 1000,
        "GET /x HTTP/1.1\n\n",
        "HTTP/1.1 100 Continue\n\n",
        "HTTP/1.1 200 Connection established\n\n",
        "a\n\n\n\n\n\n\n",
        "1\r\nx\r\n",
        "A: b\n",
    ],
)
def test_repeated_pieces_take_no_longer_than_their_length(items, piece):
    start = time.process_time()

    found = items(
        "HTTP/1.1 400 X\nTransfer-Encoding: chunked\n\n" + piece * (1_000_000 // len(piece))
    )

    assert found
    assert all(isinstance(one, Response | RecordingError) for one in found)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"HTTP/1.1 200 OK\r\n", "http"),
        (b"HTTP/2 404 \n", "http"),
        (b"\xef\xbb\xbf\nHTTP/1.1 404", "http"),
        (b"GET /a HTTP/1.1\nHost: h\n", "http"),
        (b"HTTP/1.1 is a protocol", None),
        (b"HTTP/1.1 2000 OK", None),
        (b"http/1.1 200 OK", None),
        (b"GET me some HTTP/1.1 please", None),
    ],
)
def test_recognised_by_the_first_line(head, name):
    reader = recognise(head, Path("a.txt"))

    assert (reader.name if reader else None) == name
