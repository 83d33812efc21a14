"""Cassettes of PHP-VCR, composed from its source and the layout of Symfony's YAML."""

from __future__ import annotations

import json

import pytest

from pytest_apierrors.recordings import recognise
from pytest_apierrors.recordings.php_vcr import ENCRYPTED

YAML = """\

-
    request:
        method: POST
        url: 'https://h/a'
        headers:
            Host: h
            Authorization: 'Bearer header-t0ken'
            Accept: null
            Content-Length: 0
        post_fields:
            client_secret: body-s3cret
    response:
        status:
            http_version: '1.1'
            code: '429'
            message: 'Too Many Requests'
        headers:
            Retry-After: '7'
            Set-Cookie: [a=1, b=2]
        body: "{\\"a\\":\\n1}"
        curl_info:
            url: 'https://h/a'
            certinfo: {  }
    index: 0
-
    request:
        method: GET
        url: 'https://h/b'
    response:
        status: 204
"""


def test_yaml(items, tmp_path):
    assert recognise(YAML.encode(), tmp_path).name == "php-vcr"

    first, second = items(YAML)

    assert (first.status, first.method, first.url, first.body) == (
        *(429, "POST", "https://h/a"),
        b'{"a":\n1}',
    )
    assert first.headers.pairs == (
        ("Retry-After", "7"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
    )
    assert {"header-t0ken", "body-s3cret"} <= first.credentials()
    assert (second.status, second.body, second.headers.pairs) == (204, b"", ())
    assert [one.origin.line for one in (first, second)] == [3, 27]


def cassette(body, **headers):
    request = {"method": "GET", "url": "http://h/a", "headers": []}
    answer = {"status": 404, "headers": headers or [], "body": body}
    return json.dumps([{"request": request, "response": answer, "index": 0}])


@pytest.mark.parametrize(
    ("written", "headers", "body"),
    [
        ("x", {}, b"x"),
        ("é\ufffd", {}, "é\ufffd".encode()),
        ("AP8=", {}, b"AP8="),
        ("AP8=", {"Content-Type": "application/x-gzip"}, b"\0\xff"),
        ("AP8=", {"Content-Transfer-Encoding": "binary"}, b"\0\xff"),
        ("not base64", {"Content-Transfer-Encoding": "binary"}, b"not base64"),
        (None, {"Content-Transfer-Encoding": "binary"}, b""),
    ],
)
def test_bodies(items, tmp_path, written, headers, body):
    content = cassette(written, **headers)
    assert recognise(content.encode(), tmp_path).name == "php-vcr"

    [read] = items(content)

    assert (read.body, read.altered, read.headers.pairs) == (body, None, tuple(headers.items()))


def test_a_body_that_was_encrypted_is_lost(items):
    [read] = items(cassette("vcr:enc:v1:AAAA"))

    assert (read.status, read.altered, read.lost) == (404, ENCRYPTED, True)


@pytest.mark.parametrize("start", ["", "---\n", "# a comment\n", "\ufeff"])
@pytest.mark.parametrize(
    ("item", "indent"), [("-\n  request:", "  "), ("- request:", "  "), ("-   'request':", "    ")]
)
def test_what_a_list_may_start_with(items, start, item, indent):
    call = f"\n{indent}  method: GET\n{indent}  url: http://h/a\n"

    [read] = items(f"{start}{item}{call}{indent}response: {{status: 404}}\n")

    assert (read.status, read.url) == (404, "http://h/a")
