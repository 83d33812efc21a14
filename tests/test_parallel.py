"""Many recordings checked in several processes: the same results, in the same order."""

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from pytest_apierrors.parallel import worth_it

ROOT = Path(__file__).parents[1]
RUN = [sys.executable, "-m", "pytest_apierrors", "check"]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="one process elsewhere")


BEFORE = """
import sys
from pathlib import Path
from pytest_apierrors.attribution import Attribution
from pytest_apierrors.catalog.find import load_file
from pytest_apierrors.parallel import Task, check_files, worth_it
from pytest_apierrors.reports.run import Summary
from pytest_apierrors.results import How
ACME = load_file("tests/messages/acme.json")
folder = Path(sys.argv[1])
"""


def apart(code, folder):
    """Run Python in a process of its own: only one with a single thread is copied."""
    command = [sys.executable, "-c", BEFORE + dedent(code), str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def line(status, body):
    response = {"status": status, "headers": {"Content-Type": "application/json"}, "body": body}
    request = {"method": "GET", "url": "https://api.acme.test/"}
    return json.dumps({"request": request, "response": response})


LIMITED = line(429, '{"error": {"code": "rate_limited", "message": "Wait 3 seconds"}}')


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of some megabytes, with every kind of result in it."""
    folder = tmp_path_factory.mktemp("many")
    for number in range(40):
        text = f"{LIMITED}\n{line(200, '{}')}\n" * 400
        text += "not JSON\n" if number % 7 == 0 else ""
        (folder / f"log-{number:02}.ndjson").write_text(text)
    (folder / "README.md").write_text("# Recordings")
    (folder / "broken.yaml").write_text("nothing")
    return folder


def checked(folder, *options):
    command = [*RUN, ".", "--catalogs", str(Path("tests/messages/acme.json").resolve()), *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_any_number_of_processes_prints_the_same(folder, form):
    one, two = (checked(folder, "--format", form, "--jobs", jobs) for jobs in ("1", "3"))

    assert one == two
    assert one[0] == 2  # for the files that cannot be read
    assert len(one[1]) > 100_000


def test_several_processes_are_used_for_many_files(folder):
    done = apart(
        """
        files = sorted(map(str, folder.glob("*.ndjson")))
        seen = Summary([ACME])
        results = list(check_files(files, Task(How(Attribution([ACME]))), seen, 2))
        print(worth_it(files, 2), sum(one.file in files for one in results), seen.responses)
        """,
        folder,
    )

    assert done.stdout == "True 16006 32000\n", done.stderr


def test_few_or_small_files_are_read_in_one_process(folder, tmp_path):
    (tmp_path / "a.ndjson").write_text(LIMITED)
    few = [str(folder / "log-01.ndjson")] * 3
    small = [str(tmp_path / "a.ndjson")] * 50

    assert [worth_it(few, 2), worth_it(small, 2)] == [False, False]


def test_a_process_that_is_killed_is_said_to_be(folder):
    done = apart(
        """
        import os
        from pytest_apierrors import parallel
        parallel.check_file = lambda *_: os.kill(os.getpid(), 9)
        files = sorted(map(str, folder.glob("*.ndjson")))
        list(check_files(files, Task(How(Attribution([ACME]))), Summary([ACME]), 2))
        """,
        folder,
    )

    said = "UsageProblem: a process that read recordings was killed: read them in one with --jobs 1"
    assert done.stderr.splitlines()[-1].endswith(said)


def test_a_problem_of_the_choice_reaches_the_user(folder):
    done = apart(
        """
        catalogs = [load_file(f"schemas/{name}.json") for name in ("neutrino", "toku")]
        files = sorted(map(str, folder.glob("*.ndjson")))
        list(check_files(files, Task(How(Attribution(catalogs))), Summary(catalogs), 2))
        """,
        folder,
    )

    assert "belongs to none of the providers" in done.stderr.splitlines()[-1]
