"""Each folder of examples is a project to copy, and its README says how it ends."""

import commands
import documents
import pytest

# Those that fuzz need packages of their own: see test_fuzz_examples.py.
PROJECTS = sorted(
    path
    for path in commands.EXAMPLES.iterdir()
    if path.is_dir() and not path.name.startswith("fuzz_")
)


@pytest.fixture(params=PROJECTS, ids=lambda path: path.name)
def project(request):
    return request.param


def test_there_are_examples():
    assert {path.name for path in PROJECTS} >= {"recorded", "assert_error", "own_catalog"}


def test_the_readme_is_short_and_states_an_outcome_of_pytest(project):
    text = (project / "README.md").read_text(encoding="utf-8")

    assert len(text.splitlines()) <= 30
    assert [one for one, _ in documents.stated(text) if one.split()[0] == "pytest"]


def test_it_ends_as_its_readme_states(project, copy):
    text = (project / "README.md").read_text(encoding="utf-8")
    folder = copy(project)

    for command, outcome in documents.stated(text):
        finished = commands.run(command, folder)
        status = f"exit status {finished.status}"
        assert outcome == (status if outcome.startswith("exit") else finished.summary), (
            f"{command}\n{finished.output}"
        )


def test_workers_find_the_same(copy):
    folder = copy(commands.EXAMPLES / "recorded")
    command, outcome = documents.stated((folder / "README.md").read_text(encoding="utf-8"))[0]

    finished = commands.run(f"{command} -n 2", folder)

    assert finished.summary == outcome, finished.output
