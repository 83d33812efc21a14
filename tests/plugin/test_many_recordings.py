"""Many recordings are read ahead in several processes: the same items, failures and reports."""

import json
import sys

import pytest

from pytest_apierrors import _ahead

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="one process elsewhere")
JSON = {"Content-Type": "application/json"}
ARGS = ("-q", "--apierrors-provider=acme", "--apierrors-report=out.json")


@pytest.fixture
def many(project, exchange, errors):
    """A folder of twelve recordings, large enough to be worth several processes."""
    project.ini(apierrors_recordings="cassettes")
    fine = [exchange(200, {"text": "x" * 2000})] * 200
    for number in range(12):
        lines = [*fine, errors["documented"], errors["deviating"]]
        project.record(
            f"cassettes/{number:02}.ndjson", *lines, *(["garbage"] if number == 3 else [])
        )
    return project


def reported(project, *args):
    result = project.run_apart(*ARGS, "-p", "no:cacheprovider", *args)
    report = json.loads((project.path / "out.json").read_text(encoding="utf-8"))
    said = [line for line in result.outlines if " in " not in line]
    return result.ret, said, report


def test_read_ahead_or_not_the_run_is_the_same(many, monkeypatch):
    ahead = reported(many)
    monkeypatch.setenv("PYTHONPATH", str(many.path))
    (many.path / "conftest.py").write_text(
        "from pytest_apierrors import _ahead\n_ahead.worth_it = lambda files, jobs: False\n"
    )
    alone = reported(many)

    assert ahead == alone
    status, _, report = ahead
    assert status == 1
    assert report["summary"]["responses"] == 12 * 202
    assert (report["summary"]["errors"], len(report["problems"])) == (24, 1)


NOTED = """
import os
from pytest_apierrors import _collect

found, mine = _collect._found, os.getpid()

def noted(*args):
    with open(f"read-{os.getpid() == mine}", "a") as file:
        file.write("x")
    if KILLED and os.getpid() != mine:
        os.kill(os.getpid(), 9)
    return found(*args)

_collect._found = noted
"""


def test_other_processes_do_read(many):
    (many.path / "conftest.py").write_text(NOTED.replace("KILLED", "False"))

    many.run_apart("-q", "--apierrors-provider=acme")

    assert (many.path / "read-False").read_text() == "x" * 12
    assert not (many.path / "read-True").exists()


def test_where_a_process_dies_its_files_are_read_here(many):
    (many.path / "conftest.py").write_text(NOTED.replace("KILLED", "True"))

    result = many.run_apart("-q", "--apierrors-provider=acme")

    assert (many.path / "read-True").read_text() == "x" * 12
    result.assert_outcomes(passed=12, failed=13)


def test_a_mistake_of_the_choice_is_said_once_for_each_file(many):
    result = many.run("-q", "--apierrors-provider=sinch", "--apierrors-provider=toku")

    assert result.ret == 2
    result.stdout.fnmatch_lines(["*belongs to none of the providers*"])


def test_one_recording_that_is_asked_for_is_read_alone(many, monkeypatch):
    asked = []
    monkeypatch.setattr(_ahead, "worth_it", lambda files, _: asked.append(files) or False)

    result = many.run("-q", "--apierrors-provider=acme", "cassettes/05.ndjson")

    assert asked == [[]]
    result.assert_outcomes(passed=1, failed=1)


def test_a_credential_stays_hidden_wherever_its_recording_was_read(many, exchange):
    secret = "Zq7wBe9rK2mX4"
    body = {"error": {"code": "never_heard_of", "message": f"no such user: {secret}"}}
    sent = exchange(400, body, headers={**JSON, "X-Echo": secret})
    sent["request"]["headers"] = {"Authorization": f"Bearer {secret}"}
    many.record("cassettes/echo.ndjson", sent)
    (many.path / "conftest.py").write_text(NOTED.replace("KILLED", "False"))

    result = many.run_apart(*ARGS, "-vv", "-k", "echo")

    assert not (many.path / "read-True").exists()
    result.stdout.fnmatch_lines(["*no such user: [[]redacted[]]*"])
    assert secret not in result.stdout.str()
    assert secret not in (many.path / "out.json").read_text(encoding="utf-8")
