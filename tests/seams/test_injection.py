"""What an injection is in force for, what it refuses, and what it leaves behind."""

import asyncio
import contextlib
import http.client
import inspect
import io
import socket
import ssl
import subprocess
import sys
import threading
import urllib.error
from types import SimpleNamespace
from urllib.request import urlopen

import aiohttp
import httpx
import pytest
import requests
import responses
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


def test_a_call_that_nothing_was_said_about_is_refused(client):
    with (
        pytest.raises(UsageProblem, match=r"GET https://api\.acme\.test/v1/messages.*auxiliary="),
        inject(LIMITED, match="https://other.test/*") as injected,
    ):
        client("GET", URL, None)

    assert injected.calls == []
    assert [call.url for call in injected.refused] == [URL]


def swallow():
    with contextlib.suppress(UsageProblem):
        requests.get(URL, timeout=30)


def test_a_refusal_that_was_swallowed_fails_in_the_end():
    elsewhere = inject(LIMITED, match="https://other.test/*")

    with pytest.raises(UsageProblem, match="nothing goes to the network"), elsewhere:
        swallow()


def lose_the_code():
    swallow()
    raise KeyError("code")


def test_a_refusal_is_noted_at_another_exception():
    elsewhere = inject(LIMITED, match="https://other.test/*")

    with pytest.raises(KeyError) as caught, elsewhere:
        lose_the_code()

    assert "nothing goes to the network" in caught.value.__notes__[0]


def test_a_refusal_shows_no_secret():
    with (
        pytest.raises(UsageProblem) as caught,
        inject(LIMITED, match="https://other.test/*"),
    ):
        requests.get("https://api.acme.test/?api_key=s3cr3tvalue99", timeout=30)

    assert "s3cr3tvalue99" not in str(caught.value)


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        (None, True),
        ("*", True),
        ("https://api.acme.test/*", True),
        ("*.acme.test/v1/messages", True),
        ("https://api.acme.test/v1/messages?page=*", True),
        ("https://api.acme.test/v1/messages?page=3", False),
        ("https://api.acme.test/v1", False),
        ("https://apixacme.test/*", False),
        (lambda url: "page=2" in url, True),
        (lambda _: False, False),
    ],
)
def test_match_is_a_glob_or_a_function(match, fits):
    if fits:
        with inject(LIMITED, match=match) as injected:
            requests.get(URL, timeout=30)
        assert len(injected.calls) == 1
    else:
        with pytest.raises(UsageProblem), inject(LIMITED, match=match):
            requests.get(URL, timeout=30)


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


def test_a_class_that_connects_in_its_own_way_is_led_to_the_server():
    class Own(http.client.HTTPConnection):
        def connect(self):
            raise AssertionError("went to the network")

    with inject(LIMITED) as injected:
        connection = Own("api.acme.test")
        connection.request("GET", "/v1")
        response = connection.getresponse()
        assert (response.status, response.read()) == (429, b'{"code": "slow"}')
        connection.close()

    assert injected.calls[0].url == "http://api.acme.test/v1"


class Connecting(http.client.HTTPSConnection):
    def connect(self):
        raise AssertionError("went to the network")


def test_a_class_that_connects_in_its_own_way_does_not_even_if_told_to():
    """Some libraries connect first, and then ask."""

    class Late(http.client.HTTPConnection):
        def connect(self):
            raise AssertionError("went to the network")

    early = Connecting("api.acme.test")
    before = Connecting.connect, Late.connect, http.client.HTTPConnection.__init__
    with inject(LIMITED, match="*/v1") as injected:

        class Later(http.client.HTTPConnection):
            connect = Late.connect

        for connection in (early, Connecting("api.acme.test"), Late("a.test"), Later("b.test")):
            for _ in range(2):
                connection.connect()
                connection.request("GET", "/v1")
                assert connection.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
                response = connection.getresponse()
                assert (response.status, response.read()) == (429, b'{"code": "slow"}')
                connection.close()

    assert [call.url for call in injected.calls][::2] == [
        "https://api.acme.test/v1",
        "https://api.acme.test/v1",
        "http://a.test/v1",
        "http://b.test/v1",
    ]
    assert before == (Connecting.connect, Late.connect, http.client.HTTPConnection.__init__)


def test_headers_that_are_bytes_are_told_as_text():
    """requests takes them as they are."""
    with inject(LIMITED) as injected:
        requests.post(URL, headers={"Authorization": b"Basic cHVi", b"X-Raw": b"1"}, timeout=30)

    headers = injected.calls[0].headers
    assert (headers.get("Authorization"), headers.get("X-Raw")) == ("Basic cHVi", "1")


def test_a_connection_from_before_is_not_used():
    """Else the call would go to the network, where the connection leads."""
    from loopback import loopback

    with loopback({"/": (200, [], b"real")}) as url:
        connection = http.client.HTTPConnection(url.partition("://")[2])
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"real"
        with inject(LIMITED):
            connection.request("GET", "/")
            assert connection.getresponse().read() == b'{"code": "slow"}'
        connection.close()


def test_a_connection_of_aiohttp_from_before_is_not_used():
    from loopback import loopback

    async def calls(url):
        async with aiohttp.ClientSession() as session:
            async with session.get(url) as response:
                real = await response.read()
            with inject(LIMITED):
                async with session.get(url) as response:
                    return real, await response.read()

    with loopback({"/": (200, [], b"real")}) as url:
        assert asyncio.run(calls(f"{url}/")) == (b"real", b'{"code": "slow"}')


def test_a_connection_made_meanwhile_is_not_used_afterwards():
    from loopback import loopback

    with loopback({"/": (200, [], b"real")}) as url, requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=1))
        with inject(LIMITED):
            assert session.get(f"{url}/").content == b'{"code": "slow"}'
        assert session.get(f"{url}/").content == b"real"


def test_the_loopback_server_is_trusted_meanwhile_only():
    dial = {}
    with inject(Fault("limited", 429)):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urlopen("https://api.acme.test/", timeout=30)
        dial["address"] = caught.value.fp.fp.raw._sock.getpeername()
        caught.value.close()
    context = ssl.create_default_context()

    assert dial["address"][0] == "127.0.0.1"
    assert "wrap_socket" in vars(ssl.SSLContext)
    assert inspect.getsourcefile(type(context).wrap_socket) == ssl.__file__


def test_what_is_imported_meanwhile_is_caught():
    code = (
        "import sys\n"
        "from pytest_apierrors.faults.model import Fault\n"
        "from pytest_apierrors.seams import active, inject\n"
        "with inject(Fault('limited', 429)) as injected:\n"
        "    assert 'requests' not in sys.modules and 'httpx' not in sys.modules\n"
        "    import requests, httpx, aiohttp.connector\n"
        f"    assert requests.get({URL!r}).status_code == 429\n"
        f"    assert httpx.get({URL!r}).status_code == 429\n"
        "    assert {'requests', 'httpx', 'aiohttp', 'urllib3'} <= set(active())\n"
        "assert [call.seam for call in injected.calls] == ['requests', 'httpx']\n"
        "assert not hasattr(requests.adapters.HTTPAdapter.send, '__wrapped__')\n"
        "assert type(requests.adapters.__loader__).__name__ == 'SourceFileLoader'\n"
    )

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


def test_an_injection_inside_responses_wins():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.add("GET", URL, status=200)
        with inject(LIMITED):
            assert requests.get(URL, timeout=30).status_code == 429
        assert requests.get(URL, timeout=30).status_code == 200


def test_an_injection_inside_respx_wins():
    respx = pytest.importorskip("respx")
    with respx.mock(assert_all_called=False) as mock:
        mock.get(URL).respond(200)
        with inject(LIMITED):
            assert httpx.get(URL).status_code == 429
        assert httpx.get(URL).status_code == 200


def test_a_mock_begun_inside_wins_and_leaves_nothing_behind():
    before = HTTPAdapter.send
    mock = responses.RequestsMock()
    with inject(LIMITED) as injected:
        mock.start()
        mock.add("GET", URL, status=200)
        assert requests.get(URL, timeout=30).status_code == 200
    # The injection is over, the mock is not: it must not be taken away from its owner.
    assert requests.get(URL, timeout=30).status_code == 200
    mock.stop()

    assert injected.calls == []
    # What the mock put back is ours, and over: it passes on what comes.
    assert HTTPAdapter.send.__wrapped__ is before
    HTTPAdapter.send = before


def test_steps_are_played_as_they_are():
    raw = b"HTTP/1.1 418 Short\r\nContent-Length: 2\r\n\r\nno"
    with inject(Fault("raw", 418, steps=(Step("send", raw), Step("half-close")))):
        assert CLIENTS["requests"]("GET", URL, None).status == 418


def test_a_fault_that_the_url_does_not_allow_fails_even_if_swallowed():
    untrusted = Fault("tls-untrusted-certificate", None, steps=(Step("hold"),))

    with pytest.raises(UsageProblem, match="needs TLS"), inject(untrusted):  # noqa: SIM117
        with contextlib.suppress(UsageProblem):
            requests.get("http://api.acme.test/", timeout=30)


def test_tls_without_a_maker_of_certificates_is_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "trustme", None)
    monkeypatch.setattr("pytest_apierrors.seams.loopback._SERVERS", {})

    with pytest.raises(UsageProblem, match="pip install"), inject(LIMITED):  # noqa: SIM117
        with contextlib.suppress(UsageProblem):
            CLIENTS["urllib3"]("GET", URL, None)


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
