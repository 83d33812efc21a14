"""What is kept of a checked response: safe to be written, and in an order of its own."""

import itertools
import json

import msgspec
import pytest

from pytest_apierrors.catalog.find import load_file
from pytest_apierrors.check import check
from pytest_apierrors.records import Record, record_of
from pytest_apierrors.response import Headers, Response
from pytest_apierrors.results import Checked

ACME = load_file("tests/messages/acme.json")
SECRET = "s3cr3tvalue1"


def checked(status=429, body=None, headers=None, **more):
    body = (
        {"error": {"code": "rate_limited", "message": "Wait 3 seconds"}} if body is None else body
    )
    known = Headers.of({"Content-Type": "application/json", **(headers or {})})
    response = Response(status, json.dumps(body).encode(), known, "POST", "https://api.acme.test/")
    facts = {"file": "a.har", "index": 0, "line": 3, "method": "POST", "url": response.url, **more}
    return Checked(status=status, verdict=check(response, ACME), response=response, **facts)


def test_the_facts_of_a_response():
    record = record_of(checked(), "asserted", "t.py::test_it")

    assert (record.provider, record.outcome, record.entry, record.code) == (
        "acme",
        "deviating",
        "rate_limited",
        "rate_limited",
    )
    assert (record.file, record.line, record.index) == ("a.har", 3, 0)
    assert (record.category, record.retry) == (
        "resource_exhausted",
        {"advice": "after", "seconds": None},
    )
    assert [one.rule for one in record.violations] == ["header-missing"]
    assert record.shown is None
    assert record.is_error
    assert record.listed


def test_a_record_survives_json():
    record = record_of(checked(), "asserted", "t.py::test_it", whole=True)

    there = json.loads(json.dumps(msgspec.to_builtins(record)))

    assert msgspec.convert(there, Record) == record
    assert record.shown.headers == (("Content-Type", "application/json"),)


def test_headers_are_in_one_order_however_they_came():
    names = ("B", "a", "C")
    shown = {
        record_of(checked(headers=dict.fromkeys(order, "1")), whole=True).shown
        for order in itertools.permutations(names)
    }

    (one,) = shown
    assert [name for name, _ in one.headers] == ["a", "B", "C", "Content-Type"]


def test_what_is_no_error_and_breaks_nothing_is_not_listed():
    assert not record_of(checked(200, {"id": 1})).listed
    assert record_of(checked(204, {"id": 1})).listed
    assert not record_of(checked(204, {"id": 1})).is_error


def test_lines_name_the_number_in_a_recording_or_the_test():
    recorded = record_of(checked(), "recorded", "a.har::0000-POST-429")
    mocked = record_of(checked(file="t.py"), "mocked", "t.py::Group::test_it[1]")

    assert recorded.findings[0].startswith("a.har:3 #0: acme 429: rate_limited, error header-")
    assert mocked.findings[0].startswith("t.py:3 Group::test_it[1]: acme 429: rate_limited, error")


def test_violations_are_ranked_errors_first():
    record = record_of(checked(429, {"error": {"code": "rate_limited", "message": "no", "x": 1}}))

    assert [one.severity for one in record.ranked] == sorted(
        (one.severity for one in record.violations), key=["error", "warning", "note"].index
    )
    assert len(record.ranked) == 3


def test_the_order_is_by_place_and_does_not_depend_on_the_start():
    places = [
        {"file": "a.har", "line": None, "index": 1},
        {"file": "a.har", "line": 2, "index": 0},
        {"file": "a.har", "line": 2, "index": 10},
        {"file": "b.har", "line": 1, "index": 0},
    ]
    records = [record_of(checked(**one)) for one in places]

    for order in itertools.permutations(records):
        assert sorted(order, key=lambda one: one.place) == records


@pytest.mark.parametrize("whole", [True, False])
def test_no_secret_is_kept(whole):
    text = f"Bearer {SECRET}"
    given = checked(
        401,
        {"error": {"code": "unauthorized", "message": text, "token": SECRET}},
        {"Set-Cookie": f"sid={SECRET}", "X-Api-Key": SECRET, "WWW-Authenticate": text},
        url=f"https://bob:{SECRET}@api.acme.test/?token={SECRET}",
        file=f"a/token={SECRET}.har",
        method=text,
    )

    record = record_of(given, "asserted", f"t.py::test_it[token={SECRET}]", whole=whole)

    assert SECRET not in json.dumps(msgspec.to_builtins(record))


def test_a_credential_of_the_request_is_kept_nowhere():
    token = "Zqa7w8e9r0token"
    body = json.dumps({"error": {"code": token, "message": "no"}}).encode()
    known = Headers.of({"Content-Type": "application/json"})
    response = Response(418, body, known, token, secrets=lambda: frozenset([token]))
    given = Checked("a.har", 0, None, token, None, 418, check(response, ACME), response)

    record = record_of(given, "asserted", f"t.py::test_it[{token}]", whole=True)

    assert "Zqa7w" not in json.dumps(msgspec.to_builtins(record))
