"""Who answered, and where it was told to: every tool that plays an API, with its clients."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import threading
from pathlib import Path

import aiohttp
import httpx
import httpx2
import loopback
import pytest
import receiving
import requests
import responses
import urllib3
import vcr

from pytest_apierrors.observe import Place, observing
from pytest_apierrors.observe.answerers import ANSWERERS, mark
from pytest_apierrors.observe.clients import CLIENTS

BODY = {"errorCode": 40101, "message": "no"}
URL = "https://calling.api.sinch.com/calling/v1/callouts"
HERE = Path(__file__)
LINES = HERE.read_text("utf-8").splitlines()


@pytest.fixture
def heard():
    found = []
    with observing(found.append, root=HERE.parent, test=HERE):
        yield found


def told(one):
    """The line that told a mock what to answer."""
    assert one.answer.place.file == HERE.name
    return LINES[one.answer.place.line - 1].strip()


def mocked(heard, by):
    """Check what is the same for all mocks, and return the only response."""
    (one,) = heard
    response = one.response()
    assert (one.answer.by, one.answer.evidence) == (by, "mocked")
    assert one.answered(URL) is one.answer
    assert (response.status, json.loads(response.body)) == (403, BODY)
    assert response.url == URL
    assert not response.lost
    return one


class TestResponses:
    def test_where_it_is_registered(self, heard):
        with responses.RequestsMock() as mock:
            mock.post(URL, status=403, json=BODY)
            requests.post(URL, timeout=5)

        assert told(mocked(heard, "responses")) == "mock.post(URL, status=403, json=BODY)"

    def test_where_a_response_was_made(self, heard):
        with responses.RequestsMock() as mock:
            made = responses.Response("POST", URL, status=403, json=BODY)
            mock.add(made)
            requests.post(URL, timeout=5)

        assert told(mocked(heard, "responses")).startswith("made = ")

    def test_a_callback(self, heard):
        with responses.RequestsMock() as mock:
            mock.add_callback("POST", URL, lambda _: (403, {}, json.dumps(BODY)))
            requests.post(URL, timeout=5)

        assert told(mocked(heard, "responses")).startswith("mock.add_callback(")

    def test_answers_in_turn_have_a_line_each(self, heard):
        with responses.RequestsMock() as mock:
            mock.post(URL, status=429)
            mock.post(URL, status=200)
            requests.post(URL, timeout=5)
            requests.post(URL, timeout=5)

        assert [told(one)[-4:-1] for one in heard] == ["429", "200"]

    def test_what_passes_is_the_network_s(self, heard):
        with loopback.loopback({"/": (503, [], b"")}) as base, responses.RequestsMock() as mock:
            mock.add_passthru(base)
            requests.get(f"{base}/", timeout=5)

        assert [one.answer for one in heard] == [None]


class TestRequestsMock:
    def test_where_it_is_registered(self, heard):
        requests_mock = pytest.importorskip("requests_mock")
        with requests_mock.Mocker() as mock:
            mock.post(URL, status_code=403, json=BODY)
            requests.post(URL, timeout=5)

        one = mocked(heard, "requests-mock")
        assert told(one) == "mock.post(URL, status_code=403, json=BODY)"

    def test_what_passes_is_the_network_s(self, heard):
        requests_mock = pytest.importorskip("requests_mock")
        with loopback.loopback({"/": (503, [], b"")}) as base, requests_mock.Mocker(real_http=True):
            requests.get(f"{base}/", timeout=5)

        assert [one.answer for one in heard] == [None]


def sync_post(module, **kw):
    with module.Client(**kw) as client:
        return client.post(URL)


def async_post(module, **kw):
    async def post():
        async with module.AsyncClient(**kw) as client:
            return await client.post(URL)

    return asyncio.run(post())


@pytest.mark.parametrize("post", [sync_post, async_post])
class TestHttpx:
    def test_respx(self, heard, post):
        respx = pytest.importorskip("respx")
        with respx.mock:
            respx.post(URL).mock(return_value=httpx.Response(403, json=BODY))
            post(httpx)

        assert told(mocked(heard, "respx")).startswith("respx.post(URL).mock(")

    @pytest.mark.parametrize("how", ["respond", "modulo", "side effect"])
    def test_other_words_of_respx(self, heard, post, how):
        respx = pytest.importorskip("respx")
        with respx.mock:
            route = respx.post(URL)
            if how == "respond":
                route.respond(403, json=BODY)  # told
            elif how == "modulo":
                _ = route % {"status_code": 403, "json": BODY}  # told
            else:
                route.mock(side_effect=lambda _: httpx.Response(403, json=BODY))  # told
            post(httpx)

        assert told(mocked(heard, "respx")).endswith("# told")

    def test_pytest_httpx(self, heard, post, request):
        pytest.importorskip("pytest_httpx")
        mock = request.getfixturevalue("httpx_mock")
        mock.add_response(status_code=403, json=BODY)
        post(httpx)

        assert told(mocked(heard, "pytest-httpx")).startswith("mock.add_response(")

    @pytest.mark.parametrize("module", [httpx, httpx2])
    def test_mock_transport(self, heard, post, module):
        transport = module.MockTransport(lambda _: module.Response(403, json=BODY))
        post(module, transport=transport)

        one = mocked(heard, f"{module.__name__}.MockTransport")
        assert told(one).startswith("transport = module.MockTransport(")


@pytest.mark.parametrize("module", [httpx, httpx2])
def test_applications_in_this_process_are_stand_ins(heard, module):
    def wsgi(_, start):
        start("403 Forbidden", [("Content-Type", "application/json")])
        return [json.dumps(BODY).encode()]

    async def asgi(_, __, send):
        await send({"type": "http.response.start", "status": 403, "headers": []})
        await send({"type": "http.response.body", "body": json.dumps(BODY).encode()})

    sync_post(module, transport=module.WSGITransport(wsgi))
    async_post(module, transport=module.ASGITransport(asgi))

    names = [f"{module.__name__}.WSGITransport", f"{module.__name__}.ASGITransport"]
    assert [one.answer.by for one in heard] == names
    assert {one.response().status for one in heard} == {403}


def test_a_mock_inside_of_an_application_is_not_taken_for_its_answer(heard):
    def wsgi(_, start):
        with responses.RequestsMock() as mock:
            mock.post(URL, status=403, json=BODY)
            requests.post(URL, timeout=5)
        start("502 Bad Gateway", [])
        return [b""]

    sync_post(httpx, transport=httpx.WSGITransport(wsgi))

    told = [(one.answer.by, one.response().status) for one in heard]
    assert told == [("responses", 403), ("httpx.WSGITransport", 502)]


def test_the_test_client_of_starlette(heard):
    testclient = pytest.importorskip("starlette.testclient")
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    app = Starlette(routes=[Route("/x", lambda _: JSONResponse(BODY, 403))])
    testclient.TestClient(app, base_url="https://calling.api.sinch.com").get("/x")

    (one,) = heard
    assert (one.answer.by, one.response().status) == ("starlette.testclient", 403)


def test_aioresponses(heard):
    aioresponses = pytest.importorskip("aioresponses")

    async def ask():
        with aioresponses.aioresponses() as mock:
            mock.post(URL, status=403, payload=BODY)
            async with aiohttp.ClientSession() as session, session.post(URL) as response:
                await response.read()

    try:
        asyncio.run(ask())
    except TypeError as error:
        pytest.skip(f"aioresponses does not work with this aiohttp: {error}")

    assert told(mocked(heard, "aioresponses")) == "mock.post(URL, status=403, payload=BODY)"


@contextlib.contextmanager
def cassette(path, mode):
    with vcr.VCR(record_mode=mode).use_cassette(str(path)):
        yield


@pytest.mark.parametrize("client", receiving.RECEIVING)
def test_a_cassette_records_the_network_and_plays_a_recording(tmp_path, client):
    found = []
    file = tmp_path / "cassettes" / "errors.yaml"
    headers = [("Content-Type", "application/json")]
    with observing(found.append, root=tmp_path):
        answers = {"/x": (403, headers, json.dumps(BODY).encode())}
        with loopback.loopback(answers) as base, cassette(file, "all"):
            receiving.RECEIVING[client]("GET", f"{base}/x")
        with cassette(file, "none"):
            receiving.RECEIVING[client]("GET", f"{base}/x")

    live, played = found
    assert live.answer is None
    assert (played.answer.by, played.answer.evidence) == ("vcrpy", "recorded")
    assert (played.answer.file, played.answer.number) == ("cassettes/errors.yaml", 0)
    assert json.loads(played.response().body) == BODY


@pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")
def test_betamax(tmp_path, heard):
    betamax = pytest.importorskip("betamax")
    headers = [("Content-Type", "application/json")]
    for mode in ("once", "none"):
        with loopback.loopback({"/x": (403, headers, json.dumps(BODY).encode())}) as base:
            session = requests.Session()
            recorder = betamax.Betamax(session, cassette_library_dir=str(tmp_path))
            with recorder.use_cassette("x", record=mode, match_requests_on=["path"]):
                session.get(f"{base}/x", timeout=5)
            session.close()

    live, played = heard
    assert live.answer is None
    assert (played.answer.by, played.answer.evidence) == ("betamax", "recorded")
    assert (played.answer.file, played.answer.number) == (str(tmp_path / "x.json"), 0)
    assert json.loads(played.response().body) == BODY


def test_threads_with_the_notes_of_one_task_do_not_mix_them_up(heard):
    """`asyncio.to_thread` gives each thread a copy of the task's context."""
    noted = threading.Barrier(2)

    def wait_for_the_other(response):
        if response.status_code != 200:
            noted.wait(5)
        return response

    async def ask():
        requests.get(f"{URL}/first", timeout=5)  # noqa: ASYNC210 - the task has a note of it
        urls = [f"{URL}/429", f"{URL}/503"]
        await asyncio.gather(*(asyncio.to_thread(requests.get, url, timeout=5) for url in urls))

    with responses.RequestsMock(response_callback=wait_for_the_other) as mock:
        mock.get(f"{URL}/first", status=200)
        mock.get(f"{URL}/429", status=429)
        mock.get(f"{URL}/503", status=503)
        asyncio.run(ask())

    assert len(heard) == 3
    for one in heard:
        status = one.response().status
        assert str(status) in told(one)


def test_a_mock_that_cannot_be_written_on_has_no_place():
    mark(object(), Place("x.py", 1))
    mark(responses, None)

    assert not hasattr(responses, "_apierrors_place")


def test_a_note_that_came_to_nothing_is_nobody_else_s(heard):
    """A mock that answered into a call that failed does not answer for the next one."""

    class Broken(httpx.MockTransport):
        def handle_request(self, request):
            super().handle_request(request)
            raise httpx.ReadError("broken")

    with pytest.raises(httpx.ReadError):
        sync_post(httpx, transport=Broken(lambda _: httpx.Response(200)))
    with loopback.loopback({"/": (503, [], b"")}) as base, urllib3.PoolManager() as pool:
        pool.request("GET", f"{base}/")
        httpx.get(f"{base}/")

    assert [one.answer for one in heard] == [None, None]


def test_every_library_here_has_every_spot(heard):
    """A new version of one of them that moves something fails here, by name."""
    for name in ANSWERERS | CLIENTS:
        with contextlib.suppress(ImportError):
            __import__(name)
    with observing(heard.append) as watch:
        assert {"httpx", "vcr.cassette"} <= {*sys.modules}

    assert watch.lacking == []
