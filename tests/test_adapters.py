from __future__ import annotations

import asyncio
import gzip
import http.client
import inspect
import io
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from http import HTTPStatus
from unittest import mock

import aiohttp
import httpx
import httpx2
import loopback
import pytest
import requests
import responses
import urllib3
import vcr

from pytest_apierrors.adapters import as_response
from pytest_apierrors.body import decode
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.response import Headers, Response

BODY = b'{"errorCode": 40101}'
LONG = b'{"errorCode": 40101, "message": "' + b"x" * 100_000 + b'"}'
JSON = ("Content-Type", "application/json")
REPEATED = [
    JSON,
    ("Set-Cookie", "a=1"),
    ("Set-Cookie", "b=2, 3"),
    ("WWW-Authenticate", 'Basic realm="x"'),
    ("WWW-Authenticate", "Bearer"),
]
CHUNKED = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (BODY, b" ")) + b"0\r\n\r\n"
ANSWERS = {
    "/json": (401, REPEATED, BODY),
    "/gzip": (401, [JSON, ("Content-Encoding", "gzip")], gzip.compress(BODY)),
    "/empty": (503, [], b""),
    "/none": (204, [], b""),
    "/long": (500, [JSON], LONG),
    "/chunked": (500, [JSON, ("Transfer-Encoding", "chunked")], CHUNKED),
    "/short": (500, [JSON, ("Content-Length", "99"), ("Connection", "close")], BODY),
    "/ok": (200, [JSON], BODY),
}


@pytest.fixture(scope="module")
def base():
    with loopback.loopback(ANSWERS) as url:
        yield url


def with_requests(method, url):
    with requests.Session() as session:
        return session.request(method, url)


def with_httpx(module):
    def get(method, url):
        with module.Client() as client:
            return client.request(method, url)

    return get


def with_httpx_async(module):
    async def get(method, url):
        async with module.AsyncClient() as client:
            return await client.request(method, url)

    return lambda method, url: asyncio.run(get(method, url))


def with_aiohttp(method, url):
    async def get():
        async with aiohttp.ClientSession() as session, session.request(method, url) as response:
            await response.read()
        return response

    return asyncio.run(get())


def with_urllib3(*, preload):
    def get(method, url):
        with urllib3.PoolManager() as pool:
            response = pool.request(method, url, preload_content=preload)
            if not preload:
                _ = as_response(response)
            return response

    return get


def with_urllib(method, url):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method)) as response:
            _ = as_response(response)
            return response
    except urllib.error.HTTPError as error:
        with error:
            _ = as_response(error)
        return error


def with_http_client(method, url):
    host, _, path = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host)
    try:
        connection.request(method, f"/{path}")
        response = connection.getresponse()
        _ = as_response(response)
        return response
    finally:
        connection.close()


CLIENTS = {
    "requests": with_requests,
    "httpx": with_httpx(httpx),
    "httpx-async": with_httpx_async(httpx),
    "httpx2": with_httpx(httpx2),
    "httpx2-async": with_httpx_async(httpx2),
    "aiohttp": with_aiohttp,
    "urllib3": with_urllib3(preload=True),
    "urllib3-unread": with_urllib3(preload=False),
    "urllib": with_urllib,
    "http.client": with_http_client,
}


@pytest.fixture(params=CLIENTS)
def client(request):
    return CLIENTS[request.param]


def what_to_do(obj, **given):
    """Return the sentence that a wrong object gets."""
    with pytest.raises(UsageProblem) as caught:
        as_response(obj, **given)
    return str(caught.value)


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


def test_the_status_may_be_an_enumeration():
    assert type(as_response(b"", status=HTTPStatus.NOT_FOUND).status) is int


def test_requests_unread_stream_stays_usable(base):
    with requests.get(f"{base}/long", stream=True) as got:
        assert as_response(got).body == LONG
        assert b"".join(got.iter_content(1000)) == LONG
        assert got.json()["errorCode"] == 40101
        assert as_response(got).body == LONG


@pytest.mark.parametrize(
    "use",
    [
        lambda got: list(got.iter_content(1000)),
        lambda got: next(got.iter_content(1000)),
        lambda got: got.raw.read(10),
    ],
    ids=["consumed", "begun", "raw"],
)
def test_requests_used_stream(base, use):
    with requests.get(f"{base}/long", stream=True) as got:
        use(got)

        assert what_to_do(got) == (
            "the body of this requests.Response was read already and is gone: "
            "read response.content before the stream, or pass (body, status=, headers=)"
        )


def test_requests_errors_are_false_and_accepted(base):
    got = with_requests("GET", f"{base}/json")
    with pytest.raises(requests.HTTPError) as caught:
        got.raise_for_status()

    assert not got
    assert as_response(caught.value) == as_response(got)
    assert as_response(caught) == as_response(got)


def test_requests_made_by_hand():
    got = requests.Response()
    assert "has no status yet" in what_to_do(got)

    got.status_code = 404
    got.headers["X-A"] = "b"

    assert as_response(got) == Response(404, b"", Headers([("X-A", "b")]))


def test_requests_mocked_by_responses():
    with responses.RequestsMock() as mocked:
        mocked.get("https://h.test/x", status=429, json={"a": 1}, headers={"Retry-After": "7"})
        response = as_response(requests.get("https://h.test/x", timeout=1))

    assert (response.status, response.body) == (429, b'{"a": 1}')
    assert response.header("retry-after") == "7"
    assert (response.method, response.url) == ("GET", "https://h.test/x")


def test_a_body_that_breaks_off_is_a_sentence(base):
    with requests.get(f"{base}/short", stream=True) as got:
        assert what_to_do(got).startswith(
            "the body of this requests.Response cannot be read: requests.ChunkedEncodingError: "
        )


def test_requests_stream_that_cannot_be_decoded():
    raw = urllib3.HTTPResponse(
        io.BytesIO(b"nonsense"),
        headers={"Content-Encoding": "gzip"},
        status=500,
        preload_content=False,
    )
    got = requests.Response()
    got.status_code, got.raw = 500, raw

    assert "requests.ContentDecodingError" in what_to_do(got)


@pytest.mark.parametrize("module", [httpx, httpx2])
def test_httpx_streams(base, module):
    name = f"{module.__name__}.Response"
    with module.Client() as client:
        with client.stream("GET", f"{base}/long") as got:
            assert as_response(got).body == LONG
            assert b"".join(got.iter_bytes()) == LONG
        assert as_response(got).body == LONG

        with client.stream("GET", f"{base}/long") as got:
            next(got.iter_bytes(10))
            assert what_to_do(got) == (
                f"the body of this {name} was read already and is gone: call response.read() "
                "(await response.aread()) before the stream, or pass (body, status=, headers=)"
            )

        with client.stream("GET", f"{base}/long") as got:
            pass
        assert "closed unread: call response.read() inside its `with`" in what_to_do(got)


@pytest.mark.parametrize("module", [httpx, httpx2])
def test_httpx_async_streams(base, module):
    async def use():
        async with module.AsyncClient() as client, client.stream("GET", f"{base}/long") as got:
            unread = what_to_do(got)
            await got.aread()
            read = as_response(got)
            assert b"".join([part async for part in got.aiter_bytes()]) == LONG
        async with module.AsyncClient() as client, client.stream("GET", f"{base}/long") as got:
            async for _ in got.aiter_bytes():
                pass
        return unread, read, what_to_do(got)

    unread, read, consumed = asyncio.run(use())

    name = f"{module.__name__}.Response"
    assert unread == f"the body of this {name} was not read: await response.aread() first"
    assert read.body == LONG
    assert "was read already and is gone" in consumed


@pytest.mark.parametrize("module", [httpx, httpx2])
def test_httpx_made_by_hand_has_no_request(module):
    response = as_response(module.Response(404, json={"a": 1}))

    assert (response.status, response.method, response.url) == (404, None, None)
    assert json.loads(response.body) == {"a": 1}


@pytest.mark.parametrize("module", [httpx, httpx2])
def test_httpx_mocked_and_raised(module):
    transport = module.MockTransport(lambda _: module.Response(429, content=BODY))
    with module.Client(transport=transport) as client:
        got = client.get("https://h.test/x")
    with pytest.raises(module.HTTPStatusError) as caught:
        got.raise_for_status()

    response = as_response(caught.value)

    assert (response.status, response.body, response.url) == (429, BODY, "https://h.test/x")


def test_aiohttp_has_to_be_awaited(base):
    async def use():
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{base}/json") as got:
                unread = what_to_do(got)
                await got.read()
                inside = as_response(got)
                assert await got.text() == BODY.decode()
            after = as_response(got)
            assert await got.json() == json.loads(BODY)
            async with session.get(f"{base}/json") as got:
                pass
        return unread, inside, after, what_to_do(got)

    unread, inside, after, closed = asyncio.run(use())

    assert inside == after
    assert inside.body == BODY
    assert unread == closed
    assert unread == (
        "the body of this aiohttp.ClientResponse was not read: "
        "await response.read() inside its `async with` first"
    )


def test_aiohttp_s_error_carries_no_body(base):
    async def use():
        async with aiohttp.ClientSession(raise_for_status=True) as session:
            await session.get(f"{base}/json")

    with pytest.raises(aiohttp.ClientResponseError) as caught:
        asyncio.run(use())

    assert what_to_do(caught.value) == (
        "aiohttp.ClientResponseError carries no body: "
        "pass the response, after await response.read()"
    )


def test_what_was_not_awaited_is_named(base):
    async def use():
        async with aiohttp.ClientSession() as session:
            got = session.get(f"{base}/json")
            sentence = what_to_do(got)
            async with got:
                pass
        return sentence

    assert asyncio.run(use()).endswith("is no response yet: await it first")


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


def hand_made_error(file, **headers):
    return urllib.error.HTTPError("https://h.test/", 404, "no", headers, file)


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


class SdkError(Exception):
    def __init__(self, response=None):
        self.response = response


def chained(error, *, cause=None, context=None):
    error.__cause__, error.__context__ = cause, context
    return error


def test_exceptions_that_carry_a_response():
    response, other = Response(401, BODY), SdkError(httpx.Response(402, content=BODY))

    assert as_response(SdkError(response)) == response
    assert as_response(chained(RuntimeError(), cause=SdkError(response))) == response
    assert as_response(chained(RuntimeError(), context=other)).status == 402
    assert as_response(chained(SdkError(response), cause=other)) == response
    assert as_response(chained(KeyError(), cause=SdkError(response), context=other)) == response
    assert as_response(ExceptionGroup("two", [ValueError(), SdkError(response)])) == response


def test_a_urllib_error_below_another_one():
    with hand_made_error(io.BytesIO(BODY)) as cause:
        assert as_response(chained(RuntimeError(), cause=cause)).body == BODY


def test_exceptions_without_a_response():
    circle, other = SdkError(), SdkError({"Error": {"Code": "1"}})
    circle.__cause__, other.__cause__ = other, circle

    assert what_to_do(circle) == (
        "this test_adapters.SdkError carries no response: pass a response of requests, httpx, "
        "aiohttp, urllib3 or urllib, an exception that carries one, or (body, status=, headers=)"
    )
    with pytest.raises(requests.ConnectionError) as caught:
        requests.get("http://127.0.0.1:1/", timeout=1)
    assert what_to_do(caught.value).startswith("this requests.ConnectionError carries no response")


@pytest.mark.parametrize(
    ("body", "wire"),
    [
        (b"\xff", b"\xff"),
        (bytearray(b"x"), b"x"),
        (memoryview(b"x"), b"x"),
        ("ö", b"\xc3\xb6"),
        ("\ud800", b"\xed\xa0\x80"),
        ({"a": "ö"}, b'{"a": "\\u00f6"}'),
        ([1], b"[1]"),
        (None, b""),
    ],
)
def test_a_body_alone(body, wire):
    assert as_response(body, status=404) == Response(404, wire, None)


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry-After": 7, "Set-Cookie": ["a", "b"]},
        [("Retry-After", "7"), ("Set-Cookie", "a"), (b"Set-Cookie", b"b")],
        Headers([("Retry-After", "7"), ("Set-Cookie", "a"), ("Set-Cookie", "b")]),
        httpx.Headers([("Retry-After", "7"), ("Set-Cookie", "a"), ("Set-Cookie", "b")]),
    ],
)
def test_headers_of_a_body_alone(headers):
    got = as_response(b"", status=404, headers=headers, method="GET", url="https://h.test/").headers

    assert [(name.lower(), value) for name, value in got.pairs] == [
        ("retry-after", "7"),
        ("set-cookie", "a"),
        ("set-cookie", "b"),
    ]


def test_what_an_object_says_of_itself_stands():
    own = Response(401, BODY, Headers(), "GET", "https://h.test/")

    assert as_response(own, status=500, headers={}, method="PUT", url="https://x.test/") == own
    filled = as_response(Response(401), method="PUT", url="https://x.test/")
    assert (filled.method, filled.url) == ("PUT", "https://x.test/")


@pytest.mark.parametrize(
    ("obj", "given", "sentence"),
    [
        (None, {}, "None alone has no status: pass status= with it"),
        ({"a": 1}, {}, "a body (dict) alone has no status: pass status= with it"),
        (b"", {"status": "404"}, "status= is a number such as 404; found '404'"),
        (b"", {"status": True}, "status= is a number such as 404; found True"),
        (b"", {"status": 404, "headers": 5}, "headers cannot be int: pass a mapping or "),
        (b"", {"status": 404, "headers": ["x"]}, "headers cannot be list: pass a mapping or "),
        ({"a": {1}}, {"status": 404}, "this body cannot be written as JSON: Object of type set "),
    ],
)
def test_a_body_alone_that_lacks_something(obj, given, sentence):
    assert what_to_do(obj, **given).startswith(sentence)


@pytest.mark.parametrize(
    ("obj", "sentence"),
    [
        (404, "int is no response: pass a response of requests, "),
        (object(), "object is no response: "),
        (requests.Session(), "requests.Session is no response: "),
        (requests.Response, "Response is a class, not a response: "),
        (httpx.Response, "Response is a class, not a response: "),
        (mock.Mock(), "unittest.Mock is no response: "),
        (mock.MagicMock(), "unittest.MagicMock is no response: "),
        (mock.Mock(spec=requests.Response), "unittest.Mock is no response: "),
        (mock.MagicMock(spec=httpx.Response), "unittest.MagicMock is no response: "),
        (mock.Mock(status_code=True), "unittest.Mock is no response: "),
        (mock.Mock(status_code=404), "this unittest.Mock has no bytes as its content: "),
        (lambda: None, "function is no response: "),
        (json, "module is no response: "),
        (io.BytesIO(b"x"), "_io.BytesIO is no response: "),
        (iter([]), "list_iterator is no response: "),
        ((b"", 404), "tuple is no response: "),
    ],
)
def test_a_wrong_object_is_named(obj, sentence):
    assert what_to_do(obj, status=404).startswith(sentence)


def test_a_coroutine_is_to_be_awaited():
    async def get():
        pass

    coroutine = get()
    try:
        assert what_to_do(coroutine) == "coroutine is no response yet: await it first"
        assert inspect.getcoroutinestate(coroutine) == inspect.CORO_CREATED
    finally:
        coroutine.close()


def test_a_fake_with_real_values_is_accepted():
    fake = mock.Mock(status_code=404, content=BODY, headers={"A": "b"})
    plain = type("Fake", (), {"status_code": 404, "text": "ö", "url": "https://h.test/"})()

    assert as_response(fake) == Response(404, BODY, Headers([("A", "b")]))
    assert as_response(plain) == Response(404, "ö".encode(), None, None, "https://h.test/")


def test_an_awaitable_content_is_refused():
    class Lazy:
        iter_content = iter_lines = apparent_encoding = None
        status_code = 404
        content = object()

    assert (
        what_to_do(Lazy()) == "the body of this test_adapters.Lazy is object, not bytes: await it"
    )


def test_extra_adapters_come_first():
    extra = [lambda _: None, lambda obj: Response(418, b"extra") if obj == 5 else None]

    assert as_response(5, extra=extra, url="https://h.test/").url == "https://h.test/"
    assert as_response(b"", status=404, extra=extra).status == 404


def test_no_client_is_imported():
    code = (
        "import sys; import pytest_apierrors.adapters; "
        "print({'requests', 'httpx', 'aiohttp', 'urllib3', 'urllib.request', 'http.client', "
        "'email', 'pytest'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout == "set()\n"
