"""Rows about one response: a documented one to its verdict, a failing one to its explanation."""

from __future__ import annotations

from functools import partial
from itertools import count
from statistics import median
from typing import TYPE_CHECKING

import orjson
from contract import Branch, branches, of_hundred, sinch
from peers import Headers, Peers
from table import Goal, Row, micro
from timing import microseconds

from pytest_apierrors.check import check
from pytest_apierrors.explain import explain
from pytest_apierrors.response import Headers as ResponseHeaders
from pytest_apierrors.response import Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_apierrors.catalog.model import Catalog

KEY = "errorCode"
SENT: Headers = (
    ("Content-Type", "application/json"),
    ("Date", "Tue, 14 Jul 2026 09:00:00 GMT"),
    ("X-Request-Id", "7f1c3a"),
)
CHALLENGE = ("WWW-Authenticate", 'Application realm="api"')
CODES = ("40001", "40101", "40302", "42900", "50000")
"""Of these 40101 needs a header and 40302 is printed under another status."""
ONE = "one documented error, bytes to verdict"
WORDS = "a failing response, explained in words"
FAILING = b'{"status": 400, "errorCode": 40003, "msg": "Request data missing", "reference": 7}'
NUMBERS = count(8)


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure both."""
    slot, rounds = (0.02, 5) if quick else (0.1, 11)
    catalog = sinch()
    found = branches(catalog)
    hundred = of_hundred()
    peers = Peers(found, branches(hundred), KEY, SENT)
    yield from _one(catalog, found, peers, rounds, slot)
    yield from _explained(hundred, peers, rounds, slot)


def _one(
    catalog: Catalog, found: list[Branch], peers: Peers, rounds: int, slot: float
) -> Iterator[Row]:
    taken: dict[str, list[float]] = {}
    each: dict[str, float] = {}
    for branch in found:
        if branch.codes[1] not in CODES or branch.example is None:
            continue
        body = branch.example
        status = int(orjson.loads(body)["status"][:3])
        headers = (*SENT, CHALLENGE) if status == 401 else SENT
        calls = peers.calls(status, body)
        wrong = [name for name, call in calls.items() if not call()]
        if wrong or _ours(catalog, status, body, headers) != "documented":
            raise SystemExit(f"{branch.codes[1]}: not documented according to {wrong or 'us'}")
        calls["ours"] = partial(_ours, catalog, status, body, headers)
        calls["orjson.loads"] = partial(orjson.loads, body)
        spent = microseconds(calls, rounds, slot)
        each[str(branch.codes[1])] = spent["ours"]
        for name, time in spent.items():
            taken.setdefault(name, []).append(time)
    middle = {name: median(times) for name, times in taken.items()}
    ours = middle.pop("ours")
    limit = middle.pop("orjson.loads")
    yield Row(ONE, micro(ours), "orjson.loads", micro(limit), ours / limit, Goal(30, 4, less=True))
    for name, time in middle.items():
        goal = Goal(5, 30) if name == "schemathesis" else None
        yield Row(ONE, micro(ours), name, micro(time), time / ours, goal)
    slowest = max(each, key=lambda code: each[code])
    yield Row(
        ONE,
        micro(each[slowest]),
        f"orjson.loads, the slowest code ({slowest})",
        micro(limit),
        each[slowest] / limit,
    )


def _ours(catalog: Catalog, status: int, body: bytes, headers: Headers) -> str:
    return check(Response(status, body, ResponseHeaders(headers)), catalog).outcome


def _explained(catalog: Catalog, peers: Peers, rounds: int, slot: float) -> Iterator[Row]:
    calls = peers.explanations(400, FAILING)
    calls["ours"] = partial(_words, catalog)
    silent = [name for name, call in calls.items() if not call()]
    if silent or "$.message" not in _words(catalog):
        raise SystemExit(f"nothing wrong according to {silent or 'us'}")
    spent = microseconds(calls, rounds, slot)
    ours = spent.pop("ours")
    for name, time in spent.items():
        goal = Goal(10, 200) if name == "jsonschema best_match, if/then" else None
        yield Row(WORDS, micro(ours), name, micro(time), time / ours, goal)


def _words(catalog: Catalog) -> str:
    """Explain a body that never came before: verdicts of equal ones are remembered."""
    body = FAILING.replace(b"7}", b"%d}" % next(NUMBERS))
    response = Response(
        400, body, ResponseHeaders(SENT), method="POST", url="https://calling.api.sinch.com/"
    )
    return "\n".join(explain(check(response, catalog), response, catalog))
