"""SARIF: valid against the schema, at the lines, with names that outlive edits."""

import json
import re
from datetime import date
from pathlib import Path

import jsonschema
import msgspec
import pytest
from report_runs import (
    BROKEN,
    GATEWAY,
    LIMITED,
    ROOT,
    SCHEMA,
    UNHEARD,
    WARNED,
    checked,
    error,
    received,
    rendered,
    sarif,
)

from pytest_apierrors.baseline import Accepted, Baseline
from pytest_apierrors.check.verdict import DEFAULT_SEVERITY, RULES
from pytest_apierrors.errors import RecordingError
from pytest_apierrors.records import record_of
from pytest_apierrors.reports.meanings import MEANINGS
from pytest_apierrors.reports.sarif import uri_of

UNREADABLE = RecordingError("b b.har", "status 'x' is not an HTTP status", index=2, line=40)


def results(*given, **more):
    return sarif(rendered("sarif", *given, **more))["results"]


def prints(*given):
    return [one["partialFingerprints"]["apierrors/v1"] for one in results(*given)]


def test_a_log_is_valid_against_the_schema_with_the_reference_validator():
    text = rendered(
        "sarif", LIMITED, WARNED, BROKEN, UNHEARD, GATEWAY, UNREADABLE, incomplete="it was stopped"
    )
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))

    jsonschema.validate(json.loads(text), schema, cls=jsonschema.Draft7Validator)


def test_an_acceptance_is_valid_and_its_reason_stays_text():
    reason = "ask [them](https://evil.test) {0}"
    line = Accepted("acme", "rate_limited", "header-missing", "header:Retry-After", reason)
    known = Baseline([line], date(2026, 1, 1)).applied(BROKEN.verdict, 429)

    (found,) = results(msgspec.structs.replace(BROKEN, verdict=known), accepted=(line,))

    (suppressed,) = found["suppressions"]
    assert suppressed["justification"] == r"ask \[them\](https://evil.test) {{0}}"


def test_a_log_of_nothing_is_valid():
    assert results() == []


def test_a_result_stands_at_its_file_and_line_with_its_level():
    found = [
        (
            one["ruleId"],
            one["level"],
            one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            one["locations"][0]["physicalLocation"].get("region"),
        )
        for one in results(WARNED, BROKEN, UNHEARD, GATEWAY)
    ]

    assert found == [
        ("field-undocumented", "warning", "a.har", {"startLine": 8}),
        ("header-missing", "error", "a.har", {"startLine": 12}),
        ("code-undocumented", "error", "a.har", None),
        ("intermediary-response", "note", "a.har", None),
    ]


def test_a_result_of_a_test_names_the_test():
    (one,) = results(received("tests/test_it.py::test_it[1]", 418, error("teapot"), line=7))

    place = one["locations"][0]
    assert place["physicalLocation"]["region"] == {"startLine": 7}
    assert place["logicalLocations"] == [
        {"fullyQualifiedName": "tests/test_it.py::test_it[1]", "kind": "function"}
    ]


def test_every_rule_is_described_and_indexed():
    run = sarif(rendered("sarif", BROKEN, UNHEARD))
    rules = run["tool"]["driver"]["rules"]

    assert [one["id"] for one in rules] == list(RULES)
    for one in rules:
        assert one["help"]["text"]
        assert one["defaultConfiguration"]["level"] == DEFAULT_SEVERITY[one["id"]]
    for one in run["results"]:
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"]


def test_rules_mean_what_the_readme_says():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    parts = re.split(
        r"^### (.+)$", text.partition("## Rules")[2].partition("\n## ")[0], flags=re.MULTILINE
    )
    said = {
        name: " ".join(words.split()) for name, words in zip(parts[1::2], parts[2::2], strict=True)
    }

    assert dict(MEANINGS) == said, "reports/meanings.py says it in the README's words"


def test_what_cannot_be_read_is_a_notification_at_its_place():
    run = sarif(rendered("sarif", UNREADABLE))
    invocation = run["invocations"][0]

    assert invocation["executionSuccessful"] is False
    (notice,) = invocation["toolExecutionNotifications"]
    assert notice["level"] == "error"
    assert notice["message"]["text"] == "#2: status 'x' is not an HTTP status"
    assert notice["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "b%20b.har"},
        "region": {"startLine": 40},
    }


@pytest.mark.parametrize(("incomplete", "successful"), [(None, True), ("a worker crashed", False)])
def test_an_incomplete_run_was_no_success(incomplete, successful):
    run = sarif(rendered("sarif", BROKEN, incomplete=incomplete, remarks=["a remark"]))
    invocation = run["invocations"][0]
    told = [one["message"]["text"] for one in invocation["toolExecutionNotifications"]]

    assert invocation["executionSuccessful"] is successful
    assert "a remark" in told
    assert ("the run is incomplete: a worker crashed" in told) is not successful


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("a.har", "a.har"),
        ("./a/../b c.har", "a/../b%20c.har"),
        ("100%/#1?.har", "100%25/%231%3F.har"),
        ("c:a.har", "c%3Aa.har"),
        ("caf\u00e9/\U0001f600.har", "caf%C3%A9/%F0%9F%98%80.har"),
        ("/elsewhere/a b.har", "file:///elsewhere/a%20b.har"),
        ("//host/a.har", "file:///host/a.har"),
        (str(Path.cwd() / "below" / "a.har"), "below/a.har"),
    ],
)
def test_files_are_relative_uri_references(file, uri):
    assert uri_of(file) == uri


def test_links_and_placeholders_of_the_format_stay_text():
    (one,) = results(checked(400, error("[x](http://evil.test) {0}")))

    assert r"\[x\](http://evil.test) {{0}}" in one["message"]["text"]


def test_a_fingerprint_survives_a_move_and_other_findings():
    moved = checked(429, error("rate_limited"), index=9, line=99)

    (first,) = prints(BROKEN)
    assert prints(WARNED, moved)[1] == first
    assert prints(UNHEARD, GATEWAY, moved)[2] == first


def test_a_fingerprint_holds_no_value_that_was_found():
    one, other = (checked(401, error("unauthorized", text)) for text in ("One", "Other"))

    assert prints(one) == prints(other)
    assert results(one)[0]["message"] != results(other)[0]["message"]


def test_equal_findings_have_fingerprints_of_their_own():
    again = [checked(429, error("rate_limited"), index=index) for index in range(5)]

    assert len({*prints(*again)}) == 5
    assert prints(*again)[:2] == prints(*again[:2])


def test_a_fingerprint_tells_files_entries_places_and_tests_apart():
    records = [
        record_of(BROKEN),
        record_of(checked(429, error("rate_limited"), file="b.har")),
        record_of(checked(401, error("unauthorized"))),
        received("t.py::a", 429, error("rate_limited")),
        received("t.py::b", 429, error("rate_limited")),
    ]

    assert len({*prints(*records)}) == len(results(*records))


def test_the_name_of_a_recorded_test_does_not_count():
    """It holds the number of the exchange, which moves with every one that is recorded before."""
    one, other = (record_of(BROKEN, "recorded", f"a.har::{name}") for name in ("0001", "0002"))

    assert prints(one) == prints(other)
