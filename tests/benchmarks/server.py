"""Rows about the loopback server: one client, one connection, beside pytest-httpserver."""

from __future__ import annotations

import http.client
import logging
import time
from contextlib import ExitStack
from dataclasses import dataclass
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
        rounds_of: dict[str, list[_Round]] = {name: [] for name in clients}
        for number in range(rounds + 1):
            for name in sorted(clients, reverse=number % 2 == 1):
                done = clients[name].round(count)
                if number:  # the first round compiles and fills caches
                    rounds_of[name].append(done)
            ours.transcript.clear()
            ours.calls.clear()
            peer.clear_log()
    mine, theirs = rounds_of["ours"], rounds_of["peer"]
    yield Row(
        WORK,
        _speed(mine),
        "pytest-httpserver",
        _speed(theirs),
        median(other.cpu / own.cpu for own, other in zip(mine, theirs, strict=True)),
        Goal(3, 4),
    )
    # A busy machine makes single calls slow; what a server does wrong is slow in every round.
    calmest = {name: min(one.slow for one in of) for name, of in rounds_of.items()}
    yield Row(
        WORK,
        f"{micro(calmest['ours'] * 1e6)} p99",
        "pytest-httpserver",
        f"{micro(calmest['peer'] * 1e6)} p99",
        calmest["ours"] * 1000,
        Goal(5, 1, less=True, unit=" ms"),
        unit=" ms",
    )


def _speed(of: list[_Round]) -> str:
    cpu, wall = median(one.cpu for one in of), median(one.wall for one in of)
    return f"{micro(cpu * 1e6)} ({1 / wall:,.0f} req/s)"


@dataclass(frozen=True)
class _Round:
    """One request of a round, in seconds: both ends' CPU time, wall time, the 99th percentile."""

    cpu: float
    wall: float
    slow: float


class _Client:
    """A connection that stays open; a call takes as long as a test would wait for it."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)

    def round(self, count: int) -> _Round:
        """Make so many calls."""
        start = time.process_time()
        times = [self.call() for _ in range(count)]
        cpu = (time.process_time() - start) / count
        return _Round(cpu, sum(times) / count, sorted(times)[int(count * 0.99)])

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
