"""A stalled answer: the client's timeout is read, not awaited, and passes on the virtual clock."""

from __future__ import annotations

import http.client
import time
import urllib.request

import httpx
import pytest
import requests
import urllib3
from seam_clients import WIRE

from pytest_apierrors.clock import virtual_time
from pytest_apierrors.seams import inject, ok

HOST = "api.acme.test"
STALLS = [
    "stalled-before-headers",
    "stalled-in-headers",
    "stalled-in-body",
    "tls-stalled-handshake",
]


def by_http_client(scheme, timeout):
    classes = {"https": http.client.HTTPSConnection, "http": http.client.HTTPConnection}
    connection = classes[scheme](HOST, timeout=timeout)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    finally:
        connection.close()


def by_urllib3(scheme, timeout):
    with urllib3.PoolManager(retries=False, timeout=timeout) as pool:
        return pool.request("GET", f"{scheme}://{HOST}/")


def by_urllib(scheme, timeout):
    with urllib.request.urlopen(f"{scheme}://{HOST}/", timeout=timeout) as response:
        return response.read()


CLIENTS = {
    "http.client": by_http_client,
    "urllib": by_urllib,
    "urllib3": by_urllib3,
    "requests": lambda scheme, timeout: requests.get(f"{scheme}://{HOST}/", timeout=timeout),
    "httpx": lambda scheme, timeout: httpx.get(f"{scheme}://{HOST}/", timeout=timeout),
}
FAILURES = (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError, httpx.HTTPError)


@pytest.fixture(params=CLIENTS)
def stalled(request):
    """Return what becomes of a call: was it without a timeout, virtual and real seconds."""

    def call(kind, scheme, timeout):
        before = time.monotonic()
        with virtual_time() as clock, inject(WIRE[kind], clock=clock) as injected:
            start = clock.now()
            with pytest.raises(FAILURES):
                CLIENTS[request.param](scheme, timeout)
            passed = clock.now() - start
        return injected.no_timeout, passed, time.monotonic() - before

    return call


@pytest.mark.parametrize("kind", STALLS)
def test_a_timeout_passes_without_being_awaited(stalled, kind):
    endless, passed, real = stalled(kind, "https", 45)

    assert not endless
    assert 44 < passed < 60
    assert real < 10


@pytest.mark.parametrize("kind", STALLS)
def test_who_sets_no_timeout_is_told_so(stalled, kind):
    endless, _, real = stalled(kind, "https", None)

    assert endless
    assert real < 10


def test_the_same_without_tls(stalled):
    assert stalled("stalled-in-body", "http", 45)[0] is False
    assert stalled("stalled-in-body", "http", None)[0] is True


def test_a_client_that_asks_is_told_its_own_timeout():
    with virtual_time() as clock, inject(WIRE["stalled-in-body"], clock=clock):
        connection = http.client.HTTPConnection(HOST, timeout=45)
        connection.connect()
        told = connection.sock.gettimeout()
        connection.close()

    assert told == 45


def test_an_answer_that_comes_is_waited_for_as_ever():
    with virtual_time() as clock, inject(ok({"id": 1}), clock=clock) as injected:
        assert CLIENTS["urllib"]("https", None) == b'{"id": 1}'

    assert not injected.no_timeout


def test_without_a_virtual_clock_the_timeout_is_real():
    before = time.monotonic()
    with inject(WIRE["stalled-before-headers"]) as injected, pytest.raises(OSError, match="timed"):
        CLIENTS["urllib"]("https", 0.6)

    assert time.monotonic() - before >= 0.6
    assert not injected.no_timeout
