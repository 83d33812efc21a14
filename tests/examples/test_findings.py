"""What pytest, the command line and the READMEs say of the recorded examples is the same."""

import json
import re
import shlex
import shutil
from importlib import metadata
from pathlib import Path

import commands
import documents
import pytest
import yaml

RECORDED = commands.EXAMPLES / "recorded"
OWN = commands.EXAMPLES / "own_catalog"
BOTH = "--provider sinch --provider neutrino --only-hosts"

# Writes what pytest checked, through the plug-in's hook, and which items failed.
CONFTEST = """
import json

CHECKED, REPORTS = [], {}


def pytest_apierrors_checked(response, verdict):
    violations = [
        [one.rule, one.severity, one.where, one.documented, one.found]
        for one in verdict.violations
    ]
    CHECKED.append([response.origin.index, verdict.outcome, verdict.code, violations])


def pytest_runtest_logreport(report):
    if report.when == "call" and "::0" in report.nodeid:
        REPORTS[report.nodeid] = [report.outcome, CHECKED.pop()]


def pytest_sessionfinish():
    with open("checked.json", "w", encoding="utf-8") as out:
        json.dump(REPORTS, out)
"""


def by_command_line(folder, arguments):
    """Return the responses that `check` lists."""
    finished = commands.run(f"pytest-apierrors check {arguments} --all --format json", folder)
    return json.loads(finished.output)["responses"]


@pytest.mark.parametrize(
    ("project", "pytest_arguments", "check_arguments"),
    [
        (RECORDED, "--apierrors-provider=sinch", "cassettes --provider sinch --only-hosts"),
        (OWN, "", "recordings --catalogs catalogs --provider acme --provider toku-rest"),
    ],
    ids=["recorded", "own_catalog"],
)
def test_pytest_and_the_command_line_agree(copy, project, pytest_arguments, check_arguments):
    folder = copy(project)
    listed = [
        one
        for one in by_command_line(folder, check_arguments)
        if one["outcome"] != "not-an-error" or one["violations"]
    ]
    expected = [
        [
            one["file"],
            "failed" if "error" in {each["severity"] for each in one["violations"]} else "passed",
            one["index"],
            one["outcome"],
            one["code"],
            [
                [each[key] for key in ("rule", "severity", "where", "documented", "found")]
                for each in one["violations"]
            ],
        ]
        for one in listed
    ]
    (folder / "conftest.py").write_text(CONFTEST, encoding="utf-8")

    finished = commands.run(f"pytest {pytest_arguments}", folder)

    items = json.loads((folder / "checked.json").read_text(encoding="utf-8"))
    found = [[node.split("::")[0], outcome, *rest] for node, (outcome, rest) in items.items()]
    assert found == expected, finished.output
    assert expected


def test_the_table_of_cassettes_is_what_is_found():
    rows = documents.table((RECORDED / "README.md").read_text(encoding="utf-8"))
    stated = {cells[0].strip("`"): findings_of(cells[1]) for cells in rows}

    listed = by_command_line(RECORDED, f"cassettes {BOTH}")

    found = {one["file"][len("cassettes/") : -len(".yaml")]: findings_in(one) for one in listed}
    assert {name: rules for name, rules in found.items() if rules} == stated


def test_the_table_of_exchange_logs_is_what_is_found():
    rows = documents.table((OWN / "README.md").read_text(encoding="utf-8"))
    stated = {(file.strip("`"), int(line)): findings_of(cell) for file, line, cell in rows}

    listed = by_command_line(
        OWN, "recordings --catalogs catalogs --provider acme --provider toku-rest"
    )

    found = {(one["file"], one["line"]): findings_in(one) for one in listed}
    assert {place: rules for place, rules in found.items() if rules} == stated


def findings_of(cell):
    """Return ("error", "field-missing") and so on, as a table's cell states them."""
    return re.findall(r"(error|warning) `([\w-]+)`", cell)


def findings_in(response):
    """Return the same of a response of the JSON report; notes are no findings."""
    pairs = {(one["severity"], one["rule"]) for one in response["violations"]}
    return sorted(pair for pair in pairs if pair[0] != "note")


def test_the_cassettes_can_be_made_anew(tmp_path):
    """The clients still say, and still do, what the cassettes and the table hold."""
    rows = documents.table((RECORDED / "README.md").read_text(encoding="utf-8"))
    script = shutil.copytree(
        RECORDED, tmp_path / "recorded", ignore=shutil.ignore_patterns("cassettes")
    )

    finished = commands.run(f"python record.py {shlex.quote(str(tmp_path / 'new'))}", script)

    assert finished.status == 0, finished.output
    old, new = (exchanges_in(folder) for folder in (RECORDED / "cassettes", tmp_path / "new"))
    assert new == old
    did = dict(line.split(maxsplit=1) for line in finished.output.splitlines())
    for cassette, _, client in rows:
        exception = re.match(r"raised `(\w+)`", client)
        expected = "returned " if exception is None else f"raised {exception[1]}: "
        assert did[cassette.strip("`").split("/")[1]].startswith(expected)


def exchanges_in(folder):
    """Return what cassettes hold, apart from what depends on versions of other packages."""
    found = {}
    for file in sorted(Path(folder).rglob("*.yaml")):
        for exchange in yaml.safe_load(file.read_text(encoding="utf-8"))["interactions"]:
            request = exchange["request"]
            key = str(file.relative_to(folder))
            found[key] = (request["method"], request["uri"], request["body"], exchange["response"])
    return found


def test_the_workflow_installs_us_and_runs_the_gate(copy):
    text = (RECORDED / "ci.yml").read_text(encoding="utf-8")
    steps = yaml.safe_load(text)["jobs"]["recorded-errors"]["steps"]
    install, *others = [step["run"] for step in steps if "run" in step]
    folder = copy(RECORDED)

    assert install == f"python -m pip install {metadata.metadata('pytest-apierrors')['Name']}"
    assert others == ["pytest-apierrors check cassettes --provider sinch --only-hosts"]
    assert commands.run(others[0], folder).status == 1
    for file in (folder / "cassettes/sinch").glob("*.yaml"):
        if f"`sinch/{file.stem}` | error" in (folder / "README.md").read_text(encoding="utf-8"):
            file.unlink()
    assert commands.run(others[0], folder).status == 0


def test_no_credential_reaches_an_output(copy):
    """Not even where the response repeats it."""
    folder = copy(RECORDED)
    secrets = ("ZmFrZSBzaWduYXR1cmU", "fake-key-0000000000")
    cassettes = "".join(file.read_text(encoding="utf-8") for file in folder.rglob("*.yaml"))

    texts = [
        commands.run("pytest -vv --apierrors-provider=sinch --apierrors-provider=neutrino", folder),
        commands.run(f"pytest-apierrors check cassettes {BOTH} --all --format json", folder),
    ]

    for text in texts:
        assert "neutrinoapi.net" in text.output
        assert "callingapi.sinch.com" in text.output
        assert not [secret for secret in secrets if secret in text.output]
    assert all(cassettes.count(secret) > 1 for secret in secrets)
