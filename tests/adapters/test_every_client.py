"""Every client: status, headers, body, and a second look at them."""

import pytest
import vcr
from adapted_clients import BODY, CLIENTS, LONG, with_http_client

from pytest_apierrors.adapters import as_response
from pytest_apierrors.body import decode


def test_status_body_method_and_url_of_every_client(client, base):
    response = as_response(client("POST", f"{base}/json"))

    assert (response.status, response.body, response.method) == (401, BODY, "POST")
    assert response.url in (f"{base}/json", None if client is with_http_client else "")
    assert response.header("content-type") == "application/json"


def test_repeated_headers_are_kept_apart(client, base):
    headers = as_response(client("GET", f"{base}/json")).headers

    assert headers.get_all("set-cookie") == ["a=1", "b=2, 3"]
    assert headers.get_all("www-authenticate") == ['Basic realm="x"', "Bearer"]


def test_a_coded_body_is_read(client, base):
    assert decode(as_response(client("GET", f"{base}/gzip"))).data == BODY


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "empty", 503), ("GET", "none", 204), ("HEAD", "json", 401)],
)
def test_a_response_without_a_body(client, base, method, path, status):
    got = client(method, f"{base}/{path}")

    for _ in range(2):
        response = as_response(got)
        assert (response.status, response.body, response.method) == (status, b"", method)


@pytest.mark.parametrize("path", ["long", "chunked"])
def test_a_second_look_sees_the_same(client, base, path):
    got = client("GET", f"{base}/{path}")

    assert as_response(got) == as_response(got)
    assert as_response(got).body.strip() == (LONG if path == "long" else BODY)


CASSETTE = """
version: 1
interactions:
- request: {body: null, headers: {}, method: GET, uri: "http://h.test/x"}
  response:
    status: {code: 429, message: Too Many Requests}
    headers: {Content-Type: [application/json], Set-Cookie: ["a=1", "b=2"]}
    body: {string: '{"errorCode": 40101}'}
"""


@pytest.mark.parametrize("name", CLIENTS)
def test_every_client_replayed_by_vcrpy(name, tmp_path):
    (tmp_path / "cassette.yaml").write_text(CASSETTE)
    with vcr.use_cassette(str(tmp_path / "cassette.yaml"), record_mode="none"):
        got = CLIENTS[name]("GET", "http://h.test/x")

        response = as_response(got)

    assert (response.status, response.body) == (429, BODY)
    assert response.headers.get_all("set-cookie") == ["a=1", "b=2"]
    assert as_response(got) == response
