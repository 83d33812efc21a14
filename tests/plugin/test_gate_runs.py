"""What fails a run beside its tests: too little coverage, and what a baseline does not have."""

import json

import pytest

PROVIDER = "--apierrors-provider=acme"
MISSING = {
    "provider": "acme",
    "entry": "rate_limited",
    "rule": "status-mismatch",
    "where": "status",
    "reason": "their gateway says 400",
}
FAILS = """
    BODY = {"error": {"code": "rate_limited", "message": "Wait 3 seconds"}}

    def test_it(assert_error):
        assert_error(BODY, status=400)
"""


def baseline(project, *accepted, **more):
    text = json.dumps({"version": 1, "accepted": accepted, **more})
    (project.path / "baseline.json").write_text(text)


def lines_of(project):
    return json.loads((project.path / "baseline.json").read_text())["accepted"]


@pytest.fixture
def suite(project):
    project.ini(apierrors_baseline="baseline.json")
    project.test(FAILS)
    return project


def test_what_is_accepted_passes(suite):
    baseline(suite, MISSING)

    result = suite.run(PROVIDER)

    result.assert_outcomes(passed=1)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["baseline: 1 accepted, 0 new"])


def test_a_run_that_checks_nothing_compares_nothing(suite):
    baseline(suite, MISSING)

    result = suite.run(PROVIDER, "--deselect=test_it.py")

    assert "baseline: not compared, because no response was checked" in result.outlines
    result.stdout.no_fnmatch_line("*not seen*")


def test_what_is_new_fails(suite):
    result = suite.run(PROVIDER)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "baseline: 0 accepted, 1 new",
            "  new: acme rate_limited: status-mismatch at status",
            "baseline: there is no file baseline.json: --apierrors-accept REASON writes it",
        ]
    )
    assert not (suite.path / "baseline.json").exists()


def test_a_recording_is_held_against_it_too(suite, errors):
    baseline(suite, MISSING)
    suite.record("cassettes/a.ndjson", errors["deviating"], errors["undocumented"])

    result = suite.run(PROVIDER, "--apierrors-recordings=cassettes")

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["baseline: 1 accepted, 1 new"])


def test_what_has_expired_fails_and_says_so(suite):
    baseline(suite, {**MISSING, "expires": "2020-01-31"})

    result = suite.run(PROVIDER)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "baseline: 0 accepted, 0 new, 1 expired",
            "  expired 2020-01-31: acme rate_limited: status-mismatch at status",
        ]
    )


def test_what_did_not_come_is_said_and_passes(suite):
    other = {**MISSING, "entry": "frozen"}
    baseline(suite, MISSING, other)

    result = suite.run(PROVIDER)

    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["  not seen (mended, or not run): acme frozen: status-mismatch at status"]
    )
    assert lines_of(suite) == [MISSING, other]


def test_accepting_adds_what_is_new_and_drops_nothing(suite):
    other = {**MISSING, "entry": "frozen"}
    baseline(suite, other)

    first = suite.run(PROVIDER, "--apierrors-accept=their gateway says 400")
    second = suite.run(PROVIDER)

    first.stdout.fnmatch_lines(["baseline: 1 added to baseline.json"])
    assert first.ret == pytest.ExitCode.TESTS_FAILED
    assert second.ret == 0
    assert lines_of(suite) == [other, MISSING]


def test_accepting_one_test_keeps_what_others_had(suite):
    suite.test("def test_nothing(): pass", name="test_other")
    baseline(suite, MISSING)

    suite.run(PROVIDER, "--apierrors-accept=why", "test_other.py")

    assert lines_of(suite) == [MISSING]


def test_order_and_workers_change_nothing(suite, errors):
    suite.record("cassettes/a.ndjson", *errors.values())
    written, said = set(), set()
    ways = [("-n", "0"), ("-n", "2"), ("-n", "0", "test_it.py", "cassettes")]
    for way in ways:
        (suite.path / "baseline.json").unlink(missing_ok=True)
        result = suite.run_apart(
            *("-p", "no:cacheprovider", PROVIDER, "--apierrors-recordings=cassettes"),
            *("--apierrors-accept=why", *way),
        )
        lines = result.stdout.lines
        at = next(n for n, line in enumerate(lines) if line.startswith("baseline: "))
        said.add(tuple(lines[at : at + 4]))
        written.add((suite.path / "baseline.json").read_bytes())

    assert len(written) == len(said) == 1
    assert said.pop()[0] == "baseline: 0 accepted, 2 new"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "baseline baseline.json:1: *"),
        ("[]", 'baseline baseline.json: {"version": 1, "accepted": *'),
        ('{"version": 2, "accepted": []}', "baseline baseline.json: version 2 is not known here*"),
        ({**MISSING, "reason": ""}, "baseline baseline.json: $.accepted*0*: a reason is needed *"),
        ([MISSING, MISSING], "baseline baseline.json: $.accepted*1*: stands there twice *"),
    ],
)
@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_a_file_that_is_no_baseline_is_a_mistake_at_the_start(suite, text, sentence, workers):
    if isinstance(text, str):
        (suite.path / "baseline.json").write_text(text)
    else:
        baseline(suite, *(text if isinstance(text, list) else [text]))

    result = suite.run_apart("-p", "no:cacheprovider", PROVIDER, *workers)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {sentence}"])
    result.stdout.no_fnmatch_line("*INTERNALERROR*")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ["--apierrors-accept=why"],
            "--apierrors-accept: name the file with --apierrors-baseline*",
        ),
        (
            ["--apierrors-baseline=b.json", "--apierrors-accept= "],
            "--apierrors-accept: a reason is needed",
        ),
        (
            ["--apierrors-fail-under=most"],
            '--apierrors-fail-under: a number from 0 to 100 is needed; found "most"',
        ),
        (["--apierrors-fail-under=nan"], "--apierrors-fail-under: a number from 0 to 100 *"),
    ],
)
def test_mistakes_are_said_at_the_start(project, options, sentence):
    project.ini()
    project.test(FAILS)

    result = project.run(PROVIDER, *options)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {sentence}"])


def test_a_baseline_that_cannot_be_written_is_said_at_the_end(project):
    project.ini()
    project.test(FAILS)

    result = project.run(PROVIDER, "--apierrors-baseline=no/b.json", "--apierrors-accept=why")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        ["ERROR: baseline no/b.json: cannot be written: No such file or directory"]
    )


@pytest.mark.parametrize(("percent", "status"), [("0", 0), ("37.5", 0), ("38", 1), ("100", 1)])
def test_too_little_coverage_fails_a_run_whose_tests_pass(project, errors, percent, status):
    project.ini(apierrors_fail_under=percent)
    good = ("documented", "warned", "noted", "intermediary")
    project.record("cassettes/a.ndjson", *(errors[name] for name in good))

    result = project.run(PROVIDER, "--apierrors-recordings=cassettes")

    result.assert_outcomes(passed=4)
    assert result.ret == status
    result.stdout.fnmatch_lines(["acme *8 * 3 * 37%  bad_request, *"])
    sentence = "ERROR: acme: 37.5 % of the documented errors were exercised (3 of 8), 38 % are*"
    if percent == "38":
        result.stdout.fnmatch_lines([sentence])


def test_each_provider_has_to_be_covered(project, errors):
    project.ini()
    project.record("cassettes/a.ndjson", errors["documented"])

    result = project.run(
        *(PROVIDER, "--apierrors-provider=toku", "--apierrors-recordings=cassettes"),
        "--apierrors-fail-under=5",
    )

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["ERROR: toku: 0.0 % *(0 of 102), 5 % are required"])
    result.stdout.no_fnmatch_line("ERROR: acme*")


def test_coverage_is_required_of_a_run_in_quiet_too(project):
    project.ini()
    project.test("def test_it(): pass")

    result = project.run("-q", PROVIDER, "--apierrors-fail-under=1")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["ERROR: acme: 0.0 % of the documented errors were exercised *"])


def test_coverage_without_a_provider_is_a_sentence(project):
    project.ini()
    project.test("def test_it(): pass")

    result = project.run("--apierrors-fail-under=1")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        ["ERROR: no provider was chosen, so that no documented error was exercised"]
    )
