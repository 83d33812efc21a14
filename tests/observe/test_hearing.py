"""What is heard of a real server's answers: each once, whole, and nothing read for the user."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
import requests
from server_answers import ANSWERS, BODY

from pytest_apierrors import answer
from pytest_apierrors.faults.model import Fault
from pytest_apierrors.observe import Heard
from pytest_apierrors.seams import inject, serving

URL = "https://calling.api.sinch.com/x"


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
