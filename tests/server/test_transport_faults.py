"""Each transport kind: what goes over the wire is its plan, and one client has one outcome."""

import json
import re
import socket
import ssl
from collections import Counter

import pytest
from callers import CALLS, MORE, outcome
from repeat import STALLED, counted
from wires import happened, read_all, shaken, until, wire

from pytest_apierrors.faults.pick import First, Seeded
from pytest_apierrors.faults.transport import KINDS, NEED_TLS, STARTS
from pytest_apierrors.server import FaultServer, Limits

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
BY_NAME = {kind.name: kind for kind in KINDS}
PLAIN = [kind for kind in KINDS if kind.name not in STARTS and kind.name not in NEED_TLS]
CERTIFICATES = [name for name, start in STARTS.items() if start == "certificate"]
HELLO = [name for name, start in STARTS.items() if start == "hello"]
HOW = {"half-close": "server half-closed", "close": "server closed", "reset": "server reset"}


def fault(name):
    return BY_NAME[name].make(First())


def test_names_are_unique_and_every_kind_is_said_in_one_sentence():
    assert len(BY_NAME) == len(KINDS) >= 40
    for kind in KINDS:
        assert re.fullmatch("[a-z][a-z0-9-]*", kind.name)
        assert kind.doc.endswith(".")
        assert kind.doc.count(". ") == 0
        assert (kind.ring, kind.expect, kind.rule) == ("transport", "error", None)
    assert len({kind.doc for kind in KINDS}) == len(KINDS)
    assert set(STARTS) | NEED_TLS <= set(BY_NAME)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_makes_what_it_says(kind):
    assert kind.make(First()) == kind.make(First())
    for seed in range(50):
        made = kind.make(Seeded(seed))
        assert made.kind == kind.name
        assert made.expect == kind.expect
        assert set(made.carries) == set(kind.carries)
        assert made.steps or STARTS.get(kind.name) == "connect"
        assert all(step.do != "send" or step.data for step in made.steps)
        assert sum(step.seconds for step in made.steps) < 0.5
        if "status" in made.carries:
            assert made.carries["status"] == made.status >= 400


def test_hardly_any_is_racy():
    racy = [kind.name for kind in KINDS if not kind.make(First()).exact]

    assert len(racy) <= len(KINDS) * 0.05


@pytest.mark.parametrize("seed", [None, 1, 2, 3])
@pytest.mark.parametrize("kind", PLAIN, ids=lambda kind: kind.name)
def test_the_wire_is_the_plan(server, kind, seed):
    made = kind.make(First() if seed is None else Seeded(seed))
    server.answer_with(made)
    last = made.steps[-1].do

    with socket.create_connection(("127.0.0.1", server.port)) as channel:
        channel.settimeout(0.2 if last in ("hold", "send", "wait") else 5)
        channel.sendall(GET)
        got, ended = b"", ""
        try:
            while part := channel.recv(65536):
                got += part
            ended = "half-close"
        except ConnectionResetError:
            ended = "reset"
        except TimeoutError:
            ended = "open"

    assert got == b"".join(step.data for step in made.steps)
    assert ended == (last if last in HOW else "open")
    events = [event for event in server.transcript if event.what == "out"]
    assert [event.data for event in events] == [s.data for s in made.steps if s.do == "send"]
    if last in HOW:
        until(lambda: HOW[last] in happened(server))


@pytest.mark.parametrize("name", CALLS | MORE)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_one_client_has_one_outcome(servers, kind, name):
    made = kind.make(First())
    plain, tls = servers
    server = tls if kind.name in NEED_TLS else plain

    found = counted(server, made, (CALLS | MORE)[name], 3)

    assert server.complaints() == []
    assert len(found) == 1 or not made.exact, found


@pytest.fixture(scope="module")
def servers():
    with FaultServer() as plain, FaultServer(tls=True) as tls:
        yield plain, tls


KNOWN = {
    "connection-refused": "ConnectError",
    "reset-before-headers": "ReadError",
    "closed-without-answer": "RemoteProtocolError",
    "stalled-before-headers": "ReadTimeout",
    "closed-in-headers": "RemoteProtocolError",
    "reset-in-body": "ReadError",
    "closed-in-body": "RemoteProtocolError",
    "length-too-short": "503, 1 bytes",
    "length-negative": "RemoteProtocolError",
    "chunk-size-bad": "RemoteProtocolError",
    "gzip-bad": "DecodingError",
    "gzip-cut": "503, 26 bytes",
    "early-hints": "503, 54 bytes",
    "not-http": "RemoteProtocolError",
    "tls-untrusted-certificate": "ConnectError",
}


@pytest.mark.parametrize("name", KNOWN)
def test_the_outcome_is_the_known_one(servers, name):
    server = servers[name in NEED_TLS]
    found = counted(server, fault(name), CALLS["httpx"], 1)

    assert found == Counter([KNOWN[name]])


@pytest.mark.parametrize("name", ["closed-in-body", "reset-in-body", "length-too-long"])
def test_over_tls_the_plan_is_the_same(tls_server, name):
    tls_server.answer_with(fault(name))
    authority = str(tls_server.ca_file)

    assert "Error" in outcome(CALLS["requests"], tls_server.url, authority)
    assert tls_server.transcript.sent(1) == b"".join(step.data for step in fault(name).steps)


def test_a_fault_in_the_middle_of_a_sequence(server):
    server.answer_with([fault("closed-in-body"), fault("closed-after-answer")])

    outcomes = [outcome(CALLS["urllib3"], server.url) for _ in range(3)]

    assert outcomes == ["ProtocolError", "503, 54 bytes", "503, 54 bytes"]


class TestTls:
    def test_any_host_gets_a_certificate_of_its_own(self, tls_server):
        tls_server.answer_with(fault("closed-after-answer"))
        for name in ("api.acme.test", "localhost", "127.0.0.1", "xn--bcher-kva.example"):
            with shaken(tls_server, name) as channel:
                channel.sendall(GET)
                assert read_all(channel).startswith(b"HTTP/1.1 503")

    def test_a_flood_of_hosts_is_refused(self, tls_server, monkeypatch):
        monkeypatch.setattr("pytest_apierrors.server.tls._NAMES", 3)
        shaken(tls_server, "one.test").close()
        shaken(tls_server, "two.test").close()

        with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
            shaken(tls_server, "three.test")
        shaken(tls_server, "two.test").close()

    def test_a_name_that_no_certificate_can_have(self, tls_server, capfd):
        with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
            shaken(tls_server, "a_b.test")
        assert capfd.readouterr() == ("", "")

    @pytest.mark.parametrize("name", CERTIFICATES)
    def test_who_looks_away_is_told_200(self, tls_server, name):
        tls_server.answer_with(fault(name))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with (
            socket.create_connection(("127.0.0.1", tls_server.port)) as channel,
            context.wrap_socket(channel, server_hostname="api.acme.test") as wrapped,
        ):
            wrapped.sendall(GET)
            wrapped.settimeout(5)
            assert read_all(wrapped).endswith(b"{}")
        assert len(tls_server.calls) == 1

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            ("tls-untrusted-certificate", "unable to get local issuer certificate"),
            ("tls-wrong-host", "IP address mismatch"),
            ("tls-expired-certificate", "certificate has expired"),
        ],
    )
    def test_what_is_wrong_with_a_certificate(self, tls_server, name, reason):
        tls_server.answer_with(fault(name))

        with pytest.raises(ssl.SSLCertVerificationError, match=reason):
            shaken(tls_server)

    @pytest.mark.parametrize("name", HELLO)
    def test_a_handshake_gets_the_plan(self, tls_server, name):
        made = fault(name)
        tls_server.answer_with(made)

        with pytest.raises((ssl.SSLError, TimeoutError)):
            outcome_of_handshake(tls_server)

        assert tls_server.transcript.sent(1) == b"".join(step.data for step in made.steps)
        assert tls_server.calls == []

    def test_a_handshake_is_answered_when_its_first_record_is_whole(self, tls_server):
        tls_server.answer_with(fault("tls-alert"))
        record = b"\x16\x03\x01\x00\x20" + b"\x01" * 32
        with socket.create_connection(("127.0.0.1", tls_server.port)) as channel:
            for part in (record[:3], record[3:20]):
                channel.sendall(part)
                channel.settimeout(0.1)
                with pytest.raises(TimeoutError):
                    channel.recv(1)
            channel.settimeout(5)
            channel.sendall(record[20:])
            assert read_all(channel).startswith(b"\x15\x03")

    def test_a_fault_that_strikes_connections_takes_its_turn(self, tls_server):
        answer = fault("closed-after-answer")
        tls_server.answer_with([fault("tls-alert"), answer, fault("tls-alert"), answer])
        authority = str(tls_server.ca_file)

        outcomes = [outcome(CALLS["requests"], tls_server.url, authority) for _ in range(4)]

        assert outcomes == ["SSLError", "503, 54 bytes"] * 2

    def test_a_goodbye_is_said_and_left_out(self, tls_server):
        tls_server.answer_with([fault("closed-after-answer"), fault("tls-no-goodbye")])
        with shaken(tls_server) as channel:
            channel.sendall(GET)
            read_all(channel)
        with shaken(tls_server) as channel:
            channel.sendall(GET)
            with pytest.raises(ssl.SSLEOFError):
                read_all(channel)

    def test_plain_http_on_a_port_for_tls(self, tls_server, capfd):
        answer = wire(tls_server, GET, keep=True)

        assert answer.startswith(b"HTTP/1.1 400 ")
        assert tls_server.complaints() == ["connection 1: plain HTTP on a port for TLS"]
        assert capfd.readouterr() == ("", "")

    def test_a_handshake_that_never_ends(self):
        limits = Limits(seconds=0.2, linger=0.2)
        with FaultServer(tls=True, limits=limits) as server:
            assert wire(server, b"\x16\x03\x01\x02\x00", keep=True) == b""

    def test_without_its_package_there_is_a_sentence(self, monkeypatch):
        monkeypatch.setitem(__import__("sys").modules, "trustme", None)

        with pytest.raises(Exception, match=r"pip install 'pytest-apierrors\[server\]'"):
            FaultServer(tls=True).start()


def outcome_of_handshake(server):
    context = ssl.create_default_context(cafile=str(server.ca_file))
    with socket.create_connection(("127.0.0.1", server.port), timeout=STALLED) as channel:
        context.wrap_socket(channel, server_hostname="127.0.0.1").close()


def test_bodies_are_json_that_a_client_can_read_where_they_are_whole(server):
    for name in ("closed-after-answer", "second-response", "header-flood", "dripping-body"):
        server.answer_with(fault(name))
        answer = wire(server, GET)
        length = int(re.search(rb"Content-Length: (\d+)", answer)[1])
        body = answer.partition(b"\r\n\r\n")[2][:length]
        assert json.loads(body)["error"]["message"]
