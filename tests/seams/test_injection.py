"""What an injection is in force for, and what it leaves behind."""

import contextlib
import http.client
import ssl
import sys
from types import SimpleNamespace

import aiohttp
import httpx
import pytest
import requests
import urllib3
from requests.adapters import HTTPAdapter
from seam_clients import CLIENTS, LIMITED, URL, WIRE

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.faults.model import Fault, Step
from pytest_apierrors.seams import Endless, active, inject, ok, seam_names

PATCHED = (
    HTTPAdapter,
    httpx.HTTPTransport,
    httpx.AsyncHTTPTransport,
    http.client.HTTPConnection,
    http.client.HTTPSConnection,
    urllib3.connection.HTTPConnection,
    urllib3.connection.HTTPSConnection,
    urllib3.connectionpool.HTTPConnectionPool,
    aiohttp.TCPConnector,
    ssl.SSLContext,
)


def attributes():
    return {(cls, name): value for cls in PATCHED for name, value in vars(cls).items()}, list(
        sys.meta_path
    )


def test_all_is_put_back(client):
    before = attributes()

    with inject(LIMITED):
        client("GET", URL, None)
        assert attributes() != before

    assert attributes() == before
    assert active() == ()


def test_all_is_put_back_after_an_exception():
    before = attributes()

    with pytest.raises(ZeroDivisionError), inject(LIMITED):
        _ = 1 / 0

    assert attributes() == before
    with inject(LIMITED) as injected:
        requests.get(URL, timeout=30)
    assert len(injected.calls) == 1


@pytest.mark.parametrize("fault", [LIMITED, WIRE["connection-refused"]], ids=lambda one: one.kind)
def test_a_client_that_never_gives_up_is_stopped(client, fault):
    def asking():
        while True:
            with contextlib.suppress(Exception):
                client("GET", URL, None)

    with inject(fault) as injected:
        injected.most = 6
        with pytest.raises(Endless):
            asking()

    assert len(injected.calls) == 6
    assert injected.endless


def test_who_is_sent_on_or_content_may_go_on():
    with inject([ok({}), Fault("moved", 302)]) as injected:
        injected.most = 1
        for _ in range(3):
            requests.get(URL, timeout=30)

    assert not injected.endless


def test_one_injection_at_a_time():
    with (
        inject(LIMITED) as injected,
        pytest.raises(UsageProblem, match="one injection at a time"),
        inject(LIMITED),
    ):
        pass

    assert injected.calls == []
    assert active() == ()


def test_the_seams_in_force_have_names():
    with inject(LIMITED):
        names = active()

    assert {"requests", "httpx", "http.client", "urllib3", "aiohttp"} <= set(names)
    assert set(names) <= set(seam_names())


def test_an_injection_is_used_once():
    injection = inject(LIMITED)
    with injection:
        pass

    with pytest.raises(UsageProblem, match="used once"), injection:
        pass


@pytest.mark.parametrize(
    ("faults", "how", "said"),
    [
        ([], {}, "nothing to inject"),
        (["429"], {}, "not a str"),
        (429, {}, "not a int"),
        (Fault("empty", None), {}, "neither a status nor steps"),
        (LIMITED, {"match": "api.acme.test"}, "begin with https"),
        (LIMITED, {"match": 7}, "a function, not 7"),
    ],
)
def test_bad_use_is_a_sentence(faults, how, said):
    with pytest.raises(UsageProblem, match=said):
        inject(faults, **how)


def test_the_time_of_calls_comes_from_a_clock(client):
    with inject(LIMITED, clock=SimpleNamespace(monotonic=lambda: 42.0)) as injected:
        client("GET", URL, None)

    assert {call.at for call in injected.calls} == {42.0}


def test_other_faults_after_a_restart():
    with inject([LIMITED, ok({})]) as injected, requests.Session() as session:
        session.get(URL)
        injected.restart(ok(status=204))
        last = session.get(URL)

    assert last.status_code == 204
    assert [call.fault.status for call in injected.calls] == [204]


def test_other_faults_after_a_restart_on_a_kept_connection():
    refused = Fault("connection-refused", None)
    with inject(LIMITED) as injected, urllib3.PoolManager(retries=False) as pool:
        assert pool.request("GET", URL).status == 429
        injected.restart(refused)
        with pytest.raises(urllib3.exceptions.NewConnectionError):
            pool.request("GET", URL)
        injected.restart(ok({}))
        assert pool.request("GET", URL).status == 200

    assert len(injected.calls) == 1


def test_steps_are_played_as_they_are():
    raw = b"HTTP/1.1 418 Short\r\nContent-Length: 2\r\n\r\nno"
    with inject(Fault("raw", 418, steps=(Step("send", raw), Step("half-close")))):
        assert CLIENTS["requests"]("GET", URL, None).status == 418
