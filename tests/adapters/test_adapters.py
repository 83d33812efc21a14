"""Exceptions that carry a response, bodies alone, and what is none of these."""

import inspect
import io
import json
import subprocess
import sys
from http import HTTPStatus
from unittest import mock

import httpx
import pytest
import requests
from adapted_clients import BODY, hand_made_error, what_to_do

from pytest_apierrors.adapters import as_response
from pytest_apierrors.response import Headers, Response


def test_the_status_may_be_an_enumeration():
    assert type(as_response(b"", status=HTTPStatus.NOT_FOUND).status) is int


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
