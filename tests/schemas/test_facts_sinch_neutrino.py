"""What the pages of Sinch and Neutrino say, and where other sources contradict them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import jsonschema
import pytest

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
PRIMARY = {"page", "specification"}

NEUTRINO_PAGE = {
    "01": "MISSING OR INVALID PARAMETER",
    "02": "DAILY API LIMIT EXCEEDED",
    "03": "INVALID URL",
    "04": "IP BANNED",
    "05": "NOT RESPONDING. RETRY IN {seconds} SECONDS",
    "06": "TOO MANY CONNECTIONS",
    "07": "ACCOUNT NOT VERIFIED",
    "08": "TELEPHONY NOT ENABLED",
    "10": "ACCESS DENIED",
    "11": "MAXIMUM SIMULTANEOUS PHONE CALLS",
    "12": "COULD NOT LOAD AUDIO DATA URL",
    "13": "HLR LIMIT REACHED",
    "14": "CALLS AND SMS TO THIS NUMBER ARE BLOCKED",
    "15": "CALL IN PROGRESS",
    "17": "RENDERING FAILED",
    "21": "BATCH PROCESSING NOT ENABLED FOR THIS ENDPOINT",
    "22": "BATCH PROCESSING NOT AVAILABLE ON YOUR PLAN",
    "23": "BATCH PROCESSING REQUEST LIMIT EXCEEDED",
    "24": "INVALID BATCH REQUEST. DOES NOT CONFORM TO SPEC",
}
NEUTRINO_CLIENT = {
    "09": "INVALID JSON. JSON CONTENT TYPE SET BUT NON-PARSABLE JSON SUPPLIED",
    "16": "FREE PLAN LIMIT EXCEEDED",
    "18": "THIS API IS DEPRECATED. PLEASE USE THE LATEST VERSION",
    "19": "MAXIMUM ACCOUNT CREDIT LIMIT REACHED. PAYMENT METHOD DECLINED",
    "26": "UNKNOWN DATASET ID OR INVALID DATASET OPTION SUPPLIED",
    "27": "FAILED TO GENERATE DATASET OUTPUT FILE",
    "28": "INVALID DATE SUPPLIED OR DATE IS BEFORE FIRST HISTORICAL RECORD",
    "31": "DAILY API LIMIT EXCEEDED. SET BY ACCOUNT HOLDER",
    "43": "ACCESS DENIED. USER ID OR API KEY INVALID",
    "44": "REQUEST TOO LARGE. MAXIMUM SIZE IS 5MB FOR DATA AND 25MB FOR UPLOADS",
    "45": "ENDPOINT DOES NOT EXIST",
    "51": "FATAL EXCEPTION. REQUEST COULD NOT BE COMPLETED",
    "52": "SERVER OFFLINE. MAINTENANCE IN PROGRESS",
}
NEUTRINO_OTHER_WORDING = {
    "04": "ACCOUNT OR IP BANNED",
    "05": "NOT RESPONDING. RETRY IN 5 SECONDS",
    "08": "TELEPHONY NOT ENABLED ON YOUR ACCOUNT. PLEASE CONTACT SUPPORT FOR HELP",
    "10": "ACCESS DENIED. PLEASE CONTACT SUPPORT FOR ACCESS TO THIS API",
    "12": "COULD NOT LOAD AUDIO FROM URL",
    "13": "HLR LIMIT REACHED. CARD DECLINED",
    "14": "CALLS AND SMS TO THIS NUMBER ARE LIMITED",
    "17": "RENDERING FAILED. COULD NOT GENERATE OUTPUT FILE",
}
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


def read(name):
    return json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def neutrino():
    return read("neutrino")


@pytest.fixture(scope="module")
def sinch():
    return read("sinch")


def ids(part):
    return [part["source"]] if isinstance(part["source"], str) else part["source"]


def secondary(catalog, entry):
    return not PRIMARY & {catalog["sources"][one]["kind"] for one in ids(entry)}


def claims(part, fact, state="live"):
    """Return the values that one kind of claim gives for a fact."""
    found = [c for c in part.get("claims", ()) if c["fact"] == fact]
    return [c["value"] for c in found if c.get("state", "live") == state]


def codes(catalog):
    return {key: one for key, one in catalog["errors"].items() if not key.startswith("status-")}


def on_page(catalog, page):
    return {key: one for key, one in codes(catalog).items() if page in ids(one)}


def validator(envelope):
    return jsonschema.Draft202012Validator(envelope["schema"])


@pytest.mark.parametrize("name", ["neutrino", "sinch"])
def test_the_file_fits_the_grammar(name):
    grammar = read("_catalog.schema")
    errors = jsonschema.Draft202012Validator(grammar).iter_errors(read(name))

    assert [f"{error.json_path}: {error.message}" for error in errors] == []


@pytest.mark.parametrize("name", ["neutrino", "sinch"])
def test_every_named_source_exists_and_every_source_is_used(name):
    catalog = read(name)
    named = set()

    def walk(value):
        if isinstance(value, dict):
            named.update(ids(value) if value.get("source") else ())
            for child in value.values():
                walk(child)
        elif isinstance(value, list):
            for child in value:
                walk(child)

    walk(catalog)
    assert named == set(catalog["sources"])


@pytest.mark.parametrize("name", ["neutrino", "sinch"])
def test_no_claim_repeats_the_code_or_status_of_its_entry(name):
    for key, entry in read(name)["errors"].items():
        own = [entry["code"], *(entry["status"] if isinstance(entry["status"], list) else ())]

        assert not set(map(str, own)) & set(map(str, claims(entry, "code"))), key
        assert not set(map(str, own)) & set(map(str, claims(entry, "status"))), key


@pytest.mark.parametrize("name", ["neutrino", "sinch"])
def test_no_two_entries_have_the_same_description(name):
    texts = Counter(one.get("description") for one in read(name)["errors"].values())
    del texts[None]

    assert max(texts.values()) == 1


def test_neutrino_has_every_code_and_message_of_its_page(neutrino):
    entries = on_page(neutrino, "errors-page")

    assert {key: one["message"]["text"] for key, one in entries.items()} == NEUTRINO_PAGE
    assert len(entries) == 19
    assert all(one["code"] == key for key, one in entries.items())
    assert [k for k, one in entries.items() if one["message"]["match"] != "exact"] == ["05"]
    assert entries["05"]["message"]["match"] == "template"


def test_neutrino_ties_no_code_of_its_page_to_a_status(neutrino):
    for entry in on_page(neutrino, "errors-page").values():
        assert list(entry["status"]) == ["unknown"]
    assert {"codes": "all of the table", "status": 400} in claims(neutrino, "status")


def test_neutrino_has_the_four_statuses_of_its_page(neutrino):
    found = {k: one for k, one in neutrino["errors"].items() if k.startswith("status-")}

    assert list(found) == ["status-200", "status-400", "status-403", "status-500"]
    assert found["status-200"]["role"] == "success"
    assert found["status-400"]["code"] is None
    assert list(found["status-403"]["code"]) == list(found["status-500"]["code"]) == ["unknown"]


def test_neutrino_knows_the_server_codes_of_the_client_as_secondary(neutrino):
    entries = {k: one for k, one in codes(neutrino).items() if secondary(neutrino, one)}

    assert {key: one["message"]["text"] for key, one in entries.items()} == NEUTRINO_CLIENT


def test_neutrino_has_no_code_that_the_client_makes_itself(neutrino):
    assert max(map(int, codes(neutrino))) == 52
    assert {"from": 61, "to": 71} in claims(neutrino, "client-side-codes", "rejected")


def test_neutrino_accepts_the_other_wording_of_the_client(neutrino):
    found = {
        key: one
        for key, entry in codes(neutrino).items()
        if key not in NEUTRINO_CLIENT
        for one in claims(entry, "message")
    }

    assert found == NEUTRINO_OTHER_WORDING
    literal = claims(neutrino["errors"]["05"], "message", "rejected")
    assert literal == ["NOT RESPONDING. RETRY IN [X] SECONDS"]


def test_neutrino_statuses_that_were_seen_and_those_that_were_not(neutrino):
    errors = neutrino["errors"]

    assert errors["43"]["status"] == [403]
    assert errors["45"]["status"] == [400]
    assert claims(errors["45"], "status") == [403]
    assert all("unknown" in errors[k]["status"] for k in NEUTRINO_CLIENT if k not in ("43", "45"))
    assert claims(errors["51"], "status", "rejected") == [500]
    assert claims(errors["52"], "status", "rejected") == [500]


def test_neutrino_says_when_to_retry_for_two_codes_only(neutrino):
    found = {k: one["retry"] for k, one in neutrino["errors"].items() if "retry" in one}

    assert found == {
        "05": {"advice": "after", "placeholder": "seconds", "source": "errors-page"},
        "11": {"advice": "after", "seconds": 60, "source": "errors-page"},
    }


def test_neutrino_spells_one_pair_of_fields_in_three_ways(neutrino):
    fields = {name: one["schema"]["required"] for name, one in neutrino["envelopes"].items()}

    assert fields == {
        "kebab": ["api-error", "api-error-msg"],
        "camel": ["apiError", "apiErrorMsg"],
        "snake": ["api_error", "api_error_msg"],
    }
    for name, one in neutrino["envelopes"].items():
        code, message = fields[name]
        valid = validator(one).is_valid
        assert one["code"] == {
            "pointer": f"/{code}",
            "none": [None, 0],
            "maximum_none": 0,
            "width": 2,
        }
        assert one["media_types"] == {"values": ["application/json"], "source": "openapi"}
        assert "space" not in one
        assert valid({code: 1, message: ""})
        assert not valid({code: "01", message: ""})
        assert not valid({code: 2**31, message: ""})
        assert not valid({code: 1, message: None})
        assert not valid({code: 1})
        assert not valid({code: 1, message: "", "reference": ""})


@pytest.mark.parametrize("field", ["api-error", "apiError", "api_error"])
def test_neutrino_calls_a_number_above_zero_an_error(neutrino, field):
    is_error = jsonschema.Draft202012Validator(neutrino["error"]["body"]).is_valid

    assert is_error({field: 1})
    assert not any(map(is_error, ({field: 0}, {field: -1}, {field: None}, {}, [], None)))


def test_neutrino_examples_carry_code_and_message_of_their_entry(neutrino):
    for key, entry in codes(neutrino).items():
        text = entry["message"]["text"].replace("{seconds}", "5")
        assert entry["example"]["body"] == {"api-error": int(key), "api-error-msg": text}
    printed = [k for k, o in codes(neutrino).items() if o["example"]["kind"] == "printed"]
    assert printed == ["43"]


def test_neutrino_lists_the_holes_of_its_numbering(neutrino):
    holes = claims(neutrino, "missing-code")

    assert {"09", "16", "18", "19", "20"} <= set(holes)
    answered = [c["value"] for c in neutrino["claims"] if c.get("finding") == "numbering-hole"]
    assert answered == ["20"]


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


@pytest.mark.parametrize("name", ["neutrino", "sinch"])
def test_an_entry_of_the_page_is_described_and_a_missing_example_explained(name):
    for key, entry in read(name)["errors"].items():
        assert (entry["example"] is None) == ("no_example" in entry), key
        assert "description" in entry or key in NEUTRINO_CLIENT or key in SINCH_NAMES, key
        assert "name" in entry or key.startswith("status-"), key


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


def test_neutrino_categories_follow_what_is_said_of_the_code(neutrino):
    groups = {
        "invalid_argument": "01 12 23 24 09 26 28 44 status-400",
        "resource_exhausted": "02 06 11 13 16 19 31",
        "permission_denied": "04 08 10 14 22 status-403",
        "failed_precondition": "07",
        "unauthenticated": "43",
        "unavailable": "05 52",
        "unimplemented": "21",
        "not_found": "45",
        "internal": "27 51 status-500",
    }
    wanted = {key: group for group, keys in groups.items() for key in keys.split()}
    found = {k: o["category"]["value"] for k, o in neutrino["errors"].items() if "category" in o}

    assert found == wanted


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


def test_findings_are_answered_where_they_arise_and_nowhere_else(neutrino, sinch):
    found = {
        (one["finding"], key)
        for key, entry in sinch["errors"].items()
        for one in entry.get("claims", ())
        if "finding" in one
    }

    assert found == {
        *(("example-disagrees", key) for key in ("40004", "40005", "40302", "40303", "50300")),
        *(("status-unregistered", key) for key in (*COPIED, "status-420")),
        *(("retry-without-delay", key) for key in ("50000", "50300", "50301")),
    }
    assert "finding" not in json.dumps(neutrino["errors"])


TYPED = "voice-0 voice-a voice-b sdk-node-types sdk-node-voice sdk-java-verification"
FIELDS_LISTED = (
    "voice-0 voice-a voice-b verification-v1 verification-v2 verification-v3 sdk-java-verification"
)


@pytest.mark.parametrize(
    ("name", "place", "fact", "sources"),
    [
        ("sinch", "voice", "type", TYPED),
        ("sinch", "voice", "fields", FIELDS_LISTED),
        ("neutrino", "kebab", "type", "errors-page openapi"),
        ("neutrino", "kebab", "required", "errors-page openapi"),
        ("neutrino", "kebab", "media-type", "errors-page openapi"),
        ("neutrino", "kebab", "no-code", "errors-page"),
        ("neutrino", "kebab", "spelling", "errors-page"),
        ("neutrino", "03", "retry", "errors-page"),
        ("neutrino", "04", "scope", "errors-page"),
        ("neutrino", "06", "limit", "stats-page"),
        ("neutrino", "13", "cause", "errors-page"),
        ("neutrino", "43", "observed-status", "probe-unauthenticated"),
        ("neutrino", "43", "example", "openapi"),
        ("neutrino", "45", "observed-status", "probe-unrouted"),
        ("neutrino", "status-200", "error-in-success", "errors-page openapi client-4.7.1"),
        ("neutrino", "status-400", "codes", "errors-page problem-types"),
        ("neutrino", "status-403", "cause", "errors-page openapi probe-unrouted"),
        ("neutrino", "status-403", "body", "marketplace-2016 marketplace-2018"),
        ("neutrino", "", "status", "errors-page openapi problem-types"),
        ("neutrino", "", "header", "errors-page probe-headers"),
        ("neutrino", "", "retry", "problem-types"),
        ("neutrino", "", "envelope", "basics-page batch-page"),
        ("sinch", "voice", "required", "voice-a sdk-node-voice"),
        ("sinch", "voice", "format", "voice-a voice-b"),
        ("sinch", "voice", "meaning", "voice-a sdk-node-types"),
        ("sinch", "voice", "code", "voice-0 voice-a verification-v2"),
        ("sinch", "40001", "cause", "voice-a"),
        ("sinch", "40002", "message-names-parameter", "voice-a"),
        ("sinch", "40004", "category", "reading"),
        ("sinch", "40102", "cause", "voice-a"),
        ("sinch", "40301", "category", "reading"),
        ("sinch", "40900", "cause", "voice-a"),
        ("sinch", "50301", "retry", "voice-a"),
        ("sinch", "status-409", "retry", "voice-a"),
        ("sinch", "status-420", "phrase", "voice-a iana-status"),
        ("sinch", "status-429", "retry", "voice-a"),
        ("sinch", "status-429", "body", "sdk-node-oauth"),
        ("sinch", "status-429", "header", "sdk-node-oauth"),
        ("sinch", "", "statuses", "voice-a verification-v2 sdk-enum"),
        ("sinch", "", "common-error", "voice-a"),
        ("sinch", "", "header", "voice-a"),
        ("sinch", "", "retry", "voice-a"),
        ("sinch", "", "envelope", "elastic-sip-page sdk-node-types"),
        ("sinch", "", "missing-code", "voice-a"),
    ],
)
def test_a_contested_or_unsaid_fact_names_each_of_its_sources(name, place, fact, sources):
    catalog = read(name)
    part = catalog["errors"].get(place) or catalog["envelopes"].get(place) or catalog

    assert {c["source"] for c in part["claims"] if c["fact"] == fact} == set(sources.split())
