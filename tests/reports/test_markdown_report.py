"""Markdown: what is found as tables, errors first."""

from report_runs import BROKEN, GATEWAY, LIMITED, WARNED, checked, error, rendered

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.evidence import Exercised, Matrix
from pytest_apierrors.reports.markdown import MOST_ROWS

MISSING = "bad_request, duplicate, duplicate_name, frozen, maintenance, not_allowed, unauthorized"


def lines(*results, **more):
    return rendered("markdown", *results, **more).splitlines()


def test_the_sums_the_coverage_and_the_findings_errors_first():
    assert lines(LIMITED, WARNED, BROKEN) == [
        "## API errors",
        "",
        "1 of 3 recorded errors breaks the contract; 1 of 8 documented errors exercised.",
        "",
        "### Coverage",
        "",
        (
            "| provider | documented | recorded | observed | mocked | fuzzed | asserted | covered "
            "| missing |"
        ),
        "|---|---|---|---|---|---|---|---|---|",
        f"| `acme` | 8 | 1 | 0 | 0 | 0 | 0 | 12 % | `{MISSING}` |",
        "",
        "### Findings",
        "",
        "| severity | place | response | entry | rule | where | documented | found |",
        "|---|---|---|---|---|---|---|---|",
        (
            "| error | `a.har:12 #2` | `acme 429` | `rate_limited` | header-missing | "
            "`header:Retry-After` | `seconds` | `nothing` |"
        ),
        (
            "| warning | `a.har:8 #1` | `acme 429` | `rate_limited` | field-undocumented | "
            "`$.error.x` | `nothing` | `1` |"
        ),
    ]


def test_nothing_checked_is_said_and_no_table_is_empty():
    assert lines() == ["## API errors", "", "no responses."]


def test_what_fails_the_run_and_what_could_not_be_read_are_lists():
    found = lines(
        RecordingError("b.har", "cut | off", line=4),
        incomplete="a worker crashed",
        failures=["2 tests failed"],
        remarks=["first", "second"],
    )

    assert "**The run is incomplete:** `a worker crashed`" in found
    assert found[found.index("### What fails the run") + 2] == "- `2 tests failed`"
    assert found[found.index("### Could not be read") + 2] == "- `b.har:4: cut | off`"
    assert found[found.index("### Remarks") + 2 :] == ["- `first`", "- `second`"]


def test_coverage_of_a_test_run_has_every_kind_of_evidence():
    matrix = Matrix({"acme": Exercised(("a", "b"), {"a": {"mocked": 3, "asserted": 1}})})

    assert "| `acme` | 2 | 0 | 0 | 1 | 0 | 1 | 50 % | `b` |" in lines(GATEWAY, matrix=matrix)


def test_a_very_long_report_is_cut():
    many = [checked(429, error("rate_limited"), index=index) for index in range(MOST_ROWS + 20)]

    found = lines(*many)

    assert sum("header-missing" in line for line in found) == MOST_ROWS
    assert found[-1] == "and 20 more"
