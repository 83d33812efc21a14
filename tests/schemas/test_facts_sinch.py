"""What the pages of Sinch say, and where other sources contradict them."""

from __future__ import annotations

from collections import Counter

import jsonschema
import pytest
from facts import claimed as claims
from facts import codes, on_page, read, secondary, validator

PRINTED_TABLE = """
40001 | 400 ParameterValidation | 40001 | Method needs to be `ttsCallout`, `conferenceCallout`, \
or `customCallout`
40002 | 400 MissingParameter | 40002 | Bad request; method is missing a parameter
40003 | 400 InvalidRequest | 40003 | Request data missing
40004 | 400 InvalidAuthorizationKey | 40002 | Invalid authorization key
40005 | 400 NumberMissingLeadingPlus | 40002 | Phone number missing leading plus sign
40100 | 401 AuthorizationHeader | 40100 | Authorization header missing, illegal or invalid
40101 | 401 TimestampHeader | 40101 | X-Timestamp request header invalid or missing
40102 | 401 MissingParameter | 40102 | Request has invalid signature
40103 | 401 AlreadyAuthorized | 40103 | User is already authorized
40104 | 401 MissingParameter | 40104 | The request was not authorized and signed with the \
application secret
40105 | 401 Expired | 40105 | The request for authorization has expired
40107 | 401 InvalidAuthorization | 40107 | Wrong type of auth used or invalid password or key
40108 | 401 InvalidCredentials | 40108 | Credentials provided are invalid
40200 | 402 PaymentRequired | 40200 | Not enough credit
40300 | 403 ForbiddenRequest | 40300 | Resource destination is forbidden
40301 | 403 InvalidScheme | 40301 | Invalid authorization scheme
40302 | 401 InsufficientPrivileges | 40302 | Privileges are insufficient to access the resource
40303 | 401 RestrictedAction | 40303 | Requested action is restricted
40400 | 404 ResourceNotFound | 40400 | Requested resource not found
40900 | 409 RequestConflict | 40900 | The request could not be completed due to a conflict with \
the current resource
42200 | 401 InvalidCredentials | 40108 | Credentials provided are invalid
42201 | 401 InvalidCredentials | 40108 | Credentials provided are invalid
42202 | 401 InvalidCredentials | 40108 | Credentials provided are invalid
42900 | 429 CapacityExceeded | 42900 | The number of requests has exceeded capacity
42901 | 429 VelocityConstraint | 42901 | The number of requests has exceeded velocity constraint
50000 | 500 InternalError | 50000 | General error; try submitting request again
50300 | 503 TemporaryDown | 50500 | Service temporarily unavailable
50301 | 503 ConfigurationError | 50301 | Server configuration error; try submitting request again
"""
SINCH_PRINTED = {
    key: (status, int(code), message)
    for key, status, code, message in (row.split(" | ") for row in PRINTED_TABLE.split("\n")[1:-1])
}
"""Each heading of the page, and the three members of the body printed under it."""
COPIED = ("42200", "42201", "42202")
SINCH_NAMES = {
    "40002": "MissingParameter",
    "40102": "InvalidSignature",
    "40104": "AuthorizationRequired",
    "40106": "UserBarred",
    "40200": "NotEnoughCredit",
    "42200": "ApplicationConfiguration",
    "42201": "Unavailable",
    "42202": "InvalidCallbackResponse",
    "50100": "MethodNotImplemented",
    "50101": "StatusNotImplemented",
}
REVISION_0_TABLE = """\
40001:12 40002:4 40003:4 40100:2 40101:1 40102:1 40108:1 40200:3 40300:3 40301:2 40303:2 \
40400:6 42200:1 50000:6 50300:2"""
REVISION_0_ROWS = {row[:5]: int(row[6:]) for row in REVISION_0_TABLE.split()}


@pytest.fixture(scope="module")
def sinch():
    return read("sinch")


def test_sinch_has_every_code_and_status_of_its_page(sinch):
    statuses = [key for key in sinch["errors"] if key.startswith("status-")]

    assert list(on_page(sinch, "voice-a"))[:28] == list(SINCH_PRINTED)
    assert statuses == [
        f"status-{one}" for one in ("2xx", 400, 401, 402, 403, 404, 409, 420, 429, 500, 503)
    ]
    assert len(statuses) == 11
    assert sinch["errors"]["status-2xx"]["role"] == "success"
    assert all(sinch["errors"][one]["code"] is None for one in statuses)


def test_sinch_files_every_code_under_the_status_of_its_section(sinch):
    for key, entry in codes(sinch).items():
        section = 420 if key in COPIED else int(key[:3])
        assert entry["status"] == [section], key


@pytest.mark.parametrize("key", SINCH_PRINTED)
def test_sinch_keeps_each_printed_body(sinch, key):
    entry = sinch["errors"][key]
    status, code, message = SINCH_PRINTED[key]
    body = {"status": status, "errorCode": code, "message": message}

    if key in COPIED:
        assert claims(entry, "example", "rejected") == [body]
        assert claims(entry, "code", "rejected") == ["40108"]
    else:
        assert entry["example"]["kind"] == "printed"
        assert entry["example"]["body"] == body
        assert entry["message"] == {"text": message, "match": "example"}


def test_sinch_examples_of_the_copied_codes_are_not_the_copy(sinch):
    assert sinch["errors"]["42200"]["example"] == {
        "kind": "composed",
        "body": {
            "errorCode": 42200,
            "message": "Accounting not set up for this organization.",
        },
    }
    for key in ("42201", "42202"):
        assert sinch["errors"][key]["example"] is None
        assert "message" not in sinch["errors"][key]
        assert sinch["errors"][key]["no_example"]


def test_sinch_accepts_printed_codes_and_statuses_that_contradict_the_heading(sinch):
    errors = sinch["errors"]
    other_codes = {k: claims(one, "code") for k, one in errors.items() if claims(one, "code")}
    other = {k: claims(one, "status") for k, one in errors.items() if claims(one, "status")}

    assert other_codes == {"40004": ["40002"], "40005": ["40002"], "50300": ["50500"]}
    assert other == {
        **{key: [401] for key in ("40302", "40303")},
        **{key: [422] for key in (*COPIED, "status-420")},
    }
    named = {k for k, one in errors.items() if (one["example"] or {}).get("status")}
    assert named == {"40302", "40303"}


def test_sinch_names_come_from_the_enum_where_the_page_copied_one(sinch):
    names = {key: one["name"] for key, one in codes(sinch).items()}

    for key, (status, _, _) in SINCH_PRINTED.items():
        assert names[key] == SINCH_NAMES.get(key, status[4:])
    assert {k: names[k] for k in SINCH_NAMES} == SINCH_NAMES
    assert claims(sinch["errors"]["40102"], "name") == ["MissingParameter"]
    assert claims(sinch["errors"]["40104"], "name") == ["MissingParameter"]
    assert "PaymentRequired" in claims(sinch["errors"]["40200"], "name")


def test_sinch_knows_three_codes_from_the_enum_only(sinch):
    found = {key for key, one in sinch["errors"].items() if secondary(sinch, one)}

    assert found == {"40106", "50100", "50101"}
    assert all(sinch["errors"][key]["example"] is None for key in found)


def test_sinch_keeps_every_row_of_revision_0(sinch):
    revision_0 = [k for k, one in sinch["sources"].items() if k.startswith("voice-0")]
    rows = Counter(
        key
        for key, entry in sinch["errors"].items()
        for one in entry.get("claims", ())
        if one["fact"] == "message" and one["source"] in revision_0
    )

    assert rows == REVISION_0_ROWS
    assert sum(rows.values()) == 50
    assert "Invalid number group: {GROUP_ID}" in claims(sinch, "message")
    assert "Invalid Application Key" in claims(sinch["errors"]["40003"], "message")
    assert {"Bad request", "Missing parameter"} <= set(claims(sinch["errors"]["40002"], "message"))
    assert "400 BadRequest" in claims(sinch["errors"]["40002"], "name")


@pytest.mark.parametrize(
    ("key", "source", "fact", "value"),
    [
        ("40001", "voice-b", "message", "Invalid parameters: {result.Message}"),
        ("40001", "verification-v1", "message", "Supplied SMS code invalid format"),
        ("40001", "verification-v2", "message", "Number +4813 is invalid. Too short."),
        ("40002", "voice-b", "message", "Bad request: {result.Message}"),
        ("40002", "voice-b", "message", "Bad request: TTS callout information missing"),
        ("40002", "verification-v1", "message", "Endpoint parameter is missing."),
        ("40002", "verification-v3", "removed", True),
        ("40003", "voice-b", "removed", True),
        ("40004", "voice-b", "message", "Bad request: Application key is invalid"),
        ("40004", "voice-b", "example-code", "40004"),
        ("40400", "voice-b", "message", "Call not found"),
        ("40400", "voice-b", "status-text", "404 Not Found"),
        ("40400", "sdk-node-voice", "message", "Call not found"),
        ("40400", "sdk-java-verification", "message", "Requested resource was not found."),
    ],
)
def test_sinch_keeps_what_other_revisions_and_sdks_say(sinch, key, source, fact, value):
    found = [
        (one["source"], one["fact"], one["value"])
        for one in sinch["errors"][key]["claims"]
        if one.get("state", "live") == "live"
    ]

    assert (source, fact, value) in found


def test_sinch_says_later_for_500_and_503_and_nothing_else(sinch):
    found = {key: one["retry"]["advice"] for key, one in sinch["errors"].items() if "retry" in one}

    assert set(found) == {"50000", "50300", "50301", "status-500", "status-503"}
    assert set(found.values()) == {"later"}


@pytest.mark.parametrize("code", [40101, "40101"])
def test_sinch_voice_takes_the_code_as_integer_and_as_string(sinch, code):
    valid = validator(sinch["envelopes"]["voice"]).is_valid
    body = {"status": "401 x", "errorCode": code, "message": "x", "reference": "x"}

    assert valid(body)
    assert valid({"errorCode": code, "message": "x"})
    assert not valid({"errorCode": code})
    assert not valid({"message": "x"})
    assert not valid({**body, "extra": 1})
    assert not any(valid({**body, field: 1}) for field in ("status", "message", "reference"))


@pytest.mark.parametrize("code", [4010, 401010, "4010", "40101 ", "abcde", 40101.5, None, True, []])
def test_sinch_voice_refuses_codes_that_have_not_five_digits(sinch, code):
    assert not validator(sinch["envelopes"]["voice"]).is_valid({"errorCode": code, "message": "x"})


def resolves(body, pointer, types):
    for part in pointer.split("/")[1:]:
        if not isinstance(body, dict) or part not in body:
            return types == "absent"
        body = body[part]
    return types != "absent" and jsonschema.Draft202012Validator({"type": types}).is_valid(body)


def recognised(catalog, body):
    """Name the envelopes that a body is in, the most specific one first."""
    found = [
        (-len(envelope["identify"]), name)
        for name, envelope in catalog["envelopes"].items()
        if all(resolves(body, pointer, types) for pointer, types in envelope["identify"].items())
    ]
    return [name for _, name in sorted(found)]


VOICE = {"status": "404 x", "errorCode": 40400, "message": "x"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (VOICE, ["voice"]),
        ({"errorCode": 40400}, ["voice"]),
        ({**VOICE, "error": {"message": "x", "status": "x"}}, ["voice"]),
        ({**VOICE, "code": "x", "text": "x", "type": "x", "title": "x"}, ["voice"]),
        ({"error": VOICE}, []),
        ({"data": VOICE}, []),
        ({"errorCode": "x", "message": "x", "resolution": "x"}, ["provisioning", "voice"]),
        (
            {"error": {"code": 404, "message": "x", "status": "NOT_FOUND", "details": []}},
            ["nested"],
        ),
        ({"error": {"message": "x", "status": "x"}}, ["nested"]),
        ({"code": "x", "text": "x"}, ["sms"]),
        ({"code": 404, "text": "x", "status": "x"}, ["sms"]),
        ({"error": "x", "field_errors": []}, ["rcs"]),
        ({"ref_id": "x", "error": "x", "error_code": 1, "field_errors": []}, ["rcs"]),
        (
            {"type": "x", "title": "x", "status": 400, "traceId": "x"},
            ["number-lookup", "problem-details"],
        ),
        ({"type": "x", "title": "x", "detail": "x"}, ["problem-details"]),
        ({"code": "404", "error": "x"}, ["porting"]),
    ],
)
def test_sinch_tells_the_envelopes_of_its_products_apart(sinch, body, expected):
    assert recognised(sinch, body) == expected
    if expected:
        assert validator(sinch["envelopes"][expected[0]]).is_valid(body) or "errorCode" in body


def test_sinch_reads_a_code_in_the_voice_envelope_only(sinch):
    with_code = [name for name, one in sinch["envelopes"].items() if one["code"] is not None]

    assert with_code == ["voice"]


def test_sinch_categories_follow_the_status(sinch):
    wanted = {
        400: "invalid_argument",
        401: "unauthenticated",
        402: "failed_precondition",
        403: "permission_denied",
        404: "not_found",
        409: "aborted",
        420: "invalid_argument",
        429: "resource_exhausted",
        500: "internal",
        501: "unimplemented",
        503: "unavailable",
    }

    for key, entry in sinch["errors"].items():
        assert entry.get("category", {}).get("value") == wanted.get(entry["status"][0]), key


def test_sinch_keeps_the_names_of_revision_0(sinch):
    found = Counter(
        key
        for key, entry in codes(sinch).items()
        for one in entry.get("claims", ())
        if one["fact"] == "name" and one["source"].startswith("voice-0")
    )

    assert found == {
        **dict.fromkeys(("40001", "40002", "40200", "40300"), 2),
        **dict.fromkeys(("40003", "40301", "40400", "42200", "50000", "50300"), 1),
    }
