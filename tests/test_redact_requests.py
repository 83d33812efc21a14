"""Secrets in headers, URLs, JSON, and the credentials of a request wherever they come back."""

from __future__ import annotations

import base64

import pytest

from pytest_apierrors.redact import (
    PLACEHOLDER,
    redact_headers,
    redact_json,
    redact_url,
    scrub,
    secrets_of,
)


def test_headers_keep_their_order_names_and_schemes():
    pairs = [
        ("Authorization", "Bearer abc"),
        ("authorization", "secretword without a scheme"),
        ("Set-Cookie", "a=1; Path=/"),
        ("Set-Cookie", "b=2"),
        ("WWW-Authenticate", 'Bearer realm="x"'),
        ("Location", "https://u:p@h.test/?token=x&next=https%3A%2F%2Fv%3Aw%40h"),
        ("Access-Control-Allow-Credentials", "true"),
        ("Retry-After", "7"),
    ]

    assert redact_headers(pairs) == [
        ("Authorization", "Bearer [redacted]"),
        ("authorization", "[redacted]"),
        ("Set-Cookie", "[redacted]"),
        ("Set-Cookie", "[redacted]"),
        ("WWW-Authenticate", 'Bearer realm="x"'),
        ("Location", "https://[redacted]@h.test/?token=[redacted]&next=[redacted]"),
        ("Access-Control-Allow-Credentials", "true"),
        ("Retry-After", "7"),
    ]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://h.test/a?b=1#c", "https://h.test/a?b=1#c"),
        ("https://u@h.test:8080/a", "https://[redacted]@h.test:8080/a"),
        ("//u:p@h.test/a", "//[redacted]@h.test/a"),
        ("https://u:p@ss@h.test", "https://[redacted]@h.test"),
        ("/cb#access_token=x&state=y", "/cb#access_token=[redacted]&state=y"),
        ("/?a%70i_key=x", "/?a%70i_key=[redacted]"),
        ("/?q=sk_" + "live_abc", "/?q=[redacted]"),
        ("/?q=sk%5Flive%5Fabc", "/?q=[redacted]"),
        ("/?a=1;sig=x;b=2", "/?a=1;sig=[redacted];b=2"),
        ("/a;jsessionid=A1B2?x=1", "/a;jsessionid=[redacted]?x=1"),
        ("http://[::1/?token=x", "http://[::1/?token=[redacted]"),
        ("", ""),
        ("/?token", "/?token"),
        ("/?token=", "/?token="),
        ("/?code=40101&key=name", "/?code=40101&key=name"),
    ],
)
def test_urls(url, shown):
    assert redact_url(url) == shown


def test_json_under_a_secret_name_vanishes_whole_but_keeps_its_form():
    value = {
        "credentials": {"user": "bob", "n": [1, "x", "", None, True]},
        "token": 123456,
        "session": {},
        "password": None,
        "total_tokens": 7,
        "prompt_tokens": 7,
        "headers": [{"name": "X-Api-Key", "value": "abc"}, {"name": "Via", "value": "abc"}],
    }

    assert redact_json(value) == {
        "credentials": {"user": PLACEHOLDER, "n": [PLACEHOLDER, PLACEHOLDER, "", None, True]},
        "token": PLACEHOLDER,
        "session": {},
        "password": None,
        "total_tokens": 7,
        "prompt_tokens": 7,
        "headers": [{"name": "X-Api-Key", "value": PLACEHOLDER}, {"name": "Via", "value": "abc"}],
    }


def test_json_of_any_depth_and_size_does_no_harm():
    deep: list[object] = ["sk_" + "live_abc"]
    for _ in range(100_000):
        deep = [deep]

    assert "live" not in str(redact_json(deep))
    assert redact_json({"pin": 10**5000, "n": 10**5000}) == {"pin": PLACEHOLDER, "n": 10**5000}


def basic(user, password):
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def test_a_request_s_credentials_are_known_literally():
    headers = [
        ("Authorization", basic("bob@example.test", "p@ss wörd")),
        ("X-Api-Key", "abcdef"),
        ("Cookie", "theme=darkmode; sid=cookie-value"),
        ("Accept", "application/json"),
        ("X-Short", "abc"),
    ]

    found = secrets_of(
        headers, "https://user:url%20word@h.test/?key=name&sig=a%2Fb%2Fc%2Fd#token=fragment"
    )

    assert {
        "p@ss wörd",
        "p%40ss%20w%C3%B6rd",
        "p%40ss+w%C3%B6rd",
        "abcdef",
        "cookie-value",
    } <= found
    assert {"url%20word", "url word", "a%2Fb%2Fc%2Fd", "a/b/c/d", "fragment"} <= found
    assert base64.b64encode("bob@example.test:p@ss wörd".encode()).decode() in found
    assert found.isdisjoint({"darkmode", "application/json", "bob@example.test", "name", "Basic"})


def test_a_user_without_a_password_is_the_secret():
    assert "my-api-key" in secrets_of([("Authorization", basic("my-api-key", ""))], None)
    assert "my-api-key" in secrets_of([], "https://my-api-key:@h.test/")
    assert "my-api-key" in secrets_of([], "https://my-api-key@h.test")


@pytest.mark.parametrize("value", ["Basic !!", "Basic /w==", "Basic", "Bearer", "", "\ud800" * 9])
def test_odd_credentials_do_no_harm(value):
    secrets_of([("Authorization", value)], f"https://{value}@h/?token={value}")


def test_scrub_removes_literal_values_the_longest_first():
    secrets = {"abcdef", "abcdefghi", "a.c", "redacted"}

    assert (
        scrub("xabcdefghix abcdef a.c [redacted]", secrets)
        == "x[redacted]x [redacted] a.c [redacted]"
    )
    assert scrub("text", frozenset()) == "text"


def test_a_credential_that_comes_back_is_scrubbed():
    secrets = secrets_of([("Authorization", "Bearer ab/cd ef")], None)

    for echoed in ("ab/cd ef", "ab%2Fcd%20ef", "ab%2Fcd+ef", "Bearer ab/cd ef"):
        assert scrub(f"<{echoed}>", secrets) == "<[redacted]>"
