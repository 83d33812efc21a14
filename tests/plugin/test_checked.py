"""A run that was asked to check recordings and checked nothing is red, unless the user chose so."""

import pytest

FAILED = pytest.ExitCode.TESTS_FAILED
NOTHING = "*ERROR: asked to check recordings, but nothing was checked: no error in cassettes (*"
ARGS = ("--apierrors-provider=acme", "--apierrors-recordings=cassettes")


@pytest.fixture
def fine(project, errors):
    """A project whose recording holds no error, and a test that passes."""
    project.ini()
    project.record("cassettes/fine.ndjson", errors["fine"], errors["fine"])
    project.test("def test_yes(): pass")
    return project


def test_no_error_in_the_recordings(fine):
    result = fine.run(*ARGS)

    assert result.ret == FAILED
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([f"{NOTHING}1 file, 2 responses)"])


def test_no_error_and_no_test(fine):
    (fine.path / "test_it.py").unlink()

    assert fine.run(*ARGS).ret == FAILED


def test_an_empty_folder(project):
    project.ini()
    (project.path / "cassettes").mkdir()

    result = project.run(*ARGS)

    assert result.ret == FAILED
    result.stdout.fnmatch_lines([f"{NOTHING}0 files, 0 responses)"])


def test_said_once_and_red_under_xdist(fine):
    result = fine.run_apart("-n2", *ARGS)

    assert result.ret == FAILED
    said = [line for line in result.outlines if "nothing was checked" in line]
    assert len(said) == 1
    assert said[0].endswith("no error in cassettes (1 file, 2 responses)")


def test_said_also_where_another_test_fails(fine):
    fine.test("def test_no(): assert False")

    result = fine.run(*ARGS)

    assert result.ret == FAILED
    result.stdout.fnmatch_lines([f"{NOTHING}1 file, 2 responses)"])


@pytest.mark.parametrize(
    "args",
    [
        ("-k", "test_yes"),
        ("-m", "nothing_has_this_mark"),
        ("--deselect=cassettes/a.ndjson::0000-POST-429",),
        ("--collect-only",),
        ("-n2", "-k", "test_yes"),
    ],
)
def test_deselected_by_the_user_is_not_red(project, errors, args):
    project.ini(markers="nothing_has_this_mark")
    project.record("cassettes/a.ndjson", errors["documented"])
    project.test("def test_yes(): pass")

    result = project.run_apart(*ARGS, *args)

    assert result.ret in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    result.stdout.no_fnmatch_line("*nothing was checked*")


def test_ignored_recordings_are_not_looked_at(project, errors):
    project.ini()
    project.record("cassettes/a.ndjson", errors["deviating"])
    project.test("def test_yes(): pass")

    result = project.run(*ARGS, "--ignore=cassettes")

    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=1)


def test_recordings_left_out_by_last_failed_are_not_red(project, errors):
    project.ini()
    project.record("cassettes/a.ndjson", errors["documented"])
    project.test("import pathlib\ndef test_it(): assert pathlib.Path('there').exists()")
    run = project.pytester.runpytest_inprocess
    assert run(*ARGS).ret == FAILED
    (project.path / "there").touch()

    result = run(*ARGS, "--lf")

    assert result.ret == pytest.ExitCode.OK
    result.assert_outcomes(passed=1)


def test_recordings_of_the_ini_that_were_not_asked_for_are_not_red(fine):
    fine.ini(apierrors_recordings="cassettes")

    result = fine.run("--apierrors-provider=acme", "test_it.py")

    assert result.ret == pytest.ExitCode.OK


def test_items_taken_away_silently_are_noticed(project, errors):
    project.ini()
    project.record("cassettes/a.ndjson", errors["documented"])
    project.pytester.makeconftest("def pytest_collection_modifyitems(items): items.clear()")

    assert project.run(*ARGS).ret == FAILED


def test_an_exchange_that_cannot_be_read_was_looked_at(project):
    project.ini()
    project.record("cassettes/a.ndjson", "{")

    result = project.run(*ARGS)

    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*nothing was checked*")
