"""The parts of a check by themselves: templates, delays, policies, words."""

from __future__ import annotations

import json
import locale
import time
from types import SimpleNamespace

import pytest
from generated import CATALOGS
from hypothesis import given
from hypothesis import strategies as st

from pytest_apierrors.check import Policy, check
from pytest_apierrors.check.diagnose import NOTHING
from pytest_apierrors.check.retry import delay
from pytest_apierrors.check.rules import Findings, header_name, names, path
from pytest_apierrors.check.template import LONGEST, values_in
from pytest_apierrors.check.verdict import DEFAULT_SEVERITY, RULES, Violation
from pytest_apierrors.check.words import documented, either, show, show_text, types
from pytest_apierrors.response import Headers, Response

ACME = CATALOGS.get("acme")
JSON = Headers([("Content-Type", "application/json")])


def values(text, found, delay_name=None):
    entry = SimpleNamespace(
        message=SimpleNamespace(text=text), retry=SimpleNamespace(placeholder=delay_name)
    )
    return values_in(entry, found)


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        ("Wait {n} seconds", "Wait 3 seconds", {"n": "3"}),
        ("Wait {n} seconds", "Wait a long time of seconds", {"n": "a long time of"}),
        ("Wait {n} seconds", "Wait  seconds", None),
        ("Wait {n} seconds", "Wait 3 seconds.", None),
        ("Wait {n} seconds", "wait 3 seconds", None),
        ("Wait {n} seconds", "Wait 3\n seconds", None),
        ("Wait {n} seconds", "Wait 3 seconds\n", None),
        ("{a} of {b}", "1 of 2 of 3", {"a": "1", "b": "2 of 3"}),
        ("{a}{b}", "xyz", {"a": "x", "b": "yz"}),
        ("{a}{b}", "x", None),
        ("{a}", "x" * LONGEST, {"a": "x" * LONGEST}),
        ("{a}", "x" * (LONGEST + 1), None),
        ("[{a}].*", "[x].*", {"a": "x"}),
        ("[{a}].*", "[x]..", None),
        ("no place", "no place", {}),
        ("no place", "another", None),
        ("{a} and {b}!", "x and and y!", {"a": "x", "b": "and y"}),
        ("{a}-{b}-{c}", "1--2-3", {"a": "1", "b": "-2", "c": "3"}),
    ],
)
def test_a_template_and_its_values(text, found, expected):
    assert values(text, found) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("IN 5 S", {"n": "5"}),
        ("IN 0.250 S", {"n": "0.250"}),
        ("IN 999999999 S", {"n": "999999999"}),
        ("IN 1234567890 S", None),
        ("IN 5.1234 S", None),
        ("IN 5. S", None),
        ("IN -5 S", None),
        ("IN [X] S", None),
        ("IN \u0665 S", None),
        ("IN  S", None),
    ],
)
def test_a_delay_is_a_number(found, expected):
    assert values("IN {n} S", found, "n") == expected


@given(st.lists(st.text("ab \n", max_size=3), min_size=2, max_size=5), st.data())
def test_a_filled_template_is_recognised(literals, data):
    fill = st.text("ab ", min_size=1, max_size=4)
    marks = [f"{{p{chr(97 + n)}}}" for n in range(len(literals) - 1)]
    template = literals[0] + "".join(m + one for m, one in zip(marks, literals[1:], strict=True))
    filled = literals[0] + "".join(data.draw(fill) + one for one in literals[1:])

    found = values(template.replace("{p", "{"), filled)

    assert found is not None
    rebuilt = template.replace("{p", "{")
    for name, value in found.items():
        rebuilt = rebuilt.replace(f"{{{name}}}", value, 1)
    assert rebuilt == filled


def test_a_hostile_message_is_not_tried_in_all_ways():
    template = " ".join(f"{{p{chr(97 + n)}}}" for n in range(8)).replace("{p", "{")
    started = time.process_time()

    assert values(template, "a " * 700 + "\n") is None
    assert values(template, "  " * 700 + "x\n") is None
    assert values(template + "!", " " * 1500) is None
    assert time.process_time() - started < 10


DATE = "Wed, 21 Oct 2026 07:28:00 GMT"


@pytest.mark.parametrize(
    ("value", "now", "expected"),
    [
        ("120", None, 120.0),
        (" 5 ", None, 5.0),
        ("0", None, 0.0),
        ("999999999", None, 999999999.0),
        ("1000000000", None, None),
        ("-1", None, None),
        ("1.5", None, None),
        ("\u0665", None, None),
        ("soon", None, None),
        ("", None, None),
        (None, None, None),
        (DATE, None, None),
        (DATE, "Wed, 21 Oct 2026 07:27:00 GMT", 60.0),
        (DATE, DATE, 0.0),
        (DATE, "Wed, 21 Oct 2026 07:29:00 GMT", 0.0),
        (DATE, "yesterday", None),
        ("Wednesday, 21-Oct-26 07:28:00 GMT", "Wed, 21 Oct 2026 07:27:00 GMT", 60.0),
        ("Thursday, 21-Oct-99 07:28:00 GMT", DATE, 0.0),
        ("Friday, 21-Oct-01 07:28:00 GMT", "Wed, 21 Oct 2099 07:28:00 GMT", 63072000.0),
        ("Wed Oct 21 07:28:00 2026", "Wed, 21 Oct 2026 07:27:00 GMT", 60.0),
        ("Fri Oct  2 07:28:00 2026", "Fri, 02 Oct 2026 07:27:00 GMT", 60.0),
        ("Wed, 21-Oct-26 07:28:00 GMT", DATE, None),
        ("Wed Oct 21 07:28:00 26", DATE, None),
        ("Wed, 32 Oct 2026 07:28:00 GMT", DATE, None),
        ("Wed, 21 Abc 2026 07:28:00 GMT", DATE, None),
        ("Wed, 21 Oct 0000 07:28:00 GMT", DATE, None),
        ("Wed, 21 Oct 2026 07:28:60 GMT", DATE, None),
        ("Wed, 21 Oct 2026 07:28:00 UTC", DATE, None),
    ],
)
def test_a_delay_in_a_header(value, now, expected):
    assert delay(value, now) == expected


@pytest.mark.parametrize("name", ["de_DE.UTF-8", "fr_FR.UTF-8", "C.UTF-8"])
def test_a_date_is_read_alike_under_every_locale(name):
    before = locale.setlocale(locale.LC_TIME)
    try:
        locale.setlocale(locale.LC_TIME, name)
    except locale.Error:
        return
    try:
        assert delay(DATE, "Wed, 21 Oct 2026 07:27:00 GMT") == 60.0
    finally:
        locale.setlocale(locale.LC_TIME, before)


GONE = Response(403, b'{"error": {"code": "gone", "message": "x", "more": 1}}', JSON)


def test_a_severity_is_changed_and_the_outcome_with_it():
    softer = Policy(severity=(("status-mismatch", "warning"), ("field-undocumented", "note")))

    before, after = check(GONE, ACME), check(GONE, ACME, softer)

    assert before.outcome == "deviating"
    assert after.outcome == "documented"
    assert [(one.rule, one.severity) for one in after.violations] == [
        ("status-mismatch", "warning"),
        ("field-undocumented", "note"),
    ]
    assert after.entry is before.entry


def test_a_note_can_be_made_an_error():
    response = Response(422, b'{"error": {"code": "twin", "message": "x"}}', JSON)

    verdict = check(response, ACME, Policy(severity=(("ambiguous", "error"),)))

    assert (verdict.outcome, verdict.entry.key) == ("deviating", "twin-a")


def test_a_policy_never_changes_which_entry_is_meant():
    for rule in RULES:
        for policy in (Policy(ignore=frozenset({rule})), Policy(severity=((rule, "note"),))):
            assert check(GONE, ACME, policy).entry.key == "gone"


def test_select_and_ignore_together():
    policy = Policy(
        select=frozenset({"status-mismatch", "field-undocumented"}),
        ignore=frozenset({"status-mismatch"}),
    )

    assert [one.rule for one in check(GONE, ACME, policy).violations] == ["field-undocumented"]


def test_every_rule_has_a_severity():
    assert set(DEFAULT_SEVERITY) == set(RULES)
    notes = {"intermediary-response", "ambiguous", "contested", "source-secondary", "undecided"}
    warnings = {"field-undocumented", "message-differs"}
    assert {rule for rule, level in DEFAULT_SEVERITY.items() if level == "note"} == notes
    assert {rule for rule, level in DEFAULT_SEVERITY.items() if level == "warning"} == warnings


def test_the_engine_s_check_does_not_touch_its_input():
    body = GONE.body
    pairs = GONE.headers.pairs

    first, second = check(GONE, ACME), check(GONE, ACME)

    assert first == second
    assert (GONE.body, GONE.headers.pairs) == (body, pairs)
    assert isinstance(first.violations[0], Violation)


def test_the_category_is_the_entry_s():
    limited = {"error": {"code": "rate_limited", "message": "Wait 3 seconds"}}
    verdict = check(Response(429, json.dumps(limited).encode(), None), ACME)

    assert verdict.category == "resource_exhausted"
    assert verdict.is_error
    assert check(Response(200, b"", None), ACME).category is None


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (["a"], "a"),
        (["a", "b"], "a or b"),
        ([1, 2, 3], "1, 2 or 3"),
        (list("abcdef"), "a, b, c, d or 2 others"),
    ],
)
def test_alternatives(values, text):
    assert either(values) == text


@pytest.mark.parametrize(
    ("keyword", "wanted", "text"),
    [
        ("type", "string", "string"),
        ("type", ["string", "null"], "string or null"),
        ("enum", [1, "a"], 'one of 1 or "a"'),
        ("const", {"a": None}, '{"a": null}'),
        ("required", {"type": "string"}, "string"),
        ("required", {"const": 5}, "5"),
        ("required", {"enum": [1, 2]}, "one of 1 or 2"),
        ("required", {"minLength": 1}, "a value"),
        ("required", True, "a value"),
        ("required", None, "a value"),
        ("pattern", "^a$", "text like ^a$"),
        ("format", "uuid", "uuid"),
        ("minimum", 1, "at least 1"),
        ("exclusiveMaximum", 1, "less than 1"),
        ("maxItems", 2, "at most 2 elements"),
        ("additionalProperties", False, "nothing"),
    ],
)
def test_what_a_keyword_asks_for(keyword, wanted, text):
    assert documented(keyword, wanted) == text


def test_values_in_words():
    assert show(NOTHING) == "nothing"
    assert show(None) == "null"
    assert show("a\n") == '"a\\n"'
    assert show_text(None) == "nothing"
    assert show_text(" ") == '" "'
    assert show_text("a\x1b") == "a\\x1b"
    assert types("a code") == "a code"


def test_places():
    assert path(("a", "0", "b c")) == "$.a[0]['b c']"
    assert names("$.a[0]['b c'].d['it\\'s']") == ["a", "b c", "d", "it\\'s"]
    assert names("$") == []


def test_the_same_violation_is_noted_once():
    found = Findings()
    for _ in range(2):
        found.add("field-type", "$", "string", "5")
    found.add("field-type", "$", "\x1b[31m", "5")

    assert [one.documented for one in found.violations] == ["string", "\\x1b[31m"]


def test_whether_an_entry_is_worth_another_try():
    assert ACME.errors["rate_limited"].retryable is True
    assert ACME.errors["gone"].retryable is None


def test_the_header_of_a_rule_and_of_an_entry():
    rule = next(rule for rule in CATALOGS.get("http").rules if rule.header)
    header = CATALOGS.get("acme").errors["rate_limited"].headers[0]

    assert header_name(rule) == rule.header
    assert header_name(header) == "Retry-After"
