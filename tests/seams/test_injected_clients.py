"""Clients of every make and age are reached, with all they send and read."""

import contextlib
import io
import ssl
import threading

import httpx
import pytest
import requests
import urllib3
from seam_clients import CLIENTS, LIMITED, URL, WIRE

from pytest_apierrors.faults.model import Fault
from pytest_apierrors.seams import inject


class Sdk:
    """An SDK that builds its clients when it is imported, before anything could be patched."""

    session = requests.Session()
    client = httpx.Client()
    pool = urllib3.PoolManager(retries=False)

    def by_requests(self):
        return self.session.post(URL).status_code

    def by_httpx(self):
        return self.client.post(URL).status_code

    def by_urllib3(self):
        return self.pool.request("POST", URL).status


@pytest.mark.parametrize("name", ["by_requests", "by_httpx", "by_urllib3"])
def test_clients_that_an_sdk_built_before_are_reached(name):
    sdk = Sdk()
    for _ in range(2):
        with inject(LIMITED) as injected:
            assert getattr(sdk, name)() == 429
        assert len(injected.calls) == 1
    Sdk.session.close()
    Sdk.pool.clear()


def test_threads_share_the_turns():
    faults = [Fault(f"f{number}", 500 + number) for number in range(20)]
    found = []

    with inject(faults) as injected, requests.Session() as session:
        threads = [
            threading.Thread(target=lambda: found.append(session.get(URL).status_code))
            for _ in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(found) == list(range(500, 520))
    assert len(injected.calls) == 20


def test_threads_over_the_loopback_server():
    found = []

    def call():
        found.append(CLIENTS["urllib3"]("GET", URL, None).status)

    with inject([Fault(f"f{number}", 500 + number) for number in range(8)]) as injected:
        threads = [threading.Thread(target=call) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(found) == list(range(500, 508))
    assert len(injected.calls) == 8


def test_a_stream_is_read_when_the_client_reads():
    with inject(LIMITED), requests.get(URL, stream=True, timeout=30) as response:
        assert response.raw.read(4) == b'{"co'
        assert b"".join(response.iter_content(3)) == b'de": "slow"}'
    with inject(LIMITED), httpx.stream("GET", URL) as response:
        assert not response.is_stream_consumed
        assert b"".join(response.iter_bytes()) == b'{"code": "slow"}'


def test_cookies_reach_the_session():
    login = Fault("login", 200, (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2; Path=/")))

    with inject(login), requests.Session() as session:
        session.get(URL)

    assert session.cookies.get_dict() == {"a": "1", "b": "2"}


@pytest.mark.parametrize("body", [b"x", "x", iter([b"x"]), io.BytesIO(b"x")])
def test_any_body_of_a_request_is_told(body):
    with inject(LIMITED) as injected:
        requests.post(URL, data=body, timeout=30)

    assert injected.calls[0].body == b"x"


def test_an_adapter_of_the_users_own_is_left_alone():
    with inject(LIMITED) as injected:
        transport = httpx.MockTransport(lambda _: httpx.Response(204))
        with httpx.Client(transport=transport) as client:
            assert client.get(URL).status_code == 204

    assert injected.calls == []


def test_headers_that_are_bytes_are_told_as_text():
    """requests takes them as they are."""
    with inject(LIMITED) as injected:
        requests.post(URL, headers={"Authorization": b"Basic cHVi", b"X-Raw": b"1"}, timeout=30)

    headers = injected.calls[0].headers
    assert (headers.get("Authorization"), headers.get("X-Raw")) == ("Basic cHVi", "1")


@pytest.mark.parametrize(
    ("fault", "seam"),
    [
        (LIMITED, "requests"),
        (Fault("far", 666), "urllib3"),
        (Fault("nul", 500, (("X-Odd", "a\x00b"),)), "urllib3"),
        (Fault("name", 500, (("X Odd", "a"),)), "urllib3"),
        (Fault("short", 500, (("Content-Length", "1"),), b"no"), "urllib3"),
        (Fault("chunks", 500, (("Transfer-Encoding", "chunked"),), b"no"), "urllib3"),
    ],
)
def test_what_only_a_parser_can_judge_goes_over_the_wire(fault, seam):
    with inject(fault) as injected, contextlib.suppress(requests.RequestException):
        requests.get(URL, timeout=30)

    assert [call.seam for call in injected.calls] == [seam]


UNTRUSTED = WIRE["tls-untrusted-certificate"]


def test_a_client_that_verifies_nothing_goes_on():
    with (
        inject(UNTRUSTED),
        urllib3.PoolManager(cert_reqs="CERT_NONE", retries=False) as pool,
        pytest.warns(urllib3.exceptions.InsecureRequestWarning),
    ):
        assert pool.request("GET", URL).status == 200


def test_a_client_that_verifies_but_the_name_stays_as_strict():
    context = ssl.create_default_context()
    context.check_hostname = False

    with (
        inject(UNTRUSTED),
        urllib3.PoolManager(ssl_context=context, assert_hostname=False, retries=False) as pool,
        pytest.raises(urllib3.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        pool.request("GET", URL)
