"""The marker `apierrors_live`: skipped unless asked for, refused in CI, never missing unsaid."""

import pytest

OK, FAILED, USAGE = pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.USAGE_ERROR
NONE = pytest.ExitCode.NO_TESTS_COLLECTED
TESTS = """
    import pytest

    @pytest.mark.apierrors_live
    def test_network():
        pass

    def test_plain():
        pass
"""
SKIPPING = """
    import pytest

    pytestmark = pytest.mark.apierrors_live

    def test_inside():
        pytest.skip("no")

    @pytest.mark.skip(reason="no")
    def test_outside():
        pass
"""
UNRUN = "ERROR: asked to run live tests (--apierrors-live), but none was run"


@pytest.fixture(autouse=True)
def not_in_ci(monkeypatch):
    monkeypatch.delenv("CI", raising=False)


@pytest.fixture
def live(project):
    project.ini()
    project.test(TESTS)
    return project


def run(project, *args):
    """Run pytest in this process if that will do."""
    return project.run_apart(*args) if "-n2" in args else project.run(*args)


def test_live_tests_are_skipped_with_the_reason(live):
    result = run(live, "-rs", "--strict-markers")

    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED * uses the network: run it with --apierrors-live"])
    assert result.ret == OK


@pytest.mark.parametrize("args", [(), ("-n2",)])
def test_live_tests_run_if_asked_for(live, args):
    result = run(live, "--apierrors-live", "--strict-markers", *args)

    result.assert_outcomes(passed=2)
    assert result.ret == OK


def test_the_ini_file_may_ask(live):
    live.ini(apierrors_live="true")

    live.run().assert_outcomes(passed=2)


def test_the_marker_is_listed(live):
    result = live.run("--markers")

    result.stdout.fnmatch_lines(["@pytest.mark.apierrors_live: this test uses the network, *"])


def test_a_live_test_makes_no_fixture_unless_it_runs(project):
    project.ini()
    project.test(
        """
        import pytest

        @pytest.fixture
        def connection():
            raise OSError("network")

        @pytest.mark.apierrors_live
        def test_network(connection):
            pass
        """
    )

    project.run().assert_outcomes(skipped=1)


@pytest.mark.parametrize(
    ("body", "why", "args"),
    [
        ("def test_plain(): pass", ": no test is marked apierrors_live", ()),
        ("def test_plain(): pass", ": no test is marked apierrors_live", ("-q",)),
        ("", ": no test is marked apierrors_live", ()),
        (SKIPPING, " (2 skipped)", ()),
        (SKIPPING, " (2 skipped)", ("-n2",)),
    ],
    ids=["plain", "quiet", "none", "skipping", "workers"],
)
def test_asked_and_none_was_run_fails(project, body, why, args):
    project.ini()
    project.test(body)

    result = run(project, "--apierrors-live", *args)

    result.stdout.fnmatch_lines([f"{UNRUN}{why}"])
    assert result.ret == FAILED


@pytest.mark.parametrize(
    "choice",
    [
        ("-k", "plain"),
        ("-m", "not apierrors_live"),
        ("--deselect", "test_it.py::test_network"),
        ("-k", "plain", "-n2"),
    ],
)
def test_deselected_by_the_user_it_does_not(live, choice):
    result = run(live, "--apierrors-live", *choice)

    result.stdout.no_fnmatch_line("*asked to run live tests*")
    assert result.ret == OK


def test_only_collected_it_does_not(live):
    result = live.run("--apierrors-live", "--collect-only", "test_it.py::test_plain")

    assert result.ret == OK


def test_an_ini_file_asks_every_run_so_that_a_chosen_one_may_have_none(live):
    live.ini(apierrors_live="true")

    assert live.run("test_it.py::test_plain").ret == OK
    assert live.run("--apierrors-live", "test_it.py::test_plain").ret == FAILED


def test_the_failed_ones_alone_are_a_choice(live):
    live.test("def test_bad(): assert False", name="test_bad")
    live.run_apart("--apierrors-live")

    result = live.run_apart("--apierrors-live", "--lf")

    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*asked to run live tests*")


@pytest.mark.parametrize("body", ["assert False", "pytest.xfail('known')"])
def test_a_live_test_that_fails_or_fails_as_expected_was_run(project, body):
    project.ini()
    project.test(
        f"""
        import pytest

        @pytest.mark.apierrors_live
        def test_network():
            {body}
        """
    )

    result = project.run("--apierrors-live")

    result.stdout.no_fnmatch_line("*asked to run live tests*")
    assert result.ret == (FAILED if "assert" in body else OK)


def test_a_run_that_was_broken_off_says_nothing_of_it(live):
    live.test("def test_bad(): assert False", name="test_bad")

    result = live.run("--apierrors-live", "-x", "test_bad.py", "test_it.py")

    result.stdout.no_fnmatch_line("*asked to run live tests*")


@pytest.mark.parametrize(
    ("ini", "args"),
    [
        ({}, ("--apierrors-live",)),
        ({"apierrors_live": "true"}, ()),
        ({"apierrors_live_in_ci": "false"}, ("--apierrors-live",)),
        ({}, ("--apierrors-live", "-n2")),
    ],
)
def test_ci_is_refused_unless_it_is_named(live, monkeypatch, ini, args):
    monkeypatch.setenv("CI", "true")
    live.ini(**ini)

    result = run(live, *args)

    assert result.ret == USAGE
    by = "--apierrors-live" if args else "apierrors_live in pytest.ini"
    assert result.stderr.lines[0] == (
        f"ERROR: {by}: the variable CI is set, and live tests run in CI only if it is named: "
        "apierrors_live_in_ci = true in the ini file, or --apierrors-live-in-ci"
    )


@pytest.mark.parametrize(
    ("ini", "args"),
    [
        ({"apierrors_live_in_ci": "true"}, ("--apierrors-live",)),
        ({"apierrors_live_in_ci": "true"}, ("--apierrors-live", "-n2")),
        ({}, ("--apierrors-live", "--apierrors-live-in-ci")),
    ],
)
def test_ci_may_be_named(live, monkeypatch, ini, args):
    monkeypatch.setenv("CI", "true")
    live.ini(**ini)

    run(live, *args).assert_outcomes(passed=2)


def test_in_ci_live_tests_are_skipped_as_elsewhere(live, monkeypatch):
    monkeypatch.setenv("CI", "true")

    result = live.run()

    result.assert_outcomes(passed=1, skipped=1)
