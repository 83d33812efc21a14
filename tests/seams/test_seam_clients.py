"""What every client gets through its seam, over TLS and without."""

import gzip

import pytest
from seam_clients import CLIENTS, LIMITED, URL, WIRE

from pytest_apierrors.faults.model import Fault
from pytest_apierrors.seams import inject, ok

NOT_RETRYING = pytest.mark.parametrize(
    "client", [name for name in CLIENTS if name != "requests-retry"], indirect=True
)


@NOT_RETRYING
@pytest.mark.parametrize("url", [URL, "http://api.acme.test:8080/v1/messages?page=2"])
def test_a_client_gets_the_fault_and_the_call_is_told(client, seam, url):
    with inject(LIMITED) as injected:
        answered = client("POST", url, b"question")

    assert (answered.status, answered.body) == (429, b'{"code": "slow"}')
    assert answered.many == ["a", "b"]
    (call,) = injected.calls
    assert (call.method, call.url, call.body, call.seam) == ("POST", url, b"question", seam)
    assert call.headers.get("x-asked") == "yes"
    assert call.fault is LIMITED
    assert (injected.auxiliary, injected.refused, injected.problems) == ([], [], [])


def test_a_retry_of_urllib3_really_retries():
    with inject([LIMITED, LIMITED, ok({"id": 7})]) as injected:
        answered = CLIENTS["requests-retry"]("GET", URL, None)

    assert (answered.status, answered.body) == (200, b'{"id": 7}')
    assert [call.fault.kind for call in injected.calls] == ["limited", "limited", "ok"]


def test_a_retry_is_given_up_in_the_end():
    with inject(LIMITED) as injected:
        answered = CLIENTS["requests-retry"]("GET", URL, None)

    assert answered.status == 429
    assert len(injected.calls) == 4


@NOT_RETRYING
def test_faults_come_in_turn_and_the_last_repeats(client):
    with inject([LIMITED, ok({})]) as injected:
        statuses = [client("GET", URL, None).status for _ in range(3)]

    assert statuses == [429, 200, 200]
    assert [call.fault.kind for call in injected.calls] == ["limited", "ok", "ok"]


@pytest.mark.parametrize("kind", ["connection-refused", "closed-without-answer", "closed-in-body"])
def test_faults_of_the_wire_raise_what_the_client_raises(client, kind):
    fault = WIRE[kind]

    with inject(fault) as injected, pytest.raises(Exception) as caught:  # noqa: PT011
        client("GET", URL, None)

    assert not caught.type.__module__.startswith("pytest_apierrors")
    assert all(call.fault is fault for call in injected.calls)
    assert injected.calls[0].url == URL
    assert injected.problems == []


def test_a_certificate_that_nobody_trusts_is_refused(client):
    with (
        inject(WIRE["tls-untrusted-certificate"]) as injected,
        pytest.raises(Exception, match=r"(?i)certificate"),
    ):
        client("GET", URL, None)

    assert injected.calls[0].url == URL


@NOT_RETRYING
def test_a_fault_of_the_wire_takes_its_turn(client):
    with inject([LIMITED, WIRE["connection-refused"], ok({})]) as injected:
        first = client("GET", URL, None).status
        with pytest.raises(Exception, match=r"(?i)refused|failed"):
            client("GET", URL, None)
        last = client("GET", URL, None).status

    assert (first, last) == (429, 200)
    assert [call.fault.kind for call in injected.calls] == ["limited", "connection-refused", "ok"]


@NOT_RETRYING
def test_head_has_no_body(client):
    with inject(LIMITED):
        assert client("HEAD", URL, None).body == b""


@NOT_RETRYING
def test_a_gzip_body_is_unpacked(client):
    packed = Fault("packed", 500, (("Content-Encoding", "gzip"),), gzip.compress(b"no"))

    with inject(packed):
        body = client("GET", URL, None).body

    assert b"no" in (body, gzip.decompress(body) if body[:2] == b"\x1f\x8b" else b"")


@NOT_RETRYING
def test_a_huge_body_arrives_whole(client):
    with inject(Fault("huge", 500, (), b"x" * 5_000_000)):
        assert len(client("GET", URL, None).body) == 5_000_000


@NOT_RETRYING
@pytest.mark.parametrize("value", ["a\r\nb", "a\x00b", "\x1b[31m", "\u20ac", "\xe9", ""])
def test_odd_headers_do_not_crash_the_seam(client, value):
    with inject(Fault("odd", 500, (("X-Odd", value),), b"no")) as injected:
        try:
            status = client("GET", URL, None).status
        except Exception as error:  # noqa: BLE001 - a client may refuse the header
            status = type(error).__module__.partition(".")[0]

    assert status in (500, "httpx", "httpx2", "aiohttp", "urllib3", "requests")
    assert len(injected.calls) == 1
    assert injected.problems == []


@NOT_RETRYING
def test_a_redirect_is_followed(client):
    moved = Fault("moved", 302, (("Location", "https://other.acme.test/there"),))

    with inject([moved, ok("there")]) as injected:
        answered = client("GET", URL, None)

    if answered.status == 200:  # httpx does not follow unless told to
        assert [call.url for call in injected.calls] == [URL, "https://other.acme.test/there"]
    else:
        assert len(injected.calls) == 1


@NOT_RETRYING
def test_auxiliary_calls_are_answered_and_not_counted(client):
    token = {"https://auth.acme.test/*": ok({"token": "t"})}

    with inject(LIMITED, auxiliary=token) as injected:
        body = client("POST", "https://auth.acme.test/oauth", b"id").body
        client("GET", URL, None)

    assert body == b'{"token": "t"}'
    assert [call.url for call in injected.calls] == [URL]
    assert [call.url for call in injected.auxiliary] == ["https://auth.acme.test/oauth"]
