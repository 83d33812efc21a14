"""`--apierrors-report`: every format, wherever it goes, the same however the run was spread."""

import json
import re
import textwrap
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from pytest_apierrors.reports import FORMATS, SUFFIXES

ARGS = ("--apierrors-provider=acme", "--apierrors-recordings=cassettes")
TESTS = """
    import pytest

    JSON = {"Content-Type": "application/json"}
    LIMITED = {"error": {"code": "rate_limited", "message": "Wait 3 seconds"}}

    @pytest.mark.parametrize("status", [429, 400, 503])
    @pytest.mark.parametrize("again", range(3))
    def test_it(assert_error, status, again):
        for _ in range(again):
            assert_error(LIMITED, status=429, headers={**JSON, "Retry-After": "3"})
        assert_error(LIMITED, status=status, headers={**JSON, "Retry-After": "3"})
"""


@pytest.fixture
def suite(project, errors, monkeypatch):
    """Recordings and tests, some of which fail."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    project.ini()
    project.record("cassettes/a.ndjson", *errors.values())
    project.record("cassettes/b.ndjson", errors["deviating"], '{"request": ')
    project.test(TESTS)
    return project


def asked(*names):
    return [f"--apierrors-report={name}" for name in names]


ALL = [
    *(f"out{suffix}" for suffix in SUFFIXES),
    *(f"{form}:out.{form}" for form in FORMATS if form not in SUFFIXES.values()),
]


def test_every_format_is_written_at_once_and_parses(suite):
    result = suite.run(*ARGS, *asked(*ALL))

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    report = json.loads((suite.path / "out.json").read_text())
    assert report["summary"]["errors"] == 25
    assert json.loads((suite.path / "out.sarif").read_text())["version"] == "2.1.0"
    assert json.loads((suite.path / "out.gitlab").read_text())
    assert len(ET.parse(suite.path / "out.xml").findall(".//testcase")) >= 25
    assert (suite.path / "out.md").read_text().startswith("## API errors\n")
    assert "::error file=cassettes/b.ndjson,line=1," in (suite.path / "out.github").read_text()
    result.stdout.fnmatch_lines([f"report: {name.partition(':')[2] or name}" for name in ALL])


def test_reports_are_the_same_however_the_run_was_spread(suite, monkeypatch):
    runs = [(0, "0"), (2, "0"), (0, "1"), (2, "random")]
    written = []
    for workers, seed in runs:
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        suite.run_apart("-p", "no:cacheprovider", "-n", str(workers), *ARGS, *asked(*ALL))
        written.append({file.name: file.read_bytes() for file in suite.path.glob("out.*")})

    assert len(written[0]) == len(ALL)
    for one in written[1:]:
        for name, data in written[0].items():
            assert one[name] == data, name


def test_reports_are_the_same_in_whatever_order_the_tests_ran(suite):
    for name in "cde":
        suite.record(f"cassettes/{name}.json", "no recording at all")
    files = ["test_it.py", *(f"cassettes/{name}" for name in ("a.ndjson", "b.ndjson", "c.json"))]
    files += ["cassettes/d.json", "cassettes/e.json"]

    written = set()
    for order in (files, files[::-1]):
        suite.run(*ARGS, *asked("out.json"), *order)
        written.add((suite.path / "out.json").read_bytes())

    assert len(written) == 1
    assert [one["file"] for one in json.loads(written.pop())["problems"]] == files[2:]


def test_annotations_can_go_to_the_terminal(suite):
    result = suite.run("-q", *ARGS, *asked("github:-"))

    lines = result.stdout.lines
    found = [line for line in lines if line.startswith("::")]
    assert any(
        re.match(r"::error file=cassettes/b\.ndjson,line=1,title=acme 400", one) for one in found
    )
    assert any(one.startswith("::error file=test_it.py,line=") for one in found)
    assert not [line for line in lines if "::error" in line and not line.startswith("::")]


def test_a_terminal_that_is_not_there_is_said(suite):
    result = suite.run("-p", "no:terminal", *ARGS, *asked("github:-", "out.json"))

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert (suite.path / "out.json").exists()


def test_markdown_is_added_to_the_summary_of_the_job(suite, monkeypatch):
    summary = suite.path / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))

    suite.run(*ARGS, *asked("out.md"))

    assert summary.read_text() == "before\n" + (suite.path / "out.md").read_text()


def test_the_summary_of_the_job_itself_is_written_once(suite, monkeypatch):
    summary = suite.path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))

    suite.run(*ARGS, *asked("summary.md"))

    assert summary.read_text().count("## API errors") == 1


def test_no_markdown_no_summary(suite, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(suite.path / "summary.md"))

    suite.run(*ARGS, *asked("out.json"))

    assert not (suite.path / "summary.md").exists()


def test_a_summary_that_cannot_be_written_is_said(suite, errors, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(suite.path / "no" / "summary.md"))
    suite.record("good/a.ndjson", errors["documented"])

    result = suite.run("good", ARGS[0], "--apierrors-recordings=good", *asked("out.md"))

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        ["ERROR: $GITHUB_STEP_SUMMARY: cannot be written: No such file or directory"]
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("no/such/out.json", "there is no folder no/such"),
        ("pytest.ini/out.json", "there is no folder pytest.ini"),
        ("cassettes.json", "is a folder"),
        ("out.docx", "no report ends like that: .json, *"),
        ("out", "no report ends like that: .json, *"),
        ("sarfi:out.txtt", "no report ends like that: .json, *"),
        (f"{'x' * 300}.json", "File name too long"),
    ],
)
def test_what_cannot_be_had_is_said_before_any_test(suite, name, reason):
    (suite.path / "cassettes.json").mkdir()

    result = suite.run(*ARGS, *asked("out.json", name))

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: --apierrors-report: {name}: {reason}"])
    assert not (suite.path / "out.json").exists()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param(
            "json:/dev/full",
            "No space left on device",
            marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device"),
        ),
        pytest.param(
            "/proc/out.json",
            "*",
            marks=pytest.mark.skipif(not Path("/proc/self").exists(), reason="no such folder"),
        ),
        ("gone/out.json", "No such file or directory"),
    ],
)
def test_a_report_that_cannot_be_written_fails_the_run_and_no_other_report(
    suite, errors, name, reason
):
    (suite.path / "gone").mkdir()
    suite.record("good/a.ndjson", errors["documented"])
    suite.test("import os\ndef test_it(): os.rmdir('gone')")

    result = suite.run(
        ARGS[0], "--apierrors-recordings=good", *asked(name, "out.json", "out.md"), "test_it.py"
    )

    result.assert_outcomes(passed=2)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    shown = name.removeprefix("json:")
    result.stdout.fnmatch_lines([f"ERROR: report {shown}: cannot be written: {reason}"])
    result.stdout.no_fnmatch_line("*INTERNALERROR*")
    assert json.loads((suite.path / "out.json").read_text())["summary"]["errors"] == 1
    assert (suite.path / "out.md").exists()


def test_paths_of_the_ini_count_from_there(suite, monkeypatch):
    suite.ini(apierrors_report="sub/out.json", apierrors_provider="acme")
    (suite.path / "sub").mkdir()
    monkeypatch.chdir(suite.path / "sub")

    suite.run("..")

    assert (suite.path / "sub" / "out.json").exists()


@pytest.mark.parametrize(
    "case",
    [
        ("", ("-c", "sub/pytest.ini", "sub"), {"sub/test_it.py", "cassettes/a.ndjson"}),
        ("sub", (".",), {"test_it.py", "../cassettes/a.ndjson"}),
    ],
)
def test_files_are_named_as_seen_from_where_pytest_runs(project, errors, monkeypatch, case):
    """So that the places of tests and of recordings can be found alike."""
    folder, args, files = case
    project.record("cassettes/a.ndjson", errors["documented"])
    project.record("sub/pytest.ini", "[pytest]")
    (project.path / "sub" / "test_it.py").write_text(textwrap.dedent(TESTS))
    monkeypatch.chdir(project.path / folder)

    project.run(
        *("--rootdir", str(project.path / ("sub" if not folder else "")), *args),
        *("--apierrors-catalogs", str(project.path / "catalogs"), ARGS[0]),
        *("--apierrors-recordings", str(project.path / "cassettes"), *asked("out.json")),
    )

    report = json.loads((project.path / folder / "out.json").read_text())
    found = {one["file"].replace(str(project.path), "ROOT") for one in report["responses"]}
    assert found == files


def test_code_hosts_are_told_files_from_the_root_of_the_checkout(project, errors, monkeypatch):
    """Annotations, code quality and SARIF are shown at the files of a whole repository."""
    for variable in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.delenv(variable, raising=False)
    (project.path / ".git").mkdir()
    project.record("calls/cassettes/a.ndjson", errors["deviating"], "{")
    project.record("calls/pytest.ini", "[pytest]", "apierrors_catalogs = ../catalogs")
    (project.path / "calls" / "test_it.py").write_text(textwrap.dedent(TESTS))
    monkeypatch.chdir(project.path / "calls")
    names = ("out.json", "out.sarif", "gitlab:gitlab.json", "github:out.github", "out.txt")

    project.run(*ARGS, *asked(*names))

    wanted = {"calls/test_it.py", "calls/cassettes/a.ndjson"}
    sarif = json.loads(Path("out.sarif").read_text())["runs"][0]
    found = [*sarif["results"], *sarif["invocations"][0]["toolExecutionNotifications"]]
    places = [place["physicalLocation"] for one in found for place in one.get("locations", ())]
    assert {place["artifactLocation"]["uri"] for place in places} == wanted
    quality = json.loads(Path("gitlab.json").read_text())
    assert {one["location"]["path"] for one in quality} == wanted
    assert {*re.findall("file=([^,]+),", Path("out.github").read_text())} == wanted
    assert {*re.findall("^[^: ]+(?=:\\d)", Path("out.txt").read_text(), re.MULTILINE)} == {
        name.removeprefix("calls/") for name in wanted
    }
    assert json.loads(Path("out.json").read_text())["folder"] == "calls"


def test_nothing_is_written_or_required_where_nothing_runs(suite):
    result = suite.run(*ARGS, "--collect-only", "--apierrors-fail-under=100", *asked("out.json"))

    assert result.ret == 0
    assert not (suite.path / "out.json").exists()


def test_a_run_that_is_stopped_is_incomplete(suite):
    result = suite.run("-x", *ARGS, *asked("out.json", "out.md"))

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert json.loads((suite.path / "out.json").read_text())["incomplete"] == (
        "it was stopped before its end"
    )
    assert "**The run is incomplete:**" in (suite.path / "out.md").read_text()
    result.stdout.fnmatch_lines(["ERROR: the run is incomplete: it was stopped before its end"])


@pytest.mark.parametrize("status", [0, 7])
def test_a_run_that_a_test_exits_is_incomplete_with_whatever_status(suite, status):
    suite.test(f"import pytest\ndef test_it(): pytest.exit('enough', {status})", name="test_early")

    result = suite.run("test_early.py", "test_it.py", *ARGS, *asked("out.json"))

    assert result.ret == (status or pytest.ExitCode.TESTS_FAILED)
    assert json.loads((suite.path / "out.json").read_text())["incomplete"] == (
        "it was stopped before its end"
    )


def test_junit_properties_say_what_a_test_checked(suite):
    suite.run(*ARGS, "--junitxml=junit.xml")

    cases = {
        case.get("name"): {one.get("name"): one.get("value") for one in case.iter("property")}
        for case in ET.parse(suite.path / "junit.xml").iter("testcase")
    }
    assert cases["test_it[2-400]"] == {
        "apierrors_provider": "acme",
        "apierrors_outcome": "deviating, documented",
        "apierrors_entry": "rate_limited",
    }
    assert cases["0003-POST-400"] == {
        "apierrors_provider": "acme",
        "apierrors_outcome": "undocumented",
    }
    assert cases["0001-unreadable"] == {}


def test_junit_properties_are_the_same_under_xdist(suite):
    def found(*args):
        suite.run_apart("-p", "no:cacheprovider", *args, *ARGS, "--junitxml=junit.xml")
        return {
            case.get("name"): [(one.get("name"), one.get("value")) for one in case.iter("property")]
            for case in ET.parse(suite.path / "junit.xml").iter("testcase")
        }

    assert found("-n", "2") == found("-n", "0")
