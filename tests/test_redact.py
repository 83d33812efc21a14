"""Secrets in a text: known by the name before them or by their shape, and nothing else is."""

from __future__ import annotations

import json

import pytest
from known_secrets import HEX, SECRET_NAMES, SHAPES

from pytest_apierrors.redact import (
    PLACEHOLDER,
    redact_headers,
    redact_json,
    redact_text,
    redact_url,
)
from pytest_apierrors.secret_names import is_secret

HARMLESS_NAMES = """
    author authority authors authenticate authenticated WWW-Authenticate keyword keywords monkey
    turkey keyboard primary_key foreign_key keys tokenizer tokenize pinned pinning spin opinion
    assigned assignee design designed signed sign cosign cookiecutter secretary passenger bypass
    passed compass session_count token_type tokenType token_expires password_policy max_tokens
    total_tokens x-ratelimit-remaining-tokens sidebar inside side message status request_id
    idempotency_key public_key otpauth_url authorization_url bearing id code_name sigma
    pageToken next_page_token NextToken continuation-token syncToken pagetoken next.token
""".split()  # noqa: SIM905 # as above


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_a_value_under_a_secret_name_vanishes_everywhere(name):
    secret = "hunter2-Zx9"

    assert redact_json({name: secret}) == {name: PLACEHOLDER}
    assert redact_json([{"a": {name: [secret, 123456]}}]) == [
        {"a": {name: [PLACEHOLDER, PLACEHOLDER]}}
    ]
    assert secret not in str(redact_headers([(name, secret)]))
    assert secret not in redact_url(f"https://h.test/p?a=1&{name}={secret}&b=2#x=1&{name}={secret}")
    assert secret not in redact_text(f"{name}={secret}")
    assert secret not in redact_text(json.dumps({"x": 1, name: secret}))
    assert secret not in redact_text(json.dumps(json.dumps(json.dumps({name: secret}))))
    assert secret not in redact_text(f"refused: {name}: {secret}, sorry")


@pytest.mark.parametrize("name", HARMLESS_NAMES)
def test_a_value_under_a_harmless_name_stays(name):
    assert not is_secret(name, "hunter2")
    assert redact_json({name: "hunter2", "n": [{name: 5}]}) == {name: "hunter2", "n": [{name: 5}]}
    assert redact_headers([(name, "hunter2")]) == [(name, "hunter2")]
    assert redact_url(f"https://h.test/?{name}=hunter2") == f"https://h.test/?{name}=hunter2"
    assert (
        redact_text(f'{name}=hunter2 "{name}": "hunter2"') == f'{name}=hunter2 "{name}": "hunter2"'
    )


@pytest.mark.parametrize("secret", SHAPES.values(), ids=SHAPES)
def test_a_secret_is_known_by_its_shape(secret):
    for text in (secret, f"the thing {secret} is invalid", f'{{"x": "{secret}"}}', f"a={secret}&b"):
        assert secret not in redact_text(text)
        assert HEX not in redact_text(text)
    assert redact_json({"message": [f"got {secret}", 1]}) == {
        "message": [redact_text(f"got {secret}"), 1]
    }
    assert secret not in str(redact_headers([("X-Anything", secret), ("Link", f"<{secret}>")]))
    assert secret not in str(redact_json({secret: 1}))


@pytest.mark.parametrize("secret", SHAPES.values(), ids=SHAPES)
def test_a_shape_alone_in_a_text_is_seen(secret):
    assert redact_text(secret).strip() == PLACEHOLDER


@pytest.mark.parametrize("name", ["jwt", "stripe", "github", "slack", "aws", "twilio"])
@pytest.mark.parametrize("glue", [r"\n", r"\t", r"\u0022", "%20", "%3D", '"', "=", ":", "/"])
def test_a_shape_glued_to_an_escape_is_seen(name, glue):
    assert SHAPES[name] not in redact_text(f"x{glue}{SHAPES[name]}")


def test_a_key_inside_a_message():
    message = "The API key sk_" + "live_abc is invalid, see the docs"

    assert redact_text(message) == "The API key [redacted] is invalid, see the docs"


@pytest.mark.parametrize(
    "text",
    [
        "The API key Zx81Qw99Er77Ty66 is invalid",
        "Zx81Qw99Er77Ty66 is not a valid access token",
        "unknown credential 'Zx81Qw99Er77Ty66'",
        "token (Zx81Qw99Er77Ty66) expired",
        "token = Zx81Qw99Er77Ty66",
        "Authorization: Bearer Zx81Qw99Er77Ty66",
        "authorization=Bearer Zx81Qw99Er77Ty66",
        "got Bearer Zx81Qw99Er77Ty66",
        "got basic Zx81Qw99Er77Ty66==",
        'Authorization: Digest username="x", response="Zx81Qw99Er77Ty66"',
        "curl -H 'Cookie: a=1; theme=Zx81Qw99Er77Ty66' http://h",
        "Set-Cookie: a=Zx81Qw99Er77Ty66; Path=/; HttpOnly",
        "https://user:Zx81Qw99Er77Ty66@h.test/x",
        "at https://Zx81Qw99Er77Ty66@h.test",
        "https://h.test/cb?code=Zx81Qw99Er77Ty66",
        "https://h.test/?key=Zx81Qw99Er77Ty66",
        "<Error><ApiKey>Zx81Qw99Er77Ty66</ApiKey></Error>",
        '<x password="Zx81Qw99Er77Ty66"/>',
        "{'password': 'Zx81Qw99Er77Ty66'}",
        '{"password": "a\\"Zx81Qw99Er77Ty66"}',
        '{"password": "a, b Zx81Qw99Er77Ty66"}',
        '{"credentials": {"user": "x", "list": ["}", "Zx81Qw99Er77Ty66"]}}',
        '{"password": "Zx81Qw99Er77Ty66',
        'password => "Zx81Qw99Er77Ty66"',
        "user[password]=Zx81Qw99Er77Ty66&x=1",
        r"a\npassword=Zx81Qw99Er77Ty66",
        r"a\napi_key=Zx81Qw99Er77Ty66",
        "Your PIN is Zx81Qw99Er77Ty66.",
        "password=[redacted]Zx81Qw99Er77Ty66",
        "jsessionid=Zx81Qw99Er77Ty66",
        f"key=a1{'b' * 300}Zx81Qw99Er77Ty66",
    ],
)
def test_a_secret_in_a_text_vanishes(text):
    assert "Zx81Qw99Er77Ty66" not in redact_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Invalid token: expired",
        "The access token is invalid",
        "Your PIN is wrong",
        "password must have 8 characters",
        "Basic authentication is required, Bearer tokens are not accepted",
        'Bearer realm="api", error="invalid_token", error_description="The token expired"',
        'Bearer authorization_uri="https://login.test/common/oauth2"',
        "request id 550e8400-e29b-41d4-a716-446655440000",
        "Invalid token. Request ID: 550e8400-e29b-41d4-a716-446655440000",
        "call to +46700000000 failed at 2026-10-01T12:30:45Z",
        "https://h.test/v1/numbers?code=SE&key=name&page=2",
        "https://voice.api.test/callouts/verify2fa",
        "mail bob@example.test or see https://h.test/a@b",
        "the author of monkey.design assigned a keyword",
        "Vary: Authorization, Cookie",
        '{"errorCode": 40101, "message": "Not signed, the signature header is missing"}',
        '{"token": null, "password": "", "session": false}',
        "prompt_tokens=12",
        "the request 550e8400-e29b-41d4-a716-446655440000 had no token",
        "sk-learn and pk_user_id",
    ],
)
def test_a_harmless_text_stays(text):
    assert redact_text(text) == text


def test_redacted_texts_stay_readable():
    assert redact_text("password=hunter2, then") == "password=[redacted], then"
    assert redact_text("a: b\npassword: hunter") == "a: b\npassword: [redacted]"
    assert redact_text("<Pin>1234</Pin><a>1</a>") == "<Pin>[redacted]</Pin><a>1</a>"
    assert redact_text("(token=a1b2c3)") == "(token=[redacted])"
    assert redact_text('{"api_key": "x", "a": 1}') == '{"api_key": "[redacted]", "a": 1}'
    assert redact_text(r'"{\"pin\": \"1\", \"a\": 1}"') == r'"{\"pin\": \"[redacted]\", \"a\": 1}"'
    assert redact_text("https://u:p@h/x") == "https://[redacted]@h/x"
    assert redact_text("Authorization: Bearer abc") == "Authorization: [redacted]"
