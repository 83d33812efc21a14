"""What the pages of Telephony.io say, held against its catalog."""

from __future__ import annotations

import pytest
from facts import accepts, claims, read, values

NAMES = ("http", "toku", "telephony-io")
HTTP, TOKU, TELEPHONY = (read(name) for name in NAMES)


def telephony(key):
    return TELEPHONY["errors"][key]


def test_telephony_has_six_statuses_and_two_codes_and_one_of_a_sister_page():
    assert list(TELEPHONY["errors"]) == [
        *("insufficient_balance", "invalid_parameter", "unauthorized"),
        *("status-200", "status-400", "status-401", "status-429", "status-500"),
    ]
    named = {status for key in TELEPHONY["errors"] for status in statuses(key)}
    assert named == {200, 400, 401, 402, 429, 500}
    coded = [key for key, entry in TELEPHONY["errors"].items() if entry["code"] == key]
    assert [key for key in coded if telephony(key)["source"] == "errors"] == [
        "insufficient_balance",
        "invalid_parameter",
    ]


def statuses(key):
    status = telephony(key)["status"]
    return status if isinstance(status, list) else []


def test_telephony_codes_that_no_page_names_are_unknown():
    unknown = {k for k, entry in TELEPHONY["errors"].items() if isinstance(entry["code"], dict)}

    assert unknown == {"status-400", "status-401", "status-429", "status-500"}
    assert all(telephony(key)["example"] is None for key in unknown)
    assert all(telephony(key)["no_example"] for key in unknown)


def test_telephony_names():
    found = {
        entry["name"]: statuses(k) for k, entry in TELEPHONY["errors"].items() if "name" in entry
    }

    assert found == {
        "OK": [200],
        "Bad Request": [400],
        "Unauthorized": [401],
        "Too Many Requests": [429],
        "Internal Server Error": [500],
    }


def test_telephony_402_shows_two_amounts_and_requires_none():
    entry = telephony("insufficient_balance")

    assert entry["status"] == [402]
    assert entry["example"] == {
        "kind": "printed",
        "body": {
            "error": "Insufficient credits to complete this request",
            "code": "insufficient_balance",
            "required_credits": 1.5,
            "current_balance": 0.25,
        },
    }
    amounts = {"required_credits": {"type": "number"}, "current_balance": {"type": "number"}}
    assert entry["body"] == {"properties": amounts}
    assert "retry" not in entry


def test_telephony_generic_example_has_no_status_but_an_inference():
    entry = telephony("invalid_parameter")

    assert set(entry["status"]) == {"unknown"}
    assert entry["example"]["body"] == {
        "error": "Invalid phone number format",
        "code": "invalid_parameter",
    }
    (claim,) = claims(entry, "status")
    assert claim["value"] == 400
    assert TELEPHONY["sources"][claim["source"]]["kind"] == "inference"


def test_telephony_401_of_the_sister_page_is_nested():
    entry = telephony("unauthorized")

    assert entry["space"] == TELEPHONY["envelopes"]["nested"]["space"] == "nested"
    assert entry["source"] == "authentication"
    assert entry["status"] == [401]
    assert entry["example"]["body"] == {
        "error": {"code": "unauthorized", "message": "Invalid or missing API key"}
    }


def test_telephony_429_promises_seconds():
    entry = telephony("status-429")

    header = entry["headers"]["Retry-After"]
    assert header["level"] == "must"
    assert accepts(header["schema"], "30")
    assert not accepts(header["schema"], "Sun, 06 Nov 1994 08:49:37 GMT")
    assert not accepts(header["schema"], "")
    assert entry["retry"] == {"advice": "after", "header": "Retry-After", "source": "errors"}
    assert "exponential backoff" in values(entry, "retry")


def test_telephony_500_is_transient_and_both_words_on_it_are_kept():
    entry = telephony("status-500")

    assert entry["retry"]["advice"] == "later"
    assert values(entry, "retry") == ["exponential backoff", None]
    retried = {key for key in TELEPHONY["errors"] if "retry" in telephony(key)}
    assert retried == {"status-429", "status-500"}


def test_telephony_messages_are_examples_only():
    found = [entry["message"] for entry in TELEPHONY["errors"].values() if "message" in entry]

    assert [message["match"] for message in found] == ["example"] * 3


def test_telephony_success_promise_and_predicate():
    assert TELEPHONY["success"]["status"] == [200]
    assert telephony("status-200")["role"] == "success"
    assert TELEPHONY["promises_body"]["status"] == ["4xx", "5xx"]
    assert TELEPHONY["error"]["status"] == ["4xx", "5xx"]
    body = TELEPHONY["error"]["body"]
    assert accepts(body, {"error": "text", "code": "any_code"})
    assert not accepts(body, {"error": None, "code": "any_code"})
    assert not accepts(body, {"error": "text"})
    assert not accepts(body, {"success": True, "verification_id": "v"})


def test_telephony_hosts_are_those_that_a_source_names():
    assert TELEPHONY["hosts"] == ["www.telephony.io"]


@pytest.mark.parametrize(
    ("name", "body", "good"),
    [
        ("flat", {"error": "text", "code": "c"}, True),
        ("flat", {"error": "text", "code": "c", "required_credits": 1}, True),
        ("flat", {"error": "text"}, False),
        ("flat", {"code": "c"}, False),
        ("flat", {"error": {"code": "c"}, "code": "c"}, False),
        ("flat", {"error": "text", "code": 7}, False),
        ("nested", {"error": {"code": "c", "message": "m"}}, True),
        ("nested", {"error": {"message": "m"}}, False),
        ("nested", {"error": {"code": "c"}}, False),
        ("nested", {"error": "text", "code": "c"}, False),
    ],
)
def test_telephony_shapes(name, body, good):
    assert accepts(TELEPHONY["envelopes"][name]["schema"], body) is good


def test_telephony_shapes_name_their_pointers_and_no_media_type_source():
    flat, nested = TELEPHONY["envelopes"]["flat"], TELEPHONY["envelopes"]["nested"]

    assert (flat["code"]["pointer"], flat["message"]) == ("/code", "/error")
    assert (nested["code"]["pointer"], nested["message"]) == ("/error/code", "/error/message")
    for envelope in (flat, nested):
        assert "reference" not in envelope
        assert envelope["media_types"] == {"values": ["application/json"]}


def test_telephony_categories():
    found = {k: e["category"]["value"] for k, e in TELEPHONY["errors"].items() if "category" in e}

    assert found == {
        "insufficient_balance": "failed_precondition",
        "invalid_parameter": "invalid_argument",
        "unauthorized": "unauthenticated",
        "status-400": "invalid_argument",
        "status-401": "unauthenticated",
        "status-429": "resource_exhausted",
        "status-500": "internal",
    }
