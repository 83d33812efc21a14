"""
What the stand-in for two providers answers: documented errors, drifted ones, intermediaries.

Each answer belongs to one call of a real client and becomes one cassette of that name.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from neutrino_api.neutrino_api_client import NeutrinoAPIClient
    from sinch import SinchClient

TO = {"type": "number", "endpoint": "+46700000001"}
CALL = "a1b2c3d4"
# Made up. Two answers repeat them, as careless servers do.
SIGNED = "Application 00000000-fake:ZmFrZSBzaWduYXR1cmU="
KEY = "fake-key-0000000000"
JSON = {"Content-Type": "application/json; charset=utf-8"}
HTML = {"Content-Type": "text/html"}
BAD_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
TIMEOUT = b"<html><head><title>504 Gateway Time-out</title></head><body>nginx</body></html>"


@dataclass
class Answer:
    """One response, and the client's call that receives it."""

    name: str
    call: Callable[..., object]
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=lambda: dict(JSON))


def sinch(code: object, status: str, message: object, **more: object) -> bytes:
    """Return a body in the shape of Sinch Voice; what is None is left out."""
    members = {"status": status, "errorCode": code, "message": message, **more}
    return json.dumps({key: value for key, value in members.items() if value is not None}).encode()


def neutrino(code: object, message: str) -> bytes:
    """Return a body in the shape of Neutrino."""
    return json.dumps({"api-error": code, "api-error-msg": message}).encode()


def text_to_speech(client: SinchClient) -> object:
    return client.voice.callouts.text_to_speech(destination=TO, text="Hello")


def conference(client: SinchClient) -> object:
    return client.voice.callouts.conference(destination=TO, conference_id="standup")


def custom_callout(client: SinchClient) -> object:
    return client.voice.callouts.custom(destination=TO, ice="{}")


def get_call(client: SinchClient) -> object:
    return client.voice.calls.get(CALL)


def update_call(client: SinchClient) -> object:
    return client.voice.calls.update(CALL, instructions=[], action={"name": "hangup"})


def get_conference(client: SinchClient) -> object:
    return client.voice.conferences.get("standup")


def kick_all(client: SinchClient) -> object:
    return client.voice.conferences.kick_all("standup")


def get_numbers(client: SinchClient) -> object:
    return client.voice.applications.get_numbers()


def assign_numbers(client: SinchClient) -> object:
    return client.voice.applications.assign_numbers(["+46700000002"])


def query_number(client: SinchClient) -> object:
    return client.voice.applications.query_number("+46700000003")


def get_callback_urls(client: SinchClient) -> object:
    return client.voice.applications.get_callback_urls("00000000-fake")


def ip_info(client: NeutrinoAPIClient) -> object:
    return client.ip_info({"ip": "192.0.2.1"})


def email_verify(client: NeutrinoAPIClient) -> object:
    return client.email_verify({"email": "someone@example.test"})


def phone_validate(client: NeutrinoAPIClient) -> object:
    return client.phone_validate({"number": "+46700000001"})


def ua_lookup(client: NeutrinoAPIClient) -> object:
    return client.ua_lookup({"ua": "curl/8"})


def unknown_endpoint(client: NeutrinoAPIClient) -> object:
    return client.exec_request("GET", "ip-inof", {"ip": "192.0.2.1"})


RATE = "The number of requests has exceeded velocity constraint"
SINCH = [
    Answer("callout_ok", text_to_speech, 200, json.dumps({"callId": CALL}).encode()),
    # Documented.
    Answer(
        "callout_bad_parameter",
        text_to_speech,
        400,
        sinch(40001, "400 ParameterValidation", "Method needs to be `ttsCallout`"),
    ),
    Answer(
        "call_bad_credentials",
        get_call,
        401,
        sinch(40108, "401 InvalidCredentials", "Credentials provided are invalid"),
        JSON | {"WWW-Authenticate": 'Application realm="Voice"'},
    ),
    Answer(
        "callout_no_credit",
        text_to_speech,
        402,
        sinch(40200, "402 PaymentRequired", "Not enough credit"),
    ),
    Answer(
        "custom_no_privileges",
        custom_callout,
        403,
        sinch(40302, "403 InsufficientPrivileges", "Privileges are insufficient"),
    ),
    Answer(
        "conference_not_found",
        get_conference,
        404,
        gzip.compress(
            sinch(40400, "404 ResourceNotFound", "No such conference", reference="r-0001"), mtime=0
        ),
        JSON | {"Content-Encoding": "gzip"},
    ),
    Answer(
        "query_string_code",
        query_number,
        400,
        sinch("40003", "400 InvalidRequest", "Request data missing"),
    ),
    Answer("numbers_rate_limited", get_numbers, 429, sinch(42901, "429 Velocity", RATE)),
    Answer(
        "kick_server_error",
        kick_all,
        500,
        sinch(50000, "500 InternalError", "General error; try submitting request again"),
    ),
    # Documented, but not quite as documented.
    Answer(
        "custom_extra_member",
        custom_callout,
        409,
        sinch(40900, "409 RequestConflict", "A conflict", traceId="t-0001"),
    ),
    Answer(
        "call_no_challenge",
        get_call,
        401,
        sinch(40101, "401 TimestampHeader", "X-Timestamp request header invalid or missing"),
    ),
    # Drifted.
    Answer(
        "call_no_code",
        get_call,
        404,
        sinch(None, "404 ResourceNotFound", "Requested resource not found"),
    ),
    Answer(
        "callout_no_message",
        text_to_speech,
        403,
        sinch(40300, "403 ForbiddenRequest", None),
    ),
    Answer(
        "callout_unknown_code",
        text_to_speech,
        401,
        sinch(40199, "401 Suspended", f"{SIGNED} is suspended"),
        JSON | {"WWW-Authenticate": 'Application realm="Voice"'},
    ),
    Answer(
        "callbacks_429_as_503",
        get_callback_urls,
        503,
        sinch(42901, "503 VelocityConstraint", RATE),
    ),
    Answer(
        "update_error_as_200",
        update_call,
        200,
        sinch(40101, "401 TimestampHeader", "X-Timestamp request header invalid or missing"),
    ),
    Answer(
        "conference_word_code",
        conference,
        400,
        sinch("InvalidRequest", "400 InvalidRequest", "Request data missing"),
    ),
    Answer(
        "numbers_cut_body",
        assign_numbers,
        400,
        sinch(40005, "400 NumberMissingLeadingPlus", "Phone number missing leading plus")[:-12],
    ),
    # Something in front of the API answered.
    Answer("numbers_bad_gateway", get_numbers, 502, BAD_GATEWAY, HTML),
    Answer(
        "call_proxy_limit",
        get_call,
        429,
        b"",
        {"x-envoy-ratelimited": "true", "Server": "envoy"},
    ),
    Answer(
        "conference_overloaded",
        conference,
        503,
        b"upstream connect error or disconnect/reset before headers",
        {"Content-Type": "text/plain", "Server": "envoy"},
    ),
]
NEUTRINO = [
    # Documented.
    Answer("ip_info_bad_parameter", ip_info, 400, neutrino(1, "MISSING OR INVALID PARAMETER")),
    Answer(
        "email_retry_in_7_seconds",
        email_verify,
        400,
        neutrino(5, "NOT RESPONDING. RETRY IN 7 SECONDS"),
    ),
    # Known from the provider's client only.
    Answer(
        "ip_info_bad_key",
        ip_info,
        403,
        neutrino(43, "ACCESS DENIED. USER ID OR API KEY INVALID"),
    ),
    Answer("unknown_endpoint", unknown_endpoint, 400, neutrino(45, "ENDPOINT DOES NOT EXIST")),
    # Drifted.
    Answer(
        "phone_unknown_code",
        phone_validate,
        400,
        neutrino(77, f"{KEY} HAS NO ACCESS TO THIS RANGE"),
    ),
    Answer("ip_info_string_code", ip_info, 400, neutrino("01", "MISSING OR INVALID PARAMETER")),
    Answer("ua_lookup_error_as_200", ua_lookup, 200, neutrino(2, "DAILY API LIMIT EXCEEDED")),
    # Something in front of the API answered.
    Answer("email_gateway_timeout", email_verify, 504, TIMEOUT, HTML),
    Answer("phone_blocked", phone_validate, 403, b"", {"Content-Type": "text/plain"}),
]
