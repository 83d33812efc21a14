"""The life of the server: refusals, what it records, start and stop, clients of any language."""

import asyncio
import gc
import os
import shutil
import socket
import subprocess
import threading
import time
import warnings
from contextlib import closing
from pathlib import Path

import pytest
import requests
from wires import happened, ok, read_all, until, wire

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.faults.pick import First
from pytest_apierrors.faults.transport import KINDS
from pytest_apierrors.server import FaultServer
from pytest_apierrors.server.listener import Listener

FAULTS = {kind.name: kind.make(First()) for kind in KINDS}
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def open_files():
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


class TestRefused:
    def test_nothing_listens_until_another_answer_is_set(self, server):
        server.answer_with(FAULTS["connection-refused"])
        for _ in range(3):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", server.port))

        server.answer_with(ok())

        assert requests.get(server.url).status_code == 200

    def test_after_an_answer(self, server):
        """The connection that stands is closed: a client cannot go on with it."""
        server.answer_with([ok(), FAULTS["connection-refused"]])

        with requests.Session() as session:
            assert session.get(server.url).status_code == 200
            with pytest.raises(requests.ConnectionError, match="refused"):
                session.get(server.url)

    def test_connections_that_stand_are_closed(self, server):
        server.answer_with(ok())
        with requests.Session() as session:
            session.get(server.url)
            server.answer_with(FAULTS["connection-refused"])
            with pytest.raises(requests.ConnectionError, match="refused"):
                session.get(server.url)

    def test_a_request_that_had_begun_is_cut_off(self, server):
        server.answer_with(ok())
        with socket.create_connection(("127.0.0.1", server.port)) as channel:
            channel.sendall(GET[:5])
            until(lambda: len(server.transcript) == 2)
            server.answer_with(FAULTS["connection-refused"])
            channel.sendall(GET[5:])
            with pytest.raises(ConnectionResetError):
                channel.recv(1)

    def test_nobody_else_gets_the_port(self, server):
        server.answer_with(FAULTS["connection-refused"])

        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", server.port))

    def test_who_redirects_connections_can_count_refusals(self, server):
        server.answer_with([FAULTS["connection-refused"], FAULTS["connection-refused"], ok()])
        reached = []
        for _ in range(4):
            try:
                with socket.create_connection(server.connecting()) as channel:
                    channel.sendall(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
                    reached.append(read_all(channel)[9:12])
            except ConnectionRefusedError:
                reached.append("refused")

        # A sequence that begins with a refusal ends with its last answer, as any other does.
        assert reached == ["refused", "refused", b"200", b"200"]


class TestTranscript:
    def test_every_byte_with_its_connection(self, server):
        server.answer_with(ok(b"body", 400))
        wire(server, GET)
        wire(server, GET)
        until(lambda: happened(server).count("client closed") == 2)

        events = server.transcript.of(2)
        assert [event.what for event in events][:4] == ["opened", "in", "out", "client closed"]
        assert events[1].data == GET
        assert server.transcript.sent(2) == events[2].data
        assert [event.at for event in events] == sorted(event.at for event in events)

    def test_who_closed(self, server):
        server.answer_with(FAULTS["closed-in-body"])
        wire(server, GET, keep=True)
        until(lambda: happened(server)[-1] == "client closed")

        assert happened(server) == [
            "opened",
            "in",
            "out",
            "server half-closed",
            "client closed",
        ]

    def test_as_text_it_is_inert_and_without_secrets(self, server):
        server.answer_with(ok(b'{"token": "hunter2hunter2", "x": "\x1b[31m"}'))
        requests.get(server.url, headers={"Authorization": "Bearer hunter2hunter2"})

        text = str(server.transcript)
        assert "hunter2" not in text
        assert "\x1b" not in text
        assert "GET / HTTP/1.1" in text

    def test_it_keeps_so_many_bytes_and_no_more(self, small):
        small.answer_with(ok(b"x" * 15_000))
        for _ in range(3):
            wire(small, GET)

        kept = [event for event in small.transcript if event.what == "out"]
        assert [bool(event.data) for event in kept] == [True, False, False]
        assert all(event.size == 15_042 for event in kept)
        assert ": 15042 bytes\n" in str(small.transcript)

    def test_requests_are_kept_without_their_bodies_when_there_are_too_many(self, small):
        small.answer_with(ok())
        for _ in range(5):
            requests.post(small.url, data=b"x" * 4500)

        assert [len(seen.body) for seen in small.calls] == [4500] * 4 + [0]
        assert "no longer kept" in small.complaints()[0]


def test_secrets_are_not_in_the_repr_of_what_was_seen(server):
    server.answer_with(ok())
    requests.post(server.url, data="body-secret", headers={"X-Key": "header-secret"})

    assert "secret" not in repr(server.calls)
    assert "secret" not in repr(list(server.transcript))


class TestStartAndStop:
    @pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="no list of open files")
    def test_nothing_is_left(self, recwarn):
        gc.collect()
        threads, files = threading.active_count(), open_files()
        with FaultServer(tls=True) as server, FaultServer() as plain:
            plain.answer_with([FAULTS["stalled-in-body"]])
            port, folder = plain.port, server.ca_file.parent
            channel = socket.create_connection(("127.0.0.1", port))
            channel.sendall(GET)
            assert channel.recv(10)
            plain.connecting()
        channel.close()
        gc.collect()

        assert threading.active_count() == threads
        assert open_files() == files
        assert not folder.exists()
        assert not recwarn.list
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))

    def test_it_stops_in_the_middle_of_everything(self):
        with FaultServer() as server:
            server.answer_with(FAULTS["stalled-before-headers"])
            channels = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(10)]
            for channel in channels:
                channel.sendall(GET[: len(GET) - channels.index(channel)])
            start = time.monotonic()
        for channel in channels:
            channel.close()
        gc.collect()

        assert time.monotonic() - start < 2

    def test_the_record_outlives_it_and_stopping_twice_is_stopping(self):
        server = FaultServer().start()
        server.answer_with(ok())
        requests.get(server.url)
        server.stop()
        server.stop()

        assert len(server.calls) == 1
        with pytest.raises(UsageProblem, match="has been stopped"):
            server.answer_with(FAULTS["connection-refused"])

    def test_a_port_that_was_let_go_is_not_taken_again(self):
        """An answer that is given while the server stops would open it."""
        with closing(asyncio.new_event_loop()) as loop:
            listener = Listener(loop, asyncio.Protocol, print)
            listener.open()
            assert listener.up
            listener.release()
            listener.open()
            assert not listener.up

    def test_what_was_accepted_is_waited_for(self):
        """A connection that is lost between both is a socket that nobody closes."""
        with closing(asyncio.new_event_loop()) as loop:
            made = []

            async def accept_and_let_go():
                listener = Listener(loop, lambda: made.append(1) or asyncio.Protocol(), print)
                listener.open()
                with socket.create_connection(("127.0.0.1", listener.port)):
                    listener._accept(listener._channel)
                    listener.release()
                    before = len(made)
                    await listener.accepted()
                    return before, len(made), listener._tasks

            assert loop.run_until_complete(accept_and_let_go()) == (0, 1, set())
            loop.run_until_complete(asyncio.sleep(0.05))

    def test_many_one_after_the_other(self):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for _ in range(20):
                with FaultServer() as server:
                    server.answer_with(ok())
                    assert requests.get(server.url).status_code == 200


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
class TestAnyLanguage:
    def test_curl_gets_the_answer(self, server):
        server.answer_with(ok(b'{"code": 7}', 422, Content_Type="application/json"))

        done = subprocess.run(
            ["curl", "-sS", "-d", "x=1", "-w", " %{http_code}", server.url],
            capture_output=True,
            text=True,
            check=True,
        )

        assert done.stdout == '{"code": 7} 422'

    def test_curl_sends_large_bodies_only_when_told_to(self, server, tmp_path):
        """It waits a second for `100 Continue`."""
        body = os.urandom(3_000_000)
        (tmp_path / "body").write_bytes(body)
        server.answer_with(ok())

        start = time.monotonic()
        subprocess.run(
            ["curl", "-sS", "-H", "Expect: 100-continue", "--data-binary", "@body", server.url],
            cwd=tmp_path,
            check=True,
            capture_output=True,
        )

        assert time.monotonic() - start < 0.9
        assert server.calls[0].body == body

    @pytest.mark.parametrize(
        ("kind", "status"),
        [
            ("connection-refused", 7),
            ("reset-before-headers", 56),
            ("closed-without-answer", 52),
            ("closed-in-body", 18),
            ("gzip-bad", 61),
            ("stalled-in-body", 28),
        ],
    )
    def test_curl_gets_the_fault(self, server, kind, status):
        server.answer_with(FAULTS[kind])

        done = subprocess.run(
            ["curl", "-sS", "-m", "0.5", "--compressed", server.url],
            capture_output=True,
            check=False,
        )

        assert done.returncode == status

    def test_curl_speaks_tls(self, tls_server):
        tls_server.answer_with(ok(b"hello"))
        command = ["curl", "-sS", "--cacert", str(tls_server.ca_file), tls_server.url]

        done = subprocess.run(command, capture_output=True, text=True, check=True)

        assert done.stdout == "hello"
