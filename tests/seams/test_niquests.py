"""niquests, whose fork of urllib3 may stand under the name of urllib3."""

import asyncio

import pytest
from seam_clients import HEADERS, LIMITED, URL

from pytest_apierrors.faults.model import Fault
from pytest_apierrors.seams import inject, ok

niquests = pytest.importorskip("niquests")


def called(session, url):
    response = session.post(url, data=b"question", headers=HEADERS, timeout=30)
    return response.status_code, response.content


async def awaited(url):
    async with niquests.AsyncSession() as session:
        response = await session.post(url, data=b"question", headers=HEADERS, timeout=30)
        return response.status_code, response.content


def call(url):
    with niquests.Session() as session:
        return called(session, url)


@pytest.fixture(params=["sync", "async"])
def post(request):
    return call if request.param == "sync" else lambda url: asyncio.run(awaited(url))


@pytest.mark.parametrize("url", [URL, URL.replace("https", "http")])
def test_a_client_gets_the_fault(post, url):
    with inject(LIMITED) as injected:
        assert post(url) == (429, b'{"code": "slow"}')

    (told,) = injected.calls
    assert (told.method, told.url, told.body) == ("POST", url, b"question")


def test_faults_of_the_wire(post):
    with (
        inject([Fault("connection-refused", None), ok({})]) as injected,
        pytest.raises(niquests.ConnectionError),
    ):
        post(URL)

    assert [told.fault.kind for told in injected.calls] == ["connection-refused"]


def test_a_session_from_before():
    with niquests.Session() as session:
        for _ in range(2):
            with inject(LIMITED) as injected:
                assert called(session, URL)[0] == 429
            assert len(injected.calls) == 1


def test_a_retry_really_retries():
    retry = niquests.adapters.Retry(2, status_forcelist=[429], allowed_methods=None)
    with niquests.Session(retries=retry) as session, inject([LIMITED, ok({})]) as injected:
        assert called(session, URL)[0] == 200

    assert len(injected.calls) == 2
