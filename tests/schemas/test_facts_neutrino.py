"""What the page of Neutrino says, and where other sources contradict it."""

from __future__ import annotations

import jsonschema
import pytest
from facts import claimed as claims
from facts import codes, on_page, read, secondary, validator

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


@pytest.fixture(scope="module")
def neutrino():
    return read("neutrino")


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
