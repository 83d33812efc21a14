"""Files of the recorder of `responses`, which keeps texts and not bytes."""

from __future__ import annotations

import json

import pytest

from pytest_apierrors.recordings import recognise
from pytest_apierrors.recordings.fields import CHARSET_UNKNOWN, REPLACED
from pytest_apierrors.recordings.recorded_responses import INVENTED


def recorded(body, media="application/json", headers="{Retry-After: '7'}"):
    return (
        "responses:\n- response:\n    auto_calculate_content_length: false\n"
        f"    body: {json.dumps(body)}\n"
        + (f"    content_type: {media}\n" if media else "")
        + (f"    headers: {headers}\n" if headers else "")
        + "    method: POST\n    status: 429\n    url: https://h/a?token=query-t0ken\n"
    )


def test_an_exchange(items, tmp_path):
    content = recorded('{"a": 1}')
    assert recognise(content.encode(), tmp_path).name == "responses"

    [read] = items(content)

    assert (read.status, read.method, read.url) == (429, "POST", "https://h/a?token=query-t0ken")
    assert (read.body, read.altered, read.origin.line) == (b'{"a": 1}', None, 2)
    assert read.headers.pairs == (("Retry-After", "7"), ("Content-Type", "application/json"))
    assert "query-t0ken" in read.credentials()


@pytest.mark.parametrize(
    ("text", "media", "body", "altered"),
    [
        ("é", "application/json", "é".encode(), None),
        ("é", "text/html; charset=utf-8", "é".encode(), None),
        ("é", 'text/html; charset="iso-8859-1"', b"\xe9", None),
        ("é", "text/html", b"\xe9", None),  # so requests decodes text without a charset
        ("Ã©", "text/html", "é".encode(), None),
        ("\u20ac", "text/html", "\u20ac".encode(), None),
        ("\ufffd", "application/octet-stream", "\ufffd".encode(), REPLACED),
        ("é", "text/html; charset=punycode", "é".encode(), CHARSET_UNKNOWN),
        ("x", None, b"x", None),
        ("", "application/json", b"", None),
        ("\0", "application/octet-stream", b"\0", None),
    ],
)
def test_bodies(items, text, media, body, altered):
    [read] = items(recorded(text, media))

    assert (read.body, read.altered, read.lost) == (body, altered, altered is not None)


@pytest.mark.parametrize(
    ("text", "body", "altered"),
    [
        ('{"a": 1}', b'{"a": 1}', INVENTED),
        ("Ã©", "é".encode(), INVENTED),
        ("é", "é".encode(), CHARSET_UNKNOWN),
    ],
)
def test_a_type_that_may_be_invented_breaks_no_rule(items, text, body, altered):
    """Where a response had no type, `responses` says text/plain."""
    [read] = items(recorded(text, "text/plain"))

    assert read.headers is None
    assert (read.body, read.altered, read.lost) == (body, altered, altered == CHARSET_UNKNOWN)


def test_without_a_body_the_type_does_not_matter(items):
    [read] = items(recorded("", "text/plain"))

    assert read.headers.pairs == (("Retry-After", "7"),)


def test_headers_that_were_kept_by_request(items):
    [read] = items(recorded("x", "text/html", "{content-type: text/html, Date: today}"))

    assert read.headers.pairs == (("content-type", "text/html"), ("Date", "today"))


@pytest.mark.parametrize(
    "content",
    [
        '[[responses]]\n\n[responses.response]\nstatus = 404\nurl = "http://h"\nbody = "x"\n',
        '[[responses]]\n  [responses.response]\n  status = 404\n  url = "http://h"\n  body = "x"\n',
        'responses = [\n    { response = { status = 404, url = "http://h", body = "x" } },\n]\n',
    ],
)
def test_toml(items, tmp_path, content):
    assert recognise(content.encode(), tmp_path).name == "responses"

    [read] = items(content)

    assert (read.status, read.url, read.body, read.headers.pairs) == (404, "http://h", b"x", ())
    assert (read.method, read.origin.line) == (None, 1)


@pytest.mark.parametrize(
    "content",
    [b"openapi: 3.1.0\npaths:\n  /a:\n    responses:\n    - response: x\n", b"responses: {}\n"],
)
def test_other_files_have_responses_too(tmp_path, content):
    reader = recognise(content, tmp_path)

    assert reader is None or reader.name != "responses"
