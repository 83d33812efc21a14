"""The gate of the example fails for three causes, says where each is, and passes without them."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import commands
import documents
import gate_picture
import pytest
import small_png
import yaml

GATE = gate_picture.GATE
LINE = gate_picture.line()
README = (GATE / "README.md").read_text(encoding="utf-8")
MOCK, CASSETTE = "test_voice.py:26", "cassettes/calls.yaml:27"
LOST = "ERROR: sinch: 39.0 % of the documented errors were exercised (16 of 41), 50 % are required"
# File, what is wrong there, and what mends it.
CAUSES = {
    "mock": ("test_voice.py", "status=400", "status=402"),
    "cassette": ("cassettes/calls.yaml", '"detail"', '"message"'),
    "coverage": ("test_voice.py", '@pytest.mark.skip(reason="until the new keys are there")\n', ""),
}


@pytest.fixture
def project(copy):
    return copy(GATE)


@pytest.fixture(scope="module")
def failed(tmp_path_factory):
    """Return a folder where the line was run, and what it printed."""
    folder = shutil.copytree(GATE, tmp_path_factory.mktemp("failed") / "gate")
    return folder, commands.run(LINE, folder)


def mend(project, *causes):
    for cause in causes:
        replace(project, *CAUSES[cause])


def replace(project, name, old, new):
    file = project / name
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{name}: {old}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def findings(project):
    """Return (severity, rule, place) of each result of the SARIF report, and why the run fails."""
    (run,) = json.loads((project / "gate.sarif").read_text(encoding="utf-8"))["runs"]
    found = []
    for one in run["results"]:
        (place,) = (each["physicalLocation"] for each in one["locations"])
        where = f"{place['artifactLocation']['uri']}:{place['region']['startLine']}"
        found.append((one["level"], one["ruleId"], where))
    notices = run["invocations"][0]["toolExecutionNotifications"]
    return found, [one["message"]["text"] for one in notices]


def test_what_the_readme_shows_is_printed(failed):
    (block,) = documents.blocks(README)
    (shown,) = documents.commands(block)
    finished = failed[1]

    lacking = documents.missing(shown.lines, finished.output)
    assert lacking is None, f"lacks: {lacking}\n{finished.output}"
    assert finished.status == 1
    assert finished.summary == "2 failed, 15 passed, 8 skipped"


def test_the_places_in_the_readme_are_those_of_the_causes():
    places = [cells[0].strip("`") for cells in documents.table(README)]

    assert places[:2] == [MOCK, CASSETTE]
    for place, (name, wrong, _) in zip(places, CAUSES.values(), strict=True):
        file, _, number = place.partition(":")
        lines = (GATE / file).read_text(encoding="utf-8").splitlines()
        at = int(number) - 1
        # A cassette's place is where the exchange begins.
        here = "\n".join(lines[at : at + (20 if file.endswith(".yaml") else 1)])
        assert file == name
        assert wrong.strip() in here


def test_without_the_gate_nothing_is_seen(project):
    finished = commands.run("pytest", project)

    assert (finished.status, finished.summary) == (0, "17 passed, 8 skipped"), finished.output


def test_each_cause_fails_the_line_until_it_is_gone(project, failed):
    first = failed[1].output
    mend(project, "mock")
    second = commands.run(LINE, project).output
    mend(project, "cassette")
    third = commands.run(LINE, project)
    mend(project, "coverage")
    last = commands.run(LINE, project)

    assert [text in first for text in (MOCK, CASSETTE, LOST)] == [True, True, True]
    assert [text in second for text in (MOCK, CASSETTE, LOST)] == [False, True, True]
    assert [text in third.output for text in (MOCK, CASSETTE, LOST)] == [False, False, True]
    # No test fails, and yet the run does.
    assert (third.status, third.summary) == (1, "17 passed, 8 skipped"), third.output
    assert (last.status, last.summary) == (0, "25 passed"), last.output
    assert "24 of 41 documented errors exercised" in last.output


@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_alone_fails_the_line(project, cause):
    mend(project, *(one for one in CAUSES if one != cause))

    finished = commands.run(LINE, project)

    assert finished.status == 1, finished.output


def test_code_scanning_is_pointed_at_the_mock_and_at_the_exchange(failed):
    results, failures = findings(failed[0])

    assert sorted(results) == [
        ("error", "field-missing", CASSETTE),
        ("error", "status-mismatch", MOCK),
        ("note", "status-mismatch", "cassettes/conflict.yaml:2"),
        ("warning", "field-undocumented", CASSETTE),
    ]
    assert failures == ["2 tests failed", LOST.removeprefix("ERROR: ")]


def test_the_page_shows_all_three(failed):
    project = failed[0]
    page = (project / "gate.html").read_text(encoding="utf-8")

    for text in (MOCK, CASSETTE, LOST.removeprefix("ERROR: "), "Sinch knows (case 4711)"):
        assert text in page
    assert str(project) not in page


def test_what_is_accepted_passes_until_its_last_day(project):
    mend(project, *CAUSES)
    before = commands.run(LINE, project)
    replace(project, "accepted.json", "2099-12-31", "2020-01-31")

    after = commands.run(LINE, project)

    assert before.status == 0
    assert "baseline: 1 accepted, 0 new" in before.output
    assert (after.status, after.summary) == (1, "1 failed, 24 passed"), after.output
    assert "expired 2020-01-31: sinch 40900: status-mismatch at status" in after.output
    assert ("error", "status-mismatch", "cassettes/conflict.yaml:2") in findings(project)[0]


def test_what_is_accepted_has_to_be_named(project):
    mend(project, *CAUSES)
    (project / "accepted.json").unlink()

    finished = commands.run(LINE, project)

    assert finished.status == 1
    assert "  new: sinch 40900: status-mismatch at status" in finished.output


def test_workers_with_another_hash_seed_write_the_same_reports(project, tmp_path, monkeypatch):
    other = shutil.copytree(project, tmp_path / "other" / project.name)
    line = f"{LINE} --apierrors-report=gate.json --apierrors-report=gitlab:gl.json"
    names = ("gate.html", "gate.sarif", "gate.json", "gl.json")

    monkeypatch.setenv("PYTHONHASHSEED", "0")
    alone = commands.run(line, project)
    monkeypatch.setenv("PYTHONHASHSEED", "1")
    shared = commands.run(f"{line} -n 2", other)

    assert alone.summary == shared.summary, shared.output
    for name in names:
        assert (project / name).read_bytes() == (other / name).read_bytes(), name


def test_runs_of_parts_add_up_to_the_whole(project):
    """Two jobs with half the tests each reach what neither does."""
    mend(project, *CAUSES)
    for name, words in (("keys", "wrong_key"), ("rest", "'not wrong_key'")):
        commands.run(
            f"pytest --apierrors-observe --apierrors-report={name}.json -k {words}", project
        )

    one = commands.run("pytest-apierrors combine keys.json --fail-under 50", project)
    both = commands.run("pytest-apierrors combine keys.json rest.json --fail-under 50", project)

    assert one.status == 1
    assert both.status == 0, both.output
    assert "24 of 41 documented errors exercised" in both.output


def test_the_cassettes_can_be_made_anew(project):
    finished = commands.run("python record.py new", project)

    assert finished.status == 0, finished.output
    assert finished.output.splitlines() == [
        "calls: returned 14",
        "calls: raised UnknownCallError: Sinch does not say why",
        "conflict: raised VoiceError: A conflict",
    ]
    assert exchanges(project / "new") == exchanges(GATE / "cassettes")


def exchanges(folder):
    """Return what cassettes hold, apart from what depends on versions of other packages."""
    found = {}
    for file in sorted(Path(folder).glob("*.yaml")):
        loaded = yaml.safe_load(file.read_text(encoding="utf-8"))["interactions"]
        found[file.name] = [
            [*(one["request"][key] for key in ("method", "uri", "body")), one["response"]]
            for one in loaded
        ]
    return found


def test_no_credential_is_in_a_cassette():
    for file in (GATE / "cassettes").glob("*.yaml"):
        assert "uthorization" not in file.read_text(encoding="utf-8")


WORKFLOW = yaml.safe_load((GATE / "ci.yml").read_text(encoding="utf-8"))
PIPELINE = yaml.safe_load((GATE / ".gitlab-ci.yml").read_text(encoding="utf-8"))


def installed(command):
    """Return the packages that `pip install` names; each is one that is here."""
    names = command.partition("pip install ")[2].split()
    return [metadata.metadata(name)["Name"] for name in names]


def in_a_shell(script, project):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(commands.DROPPED)
    }
    env = kept | {"PATH": path, "CI": "true"}
    return subprocess.run(
        command, cwd=project, env=env, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_the_workflow_fails_and_keeps_what_was_found(project):
    steps = WORKFLOW["jobs"]["gate"]["steps"]
    install, gate = (step["run"] for step in steps if "run" in step)
    uploads = [step for step in steps if step.get("if") == "always()"]

    done = in_a_shell(gate, project)

    assert "pytest-apierrors" in installed(install)
    assert shlex.split(gate) == shlex.split(LINE)
    assert done.returncode == 1, done.stdout + done.stderr
    assert steps[-len(uploads) :] == uploads
    kept = [step["with"].get("path", step["with"].get("sarif_file")) for step in uploads]
    assert kept == ["gate.html", "gate.sarif"]
    assert all((project / name).stat().st_size for name in kept)
    assert WORKFLOW["permissions"]["security-events"] == "write"


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_the_pipeline_fails_and_keeps_what_was_found(project):
    job = PIPELINE["gate"]
    install, gate = job["script"]

    done = in_a_shell(gate, project)

    assert "pytest-apierrors" in installed(install)
    assert done.returncode == 1, done.stdout + done.stderr
    assert job["artifacts"]["when"] == "always"
    assert all((project / name).stat().st_size for name in job["artifacts"]["paths"])
    (report,) = job["artifacts"]["reports"].values()
    found = json.loads((project / report).read_text(encoding="utf-8"))
    places = [f"{one['location']['path']}:{one['location']['lines']['begin']}" for one in found]
    assert {MOCK, CASSETTE} <= set(places)
    mend(project, *CAUSES)
    assert in_a_shell(gate, project).returncode == 0


def test_the_picture_is_of_this_run(failed):
    """Else: python tests/examples/gate_picture.py."""
    data = gate_picture.PICTURE.read_bytes()
    (linked,) = re.findall(r"!\[.+\]\((.+)\)", README)

    assert linked == gate_picture.PICTURE.name
    assert small_png.about(data) == gate_picture.about(failed[0] / "gate.sarif")
    assert len(data) < 150_000
