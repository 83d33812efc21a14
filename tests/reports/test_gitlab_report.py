"""GitLab's Code Quality: what its documentation requires of each issue."""

import json

from report_runs import BROKEN, GATEWAY, LIMITED, UNHEARD, WARNED, checked, error, rendered

from pytest_apierrors.errors import RecordingError


def issues(*results, **more):
    return json.loads(rendered("gitlab", *results, **more))


def test_each_finding_is_an_issue_at_its_line():
    found = issues(LIMITED, WARNED, BROKEN, GATEWAY)

    assert [one["check_name"] for one in found] == [
        "field-undocumented",
        "header-missing",
        "intermediary-response",
    ]
    assert [one["severity"] for one in found] == ["minor", "major", "info"]
    assert found[1]["location"] == {"path": "a.har", "lines": {"begin": 12}}
    assert found[2]["location"]["lines"] == {"begin": 1}
    assert found[1]["description"] == (
        "acme 429: rate_limited, error header-missing Retry-After "
        "(documented: seconds, found: nothing)"
    )
    for one in found:
        assert list(one) == ["description", "check_name", "fingerprint", "severity", "location"]


def test_nothing_found_is_an_empty_list():
    assert issues() == []


def test_fingerprints_are_unique_and_stable():
    many = [checked(429, error("rate_limited"), index=index) for index in range(4)]
    problems = [RecordingError("b.har", "no", index=index) for index in (None, 0, 0)]

    prints = [one["fingerprint"] for one in issues(*many, UNHEARD, *problems)]

    assert len({*prints}) == len(prints) == 8
    assert [one["fingerprint"] for one in issues(*many, UNHEARD, *problems)] == prints


def test_what_cannot_be_read_and_an_incomplete_run_are_issues():
    found = issues(RecordingError("b.har", "cut off", index=2, line=40), incomplete="stopped")

    assert [(one["check_name"], one["severity"], one["description"]) for one in found] == [
        ("unreadable", "critical", "#2: cut off"),
        ("incomplete", "critical", "the run is incomplete: stopped"),
    ]
    assert found[0]["location"] == {"path": "b.har", "lines": {"begin": 40}}
