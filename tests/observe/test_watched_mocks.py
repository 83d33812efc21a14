"""`--apierrors-observe`: what a test receives can fail it, at the mock's line."""

from __future__ import annotations

import json

import loopback
import pytest
from watched_files import MOCKS, TRUE, line_of


@pytest.mark.parametrize("how", MOCKS)
def test_a_lying_mock_fails_its_test_at_the_mock_s_line(watched, project, how):
    result = watched(MOCKS[how])

    line = line_of("# told", project)
    by = "httpx.MockTransport" if "httpx.MockTransport(" in MOCKS[how] else "responses"
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "acme 400: deviates from rate_limited: documented under 429, and 1 more",
            f"  mocked     test_it.py:{line}, by {by}",
            "  received   test_it.py:*",
            "*status-mismatch *",
            "FAILED test_it.py::*test_it - acme 400: deviates from rate_limited*",
        ]
    )
    assert "_observe.py" not in result.stdout.str()


def test_a_credential_of_the_request_is_not_shown(watched):
    result = watched(
        """
@responses.activate
def test_it():
    token = "s3cr3t" + "-t0ken-x"
    responses.post(URL, status=400, json={"error": {"code": "rate_limited", "message": token}})
    requests.post(URL, headers={"Authorization": f"Bearer {token}"})
"""
    )

    result.assert_outcomes(failed=1)
    assert "s3cr3t-t0ken-x" not in result.stdout.str()


def test_a_true_mock_passes_and_counts_as_mocked(watched, project):
    result = watched(
        f"""
@responses.activate
def test_it():
    responses.post(URL, status=400, json={TRUE!r})
    responses.post("https://elsewhere.test/", status=400, json=LIE)
    requests.post(URL)
    requests.post("https://elsewhere.test/")
""",
        "--apierrors-report=out.json",
    )

    result.assert_outcomes(passed=1)
    (one,) = json.loads((project.path / "out.json").read_text("utf-8"))["responses"]
    assert (one["entry"], one["outcome"]) == ("bad_request", "documented")
    assert one["file"] == "test_it.py"
    assert one["line"] == line_of("responses.post(URL, status=400", project)


def test_a_stream_that_nobody_read_is_held_by_its_status_and_headers(watched):
    result = watched(
        """
@pytest.mark.parametrize("status", [400, 429])
@responses.activate
def test_it(status):
    responses.post(URL, status=status, json=LIE)
    with requests.post(URL, stream=True) as response:
        assert response.raw.tell() == 0
        assert next(response.iter_content(7)) == b'{"error'
"""
    )

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "acme 429: no documented error fits (Retry-After missing)",
            "  altered    nobody had read the body: only status and headers are checked",
        ]
    )


def test_the_api_itself_is_observed(watched, project):
    body = json.dumps(TRUE).encode()
    answers = {"/x": (400, [("Content-Type", "application/json")], body)}
    with loopback.loopback(answers) as base:
        port = base.rpartition(":")[2]
        result = watched(
            f"""
import socket

def test_it(monkeypatch):
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _, *a, **k: real("127.0.0.1", *a, **k))
    for client in (requests, httpx):
        client.get("http://api.acme.test:{port}/x")
""",
            "--apierrors-report=out.json",
        )

    result.assert_outcomes(passed=1)
    matrix = json.loads((project.path / "out.json").read_text("utf-8"))
    assert json.dumps(matrix).count('"observed"') >= 1


def test_a_warning_is_told_in_the_summary(watched):
    body = {"error": {"code": "unauthorized", "message": "Token expired"}}
    result = watched(
        f"""
@responses.activate
def test_it():
    responses.post(URL, status=401, json={body!r}, headers={{"WWW-Authenticate": "Bearer"}})
    requests.post(URL)
"""
    )

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        ["acme: 1 error checked; 1 of * exercised", "*message-differs*test_it.py:*"]
    )


def test_several_lies_are_shown_and_equal_ones_once(watched):
    result = watched(
        """
@responses.activate
def test_it():
    for status in (400, 401, 403, 404, 500):
        responses.post(f"{URL}/{status}", status=status, json=LIE)
    for _ in range(3):
        for status in (400, 401, 403, 404, 500):
            requests.post(f"{URL}/{status}")
"""
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["acme 400:*", "*(3 times)", "acme 401:*", "acme 403:*", "and 2 more"]
    )


def test_thousands_of_responses_are_not_all_kept(watched):
    result = watched(
        f"""
import gc

def test_it():
    transport = httpx.MockTransport(lambda _: httpx.Response(400, json={TRUE!r}))
    with httpx.Client(transport=transport) as client:
        for _ in range(1200):
            client.post(URL)
    gc.collect()
    alive = [one for one in gc.get_objects() if type(one) is httpx.Response]
    assert len(alive) < 700
"""
    )

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["acme: 1200 errors checked; *"])


def test_lies_are_told_in_the_order_of_their_mocks(watched):
    """Threads and tasks receive them in any order."""
    result = watched(
        """
@responses.activate
def test_it():
    responses.post(f"{URL}/1", status=400, json=LIE)
    responses.post(f"{URL}/2", status=401, json=LIE)
    requests.post(f"{URL}/2")
    requests.post(f"{URL}/1")
"""
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["acme 400: *", "acme 401: *", "FAILED test_it.py::test_it - acme 400:*"]
    )
