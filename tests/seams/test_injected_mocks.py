"""An injection among mocks: who begins last wins, and each keeps its own."""

import httpx
import pytest
import requests
import responses
from requests.adapters import HTTPAdapter
from seam_clients import LIMITED, URL

from pytest_apierrors.seams import inject


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
