"""A fault server for the length of a `with`."""

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from seam_clients import LIMITED

from pytest_apierrors.seams import serving


def test_a_server_for_a_while():
    with serving(LIMITED) as server:
        assert requests.get(f"{server.url}/x", timeout=30).status_code == 429
        assert [seen.path for seen in server.calls] == ["/x"]
        url = server.url

    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=30)


def test_a_request_without_an_answer_fails_in_the_end():
    with pytest.raises(AssertionError, match="no answer was set for GET /x"), serving() as server:
        assert requests.get(f"{server.url}/x", timeout=30).status_code == 501


def test_a_request_without_an_answer_is_noted_at_another_exception():
    with pytest.raises(KeyError) as caught, serving() as server:
        raise KeyError(requests.get(f"{server.url}/x", timeout=30).status_code)

    assert caught.value.__notes__ == ["the fault server: no answer was set for GET /x"]


def test_the_fixture_is_safe_in_given(apierrors_server):
    @settings(max_examples=3, database=None, deadline=None)
    @given(st.integers(400, 599))
    def check(status):
        with apierrors_server() as server:
            server.on("GET", "/x").answer(LIMITED)
            assert requests.get(f"{server.url}/x", timeout=30).status_code == 429
            assert len(server.calls) == 1
        assert status

    check()
