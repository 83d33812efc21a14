"""Servers that would keep a client for ever, flood it, or break off: each costs one sentence."""

import itertools
import socket
import ssl
import struct
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from live_site import answer

from pytest_apierrors.live.deadline import Deadline, NoAnswer
from pytest_apierrors.live.wire import Wire

linux = pytest.mark.skipif(sys.platform != "linux", reason="others refuse where a queue is full")
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


@pytest.fixture
def ask(probe, server, one):
    """Return what asks a server that answers so."""

    def run(how, timeout=10.0, catalog=None):
        server.answers["/none"] = how
        status, out, err = probe(server, "--timeout", timeout, catalog=catalog or one())
        return status, out + err

    return run


@pytest.mark.parametrize("name", SLOW)
def test_no_server_outlasts_the_deadline(ask, name):
    def run():
        status, said = ask(SLOW[name], TIMEOUT)

        assert status == 2
        assert f"no answer within {TIMEOUT} s (reading the " in said

    assert in_time(run, TIMEOUT + 0.5) is True


@pytest.mark.parametrize("name", FLOODS)
def test_no_server_floods(ask, name):
    how, told = FLOODS[name]

    status, said = ask(how)

    assert status == 2
    assert told in said


@pytest.mark.parametrize("name", CUT)
def test_what_breaks_off_is_no_answer(ask, name):
    how, told = CUT[name]

    status, said = ask(how)

    assert status == 2
    assert told in said
    assert "\x1b" not in said
    assert " ::error" not in said


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_whole_is_an_answer(ask, name):
    status, said = ask(WHOLE[name])

    assert status in (0, 1)
    assert "no answer" not in said
    assert " -> " in said
    assert "Traceback" not in said


def test_a_header_over_several_lines_is_one_line(tmp_path, probe, server, one):
    log = tmp_path / "log"
    server.answers["/none"] = answer(404, {"code": "gone"}, "X-A: one\r\n two")

    status, _, _ = probe(server, "--record", log, catalog=one())

    assert status == 0
    assert '"X-A":"one two"' in log.read_text(encoding="utf-8")


@pytest.fixture
def full():
    """A port on which nobody accepts: its queue is full, so that a connection is never made."""
    held = []
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        address = listening.getsockname()
        for _ in range(4):
            held.append(socket.socket())
            held[-1].setblocking(False)
            held[-1].connect_ex(address)
        yield address
    for one in held:
        one.close()


@linux
def test_a_host_that_does_not_accept(full, probe, one):
    url = f"https://127.0.0.1:{full[1]}"

    def run():
        status, out, _ = probe(url, "--timeout", TIMEOUT, catalog=one())

        assert status == 2
        assert f"no answer within {TIMEOUT} s (connecting)" in out

    assert in_time(run, TIMEOUT + 0.5) is True


@linux
def test_an_address_that_does_not_accept_costs_its_share(full, probe, one, monkeypatch):
    def lookup(_, port, **__):
        return [(0, 0, 0, "", (address, port)) for address in ("127.0.0.1", "::1")]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)

    status, out, _ = probe(f"https://localhost:{full[1]}", "--timeout", 1, catalog=one())

    # The second address says no at once, if only because there is no such family.
    assert status == 2
    assert f"cannot connect to https://localhost:{full[1]}: " in out
    assert "no answer within" not in out


def test_a_server_that_resets_at_once(probe, one):
    """Whether the reset comes before or in the handshake is chance; both are a sentence."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        at_once = struct.pack("ii", 1, 0)

        def serve():
            for _ in range(10):
                connection, _ = listening.accept()
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
                connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        url = f"https://localhost:{listening.getsockname()[1]}"
        for _ in range(10):
            status, out, _ = probe(url, catalog=one())

            assert status == 2
            assert "cannot connect" in out or "(the TLS handshake)" in out
        thread.join(10)


def test_a_system_without_ipv6(probe, one, monkeypatch):
    real = socket.socket

    def make(family=-1, *args, **how):
        if family == socket.AF_INET6:
            raise OSError(97, "Address family not supported by protocol")
        return real(family, *args, **how)

    monkeypatch.setattr(socket, "socket", make)

    status, out, _ = probe("https://[::1]:9", catalog=one())

    assert status == 2
    assert "cannot connect to https://[::1]:9: Address family not supported" in out


def test_a_server_that_is_always_ready_has_no_longer_than_others():
    """No wait ever looks at the clock where there is nothing to wait for."""
    ticks = itertools.count()
    here, there = socket.socketpair()
    with there, Wire(Deadline(5, lambda: next(ticks))) as wire:
        here.setblocking(False)
        wire._adopt(here)
        there.sendall(b"x" * 99)

        for _ in range(4):
            assert wire.receive(1) == b"x"
        with pytest.raises(NoAnswer, match="no answer within 5 s"):
            wire.receive(1)


def test_a_closed_wire_says_so():
    with Wire(Deadline(1)) as wire, pytest.raises(NoAnswer, match="the connection is closed"):
        wire.send(b"x")


def test_a_server_that_is_silent_in_the_handshake(probe, one):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://localhost:{silent.getsockname()[1]}"

        def run():
            status, out, _ = probe(url, "--timeout", TIMEOUT, catalog=one())

            assert status == 2
            assert f"no answer within {TIMEOUT} s (the TLS handshake)" in out

        assert in_time(run, TIMEOUT + 0.5) is True


def test_a_server_that_does_not_speak_tls(probe, one):
    def serve(listening):
        connection, _ = listening.accept()
        with connection:
            connection.recv(9999)
            connection.sendall(answer(400))

    with socket.create_server(("127.0.0.1", 0)) as plain:
        thread = threading.Thread(target=serve, args=(plain,), daemon=True)
        thread.start()
        url = f"https://localhost:{plain.getsockname()[1]}"
        status, out, _ = probe(url, catalog=one())
        thread.join(10)

    assert status == 2
    assert ": TLS: " in out
    assert "(the TLS handshake)" in out


def expired(authority):
    then = datetime.now(UTC) - timedelta(days=2)
    return authority.issue_cert("localhost", not_before=then, not_after=then + timedelta(days=1))


CERTIFICATES = {
    "stranger": (lambda _: trustme.CA().issue_cert("localhost"), "unable to get local issuer"),
    "other-host": (lambda ca: ca.issue_cert("elsewhere.test"), "not valid for 'localhost'"),
    "expired": (expired, "certificate has expired"),
}


@pytest.mark.parametrize("name", CERTIFICATES)
def test_a_certificate_that_is_not_trusted_ends_it(serve, authority, probe, one, name):
    make, told = CERTIFICATES[name]
    server = serve()
    server._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    make(authority).configure_cert(server._context)

    status, out, _ = probe(server, catalog=one())

    assert status == 2
    assert "TLS: the certificate is not trusted: " in out
    assert told in out
    assert server.requests == []


def test_without_its_authority_a_server_is_not_trusted(server, one, capsys):
    from pytest_apierrors import _cli

    command = ["probe", "acme", "--catalogs", one(), "--base-url", server.url]

    assert _cli.main([*command, "--allow", server.url]) == 2
    assert "TLS: the certificate is not trusted: " in capsys.readouterr().out
    assert server.requests == []
