"""Recordings named by an option are collected: each recorded error is a test."""

import re
import xml.etree.ElementTree as ET

import pytest

PROVIDER = "--apierrors-provider=acme"
RECORDINGS = "--apierrors-recordings=cassettes"


@pytest.fixture
def cassette(project, errors):
    """A project with one recording of everything."""
    project.ini()
    order = ("fine", "documented", "deviating", "undocumented", "intermediary", "warned", "noted")
    project.record("cassettes/send.ndjson", *(errors[name] for name in order))
    return project


def ids(result):
    return re.findall(r"^(\S+::\S+)", result.stdout.str(), re.MULTILINE)


def test_each_error_is_a_test_and_fails_where_it_deviates(cassette):
    result = cassette.run("-v", PROVIDER, RECORDINGS)

    result.assert_outcomes(passed=4, failed=2)
    result.stdout.fnmatch_lines(
        [
            "cassettes/send.ndjson::0001-POST-429 PASSED*",
            "cassettes/send.ndjson::0002-POST-400 FAILED*",
            "cassettes/send.ndjson::0003-POST-400 FAILED*",
            "cassettes/send.ndjson::0004-POST-502 PASSED*",
            "cassettes/send.ndjson::0005-POST-401 PASSED*",
            "cassettes/send.ndjson::0006-POST-423 PASSED*",
        ]
    )


def test_a_failure_is_the_explanation_with_file_line_and_index(cassette):
    result = cassette.run(PROVIDER, RECORDINGS)

    result.stdout.fnmatch_lines(
        [
            "*_ 0002-POST-400 _*",
            "acme 400: deviates from rate_limited*documented under 429*",
            "  recording  cassettes/send.ndjson:3 #2",
            "  catalog    acme, 8 errors, *(catalogs/acme.json)",
            "  status-mismatch *documented: 429 *found: 400",
            "FAILED cassettes/send.ndjson::0002-POST-400 - acme 400: *",
        ]
    )
    result.stdout.no_fnmatch_line("*_collect.py*")


def test_the_place_of_a_failure_is_in_the_recording(cassette):
    result = cassette.run("--tb=line", PROVIDER, RECORDINGS)

    result.stdout.fnmatch_lines([f"{cassette.path}/cassettes/send.ndjson:3: acme 400: *"])


def test_one_exchange_can_be_selected_by_its_id(cassette):
    result = cassette.run(PROVIDER, RECORDINGS, "cassettes/send.ndjson::0003-POST-400")

    result.assert_outcomes(failed=1)


def test_exchanges_are_selected_by_k(cassette):
    result = cassette.run(PROVIDER, RECORDINGS, "-k", "429 or 502")

    result.assert_outcomes(passed=2, deselected=4)


def test_last_failed_runs_the_failed_exchanges_again(cassette):
    args = ("-p", "cacheprovider", PROVIDER, RECORDINGS)
    cassette.pytester.runpytest_inprocess(*args)

    result = cassette.pytester.runpytest_inprocess(*args, "--lf", "-v")

    result.assert_outcomes(failed=2)
    assert {one.rpartition("::")[2] for one in ids(result)} >= {"0002-POST-400", "0003-POST-400"}


def test_junit_has_every_exchange_under_its_name(cassette):
    cassette.run(PROVIDER, RECORDINGS, "--junitxml=out.xml")

    cases = list(ET.parse(cassette.path / "out.xml").iter("testcase"))
    failed = {case.get("name"): case.find("failure") for case in cases}

    assert list(failed) == [
        "0001-POST-429",
        "0002-POST-400",
        "0003-POST-400",
        "0004-POST-502",
        "0005-POST-401",
        "0006-POST-423",
    ]
    assert failed["0002-POST-400"].get("message").startswith("acme 400: deviates from")


def test_under_xdist_the_result_is_the_same(cassette):
    result = cassette.run_apart("-n2", "-v", PROVIDER, RECORDINGS)

    result.assert_outcomes(passed=4, failed=2)
    result.stdout.fnmatch_lines(
        ["acme: 6 errors checked, 1 deviating, 1 undocumented, 1 intermediary; 3 of 8 *"]
    )
    result.stdout.no_fnmatch_line("*INTERNALERROR*")


def test_a_worker_that_dies_breaks_nothing_else(cassette):
    cassette.test("import os\ndef test_dies(): os._exit(3)")

    result = cassette.run_apart("-n1", "--max-worker-restart=0", PROVIDER, RECORDINGS)

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.no_fnmatch_line("*INTERNALERROR*")


def test_what_cannot_be_read_fails_and_the_rest_goes_on(project, errors):
    project.ini()
    project.record("cassettes/a.ndjson", errors["documented"], '{"request": ', errors["deviating"])
    project.record("cassettes/b.json", "no recording at all")
    project.record("cassettes/c.ndjson", errors["documented"])

    result = project.run("-v", PROVIDER, RECORDINGS)

    result.assert_outcomes(passed=2, failed=3)
    result.stdout.fnmatch_lines(
        [
            "cassettes/a.ndjson::0001-unreadable FAILED*",
            "cassettes/a.ndjson::0002-POST-400 FAILED*",
            "cassettes/b.json::unreadable FAILED*",
            "cassettes/c.ndjson::0000-POST-429 PASSED*",
            "*_ 0001-unreadable _*",
            "cassettes/a.ndjson:2 #1: *",
            "FAILED cassettes/b.json::unreadable - not a recording of a known *",
        ]
    )


@pytest.mark.parametrize(
    ("method", "name"),
    [
        (None, "0000-ANY-429"),
        ("get", "0000-GET-429"),
        ("[x]::y z", "0000-XYZ-429"),
        ("ä", "0000-ANY-429"),
        ("M" * 90, f"0000-{'M' * 20}-429"),
    ],
)
def test_names_hold_only_what_pytest_leaves_alone(project, errors, method, name):
    project.ini()
    one = errors["documented"]
    one["request"] = {**one["request"], "method": method}
    project.record("cassettes/a.ndjson", {**one, "request": _without_none(one["request"])})

    result = project.run("--collect-only", "-q", PROVIDER, RECORDINGS)

    result.stdout.fnmatch_lines([f"cassettes/a.ndjson::{name}"])


def _without_none(request):
    return {key: value for key, value in request.items() if value is not None}


def test_folders_are_walked_in_a_stable_order_without_code_and_hidden_files(project, errors):
    project.ini()
    for name in ("b/z.ndjson", "b/build/a.ndjson", "a.ndjson", ".hidden/x.ndjson", "b/.x.ndjson"):
        project.record(f"cassettes/{name}", errors["documented"])
    project.record("cassettes/b/helper.py", "assert False")

    result = project.run("--collect-only", "-q", PROVIDER, RECORDINGS)

    assert sorted(one.partition("::")[0] for one in ids(result)) == [
        "cassettes/a.ndjson",
        "cassettes/b/build/a.ndjson",
        "cassettes/b/z.ndjson",
    ]


def test_a_folder_that_pytest_does_not_enter_is_entered_for_its_recordings_only(project, errors):
    project.ini(apierrors_recordings="build/deep/cassettes")
    project.record("build/deep/cassettes/a.ndjson", errors["documented"])
    project.record("build/deep/test_no.py", "def test_no(): assert False")
    project.record("build/test_no.py", "def test_no(): assert False")
    project.test("def test_yes(): pass")

    result = project.run(PROVIDER)

    result.assert_outcomes(passed=2)


def test_files_that_no_option_names_are_left_alone(cassette):
    cassette.record("cassettes2/other.ndjson", "{}")
    cassette.test("def test_yes(): pass")

    result = cassette.run(PROVIDER)

    result.assert_outcomes(passed=1)


# pytest 8 itself loses tests where one argument lies below another.
OVERLAPPING = (
    [("cassettes", "."), (".", "cassettes/send.ndjson")] if pytest.version_tuple >= (9,) else []
)


@pytest.mark.parametrize("args", [(), (".",), *OVERLAPPING])
def test_nothing_is_collected_twice(cassette, args):
    cassette.test("def test_yes(): pass")

    result = cassette.run(PROVIDER, RECORDINGS, *args)

    result.assert_outcomes(passed=5, failed=2)


def test_recordings_of_the_ini_are_collected_beside_the_tests(cassette):
    cassette.ini(apierrors_recordings="cassettes", testpaths="tests")
    cassette.record("tests/test_it.py", "def test_yes(): pass")

    result = cassette.run(PROVIDER)

    result.assert_outcomes(passed=5, failed=2)


@pytest.mark.parametrize(
    ("args", "passed", "failed"),
    [
        (("test_it.py",), 1, 0),
        (("test_it.py::test_yes",), 1, 0),
        ((".",), 5, 2),
        (("cassettes",), 4, 2),
        (("cassettes/send.ndjson::0001-POST-429",), 1, 0),
        (("test_it.py", "cassettes/send.ndjson::0001-POST-429"), 2, 0),
    ],
)
def test_recordings_of_the_ini_give_way_to_arguments(cassette, args, passed, failed):
    cassette.ini(apierrors_recordings="cassettes")
    cassette.test("def test_yes(): pass")

    result = cassette.run(PROVIDER, *args)

    result.assert_outcomes(passed=passed, failed=failed)


def test_recordings_of_the_command_line_are_collected_with_any_argument(cassette):
    cassette.test("def test_yes(): pass")

    result = cassette.run(PROVIDER, RECORDINGS, "test_it.py")

    result.assert_outcomes(passed=5, failed=2)


def test_paths_count_from_the_ini_file_or_from_where_pytest_was_started(cassette, monkeypatch):
    cassette.ini(apierrors_recordings="cassettes")
    (cassette.path / "sub").mkdir()
    monkeypatch.chdir(cassette.path / "sub")

    from_ini = cassette.run(PROVIDER)
    from_command_line = cassette.run(PROVIDER, "--apierrors-recordings=../cassettes")

    from_ini.assert_outcomes(passed=4, failed=2)
    from_command_line.assert_outcomes(passed=4, failed=2)


def test_the_host_decides_between_several_providers(project, errors, exchange):
    project.ini()
    sinch = {"errorCode": 40101, "message": "X-Timestamp request header invalid or missing"}
    project.record(
        "cassettes/a.ndjson",
        errors["documented"],
        exchange(401, sinch, url="https://calling.api.sinch.com/v1/callouts"),
    )

    result = project.run(PROVIDER, "--apierrors-provider=sinch", RECORDINGS)

    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["acme: 1 error checked; *", "sinch: 1 error checked; *"])


def test_a_host_of_no_chosen_provider_is_a_mistake_or_passed_over(project, errors, exchange):
    project.ini()
    foreign = exchange(500, {}, url="https://other.test/")
    project.record("cassettes/a.ndjson", errors["documented"], foreign)
    both = (PROVIDER, "--apierrors-provider=sinch", RECORDINGS)

    mistaken = project.run(*both)
    passed_over = project.run(*both, "--apierrors-only-hosts")

    assert mistaken.ret == pytest.ExitCode.INTERRUPTED
    mistaken.stdout.fnmatch_lines(
        ["*the host other.test belongs to none of *acme, sinch*--apierrors-only-hosts*"]
    )
    passed_over.assert_outcomes(passed=1)


def test_rules_are_selected_and_reweighed_for_recordings(cassette):
    result = cassette.run(
        PROVIDER,
        RECORDINGS,
        "--apierrors-ignore=code-undocumented",
        "--apierrors-severity=status-mismatch=warning",
        "--apierrors-severity=message-differs=error",
        "-v",
    )

    result.assert_outcomes(passed=5, failed=1)
    result.stdout.fnmatch_lines(["*::0005-POST-401 FAILED*"])


def test_ten_thousand_exchanges(project, errors):
    project.ini()
    project.record("cassettes/a.ndjson", *([errors["documented"]] * 10_000))

    result = project.run("-q", PROVIDER, RECORDINGS)

    result.assert_outcomes(passed=10_000)
