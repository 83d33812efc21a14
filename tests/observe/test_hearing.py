"""What is heard of a real server's answers: each once, whole, and nothing read for the user."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
import warnings
from http.client import IncompleteRead
from operator import methodcaller
from pathlib import Path

import aiohttp
import httpx
import httpx2
import loopback
import pytest
import receiving
import requests
import urllib3
from requests.auth import HTTPDigestAuth

from pytest_apierrors import answer
from pytest_apierrors.faults.model import Fault
from pytest_apierrors.observe import Heard, copies, observing
from pytest_apierrors.seams import inject, serving

BODY = b'{"errorCode": 40101, "message": "no"}'
JSON = ("Content-Type", "application/json")
ANSWERS = {
    "/json": (401, [JSON, ("X-Two", "a"), ("X-Two", "b")], BODY),
    "/ok": (200, [JSON], b"{}"),
    "/empty": (503, [], b""),
    "/none": (204, [], b""),
    "/moved": (302, [("Location", "/json")], b"gone"),
    "/long": (500, [JSON], b'"' + b"x" * 300_000 + b'"'),
    "/digest": (401, [("WWW-Authenticate", 'Digest realm="r", nonce="n", qop="auth"')], BODY),
    "/short": (500, [JSON, ("Content-Length", "99"), ("Connection", "close")], b"{}"),
    "/chunked": (500, [JSON, ("Transfer-Encoding", "chunked")], b"2\r\n{}\r\n0\r\n\r\n"),
}
ROOT = Path(__file__).parent
URL = "https://calling.api.sinch.com/x"


@pytest.fixture(scope="module")
def base():
    with loopback.loopback(ANSWERS) as url:
        yield url


@pytest.fixture(params=receiving.RECEIVING)
def ask(request):
    return receiving.RECEIVING[request.param]


@pytest.fixture
def heard():
    found = []
    with observing(found.append, root=ROOT, test=Path(__file__)):
        yield found


def test_a_response_is_heard_once_with_all_it_says(ask, base, heard):
    ask("GET", f"{base}/json?q=1")

    (one,) = heard
    response = one.response()
    assert (response.status, response.body) == (401, BODY)
    assert (response.method, response.url) == ("GET", f"{base}/json?q=1")
    assert response.headers.get_all("X-Two") == ["a", "b"]
    assert not response.lost
    assert one.received.file == "test_hearing.py"  # the innermost place is in receiving.py


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/none"), ("HEAD", "/json"), ("GET", "/empty")]
)
def test_no_body_is_a_body_that_is_known(ask, base, heard, method, path):
    ask(method, base + path)

    (one,) = heard
    response = one.response()
    assert (response.body, response.lost, response.method) == (b"", False, method)


@pytest.mark.parametrize("path", ["/long", "/chunked"])
def test_a_body_is_whole_however_it_came(ask, base, heard, path):
    ask("GET", base + path)

    (one,) = heard
    assert one.response().body in (b"{}", ANSWERS["/long"][2])


def test_the_end_of_redirects_is_heard_and_hops_where_a_client_shows_them(base):
    found = {}
    for name, ask in receiving.RECEIVING.items():
        statuses = []
        with observing(lambda one, kept=statuses: kept.append(one.response().status)):
            ask("GET", f"{base}/moved")
        found[name] = statuses

    silent = {"urllib"}  # it asks for the next one where nobody sees it
    assert found == {name: [401] if name in silent else [302, 401] for name in found}


def test_what_a_hook_asks_again_is_heard_too(base, heard):
    requests.get(f"{base}/digest", auth=HTTPDigestAuth("u", "p"), timeout=5)

    assert [one.response().status for one in heard] == [401, 401]
    assert heard[1].obj is not heard[0].obj


class Refused(Exception):
    pass


@pytest.mark.parametrize("kind", [None, Refused], ids=["its-own", "another"])
@pytest.mark.parametrize("module", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_what_a_hook_of_httpx_refuses_is_heard(module, kind, base, heard):
    def refuse(response):
        if kind is None:
            response.read()
            response.raise_for_status()
        raise Refused

    async def refuse_too(response):
        await response.aread()
        raise Refused

    async def ask():
        async with module.AsyncClient(event_hooks={"response": [refuse_too]}) as client:
            await client.get(f"{base}/json")

    with (
        module.Client(event_hooks={"response": [refuse]}) as client,
        pytest.raises(module.HTTPStatusError if kind is None else Refused),
    ):
        client.get(f"{base}/json")
    with pytest.raises(Refused):
        asyncio.run(ask())

    assert [one.response().status for one in heard] == [401, 401]
    assert heard[1].response().body == BODY


def test_hops_before_too_many_redirects_are_heard(base, heard):
    with (
        httpx.Client(follow_redirects=True, max_redirects=0) as client,
        pytest.raises(httpx.TooManyRedirects),
    ):
        client.get(f"{base}/moved")

    assert [one.response().status for one in heard] == [302]


def test_the_line_of_the_test_is_known_through_a_client_of_its_own(base, heard):
    class Client:
        def get(self):
            return requests.get(f"{base}/json", timeout=5)

    Client().get()

    line = Path(__file__).read_text("utf-8").splitlines()[heard[0].received.line - 1]
    assert line.strip().startswith("return requests.get(")
    assert heard[0].received.file == "test_hearing.py"


def test_a_loopback_host_is_a_stand_in_and_another_is_the_api(base, heard):
    requests.get(f"{base}/json", timeout=5)

    (one,) = heard
    assert one.answered(one.response().url).evidence == "mocked"
    for url in ("http://localhost:1/", "http://[::1]/", "http://a.localhost/"):
        assert one.answered(url).by == "a server on this machine"
    for url in (URL, "http://10.0.0.1/", None, "http://[", "http://localhost.example/"):
        assert one.answered(url) is None


def test_threads_are_heard(base, heard):
    threads = [
        threading.Thread(target=requests.get, args=(f"{base}/json",), kwargs={"timeout": 5})
        for _ in range(8)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert [one.response().status for one in heard] == [401] * 8


class TestStreams:
    """Nothing is read that its user has not read; then only status and headers are known."""

    def test_of_requests(self, base, heard):
        with requests.get(f"{base}/json", stream=True, timeout=5) as response:
            lost = heard[0].response()
            assert response.raw.tell() == 0
            assert b"".join(response.iter_content(7)) == BODY
        assert (lost.status, lost.body, lost.lost) == (401, b"", True)
        assert heard[0].response().lost

    def test_of_requests_read_after_all(self, base, heard):
        with requests.get(f"{base}/json", stream=True, timeout=5) as response:
            assert response.content == BODY
        assert heard[0].response().body == BODY

    def test_of_httpx(self, base, heard):
        with httpx.Client() as client, client.stream("GET", f"{base}/json") as response:
            assert heard[0].response().lost
            assert not response.is_stream_consumed
            assert b"".join(response.iter_bytes()) == BODY
        assert heard[0].response().lost

    def test_of_httpx_read_after_all(self, base, heard):
        with httpx.Client() as client, client.stream("GET", f"{base}/json") as response:
            response.read()
        assert heard[0].response().body == BODY

    def test_of_aiohttp(self, base, heard):
        async def ask():
            async with aiohttp.ClientSession() as session, session.get(f"{base}/json") as response:
                lost = heard[0].response()
                return lost, await response.content.read()

        lost, body = asyncio.run(ask())
        assert (lost.lost, body) == (True, BODY)
        assert heard[0].response().lost

    def test_of_urllib3(self, base, heard):
        with urllib3.PoolManager() as pool:
            response = pool.request("GET", f"{base}/json", preload_content=False)
            assert heard[0].response().lost
            assert response.tell() == 0
            assert b"".join(response.stream(7)) == BODY
            response.release_conn()
        assert heard[0].response().lost

    @pytest.mark.parametrize(
        "read",
        [
            methodcaller("read"),
            lambda file: b"".join(iter(lambda: file.read(5), b"")),
            b"".join,
            lambda file: b"".join(iter(lambda: file.read1(5), b"")),
            lambda file: json.dumps(json.load(file)).encode(),
        ],
        ids=["read", "parts", "lines", "read1", "json"],
    )
    @pytest.mark.parametrize("path", ["/json", "/ok", "/chunked"])
    def test_of_urllib(self, base, heard, read, path):
        try:
            file = urllib.request.urlopen(base + path)
        except urllib.error.HTTPError as error:
            file = error
        unread = heard[0].response()
        with file:
            body = read(file)

        assert unread.lost
        assert body == {"/json": BODY, "/ok": b"{}", "/chunked": b"{}"}[path]
        assert heard[0].response().body == body
        assert not heard[0].response().lost

    def test_of_urllib_left_half_read(self, base, heard):
        with pytest.raises(urllib.error.HTTPError) as raised:
            urllib.request.urlopen(f"{base}/long")
        with raised.value as error:
            assert error.read(3) == b'"xx'
        assert heard[0].response().lost

    def test_of_urllib_cut_short(self, base, heard):
        with pytest.raises(urllib.error.HTTPError) as raised:
            urllib.request.urlopen(f"{base}/short")
        with raised.value as error, pytest.raises(IncompleteRead):
            error.read()
        assert heard[0].response().lost

    def test_of_urllib_longer_than_any_error(self, base, heard, monkeypatch):
        monkeypatch.setattr(copies, "_MOST", 10)
        with pytest.raises(urllib.error.HTTPError) as raised:
            urllib.request.urlopen(f"{base}/long")
        with raised.value as error:
            assert len(error.read()) == 300_002
        assert heard[0].response().lost

    def test_of_urllib_into_a_buffer(self, base, heard):
        with urllib.request.urlopen(f"{base}/ok") as response:
            buffer = bytearray(9)
            assert response.readinto(buffer) == 2
        assert heard[0].response().body == b"{}"


def test_nothing_is_left_on_a_response_of_urllib(base):
    with observing(lambda _: None):
        with urllib.request.urlopen(f"{base}/ok") as read:
            assert "read" in vars(read)
            read.read()
        unread = urllib.request.urlopen(f"{base}/ok")
        assert "read" in vars(unread)
        assert "read" not in vars(read)

    assert not {"read", "read1", "readinto", "readline"} & {*vars(read), *vars(unread)}
    with unread:
        assert unread.read() == b"{}"


def test_what_urllib_opens_besides_is_not_heard(tmp_path, heard):
    (tmp_path / "x.json").write_bytes(BODY)
    with urllib.request.urlopen((tmp_path / "x.json").as_uri()) as file:
        assert file.read() == BODY
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen((tmp_path / "y.json").as_uri())

    assert heard == []


def test_a_request_of_aiohttp_that_fails_or_is_given_up_is_not_heard(heard):
    async def ask():
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.ClientConnectorError):
                await session.get("http://127.0.0.1:9/")
            task = asyncio.ensure_future(session.get("http://127.0.0.1:9/"))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(ask())
    assert heard == []


def test_what_is_no_response_is_none():
    assert Heard(object()).response() is None


class TestNiquests:
    @pytest.fixture(autouse=True)
    def niquests(self):
        return pytest.importorskip("niquests")

    def test_a_session(self, niquests, base, heard):
        with niquests.Session() as session:
            session.get(f"{base}/moved")

        assert [one.response().status for one in heard] == [302, 401]
        assert heard[1].response().body == BODY

    def test_an_asynchronous_session(self, niquests, base, heard):
        async def ask():
            async with niquests.AsyncSession() as session:
                await session.get(f"{base}/json")

        asyncio.run(ask())
        assert [one.response().body for one in heard] == [BODY]


def test_what_raise_for_status_of_aiohttp_throws_away_is_heard_without_its_body(base, heard):
    async def ask():
        async with aiohttp.ClientSession(raise_for_status=True) as session:
            await session.get(f"{base}/json")

    with pytest.raises(aiohttp.ClientResponseError):
        asyncio.run(ask())

    response = heard[0].response()
    assert (response.status, response.method, response.url) == (401, "GET", f"{base}/json")
    assert response.headers.get("X-Two") == "a"
    assert (response.lost, len(heard)) == (True, 1)


@pytest.mark.parametrize("reads", [True, False])
def test_what_the_user_s_code_refuses_within_aiohttp_is_heard(base, heard, reads):
    async def refuse(response):
        if reads:
            await response.read()
        raise Refused

    async def through(request, handler):
        response = await handler(request)
        await refuse(response)

    async def ask():
        async with aiohttp.ClientSession(raise_for_status=refuse) as session:
            with pytest.raises(Refused):
                await session.get(f"{base}/json")
        async with aiohttp.ClientSession(middlewares=[through]) as session:
            with pytest.raises(Refused):
                await session.get(f"{base}/ok")
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.ClientConnectionError):
                await session.get("http://127.0.0.1:1/")

    asyncio.run(ask())

    found = [one.response() for one in heard]
    assert [one.status for one in found] == [401, 200]
    assert [one.lost for one in found] == [not reads] * 2
    assert not reads or found[0].body == BODY


def test_answer_is_heard_as_a_mock_at_its_line_and_other_injections_are_not(heard):
    with answer("sinch", 40101):
        requests.post(URL, timeout=5)
    with inject(Fault("broken", 500, (), b"{")):
        requests.post(URL, timeout=5)

    (one,) = heard
    line = Path(__file__).read_text("utf-8").splitlines()[one.answer.place.line - 1]
    assert line.strip() == 'with answer("sinch", 40101):'
    assert (one.answer.by, one.answer.evidence) == ("answer()", "mocked")
    assert one.response().status == 401


def test_the_server_of_faults_is_not_heard(heard):
    with serving(Fault("broken", 500, (), b"{")) as server:
        requests.post(server.url, timeout=5)

    assert heard == []


SPOTS = [
    "aiohttp.client._BaseRequestContextManager.__init__",
    "httpx.Client.send",
    "httpx.AsyncClient.send",
    "httpx.MockTransport.handle_request",
    "requests.sessions.dispatch_hook",
    "responses.Response.get_response",
    "urllib.request.OpenerDirector.open",
    "urllib3.connectionpool.HTTPConnectionPool.urlopen",
    "vcr.cassette.Cassette.play_response",
]


def test_all_is_put_back_whatever_happens(base):
    import responses  # noqa: F401
    import vcr  # noqa: F401

    before = [_named(spot) for spot in SPOTS]
    meta_path = [*sys.meta_path]
    with observing(lambda _: None):
        during = [_named(spot) for spot in SPOTS]
    with pytest.raises(ZeroDivisionError), observing(lambda _: 1 / 0):
        requests.get(f"{base}/ok", timeout=5)

    assert not [spot for spot, a, b in zip(SPOTS, before, during, strict=True) if a is b]
    assert [_named(spot) for spot in SPOTS] == before
    assert sys.meta_path == meta_path


def _named(spot):
    module, *names = spot.split(".")
    found = sys.modules[module]
    for name in names:
        found = getattr(found, name)
    return found


def test_nothing_is_imported_and_what_comes_later_is_heard(base):
    code = f"""if True:
        import sys
        from pytest_apierrors.observe import Heard, copies, observing
        with observing(repr), observing(lambda one: print(one.response().status)):
            loaded = {{"requests", "httpx", "aiohttp", "urllib3"}} & {{*sys.modules}}
            import requests, httpx
            requests.get("{base}/json")
            httpx.get("{base}/ok")
        print(loaded, requests.sessions.__spec__.loader)
        requests.get("{base}/ok")
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[:2] == ["401", "200"]
    assert "SourceFileLoader" in done.stdout.splitlines()[2]
    assert done.stdout.splitlines()[2].startswith("set()")
    assert len(done.stdout.splitlines()) == 3


def test_a_seam_that_is_lacking_is_named_and_the_rest_is_heard(base, monkeypatch):
    monkeypatch.delattr("httpx.AsyncClient.send")
    found = []
    with observing(found.append) as watch:
        httpx.get(f"{base}/json")

    assert watch.lacking == ["httpx: httpx.AsyncClient.send"]
    assert len(found) == 1


def test_a_request_that_was_never_awaited_warns_once(heard):
    async def ask():
        async with aiohttp.ClientSession() as session:
            session.get("http://127.0.0.1:9/").close()

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        asyncio.run(ask())

    assert [one for one in caught if "never awaited" in str(one.message)] == []
    assert heard == []
