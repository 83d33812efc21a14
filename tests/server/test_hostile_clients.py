"""Whatever connects: bounded, answered with a sentence, and never a traceback."""

import socket
import struct
import time
import tracemalloc
from contextlib import suppress

import pytest
import requests
from wires import happened, ok, planned, read_all, until, wire

from pytest_apierrors.faults.model import Step
from pytest_apierrors.server import FaultServer, Limits

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKED = b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(autouse=True)
def quiet(capfd):
    """Nothing may be printed by the server's thread."""
    yield
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("sent", "status", "reason"),
    [
        (b"garbage\r\n\r\n", 400, "no request line"),
        (b"GET / HTTP/2.0\r\n\r\n", 400, "no request line"),
        (b"GET  / HTTP/1.1\r\n\r\n", 400, "no request line"),
        (b"G\x00T / HTTP/1.1\r\n\r\n", 400, "no request line"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400, "no request line"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "no request line"),
        (b"GET calls HTTP/1.1\r\n\r\n", 400, "no request target"),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400, "header without a name"),
        (b"GET / HTTP/1.1\r\n: a\r\n\r\n", 400, "header without a name"),
        (b"GET / HTTP/1.1\r\nA : a\r\n\r\n", 400, "header without a name"),
        (b"GET / HTTP/1.1\r\nA: a\n b\r\n\r\n", 400, "header without a name"),
        (b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400, "no number"),
        (b"GET / HTTP/1.1\r\nContent-Length: 1_0\r\n\r\n", 400, "no number"),
        (b"GET / HTTP/1.1\r\nContent-Length: \xb2\r\n\r\n", 400, "no number"),
        (b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "no number"),
        (b"GET / HTTP/1.1\r\nContent-Length: 5001\r\n\r\n", 413, "more than 5000 bytes"),
        (b"GET / HTTP/1.1\r\nContent-Length: " + b"9" * 1500 + b"\r\n\r\n", 413, "more than 5000"),
        (
            b"GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            400,
            "whose length nobody knows",
        ),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400, "whose length nobody knows"),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400, "without a size"),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", 400, "than its size"),
        (b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1389\r\n", 413, "more than 5000"),
        (
            b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + b"0" * 2000,
            400,
            "without a size",
        ),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 2000 + b"\r\n\r\n", 431, "more than 2000 bytes"),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 3000, 431, "more than 2000 bytes"),
    ],
)
def test_bad_requests(small, sent, status, reason):
    answer = wire(small, sent, keep=True)

    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert b"X-Apierrors: " in answer
    (complaint,) = small.complaints()
    assert complaint.startswith("connection 1: ")
    assert reason in complaint
    assert small.calls == []


@pytest.mark.parametrize(
    ("sent", "path", "body"),
    [
        (b"GET http://api.example/a?b HTTP/1.1\r\n\r\n", "/a?b", b""),
        (b"GET http://api.example HTTP/1.1\r\n\r\n", "/", b""),
        (b"OPTIONS * HTTP/1.1\r\n\r\n", "*", b""),
        (b"\r\n\r\nGET /a HTTP/1.1\r\n\r\n", "/a", b""),
        (b"POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", "/a", b"abc"),
        (b"POST /a HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", "/a", b"abc"),
        (
            CHUNKED + b"3;x=y\r\nabc\r\n2 \r\nde\r\n0\r\nTrailer: x\r\n\r\n",
            "/a",
            b"abcde",
        ),
    ],
)
@pytest.mark.parametrize("whole", [True, False], ids=["whole", "byte by byte"])
def test_unusual_requests_that_are_right(server, sent, path, body, whole):
    server.answer_with(ok())
    parts = [sent] if whole else [sent[i : i + 1] for i in range(len(sent))]

    assert wire(server, *parts).startswith(b"HTTP/1.1 200 OK")
    assert [(seen.path, seen.body) for seen in server.calls] == [(path, body)]


def test_pipelined_requests_are_answered_in_turn(server):
    server.answer_with(lambda seen: ok(seen.path.encode()))
    sent = b"".join(b"GET /%d HTTP/1.1\r\n\r\n" % number for number in range(50))

    answers = wire(server, sent)

    assert [part.split(b"\r\n\r\n")[1] for part in answers.split(b"HTTP/1.1")[1:]] == [
        b"/%d" % number for number in range(50)
    ]


def test_what_is_pipelined_behind_a_plan_waits_for_its_end(server):
    first = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"
    drip = planned(first, Step("wait", seconds=0.05), b"a")
    server.answer_with([drip, ok(b"second")])

    # The client has already closed its side: what it asked for is answered all the same,
    # and the end comes with the last answer.
    start = time.monotonic()
    assert wire(server, GET * 2).split(b"\r\n\r\n")[1:] == [
        b"aHTTP/1.1 200 OK\r\nContent-Length: 6",
        b"second",
    ]
    assert time.monotonic() - start < 3


def test_what_was_not_read_behind_a_plan_is_read_after_it(server):
    slow = planned(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Step("wait", seconds=0.2))
    server.answer_with([slow, ok()])
    body = b"x" * 20_000_000

    wire(server, GET, b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body), body)

    assert [len(seen.body) for seen in server.calls] == [0, len(body)]


def test_a_flood_behind_a_plan_is_not_read(server):
    server.answer_with(planned("hold"))
    with socket.create_connection(("127.0.0.1", server.port)) as channel:
        channel.sendall(GET)
        channel.settimeout(0.3)
        sent = 0
        with suppress(TimeoutError):
            while sent < 200_000_000:
                sent += channel.send(b"x" * 100_000)

    assert sent < 30_000_000


class TestTime:
    def test_a_request_that_never_ends(self, small):
        start = time.monotonic()

        answer = wire(small, b"GET / HTTP/1.1\r\nA: ", keep=True)

        assert answer.startswith(b"HTTP/1.1 408 ")
        assert 0.2 < time.monotonic() - start < 2
        assert small.complaints() == ["connection 1: a request that does not end"]

    def test_a_request_that_drips(self, small):
        """Each byte is in time, and the whole is not."""
        start = time.monotonic()
        with socket.create_connection(("127.0.0.1", small.port)) as channel:
            channel.settimeout(0.05)
            while time.monotonic() - start < 3:
                channel.send(b"a")
                try:
                    answer = channel.recv(1000)
                    break
                except TimeoutError:
                    pass

        assert answer.startswith(b"HTTP/1.1 408 ")

    def test_a_connection_without_a_request_is_closed_without_a_word(self, small):
        assert wire(small, keep=True) == b""
        assert small.complaints() == []

    def test_a_kept_connection_has_its_time_anew(self, small):
        small.answer_with(ok())
        with requests.Session() as session:
            for _ in range(4):
                session.get(small.url)
                time.sleep(0.15)

        assert {seen.connection for seen in small.calls} == {1}

    def test_a_request_after_a_pause_has_its_time_anew_and_its_answer_has(self):
        slow = planned(Step("wait", seconds=0.7), b"HTTP/1.1 200 OK\r\n\r\n", "half-close")
        with FaultServer(limits=Limits(seconds=1)) as server:
            server.answer_with(slow)
            with socket.create_connection(("127.0.0.1", server.port)) as channel:
                time.sleep(0.7)
                channel.sendall(GET[:5])
                time.sleep(0.7)
                channel.sendall(GET[5:])
                assert read_all(channel).startswith(b"HTTP/1.1 200")

    def test_a_hold_ends(self, small):
        small.answer_with(planned(b"HTTP/1.1 200 OK\r\n", "hold"))

        assert wire(small, GET, keep=True) == b"HTTP/1.1 200 OK\r\n"

    def test_a_plan_that_takes_too_long_is_given_up(self, small):
        small.answer_with(planned(b"a", Step("wait", seconds=0.6), b"b"))

        assert wire(small, GET, keep=True) == b"a"
        time.sleep(0.4)
        assert small.complaints() == []
        assert "time is up" in str(small.transcript)

    def test_a_hold_ends_with_the_client(self, server):
        server.answer_with(planned("hold"))
        wire(server, GET)

        until(lambda: any(event.what == "client closed" for event in server.transcript))

    def test_a_client_that_does_not_close_is_cut_off(self, small):
        small.answer_with(ok(Connection="close"))
        with socket.create_connection(("127.0.0.1", small.port)) as channel:
            channel.sendall(GET)
            read_all(channel)
            until(lambda: happened(small)[-1:] == ["server closed"])

    def test_a_client_that_does_not_read_is_cut_off(self, small):
        small.answer_with(ok(b"x" * 50_000_000, Connection="close"))
        with socket.create_connection(("127.0.0.1", small.port)) as channel:
            channel.sendall(GET)
            until(lambda: happened(small)[-1:] == ["server closed"])


class TestConnections:
    def test_an_idle_one_makes_room(self, small):
        small.answer_with(ok())
        idle = [socket.create_connection(("127.0.0.1", small.port)) for _ in range(3)]

        assert requests.get(small.url).status_code == 200
        assert small.complaints() == []
        for channel in idle:
            channel.close()

    def test_without_room_a_connection_is_turned_away(self, small):
        small.answer_with(planned("hold"))
        busy = [socket.create_connection(("127.0.0.1", small.port)) for _ in range(3)]
        for channel in busy:
            channel.sendall(GET)
        until(lambda: len(small.calls) == 3)

        answer = wire(small, GET, keep=True)

        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"X-Apierrors: too many connections" in answer
        assert small.complaints() == ["more connections than the fault server takes at once"]
        for channel in busy:
            channel.close()

    def test_a_flood_of_connections(self, server):
        server.answer_with(ok())
        for _ in range(500):
            socket.create_connection(("127.0.0.1", server.port)).close()

        assert requests.get(server.url).status_code == 200

    def test_a_client_that_resets(self, server):
        server.answer_with(planned(b"a", "wait", b"b"))
        for part in (b"", GET[:5], GET):
            channel = socket.create_connection(("127.0.0.1", server.port))
            channel.sendall(part)
            channel.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            channel.close()
        until(lambda: sum(event.what == "client reset" for event in server.transcript) >= 2)

        server.answer_with(ok())
        assert requests.get(server.url).status_code == 200

    def test_a_client_that_leaves_in_a_drip(self, server):
        server.answer_with(planned(*([b"a", "wait"] * 50), "hold"))
        with socket.create_connection(("127.0.0.1", server.port)) as channel:
            channel.sendall(GET)
            channel.recv(1)

        server.answer_with(ok())
        assert requests.get(server.url).status_code == 200


def test_memory_is_bounded_by_what_is_kept():
    with FaultServer(limits=Limits(kept=1_000_000)) as server, requests.Session() as session:
        server.answer_with(ok())
        tracemalloc.start()
        try:
            for _ in range(100):
                session.post(server.url, data=b"x" * 200_000)
            now, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert now < 5_000_000


def test_a_connection_that_cannot_be_accepted_is_waited_for(server, monkeypatch):
    accept = socket.socket.accept
    end = time.monotonic() + 0.35

    def failing(channel):
        if time.monotonic() < end:
            raise OSError(24, "Too many open files")
        return accept(channel)

    monkeypatch.setattr(socket.socket, "accept", failing)
    server.answer_with(ok())

    assert requests.get(server.url).status_code == 200
    complaints = server.complaints()
    assert set(complaints) == {"a connection could not be accepted: [Errno 24] Too many open files"}
    assert len(complaints) < 10


def test_what_asyncio_would_print_is_a_complaint(server):
    loop = server._running._loop
    loop.call_soon_threadsafe(lambda: 1 / 0)
    until(lambda: server.problems)

    (complaint,) = server.complaints()
    assert "ZeroDivisionError" in complaint


@pytest.mark.parametrize("way", ["idle", "reset"])
def test_a_client_that_has_cut_a_connection_is_no_trouble(server, way):
    """The server turns to the connection before its loop has heard of that."""
    server.answer_with(ok())
    channel = socket.create_connection(("127.0.0.1", server.port))
    channel.sendall(GET)
    channel.recv(1000)
    running = server._running

    async def turn_to_it():
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        channel.close()
        (connection,) = running.site.connections
        if way == "idle":
            running.site.close_idle()
        else:
            connection._reset()

    running._on_loop(turn_to_it)
    until(lambda: not running.site.connections)


def test_a_client_that_sends_on_after_the_end_is_cut_off():
    with FaultServer(limits=Limits(body=5000, linger=30)) as server:
        server.answer_with(ok(Connection="close"))
        with socket.create_connection(("127.0.0.1", server.port)) as channel:
            channel.sendall(GET)
            read_all(channel)
            with pytest.raises(OSError, match=r"reset|Broken pipe"):
                send_on(channel)


def test_a_hundred_problems_are_enough(server):
    server.answer_with(lambda _: None)
    with requests.Session() as session:
        for _ in range(110):
            session.get(server.url)

    assert len(server.complaints()) == 100


def send_on(channel):
    for _ in range(1000):
        channel.sendall(b"x" * 1000)
        time.sleep(0.001)
