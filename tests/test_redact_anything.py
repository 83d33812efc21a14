"""Redaction of whatever comes: it never fails, once is enough, and it takes linear time."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from known_secrets import SECRET_NAMES

from pytest_apierrors.redact import (
    PLACEHOLDER,
    redact_headers,
    redact_json,
    redact_text,
    redact_url,
    scrub,
    secrets_of,
)

PIECES = st.sampled_from(
    [
        *(
            "token",
            "password",
            "key",
            "api_key",
            "Authorization",
            "Cookie",
            "Bearer",
            "pin",
            "code",
        ),
        *(
            "=",
            ":",
            ": ",
            '"',
            '\\"',
            "'",
            "\\",
            " ",
            "\n",
            ",",
            "&",
            "?",
            "#",
            "@",
            "//",
            "://",
            "%20",
        ),
        *(
            "{",
            "}",
            "[",
            "]",
            "<",
            ">",
            "</",
            "-",
            "is",
            PLACEHOLDER,
            "Zx81Qw99Er77Ty66",
            "abc",
            "1",
        ),
        *("sk_" + "live_abc", "eyJ", "a.b", "-----BEGIN A KEY-----", "-----END A KEY-----"),
    ]
)
TEXTS = st.text() | st.lists(PIECES, max_size=30).map("".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
)


@settings(deadline=None)
@given(TEXTS)
@example("Token<000000000000A0aA:000000000000000A")  # what goes first brings the rest near
def test_texts_and_urls_never_fail_and_are_redacted_once(text):
    for redact in (redact_text, redact_url):
        once = redact(text)
        assert redact(once) == once


@settings(deadline=None, max_examples=50)
@given(JSON)
def test_json_never_fails_and_is_redacted_once(value):
    once = redact_json(value)

    assert json.dumps(redact_json(once)) == json.dumps(once)


@settings(deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS)), TEXTS)
@example([("Token", "00000%")], "")  # coded, it looks like a coded one itself
def test_requests_never_fail(pairs, url):
    once = redact_headers(pairs)

    assert redact_headers(once) == once
    assert not {secret for secret in secrets_of(pairs, url) if secret in scrub(secret, {secret})}


@settings(deadline=None)
@given(st.text("abcXYZ019-_.~", min_size=8), st.sampled_from(SECRET_NAMES), TEXTS)
def test_a_secret_vanishes_whatever_stands_before_it(secret, name, before):
    text = f"{before}\n{json.dumps({name: f'Q{secret}Q'})}"

    assert f"Q{secret}Q" not in redact_text(text)


SIZE = 2**17
HOSTILE = [
    *("a", "a ", "token", "token ", "token=", 'token="', "token:'", 'key:\\"', "key=[", "pin:{"),
    *("\\", "\\'", '\\"', '"', "'", "eyJ", "%20eyJ", "-----BEGIN A-----", "sk_live_", "://", "//"),
    *("://a@", "<a ", "<a>", "<token>", "Bearer ", "Bearer", "Authorization: ", "'Cookie:"),
    *("\nAuthorization:", "A", "aA", "a1B2c3D4e5F6g7H8 ", "a.b-c", "&token=a1", "&a=b", "%"),
    *("password is ", "a:", "a: ", "key: 'x ", "SG.aaaaaaaaaaaaaaaa.", ".", "xoxb-", "[redacted]"),
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_texts_are_redacted_in_linear_time(piece):
    text = piece * (SIZE // len(piece))

    start = time.process_time()
    redact_text(text)
    redact_url("https://h/?" + text)
    redact_headers([("X-A", text)])
    secrets_of([("Cookie", text), ("Authorization", text)], text)

    assert time.process_time() - start < 10


def test_planted_names_of_random_length_stay_linear():
    body = json.dumps([{"id": n, "name": f"user {n}", "token": f"t{n}"} for n in range(20_000)])

    start = time.process_time()
    shown = redact_text(body)

    assert time.process_time() - start < 10
    assert '"t1' not in shown
