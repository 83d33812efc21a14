"""Rows about fuzzing: a generated payload, a sweep of all kinds, a whole run."""

from __future__ import annotations

import json
import sys
import time
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any

import schemathesis
from contract import HOST, PATH, branches, of_hundred, one_of_schema, one_schema, sinch
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from table import Goal, Row, micro, seconds
from timing import in_turn, middle, run_process

from pytest_apierrors.faults.kinds import kinds_of
from pytest_apierrors.faults.sweep import every_fault
from pytest_apierrors.strategies import broken_errors, documented_errors, unseen_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from pytest_apierrors.catalog.model import Catalog
    from pytest_apierrors.faults.model import Fault

KEY = "errorCode"
PAYLOAD = "one generated payload, a contract of 100 codes"
SWEEP = "every kind of fault at a client that parses, per case"
WHOLE = "a whole run of fuzz: sinch, all kinds, 20 examples each"
AS_LONG = 20
"""Sweeps that take about as long as one run of Hypothesis."""
CLIENTS = {
    "requests": f"""
import requests

def call():
    response = requests.post("{HOST}{PATH}", json={{}}, timeout=5)
    return response.status_code, response.json()

ERRORS = (requests.RequestException,)
""",
    "httpx": f"""
import httpx

def call():
    with httpx.Client() as client:
        response = client.post("{HOST}{PATH}", json={{}})
    return response.status_code, response.json()

ERRORS = (httpx.HTTPError,)
""",
    "aiohttp": f"""
import aiohttp

async def call():
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(5)) as session:
        async with session.post("{HOST}{PATH}", json={{}}) as response:
            return response.status, await response.json()

ERRORS = (aiohttp.ClientError, TimeoutError)
""",
    "urllib3": f"""
import urllib3

def call():
    with urllib3.PoolManager() as pool:
        response = pool.request("POST", "{HOST}{PATH}", json={{}}, timeout=5, retries=False)
    return response.status, response.json()

ERRORS = (urllib3.exceptions.HTTPError, OverflowError)
""",
}
"""Clients that are made anew for each call, as in many a test."""
TEST = """
from pytest_apierrors import fuzz

class VoiceError(Exception):
    pass

@fuzz("sinch", raises=VoiceError)
{be_async}def test_callout():
    try:
        status, body = {wait}call()
    except (*ERRORS, ValueError, LookupError, RecursionError) as error:
        raise VoiceError from error
    if status >= 300 or not isinstance(body, dict) or "callId" not in body:
        raise VoiceError(status)
"""


def rows(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Measure all three."""
    count, rounds = (100, 3) if quick else (400, 7)
    yield from _payloads(of_hundred(), count, rounds)
    yield from _sweep(sinch(), 3 if quick else 11)
    yield from _whole(folder, 1 if quick else 2)


def _payloads(catalog: Catalog, count: int, rounds: int) -> Iterator[Row]:
    found = branches(catalog)
    whole = one_of_schema(found)
    ours = {
        "unseen": unseen_errors(catalog),
        "broken": broken_errors(catalog),
        "documented": documented_errors(catalog),
    }
    taken = _in_turn(
        {
            "all": lambda: _drawn(st.one_of(*ours.values()), count),
            **{name: lambda of=of: _drawn(of, count) for name, of in ours.items()},
            "schemathesis": lambda: _drawn(_operation(whole).as_strategy(), count),
        },
        rounds,
    )
    theirs = taken.pop("schemathesis")
    for name, mine in taken.items():
        goal = Goal(5, 10) if name == "all" else None
        said = f"{micro(mine)} ({name})"
        yield Row(PAYLOAD, said, "schemathesis, oneOf", micro(theirs), theirs / mine, goal)
    refused = _refused(one_schema(found, KEY))
    yield Row(PAYLOAD, f"{micro(taken['all'])} (all)", "schemathesis, if/then", refused)


def _operation(schema: Mapping[str, Any]) -> Any:
    """Return an operation whose generated request body is the payload."""
    content = {"application/json": {"schema": schema}}
    operation = {
        "requestBody": {"required": True, "content": content},
        "responses": {"200": {"description": "fine"}},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Errors", "version": "1"},
        "servers": [{"url": HOST}],
        "paths": {PATH: {"post": operation}},
    }
    return schemathesis.openapi.from_dict(document)[PATH]["POST"]


def _refused(schema: Mapping[str, Any]) -> str:
    """Return what becomes of the same contract written with if/then."""
    try:
        return micro(_drawn(_operation(schema).as_strategy(), 20))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the figure
        return type(error).__name__


def _drawn(strategy: Any, count: int) -> float:
    """Return the CPU time of one example, in microseconds; building the strategy is not counted."""
    seen = 0

    def work(_: object) -> None:
        nonlocal seen
        seen += 1

    _run(strategy, 5, lambda _: None)
    start = time.process_time()
    _run(strategy, count, work)
    return (time.process_time() - start) / seen * 1e6


def _run(strategy: Any, count: int, work: Callable[[Any], None]) -> None:
    chosen = settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )

    def test(one: Any) -> None:
        work(one)

    chosen(given(one=strategy)(test))()


def _sweep(catalog: Catalog, rounds: int) -> Iterator[Row]:
    """Compare a loop, which makes its cases, with Hypothesis, which is handed the same ones."""
    rings = ["documented", "unseen", "broken", "intermediary", "retry-after"]
    cases = list(every_fault(catalog, kinds=rings))
    kinds = [kind for kind in kinds_of(catalog) if kind.ring in rings]
    if len(cases) != len(kinds):
        raise SystemExit("a kind has no first example")

    def loop() -> float:
        start = time.process_time()
        for _ in range(AS_LONG):
            for fault in every_fault(catalog, kinds=rings):
                _parse(fault)
        return (time.process_time() - start) / AS_LONG / len(cases) * 1e6

    def under() -> float:
        seen: set[str] = set()

        def work(fault: Fault) -> None:
            seen.add(fault.kind)
            _parse(fault)

        start = time.process_time()
        _run(st.sampled_from(cases), len(cases), work)
        spent = time.process_time() - start
        if len(seen) < len(cases):
            raise SystemExit(f"Hypothesis tried {len(seen)} of {len(cases)} cases")
        return spent / len(cases) * 1e6

    taken = _in_turn({"ours": loop, "under": under}, rounds)
    ratio = taken["under"] / taken["ours"]
    work = f"{SWEEP} ({len(cases)})"
    yield Row(
        work, micro(taken["ours"]), "under Hypothesis", micro(taken["under"]), ratio, Goal(20)
    )


def _parse(fault: Fault) -> object:
    """Do what the least of clients does; what escapes is what a sweep is for."""
    try:
        return json.loads(fault.body)[KEY]
    except Exception as error:  # noqa: BLE001 - the sweep's finding
        return type(error)


def _in_turn(jobs: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Return the medians; the first round compiles and fills caches."""
    taken: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(rounds + 1):
        for name, job in jobs.items():
            spent = job()
            if number:
                taken[name].append(spent)
    return {name: median(times) for name, times in taken.items()}


def _whole(folder: Path, rounds: int) -> Iterator[Row]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    jobs = {}
    for name, client in CLIENTS.items():
        be_async, wait = ("async ", "await ") if "async def" in client else ("", "")
        own = folder / name
        own.mkdir()
        test = client + TEST.format(be_async=be_async, wait=wait)
        (own / "test_callout.py").write_text(test, encoding="utf-8")
        jobs[name] = partial(run_process, [*command, "--hypothesis-seed=1"], own)
    goal = Goal(20, 10, less=True, unit=" s")
    for name, runs in in_turn(jobs, rounds).items():
        spent = middle(runs)
        said = f"{seconds(spent.wall)}, {seconds(spent.cpu)} of CPU ({name})"
        yield Row(WHOLE, said, figure=spent.wall, goal=goal, unit=" s")
