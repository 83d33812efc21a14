"""Answers that never end, flood, break off or are barely whole; and how long one may take."""

import socket
import struct
import time

from live_site import answer

TIMEOUT = 0.6
HEAD = b"HTTP/1.1 404 X\r\nContent-Type: application/json\r\n"
LARGEST_HEAD, LARGEST_BODY = 1 << 16, 1 << 20


def forever(*parts, every=0.0, first=b""):
    """Return an answer that begins and then repeats, until the test is over."""

    def send(connection, done):
        connection.sendall(first)
        while not done.wait(every):
            for part in parts:
                connection.sendall(part)

    return send


def drip(data, every=0.02):
    """Return an answer that comes a byte at a time."""

    def send(connection, done):
        for byte in data:
            connection.sendall(bytes([byte]))
            if done.wait(every):
                return

    return send


def goodbye(data):
    """Return an answer whose TLS ends as it should."""

    def send(connection, _):
        connection.sendall(data)
        connection.unwrap()

    return send


def reset(data):
    """Return an answer that ends with a reset."""

    def send(connection, _):
        connection.sendall(data)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    return send


def head_of(size):
    """Return a whole answer whose head has so many bytes, in headers that are each short."""
    start, end = HEAD, b"Content-Length: 2\r\n\r\n"
    while size - len(start) - len(end) > 40_000:
        start += b"X-A: " + b"a" * 20_000 + b"\r\n"
    start += b"X-B: " + b"b" * (size - len(start) - len(end) - 7) + b"\r\n"
    assert len(start + end) == size
    return start + end + b"{}"


SLOW = {
    "silent": forever(),
    "drips-status-line": drip(b"HTTP/1.1 404 " + b"X" * 9999),
    "drips-headers": drip(HEAD + b"X-A: " + b"a" * 9999),
    "drips-body": drip(HEAD + b"Content-Length: 99999\r\n\r\n" + b" " * 9999),
    "drips-chunks": forever(
        b"1\r\n", b" \r\n", every=0.02, first=HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    ),
    "drips-100": forever(b"HTTP/1.1 100 Continue\r\n\r\n", every=0.05),
    "drips-103": forever(b"HTTP/1.1 103 Early Hints\r\n\r\n", every=0.2),
    "stops-in-body": forever(first=HEAD + b"Content-Length: 9\r\n\r\n{"),
    "never-closes": forever(first=HEAD + b"\r\n{}"),
}
FLOODS = {
    "endless-body": (forever(b" " * 9999, first=HEAD + b"\r\n"), "its body is over 1048576 bytes"),
    "endless-chunks": (
        forever(
            b"2710\r\n" + b" " * 10000 + b"\r\n", first=HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
        ),
        "its body is over 1048576 bytes",
    ),
    "endless-small-chunks": (
        forever(b"1\r\n \r\n" * 999, first=HEAD + b"Transfer-Encoding: chunked\r\n\r\n"),
        "its body is over 1048576 bytes",
    ),
    "endless-chunk-extension": (
        forever(
            b"1;" + b"a" * 60_000 + b"\r\n \r\n", first=HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
        ),
        "its body is over 1048576 bytes",
    ),
    "endless-trailer": (
        forever(b"X-T: 1\r\n" * 999, first=HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n"),
        "its body is over 1048576 bytes",
    ),
    "endless-100": (
        forever(b"HTTP/1.1 100 Continue\r\n\r\n" * 99),
        "the head of the answer is over 65536 bytes",
    ),
    "endless-103": (
        forever(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 9),
        "more than 20 informational answers and no other one",
    ),
    "endless-status-line": (
        forever(b"a" * 9999, first=b"HTTP/1.1 404 "),
        "the head of the answer is over 65536 bytes",
    ),
    "endless-headers": (forever(b"X-A: 1\r\n" * 99, first=HEAD), "100 headers"),
    "long-headers": (
        forever(b"X-A: " + b"a" * 9999 + b"\r\n", first=HEAD),
        "the head of the answer is over 65536 bytes",
    ),
    "head-too-long": (head_of(LARGEST_HEAD + 1), "the head of the answer is over 65536 bytes"),
    "body-too-long": (answer(404, b" " * (LARGEST_BODY + 1)), "its body is over 1048576 bytes"),
}
CUT = {
    "in-status-line": (goodbye(b"HTTP/1."), "does not speak HTTP: 'HTTP/1.'"),
    "before-answer": (goodbye(b""), "the connection closed without an answer"),
    "in-body": (
        goodbye(HEAD + b"Content-Length: 9\r\n\r\n{"),
        "the connection closed inside the body: 8 bytes are missing",
    ),
    "in-chunk": (
        goodbye(HEAD + b"Transfer-Encoding: chunked\r\n\r\n9\r\n{"),
        "the connection closed inside the body",
    ),
    "before-last-chunk": (
        goodbye(HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
        "the connection closed inside the body",
    ),
    "bad-chunk": (
        goodbye(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"),
        "the connection closed inside the body",
    ),
    "negative-chunk": (
        goodbye(HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n{}\r\n"),
        "the answer cannot be read: ",
    ),
    "without-goodbye": (
        HEAD + b"\r\n" + b'{"code": "gone"}',
        "ended without the goodbye of TLS: it may have been cut (reading the body",
    ),
    "reset": (reset(HEAD + b"Content-Length: 9\r\n\r\n{"), " (reading the "),
    "not-http": (goodbye(b"SSH-2.0-Open\r\n"), "does not speak HTTP: 'SSH-2.0-Open"),
    "hostile-line": (goodbye(b"\x1b[31m ::error::x\r\n"), "does not speak HTTP: "),
    "bad-status": (goodbye(b"HTTP/1.1 abc X\r\n\r\n"), "does not speak HTTP: 'HTTP/1.1 abc X"),
    "http-2": (goodbye(b"HTTP/2.0 404 X\r\n\r\n"), "the answer cannot be read: HTTP/2.0"),
}
WHOLE = {
    "largest-head": head_of(LARGEST_HEAD),
    "largest-body": answer(404, b'{"code": "gone"}' + b" " * (LARGEST_BODY - 16)),
    "closed": goodbye(HEAD + b'\r\n{"code": "gone"}'),
    "chunked": HEAD
    + b'Transfer-Encoding: chunked\r\n\r\n10\r\n{"code": "gone"}\r\n0\r\nX-T: 1\r\n\r\n',
    "after-hints": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 X\r\nLink: x\r\n\r\n"
    + answer(404, {"code": "gone"}),
    "slow": drip(answer(404, {"code": "gone"}), every=0.001),
    "no-content": b"HTTP/1.1 204 X\r\n\r\n",
    "switching": b"HTTP/1.1 101 X\r\nUpgrade: x\r\n\r\n",
}


def in_time(run, bound):
    """Whether something takes less than so many seconds; a busy machine may be late, not always."""
    taken = []
    for _ in range(3):
        started = time.monotonic()
        run()
        taken.append(time.monotonic() - started)
        if taken[-1] < bound:
            return True
    return taken
