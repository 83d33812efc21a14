"""Connections that are not made, are reset, or are not trusted: each costs one sentence."""

import itertools
import socket
import ssl
import struct
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from hostile_answers import TIMEOUT, in_time
from live_site import answer

from pytest_apierrors.live.deadline import Deadline, NoAnswer
from pytest_apierrors.live.wire import Wire

linux = pytest.mark.skipif(sys.platform != "linux", reason="others refuse where a queue is full")


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
