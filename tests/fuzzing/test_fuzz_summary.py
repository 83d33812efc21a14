"""The summary of a fuzzed run: kind by result, each bug once; a report without drawn values."""

import json
import re
from xml.etree import ElementTree as ET

import pytest

from pytest_apierrors._fuzz_sum import FuzzSum

CLIENT = """
    import requests
    from pytest_apierrors import fuzz

    URL = "https://calling.api.sinch.com/calling/v1/callouts"
    KINDS = ["code-missing", "empty-object", "html-502", "sinch-40101", "text-429"]

    class VoiceError(Exception):
        pass

    def call(error=VoiceError):
        response = requests.post(URL, json={}, timeout=5)
        if response.headers.get("Content-Type") != "text/html":
            body = response.json()
            raise error(body["errorCode"])
        raise error("html")

    @fuzz("sinch", raises=(VoiceError, ValueError), kinds=KINDS, max_examples=3)
    def test_callout():
        call()

    @fuzz(
        "sinch",
        raises=(VoiceError, ValueError),
        kinds=[*KINDS, "html-503"],
        max_examples=3,
        xfail={"code-missing": "known"},
    )
    def test_hangup():
        call()
"""


@pytest.fixture
def client(pytester: pytest.Pytester):
    pytester.makepyfile(test_voice=CLIENT)
    return pytester


def run(pytester, *arguments):
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", *arguments)


@pytest.mark.parametrize("args", [(), ("-n2",)])
def test_the_summary_shows_kind_by_result(client, args):
    result = run(client, *args)

    result.stdout.fnmatch_lines(
        [
            "*= apierrors =*",
            "sinch: 1 of 41 documented errors exercised",
            "[[]1[]] test_voice.py::test_callout: 5 kinds of fault: 2 fails, 3 ok",
            "[[]2[]] test_voice.py::test_hangup: 6 kinds of fault: 1 fails, 4 ok, 1 xfailed",
            "  documented    ok  *  sinch-40101",
            "  broken        [[]1[]] fails (*), [[]2[]] xfailed (*)  code-missing",
            "                fails (undeclared-exception)  empty-object",
            "  intermediary  [[]2[]] ok  *  html-503",
            "                ok  *  html-502, text-429",
            "1 distinct bug:",
            "  undeclared-exception KeyError at test_voice.py:14 in call: code-*, empty-object",
        ],
        consecutive=True,
    )


def test_a_row_for_each_kind_is_a_flag_away(client):
    verbose = run(client, "-v", "-k", "test_callout").stdout
    short = run(client, "-q", "-k", "test_callout").stdout

    verbose.fnmatch_lines(["  intermediary  ok  *  html-502", "                ok  *  text-429"])
    short.no_fnmatch_line("*  intermediary  *")
    short.fnmatch_lines(["apierrors: test_voice.py::test_callout: 5 kinds of fault: *"])


@pytest.mark.parametrize("args", [(), ("-n2",)])
def test_a_report_holds_kind_by_result_and_no_drawn_value(client, args):
    result = run(client, "--junitxml=report.xml", *args)
    text = (client.path / "report.xml").read_text(encoding="utf-8")

    kept = {}
    for case in ET.fromstring(text).iter("testcase"):
        of = {one.get("name"): one.get("value") for one in case.iter("property")}
        kept[case.get("name")] = (of["apierrors_kind"], of["apierrors_result"])
    assert kept["test_callout[sinch-40101]"] == ("sinch-40101", "ok")
    assert kept["test_callout[empty-object]"] == ("empty-object", "fails (undeclared-exception)")
    assert kept["test_hangup[code-missing]"] == ("code-missing", "xfailed (undeclared-exception)")
    assert len(kept) == 11
    assert "undeclared-exception KeyError at test_voice.py:14 in call" in text
    for drawn in ("HTTP/1.1", "errorCode", "Content-Type", "fuzz.example"):
        assert drawn not in text
        assert drawn in result.stdout.str() or drawn == "errorCode"


def added(results):
    total = FuzzSum()
    for test, kind, ring, outcome, result in results:
        item = {"test": test, "kind": kind, "ring": ring, "outcome": outcome, "result": result}
        total.add({**item, "bugs": []})
    return total


def test_many_kinds_and_tests_stay_a_screenful():
    outcomes = ("passed", "failed", "expected")
    total = added(
        (f"t{test}", f"kind-{kind:03}", "broken", outcomes[kind % 3], f"{test * kind % 97}")
        for test in range(12)
        for kind in range(120)
    )

    lines = list(total.lines())

    assert len(lines) < 60
    assert re.fullmatch(r"  and \d+ more rows; -v shows every kind", lines[-1])
    assert len(list(total.lines(verbosity=1))) == 12 + 120


def test_the_order_in_which_workers_report_changes_nothing():
    items = [
        (f"t{test}", f"kind-{kind}", ring, "passed", "ok" if kind % 2 else "fails (swallowed)")
        for test in range(3)
        for kind, ring in enumerate(["broken", "unseen", "documented", "broken"])
    ]

    assert list(added(items).lines()) == list(added(reversed(items)).lines())


def test_a_kind_that_a_parametrized_test_ran_twice_shows_both_results():
    total = added(
        [
            ("t", "html-502", "intermediary", "passed", "ok"),
            ("t", "html-502", "intermediary", "failed", "fails (swallowed)"),
        ]
    )

    assert "  intermediary  fails (swallowed) and ok  html-502" in list(total.lines())


@pytest.mark.parametrize("args", [(), ("-n2",)])
def test_a_documented_error_that_a_client_was_held_against_is_covered(client, args):
    run(client, "--apierrors-report=out.json", *args)

    report = json.loads((client.path / "out.json").read_text(encoding="utf-8"))
    assert report["coverage"]["sinch"]["entries"] == {"40101": {"fuzzed": 2}}
