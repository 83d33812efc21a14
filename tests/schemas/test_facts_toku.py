"""What the page of Toku says, held against its catalog."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from facts import claims, read, values

NAMES = ("http", "toku", "telephony-io")
HTTP, TOKU, TELEPHONY = (read(name) for name in NAMES)


def test_toku_has_110_codes_in_order():
    codes = list(TOKU["errors"])

    assert len(codes) == 110
    assert codes == sorted(codes, key=lambda code: abs(int(code)))
    assert [entry["code"] for entry in TOKU["errors"].values()] == codes
    assert sum(int(code) < 0 for code in codes) == 109


def test_toku_bands():
    bands = Counter(
        number // 100 if (number := abs(int(code))) >= 100 else 0 for code in TOKU["errors"]
    )

    assert list(bands) == [0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 20, 30]
    assert list(bands.values()) == [3, 3, 10, 7, 1, 15, 4, 34, 4, 11, 8, 10]


@pytest.mark.parametrize(
    ("code", "phrase"),
    [
        ("0", "success"),
        ("-1", "general error"),
        ("-103", "table row in-used"),
        ("-205", "unknown option resources exception"),
        ("-212", "unimplement resources exception"),
        ("-304", "parameter contain restricted character"),
        ("-400", "user account not in active state"),
        ("-1007", "unauthorized access to this number"),
        ("-1013", "number subscribed to other services"),
        ("-1103", "error deduct credit"),
        ("-1210", "call session not found"),
        ("-1220", "route not confirm"),
        ("-1233", "no rate found"),
        ("-1305", "API vendor not found"),
        ("-1411", "voip user asigned another number as default"),
        (
            "-2004",
            "invalid \N{LEFT SINGLE QUOTATION MARK}From\N{RIGHT SINGLE QUOTATION MARK} number",
        ),
        ("-2005", "invalid \N{LEFT SINGLE QUOTATION MARK}To\N{RIGHT SINGLE QUOTATION MARK} number"),
        ("-3003", "task stopped, not updated"),
        ("-3007", "task canceled"),
        ("-3009", "task restart"),
    ],
)
def test_toku_phrases(code, phrase):
    assert TOKU["errors"][code]["description"] == phrase


def test_toku_has_one_phrase_under_two_codes():
    phrases = Counter(entry["description"] for entry in TOKU["errors"].values())

    assert [phrase for phrase, count in phrases.items() if count > 1] == ["no charge rate found"]
    for code in ("-1214", "-1301"):
        (claim,) = claims(TOKU["errors"][code], "description")
        assert claim["value"] == "no charge rate found"
        assert claim["finding"] == "duplicate-description"


def test_toku_tasks_are_states_and_zero_is_success():
    roles = {code: entry.get("role", "error") for code, entry in TOKU["errors"].items()}

    assert [code for code, role in roles.items() if role == "success"] == ["0"]
    assert [code for code, role in roles.items() if role == "state"] == [
        *("-3001", "-3003", "-3005", "-3006", "-3007", "-3008", "-3009"),
    ]


def test_toku_the_webhooks_word_against_the_states_is_kept():
    states = [entry for entry in TOKU["errors"].values() if entry.get("role") == "state"]

    assert all(values(entry, "role", source="webhook") == ["error"] for entry in states)


def test_toku_names_no_status_no_field_no_text_and_no_retry():
    for code, entry in TOKU["errors"].items():
        assert set(entry["status"]) == {"unknown"}, code
        assert entry["example"] is None
        assert entry["no_example"]
        assert not {"message", "retry", "headers", "body", "match"} & set(entry)
    assert TOKU["envelopes"] == {}
    assert TOKU["error"]["undecided"]
    assert TOKU["error"]["status"] == ["4xx", "5xx"]
    assert "success" not in TOKU
    assert "promises_body" not in TOKU


def test_toku_holes_are_claims_and_no_others():
    found = [claim["value"] for claim in TOKU["claims"] if claim.get("finding") == "numbering-hole"]
    numbers = [abs(int(code)) for code in TOKU["errors"]]
    holes = [
        str(-number)
        for low, high in pairwise(numbers)
        if high - low <= 11 and len(str(low)) == len(str(high))
        for number in range(low + 1, high)
    ]

    assert found == holes == ["-207", "-208", "-209", "-1303"]


def test_toku_fields_are_known_of_the_webhook_only():
    (fields,) = (
        claim["value"]
        for claim in TOKU["claims"]
        if claim["source"] == "webhook" and isinstance(claim["value"], dict)
    )

    assert set(fields) == {"result", "result_desc"}


@pytest.mark.parametrize(
    ("code", "category"),
    [
        ("-301", "invalid_argument"),
        ("-1200", "not_found"),
        ("-1401", "already_exists"),
        ("-1007", "permission_denied"),
        ("-1", None),
        ("-1100", None),
        ("-1204", None),
        ("-3001", None),
    ],
)
def test_toku_categories_only_where_the_phrase_is_certain(code, category):
    found = TOKU["errors"][code].get("category")

    assert (found and found["value"]) == category
    assert found is None or TOKU["sources"][found["source"]]["kind"] == "inference"


def test_toku_transient_phrases_are_inferences():
    transient = {
        code
        for code, entry in TOKU["errors"].items()
        if values(entry, "retry", source="reading") in (["later"], ["poll again"])
    }

    assert transient == {"-101", "-102", "-103", "-1304", "-2001", "-2002", "-2003", "-3001"}


def test_toku_category_counts():
    found = Counter(e["category"]["value"] for e in TOKU["errors"].values() if "category" in e)

    assert found == {
        "invalid_argument": 23,
        "not_found": 11,
        "internal": 5,
        "already_exists": 4,
        "unimplemented": 2,
        "permission_denied": 1,
        "unavailable": 1,
    }
