"""The page as text: what it says of a run, and the same for every way to run it."""

import json

import pytest
from html_runs import (
    ACME,
    CLEAN,
    EXTRA,
    KEYS,
    ORDINARY,
    ordinary,
    page_of,
    record,
    run_of,
)
from page_elements import Page, parsed

from pytest_apierrors.check import check
from pytest_apierrors.errors import RecordingError
from pytest_apierrors.evidence import Matrix
from pytest_apierrors.reports.run import Run, Summary
from pytest_apierrors.response import Headers, Response
from pytest_apierrors.results import Checked

CUT = RecordingError("cut.yaml", "the file ends in a string")


@pytest.mark.parametrize(
    ("run", "verdict", "reason"),
    [
        (run_of(record(**CLEAN)), "Passed", "1 error, all of them as documented or tolerated"),
        (run_of(record()), "Failed", "1 of 1 error breaks the contract"),
        (run_of(*ORDINARY, record()), "Failed", "3 of 6 errors break the contract"),
        (run_of(record(**CLEAN), failures=("3 tests failed",)), "Failed", "3 tests failed"),
        (run_of(record(**CLEAN), incomplete="2 workers died"), "Incomplete", "2 workers died"),
        (ordinary(incomplete="stopped"), "Incomplete", "could not be read"),
        (run_of(record(**CLEAN), problems=(CUT,)), "Failed", "1 could not be read"),
        (run_of(), "Nothing checked", "no responses were checked"),
        (
            run_of(record(status=200, entry=None, **{**CLEAN, "outcome": "not-an-error"})),
            "Passed",
            "1 response, no errors among them",
        ),
    ],
)
def test_the_head_says_what_came_of_the_run(run, verdict, reason):
    page = parsed(run)
    assert page.all("h1") == [verdict]
    assert any(reason in line for line in page.all("li"))
    assert f"<title>API errors: {verdict.lower().split()[0]}" in page_of(run)


def test_a_run_that_only_fuzzed_has_passed_what_it_did():
    matrix = Matrix()
    matrix.know([ACME])
    matrix.count("acme", "frozen", "fuzzed")
    page = parsed(run_of(matrix=matrix))
    assert page.all("h1") == ["Passed"]
    assert "no responses were checked; clients got 1 documented error" in page.all("li")


def test_what_is_empty_says_so():
    nobody = parsed(run_of(catalogs=(), matrix=Matrix()))
    nothing = parsed(run_of(record(**CLEAN)))

    told = " ".join(nobody.all("p", **{"class": "empty"}))
    assert "No provider was chosen" in told
    assert "no error response was checked" in told
    assert "No findings: 1 response as documented." in nothing.all("p", **{"class": "empty"})


def test_unreadable_files_and_remarks_are_there():
    page = parsed(ordinary())
    assert "cassettes/cut.yaml:9: the file ends in a string" in page.all("li")
    (remarks,) = page.all("pre", **{"class": "remarks"})
    assert remarks.splitlines()[1] == "  documented    fails (swallowed)  acme-rate_limited"


def test_recordings_that_exercise_too_little_fail_as_the_command_does():
    def head(percent):
        summary = Summary([ACME])
        results = [checked(429, "rate_limited", 0)]
        named = {"catalogs": [ACME], "named": ["acme"], "fail_under": percent}
        return parsed(Run(summary.counted(results), summary, "acme", **named)).all("li")

    told = "acme: 12.5 % of the documented errors were exercised (1 of 8), 13 % are required"
    assert told in head(13)
    assert told.replace("13", "12") not in head(12)


def test_many_unreadable_files_do_not_stand_in_the_way():
    few, many = (page_of(run_of(problems=[CUT] * number)) for number in (8, 9))
    assert "<details open><summary>which, and why" in few
    assert "<details><summary>which, and why" in many
    assert many.count("<li>cut.yaml: the file ends") == 9


def checked(status, code, index):
    body = json.dumps({"error": {"code": code, "message": "m"}}).encode()
    headers = Headers.of({"Content-Type": "application/json"})
    response = Response(status, body, headers, "GET", "https://api.acme.test/v1")
    verdict = check(response, ACME)
    return Checked("a.har", index, None, "GET", None, status, verdict, response)


def test_recordings_alone_have_a_matrix_too():
    results = [checked(429, "rate_limited", 0), checked(429, "rate_limited", 1)]
    results += [checked(418, "teapot", 2)]
    summary = Summary([ACME])

    page = parsed(Run(summary.counted(results), summary, "acme", catalogs=[ACME], named=["acme"]))

    assert page.all("tr", **{"data-entry": "rate_limited"})[0].endswith("20000")
    assert len([row for row in page.all("tr") if "untested" in row]) == len(KEYS) - 1


def test_what_is_no_error_exercises_none():
    fine = record(**{**CLEAN, "outcome": "not-an-error", "violations": (EXTRA,)})
    summary = Summary([ACME])

    page = parsed(Run(summary.counted([fine]), summary, "acme", catalogs=[ACME], named=["acme"]))

    assert len(page.data["records"]) == 1
    assert len([row for row in page.all("tr") if "untested" in row]) == len(KEYS)


def test_catalogs_that_nobody_asked_for_and_that_nothing_touched_are_left_out():
    summary = Summary([ACME])
    run = Run(summary.counted([]), summary, None, catalogs=[ACME])
    assert "No provider was chosen" in page_of(run)


def test_a_run_of_pytest_writes_it_the_same_from_one_process_or_two(project):
    project.test(
        """
        import pytest

        @pytest.mark.parametrize("number", range(4))
        def test_limit(assert_error, number):
            body = {"error": {"code": "rate_limited", "message": "Wait 3 seconds"}}
            headers = {"Content-Type": "application/json", "Retry-After": "3"}
            assert_error((body,), status=429, headers=headers if number else {})
        """.replace("(body,), status", "body, status")
    )
    project.ini(apierrors_provider="acme")
    pages = []
    for count in ("0", "2"):
        project.run_apart("-n", count, "--apierrors-report=out.html")
        pages.append((project.path / "out.html").read_bytes())

    assert pages[0] == pages[1]
    page = Page(pages[0].decode())
    assert page.all("h1") == ["Failed"]
    assert "1 test failed" in page.all("li")
    assert {one["evidence"] for one in page.data["records"]} == {"asserted"}


def test_fuzzed_clients_are_evidence_and_their_table_does_not_depend_on_q(project):
    project.test(
        """
        import pytest
        import requests
        from pytest_apierrors import fuzz

        @fuzz("acme", raises=requests.HTTPError, kinds=["acme-frozen", "not-json"])
        def test_call():
            requests.get("https://api.acme.test/v1").raise_for_status()

        @fuzz("acme", raises=requests.HTTPError, kinds=["acme-bad_request"])
        def test_nothing():
            pytest.skip("not today")
        """
    )
    project.ini()
    pages = []
    for word in ("-q", "-v"):
        project.run_apart(word, "--apierrors-report=out.html")
        pages.append((project.path / "out.html").read_text(encoding="ascii"))

    assert pages[0] == pages[1]
    page = Page(pages[0])
    assert page.all("h1") == ["Passed"]
    assert page.all("td", **{"data-kind": "fuzzed", "class": "h1"}) == ["1"]
    assert page.all("tr", **{"data-entry": "frozen"})[0].endswith("00010")
    (remarks,) = page.all("pre", **{"class": "remarks"})
    assert "test_call: 2 kinds of fault: 2 ok" in remarks
    assert "documented    [1] ok" in remarks
