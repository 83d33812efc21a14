"""What the header line and the terminal summary say."""

import pytest

from pytest_apierrors._tally import MOST_REMARKS, Tally

ARGS = ("--apierrors-provider=acme", "--apierrors-recordings=cassettes")


def assertion(body, **asked):
    return f"""
        def test_it(assert_error):
            assert_error({body!r}, **{asked!r})
    """


UNAUTHORIZED = {"error": {"code": "unauthorized", "message": "Token expired"}}


def test_the_header_names_providers_and_recordings(project, errors):
    project.ini(apierrors_recordings="cassettes send.ndjson")
    project.record("cassettes/a.ndjson", errors["documented"])
    project.record("send.ndjson", errors["documented"])

    result = project.run("--apierrors-provider=acme")

    result.stdout.fnmatch_lines(["apierrors: acme (8 errors); recordings: cassettes, send.ndjson"])


def test_the_header_counts_the_files_that_are_no_recordings(project, errors):
    project.ini(apierrors_recordings="cassettes")
    project.record("cassettes/a.ndjson", errors["documented"])
    for name in ("README.md", "data.json", "settings.yaml"):
        project.record(f"cassettes/{name}", '{"a": 1}')

    result = project.run("--apierrors-provider=acme")

    line = "apierrors: acme (8 errors); recordings: cassettes (3 other files there)"
    result.stdout.fnmatch_lines([line])
    result.assert_outcomes(passed=1)


def test_nothing_is_said_where_nothing_was_checked(project):
    project.ini()
    project.test("def test_it(): pass")

    result = project.run("--apierrors-provider=acme")

    result.stdout.fnmatch_lines(["apierrors: acme (8 errors)"])
    result.stdout.no_fnmatch_line("*= apierrors =*")


def test_the_summary_counts_outcomes_and_coverage(project, errors):
    project.ini()
    project.record("cassettes/a.ndjson", *errors.values())

    result = project.run(*ARGS)

    result.stdout.fnmatch_lines(
        [
            "*= apierrors =*",
            "acme: 6 errors checked, 1 deviating, 1 undocumented, 1 intermediary; 3 of 8 *",
            "  acme 401: unauthorized, warning message-differs*: cassettes/a.ndjson:6 #5",
            "  acme 502: note intermediary-response*: cassettes/a.ndjson:5 #4",
            "  acme 423: frozen, note source-secondary*: cassettes/a.ndjson:7 #6",
        ],
        consecutive=True,
    )


def test_a_short_summary_is_one_line_for_each_provider(project, errors):
    project.ini()
    project.record("cassettes/a.ndjson", *errors.values())

    result = project.run("-q", *ARGS)

    result.stdout.fnmatch_lines(
        ["apierrors: acme: 6 errors checked, 1 deviating, 1 undocumented, 1 intermediary"]
    )
    result.stdout.no_fnmatch_line("*warning*")
    result.stdout.no_fnmatch_line("*= apierrors =*")


@pytest.mark.parametrize("args", [(), ("-n2",)])
def test_equal_warnings_of_tests_are_one_line(project, args):
    project.ini(apierrors_provider="acme")
    project.test(f"""
        import pytest

        @pytest.mark.parametrize("n", range(3))
        def test_it(assert_error, n):
            assert_error({UNAUTHORIZED!r}, status=401)
    """)

    result = project.run_apart(*args)

    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(
        [
            "acme: 3 errors checked; 1 of 8 documented errors exercised",
            "  acme 401: unauthorized, warning message-differs*: 3 times, first in test_it.py::*",
        ]
    )


@pytest.mark.parametrize("args", [(), ("-n2",)])
def test_a_test_is_named_as_seen_from_where_pytest_runs(project, monkeypatch, args):
    project.ini(apierrors_provider="acme")
    (project.path / "sub").mkdir()
    (project.path / "other").mkdir()
    for folder in ("sub", "other"):
        project.test(assertion(UNAUTHORIZED, status=401), name=f"{folder}/test_{folder}")
    monkeypatch.chdir(project.path / "sub")

    one = project.run_apart(*args, "test_sub.py").stdout
    other = project.run_apart(*args, "../other").stdout

    one.fnmatch_lines(["  acme 401: unauthorized, warning message-differs*: test_sub.py::test_it"])
    other.fnmatch_lines(["  acme 401: *message-differs*: ../other/test_other.py::test_it"])


def test_what_a_failing_test_says_is_not_said_again(project):
    project.ini(apierrors_provider="acme")
    project.test(assertion(UNAUTHORIZED, code="frozen", status=401))

    result = project.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["acme: 1 error checked; 1 of 8 documented errors exercised"])
    result.stdout.no_fnmatch_line("*test_it.py::test_it: *")


def test_what_was_asked_for_is_no_remark(project):
    project.ini(apierrors_provider="acme")
    body = {"error": {"code": "slow_down", "message": "x"}}
    project.test(assertion(body, code="slow_down", status=400))

    result = project.run()

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["acme: 1 error checked, 1 undocumented; 0 of 8 *"])
    result.stdout.no_fnmatch_line("*code-undocumented*")


def test_checks_in_fixtures_count(project):
    project.ini(apierrors_provider="acme")
    project.test(f"""
        import pytest

        @pytest.fixture
        def answer(assert_error):
            yield assert_error({UNAUTHORIZED!r}, status=401)
            assert_error({UNAUTHORIZED!r}, status=401)

        def test_it(answer):
            assert answer.key == "unauthorized"
    """)

    result = project.run()

    result.stdout.fnmatch_lines(["acme: 2 errors checked; *"])


def test_many_remarks_are_cut():
    tally = Tally()
    for number in range(MOST_REMARKS + 3):
        tally.remark("acme", f"note rule-{number:02d} 400", f"remark {number:02d}", "a #1")

    lines = list(tally.lines())

    assert len(lines) == 1 + MOST_REMARKS + 1
    assert lines[-1] == "  and 3 more: rule-10, rule-11, rule-12"


def test_remarks_of_one_test_are_bounded():
    """A test with random input can bring any number of remarks; a report stays small."""
    tally = Tally()
    for number in range(5000):
        tally.remark("acme", f"note rule {number}", f"remark {number}", "a #1")

    remarks = tally.providers["acme"]["remarks"]

    assert len(remarks) == 501
    assert sum(times for _, _, times in remarks.values()) == 5000


def test_tallies_add_up_whatever_way_they_are_split():
    parts = []
    for number in range(4):
        part = Tally()
        part.count("acme", "documented", 8)
        part.exercise("acme", f"entry-{number % 2}", "recorded")
        part.remark("acme", "note rule", "remark", f"a #{number}")
        part.recorded = 1
        parts.append(part)
    whole, halves = Tally(), [Tally(), Tally()]

    for number, part in enumerate(parts):
        whole.add(Tally(part.as_json()))
        halves[number // 2].add(part)
    halves[0].add(halves[1])

    assert halves[0].as_json() == whole.as_json()
    assert whole.recorded == 4
    assert next(whole.lines()) == "acme: 4 errors checked; 2 of 8 documented errors exercised"
