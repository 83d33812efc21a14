"""Responses of urllib3 and urllib: what was read, what broke off, what is over a file."""

import http.client
import io
import json
import os
import urllib.error
import urllib.request

import pytest
import urllib3
from adapted_clients import BODY, LONG, hand_made_error, what_to_do

from pytest_apierrors.adapters import as_response
from pytest_apierrors.response import Headers, Response


def test_urllib3_unread_stream_stays_usable(base):
    with urllib3.PoolManager() as pool:
        got = pool.request("GET", f"{base}/long", preload_content=False)

        assert as_response(got).body == LONG
        assert got.data == LONG
        assert as_response(got).body == LONG


@pytest.mark.parametrize(
    "use",
    [
        lambda got: got.read(),
        lambda got: got.read(10),
        lambda got: list(got.stream(1000)),
        lambda got: got.drain_conn(),
    ],
    ids=["read", "begun", "stream", "drained"],
)
def test_urllib3_used_stream(base, use):
    with urllib3.PoolManager() as pool:
        got = pool.request("GET", f"{base}/long", preload_content=False)
        use(got)

        assert "read already and is gone: read response.data before" in what_to_do(got)
        got.close()


def test_urllib3_closed_unread(base):
    with urllib3.PoolManager() as pool:
        got = pool.request("GET", f"{base}/long", preload_content=False)
        got.close()

        assert "was closed unread: read response.data first" in what_to_do(got)


def test_urllib3_url_is_completed(base):
    with urllib3.PoolManager() as pool:
        assert as_response(pool.request("GET", f"{base}/ok?a=1")).url == f"{base}/ok?a=1"
    assert as_response(urllib3.HTTPResponse(b"x", status=400)) == Response(400, b"x", Headers())


def http_error(url):
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(url)
    return caught.value


@pytest.mark.parametrize(("path", "body"), [("long", LONG), ("chunked", BODY + b" ")])
def test_urllib_errors_can_be_read_afterwards(base, path, body):
    with http_error(f"{base}/{path}") as error:
        assert as_response(error).body == body
        assert error.read(5) == body[:5]
        assert as_response(error).body == body
        assert error.read() == body[5:]
        assert as_response(error).body == body
        assert error.read() == b""


@pytest.mark.parametrize("path", ["long", "chunked"])
@pytest.mark.parametrize("sizes", [[], [10]], ids=["consumed", "begun"])
def test_urllib_errors_that_were_read_before(base, path, sizes):
    with http_error(f"{base}/{path}") as error:
        error.read(*sizes)

        assert "was read already and is gone: keep what read() returned" in what_to_do(error)


def test_urllib_errors_that_break_off_keep_what_came(base):
    with http_error(f"{base}/short") as error:
        assert "http.IncompleteRead" in what_to_do(error)
        assert error.read() == BODY


def test_urllib_responses_can_be_read_afterwards(base):
    with urllib.request.urlopen(f"{base}/ok") as got:
        assert as_response(got).body == BODY
        assert json.load(got) == json.loads(BODY)
        assert as_response(got).body == BODY
    assert as_response(got).url == f"{base}/ok"

    with urllib.request.urlopen(f"{base}/ok") as got:
        got.read()
        assert "was read already and is gone" in what_to_do(got)


@pytest.mark.parametrize(("method", "path"), [("GET", "empty"), ("GET", "none"), ("HEAD", "json")])
def test_what_had_no_body_can_have_been_read(base, method, path):
    connection = http.client.HTTPConnection(base.removeprefix("http://"))
    connection.request(method, f"/{path}")
    got = connection.getresponse()
    got.read()

    assert as_response(got).body == b""
    connection.close()


def test_urllib_errors_made_by_hand():
    with hand_made_error(io.BytesIO(BODY), A="b") as error:
        assert error.read(3) == BODY[:3]
        assert as_response(error) == Response(
            404, BODY, Headers([("A", "b")]), None, "https://h.test/"
        )
        assert error.read() == BODY[3:]
    with hand_made_error(None) as error:
        assert as_response(error).body == b""


def test_urllib_errors_over_a_file(tmp_path):
    (tmp_path / "body").write_bytes(BODY)
    with (tmp_path / "body").open("rb") as file:
        error = hand_made_error(file)
        assert error.read(3) == BODY[:3]
        for _ in range(2):
            assert as_response(error).body == BODY
        assert error.read() == BODY[3:]
    assert "was read already and is gone" in what_to_do(hand_made_error(file))


def test_urllib_errors_over_what_can_be_read_once():
    read_end, write_end = os.pipe()
    os.write(write_end, BODY)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as file:
        error = hand_made_error(file)
        assert error.read(0) == b""
        for _ in range(2):
            assert as_response(error).body == BODY
        assert error.read() == BODY
        promised = hand_made_error(file, **{"Content-Length": "20"})
        assert "was read already" in what_to_do(promised)
        empty = hand_made_error(file, **{"Content-Length": "0"})
        assert as_response(empty).body == b""


def test_urllib_errors_over_what_can_only_read():
    class Bare:
        read = io.BytesIO(BODY).read

        def close(self):
            pass

    error = hand_made_error(Bare())

    assert as_response(error).body == as_response(error).body == BODY
