"""The examples that fuzz real packages find what their READMEs say, each with its own packages."""

import fcntl
import re
import subprocess
import sys
import tomllib

import commands
import documents
import pytest

PROJECTS = sorted(commands.EXAMPLES.glob("fuzz_*/"))
ENVIRONMENTS = commands.ROOT / ".venv-examples"
# `  undeclared-exception requests.exceptions.SSLError at core/x.py:21 in X.request: kind, kind`
BUG = re.compile(
    r"^(?:apierrors: )? {2}(?P<part>[a-z-]+)(?: (?P<exception>[\w.]+))?"
    r"(?: at (?P<place>\S+) in [^:]+)?: (?P<kinds>.+)$",
    re.MULTILINE,
)


@pytest.fixture(params=PROJECTS, ids=lambda path: path.name)
def project(request):
    return request.param


@pytest.fixture
def python(project):
    """Return the Python of the project's environment; it is kept until what it needs changes."""
    ENVIRONMENTS.mkdir(exist_ok=True)
    folder = ENVIRONMENTS / project.name
    # Two runs of the tests at once make it one after the other.
    with (ENVIRONMENTS / f"{project.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        make(folder, project / "requirements.txt")
    return str(folder / "bin" / "python")


def make(folder, requirements):
    """Make an environment, unless it is there and has what it needs."""
    pyproject = (commands.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    ours = tomllib.loads(pyproject)["project"]["dependencies"]
    wanted = requirements.read_text(encoding="utf-8") + "\n".join(ours)
    stamp = folder / "stamp"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    pip = (folder / "bin" / "python", "-m", "pip", "--quiet", "--disable-pip-version-check")
    subprocess.run([*pip, "install", "-e", commands.ROOT, "-r", requirements], check=True)
    stamp.write_text(wanted, encoding="utf-8")


def test_the_packages_are_pinned(project):
    lines = (project / "requirements.txt").read_text(encoding="utf-8").splitlines()

    assert lines
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", line) for line in lines)


def test_it_finds_the_bugs_that_its_readme_lists(project, python, copy):
    text = (project / "README.md").read_text(encoding="utf-8")
    tests = "".join(file.read_text(encoding="utf-8") for file in project.glob("test_*.py"))
    ((command, outcome),) = documents.stated(text)

    finished = commands.run(command, copy(project), python, timeout=600)

    assert len(text.splitlines()) <= 30
    assert finished.summary == outcome, finished.output
    rows = documents.table(text)
    found = [bug.groupdict() for bug in BUG.finditer(finished.output)]
    assert found, finished.output
    for bug in found:
        assert any(_tells(row, bug) for row in rows), f"{bug}\n{finished.output}"
    for row in rows:
        for name in re.findall(r"`([^`]+)`", row[0]):
            assert any(name == _name(bug) and _tells(row, bug) for bug in found), row
        assert all(f'"{kind}"' in tests for kind in re.findall(r"`([^`]+)`", row[2])), row
    assert sum(_count(row[2]) for row in rows) == sum(_count(bug["kinds"]) for bug in found)


def _name(bug):
    """Return an exception's class, or the part of the promise that was broken."""
    exception = bug["part"] == "undeclared-exception"
    return bug["exception"].rpartition(".")[2] if exception else bug["part"]


def _tells(row, bug):
    place = row[1].strip("`")
    return f"`{_name(bug)}`" in row[0] and (bug["place"] or place).endswith(place)


def _count(kinds):
    """Return how many kinds "`one`, `two`, 3 more" or "one, two and 3 more" are."""
    more = re.search(r"(\d+) more$", kinds)
    listed = re.sub(r"(,| and) \d+ more$", "", kinds)
    return len(listed.split(", ")) + (int(more[1]) if more else 0)
