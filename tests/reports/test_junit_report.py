"""JUnit's XML: a case for each response, red where the run is."""

import xml.etree.ElementTree as ET

from report_runs import BROKEN, GATEWAY, LIMITED, error, received, rendered

from pytest_apierrors.errors import RecordingError


def suite(*results, **more):
    return ET.fromstring(rendered("junit", *results, **more)).find("testsuite")


def test_each_response_is_a_case_and_the_counts_agree():
    found = suite(LIMITED, BROKEN, GATEWAY, RecordingError("b.har", "cut off", index=2, line=40))

    cases = found.findall("testcase")
    assert [case.get("name") for case in cases] == [
        "a.har #0 GET 429",
        "a.har #2 GET 429",
        "a.har #4 GET 502",
        "b.har:40 #2 cannot be read",
    ]
    counts = {name: found.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "4", "failures": "1", "errors": "1", "skipped": "0"}


def test_a_failure_has_the_finding_and_the_place():
    case = suite(BROKEN).find("testcase")

    assert (case.get("classname"), case.get("file"), case.get("line")) == ("acme", "a.har", "12")
    failure = case.find("failure")
    assert failure.get("type") == "header-missing"
    assert failure.get("message").startswith("acme 429: rate_limited, error header-missing")
    assert failure.text == failure.get("message")


def test_a_note_is_no_failure():
    case = suite(GATEWAY).find("testcase")

    assert case.find("failure") is None
    assert "note intermediary-response" in case.find("system-out").text


def test_a_case_has_the_facts_as_properties():
    case = suite(received("t.py::test_it", 418, error("teapot"))).find("testcase")

    facts = {one.get("name"): one.get("value") for one in case.iter("property")}
    assert case.get("name") == "t.py::test_it #0 GET 418"
    assert facts == {
        "apierrors_provider": "acme",
        "apierrors_outcome": "undocumented",
        "apierrors_evidence": "asserted",
    }


def test_what_fails_the_run_is_an_error():
    found = suite(LIMITED, incomplete="a worker crashed", failures=["2 tests failed"])

    assert [one.get("message") for one in found.iter("error")] == [
        "the run is incomplete: a worker crashed",
        "2 tests failed",
    ]
    assert found.get("errors") == "2"
