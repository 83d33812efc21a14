"""What counts as a request's credential, where it is found, and how it is taken out."""

from __future__ import annotations

import base64
import html
import json
import time
from urllib.parse import quote, quote_plus

import pytest

from pytest_apierrors.credentials import secrets_in_url, secrets_of
from pytest_apierrors.redact import scrub, scrub_json
from pytest_apierrors.response import Response

SECRET = 'Zq7wB/e"r &K+ö9=='


@pytest.mark.parametrize(
    ("value", "secret"),
    [
        ("Bearer abc/def+1", "abc/def+1"),
        ("Application 0000-fake:c2lnbmF0dXJl==", "c2lnbmF0dXJl"),
        ("Custom abcdef", "abcdef"),
        ('Digest username="bob", response="0a1b2c3d"', "0a1b2c3d"),
        ('Hawk id="x1", mac="mac/value="', "mac/value="),
        ("AWS4-HMAC-SHA256 Credential=AK/x, Signature=fe5f80", "fe5f80"),
        ("just-the-key", "just-the-key"),
        (f"Basic {base64.b64encode(b'bob:p&ssword').decode()}", "p&ssword"),
        (f"Basic {base64.b64encode(b'bob:p&ssword').decode()}", "bob:p&ssword"),
    ],
)
def test_what_an_authorization_header_proves_with(value, secret):
    assert secret in secrets_of([("authorization", value)], None)


@pytest.mark.parametrize(
    ("user", "password", "is_key"),
    [
        ("AC0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef", False),
        ("a1B2c3D4e5F6g7H8i9J0", "", True),
        ("a1B2c3D4e5F6g7H8i9J0", "x", True),
        ("somebody", "x", False),
    ],
)
def test_a_user_is_a_credential_only_where_it_is_the_key(user, password, is_key):
    coded = base64.b64encode(f"{user}:{password}".encode()).decode()

    assert (user in secrets_of([("Authorization", f"Basic {coded}")], None)) is is_key


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("https://h.test/token/a1b2c3d4e5", "a1b2c3d4e5"),
        ("https://h.test/session/a1b2c3d4%2Fe5/x", "a1b2c3d4/e5"),
        (f"https://h.test/bot123456789:{'AAbb1' * 7}/send", "AAbb1" * 7),
        (f"https://h.test/v1/sk_{'live'}_a1B2c3D4e5F6g7H8/x", f"sk_{'live'}_a1B2c3D4e5F6g7H8"),
        ("https://h.test/a;token=s3cr3t/b", "s3cr3t"),
    ],
)
def test_credentials_in_a_path(url, secret):
    assert secret in secrets_in_url(url)


def test_what_only_identifies_stays_in_a_path():
    url = "https://h.test/v1/calls/a1b2c3d4-0000-4000-8000-123456789abc/tokens/count?page=12345678"

    assert secrets_in_url(url) == frozenset()


MULTIPART = (
    "--x\r\nContent-Disposition: form-data; name=client_secret\r\nContent-Type: text/plain\r\n"
    "\r\ns3cr3t\r\n--x--\r\n"
)


@pytest.mark.parametrize(
    "body",
    [
        '{"a": [{"client_secret": "s3cr3t"}]}',
        '{"password": {"any": ["s3cr3t"]}}',
        b"grant_type=password&password=s3cr3t",
        MULTIPART,
        "<login><password>s3cr3t</password></login>",
        {"api_key": "s3cr3t"},
    ],
)
def test_credentials_in_a_body(body):
    assert secrets_of([], None, body) == {"s3cr3t"}


@pytest.mark.parametrize(
    "body",
    [None, b"", b"\xff\x00", "{", "[" * 100_000, '{"text": "s3cr3t"}', "a=s3cr3t", 7, {"pin": 1}],
)
def test_other_bodies_hold_none(body):
    assert secrets_of([], None, body) == frozenset()


@pytest.mark.parametrize("piece", ["name=", 'name="a"\r\n', "<a>", "token=", "&", "a:\r\n", "{"])
def test_hostile_bodies_and_urls_take_linear_time(piece):
    text = piece * (2**18 // len(piece))

    start = time.process_time()
    secrets_of([("Authorization", text)], text, text)

    assert time.process_time() - start < 10


@pytest.mark.parametrize("char", ["\\", "/", "&", "%", '"'])
def test_hostile_texts_are_scrubbed_in_linear_time(char):
    start = time.process_time()
    scrub(f"abcdef{char * 2**18}", {f"{char}abcdef{char}", f"{char * 6}abcdef"})

    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    "spell",
    [
        str,
        quote,
        quote_plus,
        lambda text: quote(text, safe="").lower().replace(SECRET[:5].lower(), SECRET[:5]),
        lambda text: quote(quote(text)),
        lambda text: json.dumps(text)[1:-1],
        lambda text: json.dumps(json.dumps(text))[3:-3],
        lambda text: json.dumps(text)[1:-1].replace("/", "\\/").replace("&", "\\u0026"),
        html.escape,
        lambda text: text.replace("&", "&#x26;").replace('"', "&#034;"),
        lambda text: repr(text.encode())[2:-1],
        lambda text: html.escape(json.dumps(text)[1:-1]),
    ],
)
def test_a_secret_is_taken_out_in_any_spelling(spell):
    secret = SECRET.replace("K", "7")  # nothing that lower case changes
    echoed = spell(secret)

    assert scrub(f"<{echoed}>", {secret}) == "<[redacted]>"


def test_a_json_value_is_scrubbed_in_names_texts_and_numbers():
    value = {"a": [f"x{SECRET}y", 1234567, 1.5, None, True], SECRET: {"b": ("harmless", 12345678)}}

    assert scrub_json(value, {SECRET, "1234567"}) == {
        "a": ["x[redacted]y", "[redacted]", 1.5, None, True],
        "[redacted]": {"b": ["harmless", "[redacted]"]},
    }
    assert scrub_json({"n": 10**5000}, {"1234567"}) == {"n": 10**5000}


@pytest.mark.parametrize("word", ["abc12", "password", "Unauthorized", "message"])
def test_what_is_short_or_a_common_word_is_not_taken_out(word):
    coded = base64.b64encode(f"bob:{word}".encode()).decode()

    found = secrets_of([("Authorization", f"Basic {coded}"), ("X-Api-Key", word)], None)

    assert word not in found
    assert f"bob:{word}" in found
    assert scrub(f"the {word} is wrong", {word}) == f"the {word} is wrong"


def test_a_response_knows_its_credentials():
    asked = []

    def secrets():
        asked.append(1)
        return frozenset({"from-header"})

    response = Response(401, b"from-header", url="https://h.test/?token=from-url", secrets=secrets)
    assert asked == []

    assert response.scrubbed("from-header from-url") == "[redacted] [redacted]"
    assert response.cleaned({"from-url": 1}) == {"[redacted]": 1}
    assert "from-header" not in repr(response)
    assert "from-url" not in repr(response)
    assert Response(401, url="https://u:from-url@h.test").scrubbed("from-url") == "[redacted]"
    assert response == Response(401, b"from-header", url=response.url)
