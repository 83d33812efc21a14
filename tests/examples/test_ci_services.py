"""What CI services read at the top of the project, run as far as it can be without them."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
RECORDED = ROOT / "examples" / "recorded"
BIN = Path(sys.executable).parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")


def run_step(name, folder, inputs, **env):
    """Run one step of the action as the runner does: inputs come in through its `env` alone."""
    (step,) = (one for one in ACTION["runs"]["steps"] if one["name"] == name)
    assert "${{" not in step["run"], "an input in a script is a hole"
    given = {key: str(one.get("default", "")) for key, one in ACTION["inputs"].items()} | inputs
    said = {
        key: given[re.fullmatch(r"\$\{\{ inputs\.(\w+) \}\}", value)[1]]
        for key, value in step["env"].items()
    }
    script = folder / "step.sh"
    script.write_text(step["run"], encoding="utf-8")
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)]
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path, **said, **env},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(copy):
    return copy(RECORDED)


def check(folder, **inputs):
    summary = folder / "summary.md"
    given = {"paths": "cassettes", "provider": "sinch", "arguments": "--only-hosts", **inputs}
    done = run_step("Check recorded errors", folder, given, GITHUB_STEP_SUMMARY=str(summary))
    return done, summary.read_text(encoding="utf-8") if summary.exists() else ""


def test_the_action_annotates_what_differs_and_fails(folder):
    done, summary = check(folder, sarif="found.sarif")

    assert done.returncode == 1, done.stderr
    assert "::error file=cassettes/sinch/update_error_as_200.yaml,line=2," in done.stdout
    assert "error-in-success" in summary
    found = json.loads((folder / "found.sarif").read_text(encoding="utf-8"))
    assert found["version"] == "2.1.0"
    assert len(found["runs"][0]["results"]) > 5


def test_the_action_passes_where_everything_is_as_documented(folder):
    done, summary = check(
        folder, paths="cassettes/sinch/callout_bad_parameter.yaml", summary="false"
    )

    assert (done.returncode, summary) == (0, ""), done.stdout + done.stderr


def test_the_action_fails_where_a_recording_cannot_be_read(folder):
    (folder / "cassettes" / "broken.yaml").write_text("nothing", encoding="utf-8")

    done, _ = check(folder, paths="cassettes/broken.yaml")

    assert done.returncode == 2


def test_inputs_are_words_and_never_commands(folder):
    done, _ = check(folder, paths="$(touch hole)\n`touch hole`; touch hole", provider="")

    assert done.returncode == 2
    assert not (folder / "hole").exists()


def test_several_paths_and_providers_are_told_apart(folder):
    (folder / "a name with spaces.yaml").write_bytes(
        (folder / "cassettes/sinch/call_no_code.yaml").read_bytes()
    )

    done, _ = check(folder, paths="a name with spaces.yaml\ncassettes", provider="sinch neutrino")

    assert done.returncode == 1
    assert "::error file=a name with spaces.yaml,line=2," in done.stdout


def test_the_action_installs_into_a_place_of_its_own(folder, tmp_path):
    paths = tmp_path / "paths"
    given = {"version": f" @ {ROOT.as_uri()}", "python": sys.executable}

    done = run_step(
        "Install pytest-apierrors",
        folder,
        given,
        RUNNER_TEMP=str(tmp_path),
        GITHUB_PATH=str(paths),
        PIP_DISABLE_PIP_VERSION_CHECK="1",
    )

    assert done.returncode == 0, done.stderr
    assert paths.read_text(encoding="utf-8") == f"{tmp_path}/apierrors/bin\n"
    assert (tmp_path / "apierrors" / "bin" / "pytest-apierrors").exists()


def test_every_input_of_the_action_is_used_and_described():
    used = re.findall(r"inputs\.(\w+)", (ROOT / "action.yml").read_text(encoding="utf-8"))

    assert set(used) == set(ACTION["inputs"])
    assert all(one["description"].endswith(".") for one in ACTION["inputs"].values())


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_a_hook_of_pre_commit_takes_its_files_and_no_others(hook):
    files = re.compile(hook["files"])
    fit = {
        "apierrors-check": [
            "tests/cassettes/test_a/b.yaml",
            "recordings/x.har",
            "a/fixtures/b.json",
        ],
        "apierrors-lint": ["catalogs/acme.json", "tests/catalogs/acme-2.json"],
    }

    assert all(files.search(name) for name in fit[hook["id"]])
    assert not any(files.search(name) for name in ("setup.yaml", "src/cassettes.py", "a.json"))


def run_hook(name, folder, *files):
    (hook,) = (one for one in HOOKS if one["id"] == name)
    program, *words = hook["entry"].split()
    command = [str(BIN / program), *words, *files]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_hook_checks_what_pre_commit_gives_it(folder):
    good, bad = "cassettes/sinch/callout_bad_parameter.yaml", "cassettes/sinch/call_no_code.yaml"

    assert run_hook("apierrors-check", folder, good).returncode == 0
    assert run_hook("apierrors-check", folder, good, bad).returncode == 1


def test_the_hook_lints_catalogs():
    assert run_hook("apierrors-lint", ROOT, "tests/messages/acme.json").returncode in (0, 1)
    assert run_hook("apierrors-lint", ROOT, "pyproject.toml").returncode == 2


def test_pre_commit_itself_accepts_the_hooks():
    clientlib = pytest.importorskip("pre_commit.clientlib")

    loaded = clientlib.load_manifest(str(ROOT / ".pre-commit-hooks.yaml"))

    assert [one["id"] for one in loaded] == [one["id"] for one in HOOKS]


def blocks():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return [yaml.safe_load(one) for one in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)]


def test_what_the_readme_gives_the_action_are_inputs_of_it():
    steps = next(one for one in blocks() if isinstance(one, list) and "uses" in one[0])

    assert set(steps[1]["with"]) <= set(ACTION["inputs"])


def test_the_readme_s_job_for_gitlab_fails_and_writes_what_gitlab_reads(folder):
    (job,) = (one["recorded-errors"] for one in blocks() if "recorded-errors" in one)
    install, check = job["script"]
    (report,) = job["artifacts"]["reports"].values()
    shutil.copytree(folder / "cassettes", folder / "tests" / "cassettes")

    done = subprocess.run(
        [BIN / check.split()[0], *check.split()[1:]], cwd=folder, capture_output=True, check=False
    )

    assert (install, done.returncode) == ("pip install pytest-apierrors", 1)
    found = json.loads((folder / report).read_text(encoding="utf-8"))
    assert {"description", "check_name", "fingerprint", "severity", "location"} <= set(found[0])


def test_the_readme_s_hook_is_one_of_ours():
    (repo,) = (one[0] for one in blocks() if isinstance(one, list) and "repo" in one[0])

    assert {hook["id"] for hook in repo["hooks"]} <= {hook["id"] for hook in HOOKS}
