"""Rows about the loopback server: one client, one connection, beside pytest-httpserver."""

from __future__ import annotations

import http.client
import logging
import time
from contextlib import ExitStack
from statistics import median
from typing import TYPE_CHECKING, Self

from pytest_httpserver import HTTPServer
from table import Goal, Row, micro

from pytest_apierrors.response import Headers, Response
from pytest_apierrors.server import FaultServer

if TYPE_CHECKING:
    from collections.abc import Iterator

BODY = b'{"status": 429, "errorCode": 42900, "message": "Too many requests", "reference": "r"}'
JSON = "application/json"
SENT = b'{"to": "+46700000000", "text": "hello"}'
WORK = "loopback server, http.client, one connection"


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure both."""
    # Without it werkzeug writes a line for each request, which costs it a tenth of its speed.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    count, rounds = (200, 5) if quick else (1_000, 11)
    with ExitStack() as stack:
        ours = stack.enter_context(FaultServer())
        ours.on("POST", "/calls/*").answer(Response(429, BODY, Headers([("Content-Type", JSON)])))
        peer = stack.enter_context(HTTPServer(host="127.0.0.1"))
        expected = peer.expect_request("/calls/1", method="POST")
        expected.respond_with_data(BODY, status=429, content_type=JSON)
        clients = {
            "ours": stack.enter_context(_Client(ours.port)),
            "peer": stack.enter_context(_Client(peer.port)),
        }
        taken: dict[str, list[list[float]]] = {name: [] for name in clients}
        for number in range(rounds + 1):
            for name in sorted(clients, reverse=number % 2 == 1):
                times = [clients[name].call() for _ in range(count)]
                if number:  # the first round compiles and fills caches
                    taken[name].append(times)
            ours.transcript.clear()
            ours.calls.clear()
            peer.clear_log()
    rounds_taken = {name: [sum(times) for times in of] for name, of in taken.items()}
    ratios = [
        theirs / mine
        for mine, theirs in zip(rounds_taken["ours"], rounds_taken["peer"], strict=True)
    ]
    speed = {name: count / median(of) for name, of in rounds_taken.items()}
    slow = {name: _percentile([one for times in of for one in times]) for name, of in taken.items()}
    peers = "pytest-httpserver"
    yield Row(
        WORK,
        f"{speed['ours']:,.0f} req/s",
        peers,
        f"{speed['peer']:,.0f} req/s",
        median(ratios),
        Goal(3, 4),
    )
    yield Row(
        WORK,
        f"{micro(slow['ours'] * 1e6)} p99",
        peers,
        f"{micro(slow['peer'] * 1e6)} p99",
        slow["ours"] * 1000,
        Goal(5, 1, less=True, unit=" ms"),
        unit=" ms",
    )


def _percentile(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


class _Client:
    """A connection that stays open; a call takes as long as a test would wait for it."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)

    def call(self) -> float:
        """Send a request, read its answer to the end, and return the wall time that it took."""
        start = time.perf_counter()
        self._connection.request("POST", "/calls/1", SENT, {"Content-Type": JSON})
        response = self._connection.getresponse()
        body = response.read()
        taken = time.perf_counter() - start
        if (response.status, body) != (429, BODY):
            raise SystemExit(f"status {response.status}: {body!r}")
        return taken

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._connection.close()
