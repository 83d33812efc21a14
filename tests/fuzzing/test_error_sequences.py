"""Errors in a row, then a success, against clients that really retry."""

from __future__ import annotations

import time
from functools import partial

import httpx
import pytest
import requests
from hypothesis import HealthCheck, find, given, settings
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from pytest_apierrors import strategies
from pytest_apierrors.clock import virtual_time
from pytest_apierrors.oracle import Promise, Run, judge
from pytest_apierrors.seams import inject, ok

URL = "https://calling.api.sinch.com/calling/v1/calls/id/1"
FORCED = (429, 500, 503)
MOST = 3
QUIET = settings(
    database=None, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def by_requests(method="GET", **options):
    retry = Retry(
        MOST, status_forcelist=FORCED, backoff_factor=0.1, allowed_methods=None, **options
    )
    with requests.Session() as session:
        session.mount("https://", HTTPAdapter(max_retries=retry))
        response = session.request(method, URL, timeout=5)
        response.raise_for_status()
        return response.json()


def by_httpx(method="GET", *, patient=True):
    with httpx.Client() as client:
        for attempt in range(MOST + 1):
            response = client.request(method, URL)
            if response.status_code not in FORCED or attempt == MOST:
                break
            time.sleep(float(response.headers.get("Retry-After", 0.1)) if patient else 0.1)
        response.raise_for_status()
        return response.json()


CLIENTS = {"requests": by_requests, "httpx": by_httpx}
PROMISE = Promise(raises=(requests.RequestException, httpx.HTTPError), retries=MOST)
LIMITED = strategies.error_sequences(
    "sinch",
    errors=strategies.retry_after_headers("sinch", kinds=["retry-after-seconds"]),
    max_errors=2,
    success=ok({"id": 1}),
)


def tried(client, faults):
    """Make a call that is told these faults in turn; return what it broke, and what it did."""
    run = Run()
    with virtual_time() as clock, inject(faults, clock=clock) as injected:
        try:
            run.returned = client()
        except (requests.RequestException, httpx.HTTPError) as error:
            run.raised = error
    run.calls, run.slept, run.sleeps = tuple(injected.calls), clock.slept, tuple(clock.sleeps)
    return [one.part for one in judge(PROMISE, None, faults, run)], run


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_that_retries_as_told_gets_through(name):
    @given(LIMITED)
    @settings(QUIET, max_examples=30)
    def holds(faults):
        broken, run = tried(CLIENTS[name], faults)

        assert broken == []
        assert run.returned == {"id": 1}
        assert [call.fault.status for call in run.calls] == [fault.status for fault in faults]
        assert run.slept >= len(faults) - 1

    holds()


@pytest.mark.parametrize("name", CLIENTS)
def test_any_documented_errors_in_a_row_end_in_a_promised_way(name):
    @given(strategies.error_sequences("sinch", max_errors=5, success=ok({"id": 1})))
    @settings(QUIET, max_examples=60)
    def holds(faults):
        broken, run = tried(CLIENTS[name], faults)

        assert broken == []
        forced = [fault.status in FORCED for fault in faults[:-1]]
        got_through = all(forced) and len(forced) <= MOST
        assert (run.returned == {"id": 1}) is got_through
        assert len(run.calls) == min((*forced, False).index(False) + 1, MOST + 1)

    holds()


BREAKING = {
    "retried-too-early": {
        "requests": partial(by_requests, respect_retry_after_header=False),
        "httpx": partial(by_httpx, patient=False),
    },
    "retried-unasked": {
        "requests": partial(by_requests, "POST"),
        "httpx": partial(by_httpx, "POST"),
    },
    "not-retried": {
        "requests": partial(requests.get, URL, timeout=5),
        "httpx": partial(httpx.get, URL),
    },
}


@pytest.mark.parametrize("part", BREAKING)
@pytest.mark.parametrize("name", CLIENTS)
def test_a_retry_policy_that_breaks_its_promise_shrinks_to_one_error(part, name):
    def call():
        response = BREAKING[part][name]()
        if part == "not-retried":
            response.raise_for_status()
        return response

    simplest = find(LIMITED, lambda faults: part in tried(call, faults)[0], settings=QUIET)

    assert [fault.status for fault in simplest] == [429, 200]
