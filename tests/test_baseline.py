"""Accepted deviations: applied, counted, written, and every file that is none."""

import itertools
import json
from datetime import date

import pytest

from pytest_apierrors.baseline import (
    Accepted,
    Baseline,
    Deviation,
    deviation_of,
    load,
    write,
)
from pytest_apierrors.catalog.find import load_file
from pytest_apierrors.check import check
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.response import Headers, Response

ACME = load_file("tests/messages/acme.json")
TODAY = date(2026, 11, 22)
LIMITED = Deviation("acme", "rate_limited", "header-missing", "header:Retry-After")
REASON = "ticket 7"


def verdict(status=429, code="rate_limited", message="Wait 3 seconds", **headers):
    body = json.dumps({"error": {"code": code, "message": message}}).encode()
    known = Headers.of({"Content-Type": "application/json", **headers})
    return check(Response(status, body, known), ACME)


def held(*lines, today=TODAY):
    return Baseline(lines, today)


def accepted(deviation=LIMITED, reason=REASON, expires=None):
    return Accepted(*deviation, reason, expires)


def run(baseline, *verdicts):
    """Do what a run does with each verdict; return them as the baseline leaves them."""
    left = []
    for one, status in verdicts:
        left.append(baseline.applied(one, status))
        baseline.count_new(left[-1], status)
    return left


def test_what_is_accepted_is_a_note_and_the_response_documented():
    baseline = held(accepted())

    (left,) = run(baseline, (verdict(), 429))

    assert left.outcome == "documented"
    assert [(one.rule, one.severity) for one in left.violations] == [("header-missing", "note")]
    assert baseline.summary() == ["baseline: 1 accepted, 0 new"]


def test_what_is_not_accepted_stays():
    baseline = held()
    before = verdict()

    assert run(baseline, (before, 429)) == [before]
    assert baseline.summary() == ["baseline: 0 accepted, 1 new", f"  new: {LIMITED}"]


def test_one_of_two_deviations_is_not_enough():
    baseline = held(accepted(Deviation("acme", "rate_limited", "status-mismatch", "status")))

    (left,) = run(baseline, (verdict(400), 400))

    assert left.outcome == "deviating"
    assert [(one.rule, one.severity) for one in left.violations] == [
        ("status-mismatch", "note"),
        ("header-missing", "error"),
    ]


@pytest.mark.parametrize(
    "other",
    [
        LIMITED._replace(provider="other"),
        LIMITED._replace(entry="unauthorized"),
        LIMITED._replace(rule="header-value"),
        LIMITED._replace(where="header:Allow"),
    ],
)
def test_only_the_same_deviation_is_accepted(other):
    (left,) = run(held(accepted(other)), (verdict(), 429))

    assert left.errors


def test_without_an_entry_the_status_names_it():
    unheard = verdict(418, "teapot")
    (violation,) = unheard.errors

    assert deviation_of(unheard, 418, violation).entry == "status-418"
    (left,) = run(held(accepted(deviation_of(unheard, 418, violation))), (unheard, 418))
    assert left.outcome == "undocumented"
    assert not left.errors


def test_no_value_of_a_response_is_in_a_deviation():
    codes = [
        deviation_of(one, 418, one.errors[0]) for one in (verdict(418, "a"), verdict(418, "b"))
    ]

    assert codes[0] == codes[1]


@pytest.mark.parametrize(
    ("expires", "lasts"),
    [(None, True), (date(2026, 11, 23), True), (TODAY, True), (date(2026, 11, 21), False)],
)
def test_a_line_holds_until_the_end_of_its_day(expires, lasts):
    baseline = held(accepted(expires=expires))

    (left,) = run(baseline, (verdict(), 429))

    assert bool(left.errors) is not lasts
    if not lasts:
        assert baseline.summary() == [
            "baseline: 0 accepted, 0 new, 1 expired",
            f"  expired 2026-11-21: {LIMITED}",
        ]


def test_what_did_not_come_is_said_and_never_dropped():
    other = accepted(LIMITED._replace(entry="frozen"))
    baseline = held(accepted(), other)

    run(baseline, (verdict(), 429))

    assert baseline.unseen == [other]
    assert baseline.summary() == [
        "baseline: 1 accepted, 0 new, 1 not seen",
        f"  not seen (mended, or not run): {other.deviation}",
    ]
    assert baseline.extended("more") == [accepted(), other]


def test_new_deviations_are_added_once_with_the_reason():
    baseline = held(accepted(Deviation("acme", "rate_limited", "status-mismatch", "status")))

    run(baseline, (verdict(), 429), (verdict(), 429), (verdict(400), 400))

    assert baseline.extended("known since May")[1:] == [accepted(reason="known since May")]


def test_an_expired_line_is_not_renewed_by_accepting():
    """Whoever wants it to hold on changes its day; nothing does that on the side."""
    line = accepted(expires=date(2026, 1, 1))
    baseline = held(line)

    run(baseline, (verdict(), 429))

    assert baseline.extended("again") == [line]


def test_counts_of_workers_add_up_in_any_order():
    verdicts = [(verdict(), 429), (verdict(400), 400), (verdict(418, "teapot"), 418)]
    alone = held(accepted())
    run(alone, *verdicts)
    taken = []
    for one in verdicts:
        worker = held(accepted())
        run(worker, one)
        taken.append(json.loads(json.dumps(worker.take())))
        assert worker.take() == {}

    for order in itertools.permutations(taken):
        controller = held(accepted())
        for part in order:
            controller.add(part)
        assert controller.summary() == alone.summary()
        assert controller.extended(REASON) == alone.extended(REASON)


def test_a_file_is_written_in_a_stable_order_and_read_back(tmp_path):
    lines = [
        accepted(LIMITED._replace(entry=entry), expires=expires)
        for entry, expires in (("b", None), ("a", date(2027, 1, 31)), ("c", None))
    ]
    written = set()
    for order in itertools.permutations(lines):
        write(tmp_path / "b.json", "b.json", order)
        written.add((tmp_path / "b.json").read_bytes())

    assert len(written) == 1
    assert json.loads(written.pop()) == {
        "version": 1,
        "accepted": [
            {**LIMITED._asdict(), "entry": "a", "reason": REASON, "expires": "2027-01-31"},
            {**LIMITED._asdict(), "entry": "b", "reason": REASON},
            {**LIMITED._asdict(), "entry": "c", "reason": REASON},
        ],
    }
    found = load(tmp_path / "b.json", "b.json", TODAY)
    assert sorted(found.lines) == sorted(line.deviation for line in lines)
    assert found.lines[lines[1].deviation] == lines[1]


def test_a_file_that_is_not_there_accepts_nothing(tmp_path):
    assert load(tmp_path / "no.json", "no.json", TODAY).lines == {}


ONE = {**LIMITED._asdict(), "reason": REASON}
MISTAKES = {
    "not JSON": ("{", "b.json:1: "),
    "second line": ('{"version": 1,\n "accepted": [}', "b.json:2: "),
    "a list": ("[]", '{"version": 1, "accepted": [...]} is needed'),
    "no version": ('{"accepted": []}', '{"version": 1, "accepted": [...]} is needed'),
    "version 2": ('{"version": 2, "accepted": []}', "version 2 is not known here"),
    "version of text": ('{"version": "1", "accepted": []}', "version 1 is not known here"),
    "a hostile version": ('{"version": "\\u001b[31m", "accepted": []}', r"version \x1b[31m is not"),
    "no list": ('{"version": 1}', "Expected `array`"),
    "an item is text": ('{"version": 1, "accepted": ["x"]}', "`$[0]`"),
    "no rule": ({"provider": "a", "entry": "b", "where": "$", "reason": "x"}, "`rule`"),
    "no reason": (LIMITED._asdict(), "`reason`"),
    "an empty reason": ({**ONE, "reason": "  "}, "$.accepted[0]: a reason is needed (acme rate"),
    "a day that is none": ({**ONE, "expires": "2026-02-30"}, "Invalid RFC3339"),
    "twice": ([ONE, {**ONE, "reason": "other"}], "$.accepted[1]: stands there twice (acme rate"),
    "duplicate keys": ('{"version": 1, "version": 1, "accepted": []}', "b.json:1: "),
    "no text": (b"\xff\xfe", "b.json:1: "),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_file_that_is_no_baseline_is_refused_in_one_sentence(tmp_path, name):
    given, sentence = MISTAKES[name]
    if isinstance(given, dict | list):
        lines = given if isinstance(given, list) else [given]
        given = json.dumps({"version": 1, "accepted": lines})
    data = given if isinstance(given, bytes) else given.encode()
    (tmp_path / "b.json").write_bytes(data)

    with pytest.raises(UsageProblem) as caught:
        load(tmp_path / "b.json", "b.json", TODAY)

    said = str(caught.value)
    assert said.startswith("baseline b.json:")
    assert sentence in said
    assert said.isprintable()


def test_a_folder_is_no_baseline(tmp_path):
    with pytest.raises(UsageProblem, match=r"baseline b: is not a regular file"):
        load(tmp_path, "b", TODAY)


def test_a_name_that_cannot_be_is_a_sentence(tmp_path):
    with pytest.raises(UsageProblem, match="baseline b: cannot be read: File name too long"):
        load(tmp_path / ("b" * 300), "b", TODAY)


def test_what_is_no_error_is_left_as_it_is():
    warned = verdict(message="another", **{"Retry-After": "3"})
    baseline = held(accepted())

    assert run(baseline, (warned, 429)) == [warned]
    assert baseline.summary() == [
        "baseline: 0 accepted, 0 new, 1 not seen",
        f"  not seen (mended, or not run): {LIMITED}",
    ]


def test_warnings_beside_an_accepted_error_stay():
    (left,) = run(held(accepted()), (verdict(message="another"), 429))

    assert sorted(one.severity for one in left.violations) == ["note", "warning"]


def test_one_that_is_too_large_is_not_read(tmp_path):
    with (tmp_path / "b.json").open("wb") as stream:
        stream.truncate((16 << 20) + 1)

    with pytest.raises(UsageProblem, match="is larger than 16777216 bytes"):
        load(tmp_path / "b.json", "b.json", TODAY)


def test_a_place_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(UsageProblem, match=r"baseline b: cannot be written: Not a directory"):
        write(tmp_path / "file" / "b.json", "b", [accepted()])
