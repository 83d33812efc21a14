"""A deviation that a test asked for is none of the run: not in reports, not in a baseline."""

import json

BODY = {"error": {"code": "never_heard_of", "message": "?"}}


def test_what_a_test_asked_for_is_no_error_of_the_report(project):
    project.ini()
    project.test(f"def test_it(assert_error): assert_error({BODY!r}, 'never_heard_of', status=400)")

    result = project.run("--apierrors-provider=acme", "--apierrors-report=out.json")

    result.assert_outcomes(passed=1)
    report = json.loads((project.path / "out.json").read_text(encoding="utf-8"))
    (response,) = report["responses"]
    assert response["outcome"] == "undocumented"
    assert {one["severity"] for one in response["violations"]} == {"note"}
    assert report["summary"]["violations"]["error"] == 0


def test_what_a_test_asked_for_is_not_new_to_a_baseline(project):
    project.ini()
    project.test(f"def test_it(assert_error): assert_error({BODY!r}, 'never_heard_of', status=400)")

    result = project.run(
        "--apierrors-provider=acme", "--apierrors-baseline=known.json", "--apierrors-accept=why"
    )

    result.stdout.fnmatch_lines(["baseline: 0 accepted, 0 new", "baseline: 0 added to known.json"])
