"""What a deviation makes of its test: beside failures of its own, asserted, accepted, expected."""

from __future__ import annotations

import json

from watched_files import MOCKS


def test_its_own_failure_stays_and_ours_stands_beside_it(watched):
    result = watched(
        """
@responses.activate
def test_it():
    responses.post(URL, status=400, json=LIE)
    assert requests.post(URL).status_code == 429

class TestIt(unittest.TestCase):
    @responses.activate
    def test_other(self):
        responses.post(URL, status=400, json=LIE)
        self.assertEqual(requests.post(URL).status_code, 429)
"""
    )

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            "E       *assert 400 == 429",
            "*Captured apierrors call*",
            "acme 400: deviates from rate_limited*",
            "*AssertionError: 400 != 429",
            "*Captured apierrors call*",
            "acme 400: deviates from rate_limited*",
            "FAILED test_it.py::test_it - *assert 400 == 429",
        ]
    )


def test_what_comes_in_a_teardown_fails_it(watched):
    result = watched(
        """
@pytest.fixture
def closing():
    yield
    with httpx.Client(transport=lying()) as client:
        client.post(URL)

def test_it(closing):
    pass
"""
    )

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*ERROR at teardown of test_it*", "acme 400: deviates*"])


def test_a_failed_setup_is_the_only_error(watched):
    result = watched(
        """
@pytest.fixture
def broken():
    with httpx.Client(transport=lying()) as client:
        assert client.post(URL).status_code == 429

def test_it(broken):
    pass
"""
    )

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*assert 400 == 429", "*Captured apierrors*", "acme 400: dev*"])


def test_ways_to_expect_it(watched):
    result = watched(
        """
@pytest.mark.xfail(strict=True)
@responses.activate
def test_xfail():
    responses.post(URL, status=400, json=LIE)
    requests.post(URL)

@pytest.mark.apierrors(ignore=["status-mismatch", "header-missing"])
@responses.activate
def test_ignored():
    responses.post(URL, status=400, json=LIE)
    requests.post(URL)

@responses.activate
def test_asked_for_undocumented(assert_error):
    responses.post(URL, status=400, json={"error": {"code": "slow_down", "message": "no"}})
    assert_error(requests.post(URL), "slow_down")

@responses.activate
def test_asked_for_an_intermediary(assert_error):
    responses.post(URL, status=502, body="<html>bad</html>", content_type="text/html")
    assert_error(requests.post(URL), status=502)

@responses.activate
def test_decoded(assert_error):
    responses.post(URL, status=400, json={"error": {"code": "slow_down", "message": "no"}})
    with pytest.raises(AssertionError):
        assert_error(requests.post(URL).json(), status=400)
"""
    )

    result.assert_outcomes(passed=4, xfailed=1)


def test_what_the_baseline_accepts_passes_and_the_rest_does_not(watched):
    base = "--apierrors-baseline=base.json"
    first = watched(MOCKS["responses"], base, "--apierrors-accept=known")
    second = watched(MOCKS["responses"], base)
    third = watched(MOCKS["responses"].replace("=LIE", '={"error": {"code": "frozen"}}'), base)

    first.assert_outcomes(failed=1)
    second.assert_outcomes(passed=1)
    third.assert_outcomes(failed=1)


def test_a_lie_beside_an_asserted_response_still_fails(watched):
    result = watched(
        """
@responses.activate
def test_it(assert_error):
    responses.post(URL, status=400, json={"error": {"code": "slow_down", "message": "no"}})
    responses.post(URL, status=400, json=LIE)
    assert_error(requests.post(URL), "slow_down")
    requests.post(URL)
"""
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["acme 400: deviates from rate_limited*"])


def test_what_one_test_asserted_excuses_no_other(watched):
    result = watched(
        """
@pytest.fixture
def received():
    with responses.RequestsMock() as mock:
        mock.post(URL, status=400, json={"error": {"code": "slow_down", "message": "no"}})
        return requests.post(URL)

def test_asserted(assert_error, received):
    assert_error(received, "slow_down")

def test_other(received):
    pass
"""
    )

    result.assert_outcomes(passed=1, failed=1)


def test_a_test_that_failed_gets_no_error_at_its_teardown(watched):
    result = watched(
        """
@pytest.fixture
def closing():
    yield
    with httpx.Client(transport=lying()) as client:
        client.post(URL)

def test_it(closing):
    assert not URL
"""
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*Captured apierrors teardown*", "acme 400: deviates*"])


def test_what_fuzz_injects_is_not_watched(watched):
    result = watched(
        """
from pytest_apierrors import answer, fuzz
from pytest_apierrors.seams import ok

@fuzz("acme", raises=Exception, kinds=["unknown-code", "html-502"])
def test_fuzzed():
    requests.post(URL, timeout=5).raise_for_status()

def test_answered():
    with answer("catalogs/acme.json", "frozen"):
        assert requests.post(URL).status_code == 423
"""
    )

    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["acme: 1 error checked; *"])


EXPECTED = """
@pytest.mark.xfail(reason="ticket 7")
@responses.activate
def test_it():
    responses.post(URL, status=400, json=LIE)
    requests.post(URL)

@responses.activate
def test_imperative():
    responses.post(URL, status=400, json=LIE)
    requests.post(URL)
    pytest.xfail("ticket 8")

@pytest.mark.xfail
def test_too(assert_error):
    assert_error(LIE, status=400)
"""


def test_an_expected_deviation_is_no_error_of_any_report(watched, project):
    """A run that passes says so everywhere, and proposes nothing to be accepted."""
    names = ("out.json", "out.sarif", "gitlab:gitlab.json", "github:out.github", "out.xml")
    reports = [f"--apierrors-report={name}" for name in names]

    result = watched(EXPECTED, "--apierrors-baseline=base.json", *reports)

    result.assert_outcomes(xfailed=3)
    result.stdout.fnmatch_lines(["baseline: 0 accepted, 0 new"])
    report = json.loads((project.path / "out.json").read_text())
    assert report["summary"]["violations"]["error"] == 0
    assert [one["expected"] for one in report["responses"]] == ["ticket 7", "ticket 8", ""]
    log = json.loads((project.path / "out.sarif").read_text())["runs"][0]
    assert {one["level"] for one in log["results"]} == {"note"}
    told = [one["suppressions"] for one in log["results"]]
    assert [{"kind": "inSource", "status": "accepted", "justification": "ticket 7"}] in told
    quality = json.loads((project.path / "gitlab.json").read_text())
    assert {one["severity"] for one in quality} == {"info"}
    assert "::error" not in (project.path / "out.github").read_text()
    assert ", expected: ticket 7\n" in (project.path / "out.github").read_text()
    assert "<failure" not in (project.path / "out.xml").read_text()
