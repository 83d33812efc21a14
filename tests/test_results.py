"""Recordings checked file by file, and which files those are."""

import json
import os
import sys
import zipfile
from pathlib import Path

import pytest

from pytest_apierrors.attribution import Attribution
from pytest_apierrors.catalog.find import load_file
from pytest_apierrors.check.verdict import Policy
from pytest_apierrors.errors import RecordingError, UsageProblem
from pytest_apierrors.recordings import READERS, Reader
from pytest_apierrors.results import (
    Checked,
    How,
    NoRecording,
    Recognised,
    Skipped,
    check_file,
    files_of,
    found_in,
)

ACME = load_file("tests/messages/acme.json")


def exchange(status, body, url="https://api.acme.test/", method="GET"):
    response = {"status": status, "headers": {"Content-Type": "application/json"}, "body": body}
    return json.dumps({"request": {"method": method, "url": url}, "response": response})


LIMITED = exchange(429, '{"error": {"code": "rate_limited", "message": "Wait 3 seconds"}}')


def results_of(file, how):
    return [one for one in check_file(file, how) if not isinstance(one, Recognised)]


@pytest.fixture
def log(tmp_path):
    def write(*lines):
        file = tmp_path / "log.ndjson"
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return str(file)

    return write


def test_exchanges_are_checked_in_their_order_with_their_places(log):
    file = log(exchange(200, "{}"), LIMITED, exchange(418, "[]"))

    results = list(results_of(file, How(Attribution([ACME]))))

    assert [(one.file, one.index, one.line) for one in results] == [
        (file, 0, 1),
        (file, 1, 2),
        (file, 2, 3),
    ]
    outcomes = [one.verdict.outcome for one in results]
    assert outcomes == ["not-an-error", "deviating", "undocumented"]
    assert [one.listed for one in results] == [False, True, True]
    assert (results[1].method, results[1].url) == ("GET", "https://api.acme.test/")


def test_the_format_of_a_file_comes_first_and_also_if_it_holds_nothing(log, tmp_path):
    empty = tmp_path / "empty.har"
    empty.write_text('{"log": {"version": "1.2", "entries": []}}')
    how = How(Attribution([ACME]))
    file = log(LIMITED)

    assert next(check_file(file, how)) == Recognised(file, "ndjson")
    assert list(check_file(str(empty), how)) == [Recognised(str(empty), "har")]


def test_a_file_of_a_folder_that_is_no_recording_is_said_to_be_none(tmp_path):
    (tmp_path / "README.md").write_text("# Cassettes")
    (tmp_path / "a.yaml").write_text("no cassette either")

    found = list(found_in([str(tmp_path)]))

    assert found == [NoRecording(str(tmp_path / "README.md")), str(tmp_path / "a.yaml")]


@pytest.mark.skipif(sys.platform != "linux", reason="a file that opens and cannot be read")
@pytest.mark.parametrize("name", ["memory", "memory.json", "memory.zip"])
def test_a_file_that_cannot_be_read_is_read_to_say_so(tmp_path, name):
    (tmp_path / name).symlink_to("/proc/self/mem")

    assert list(found_in([str(tmp_path)])) == [str(tmp_path / name)]


CASSETTE = "interactions:\n- request: {}\n  response: {status: 404}\n"


@pytest.mark.parametrize("name", ["test_a.py", "a_test.go", "A.MD", "vcr.rb", "x/y.patch"])
def test_a_program_or_a_page_that_shows_a_recording_is_none(tmp_path, name):
    for one in (name, "recorded", "recorded.txt"):
        (tmp_path / one).parent.mkdir(exist_ok=True)
        (tmp_path / one).write_text(f'CASSETTE = """\n{CASSETTE}"""\n')
    here = tmp_path / name

    found = list(found_in([str(tmp_path)]))

    assert NoRecording(str(here)) in found
    assert {str(tmp_path / "recorded"), str(tmp_path / "recorded.txt")} <= set(found)
    assert list(found_in([str(here)])) == [str(here)]


def test_a_reader_of_your_own_reads_whatever_it_knows(tmp_path):
    here = tmp_path / "a.md"
    here.write_text("# mine")
    own = Reader("own", "mine", lambda head, _: head == b"# mine", lambda _: iter(()))

    assert list(found_in([str(tmp_path)], [own, *READERS])) == [str(here)]


@pytest.mark.parametrize("names", [(), ("word/document.xml",), ("a/b.json", "c.harm")])
def test_a_zip_without_a_har_is_none(tmp_path, names):
    here = tmp_path / "a.zip"
    with zipfile.ZipFile(here, "w") as archive:
        archive.writestr("x", "y")
        for name in names:
            archive.writestr(name, "{}")

    assert list(found_in([str(tmp_path)])) == [NoRecording(str(here))]
    assert list(found_in([str(here)])) == [str(here)]


@pytest.mark.parametrize(
    ("name", "spoiled"), [("har.har", False), ("har.har", True), ("raw/01_s.txt", False)]
)
def test_a_zip_with_a_har_or_a_damaged_one_is_read(tmp_path, name, spoiled):
    here = tmp_path / "a.zip"
    with zipfile.ZipFile(here, "w") as archive:
        archive.writestr("resources/a.json", "{}")
        archive.writestr(name, "{}")
    if spoiled:
        here.write_bytes(here.read_bytes()[:-30])

    assert list(found_in([str(tmp_path)])) == [str(here)]


def test_bodies_that_mappings_name_are_not_read_as_recordings(tmp_path):
    for name in ("mappings/one.json", "__files/one.json", "other/__files/two.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")

    found = [file.removeprefix(f"{tmp_path}/") for file in files_of([str(tmp_path)])]

    assert found == ["mappings/one.json", "other/__files/two.json"]


def test_one_unreadable_exchange_costs_nothing_else(log):
    results = list(results_of(log(LIMITED, '{"request": ', LIMITED), How(Attribution([ACME]))))

    assert [type(one) for one in results] == [Checked, RecordingError, Checked]
    assert results[1].index == 1
    assert [results[0].index, results[2].index] == [0, 2]


def test_a_missing_file_is_a_result(tmp_path):
    (problem,) = results_of(str(tmp_path / "no.har"), How(Attribution([ACME])))

    assert isinstance(problem, RecordingError)
    assert problem.index is None
    assert "No such file" in problem.reason


def test_responses_of_other_hosts_are_passed_over_if_the_user_said_so(log):
    file = log(exchange(400, "{}", url="https://nobody.test/"), LIMITED)

    first, second = results_of(file, How(Attribution([ACME], only_hosts=True)))

    assert first == Skipped(file, 0)
    assert isinstance(second, Checked)


def test_a_response_of_nobody_stops_the_run(log):
    file = log(LIMITED, exchange(400, "{}", url="https://nobody.test/"))
    other = load_file("schemas/toku.json")

    with pytest.raises(UsageProblem, match=r"#1: the host nobody\.test"):
        list(results_of(file, How(Attribution([ACME, other]))))


def test_the_policy_is_heard(log):
    how = How(Attribution([ACME]), Policy(ignore=frozenset({"header-missing"})))

    (checked,) = results_of(log(LIMITED), how)

    assert checked.verdict.outcome == "documented"


def test_a_response_that_is_no_error_is_listed_if_it_breaks_a_rule(log):
    (checked,) = results_of(log(exchange(204, "{}")), How(Attribution([ACME])))

    assert not checked.verdict.is_error
    assert checked.listed


def test_an_unknown_reader_is_a_mistake(log):
    with pytest.raises(UsageProblem, match="no reader"):
        list(results_of(log(LIMITED), How(Attribution([ACME]), reader="cassette")))


@pytest.fixture
def tree(tmp_path):
    def write(name, text=LIMITED):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return str(file)

    return write


def test_folders_are_walked_in_a_stable_order(tree, tmp_path):
    wanted = [tree("b.ndjson"), tree("a/z.yaml"), tree("a/b/c.har"), tree("A.json")]
    tree(".hidden.yaml")
    tree(".git/x.yaml")

    found = list(files_of([str(tmp_path)]))

    assert sorted(found) == sorted(wanted)
    assert found == list(files_of([str(tmp_path)]))
    assert [os.path.relpath(one, tmp_path) for one in found] == [
        "A.json",
        "b.ndjson",
        os.path.join("a", "z.yaml"),  # noqa: PTH118 - as the walk writes it
        os.path.join("a", "b", "c.har"),  # noqa: PTH118
    ]


def test_paths_stay_as_the_user_wrote_them(tree, tmp_path, monkeypatch):
    tree("cassettes/a.yaml")
    monkeypatch.chdir(tmp_path)

    assert list(files_of(["cassettes"])) == ["cassettes/a.yaml"]
    assert list(files_of(["./cassettes/a.yaml"])) == ["./cassettes/a.yaml"]


def test_a_file_named_twice_is_checked_once(tree, tmp_path):
    file = tree("a.yaml")

    assert list(files_of([file, file, str(tmp_path)])) == [file]


def test_in_a_folder_what_is_no_recording_is_passed_over(tree, tmp_path):
    """By name or by content: a recorder may give its files any name."""
    tree("README.md", "# Cassettes\n\nmade by hand\n")
    tree("__init__.py", "")
    tree("conftest.py", "import pytest\n")
    named, unnamed = tree("broken.yaml", "[["), tree("send_message", f"{LIMITED}\n")

    assert set(files_of([str(tmp_path)])) == {named, unnamed}


def test_a_file_that_the_user_names_is_never_passed_over(tree):
    file = tree("README.md", "# Cassettes\n")

    assert list(files_of([file])) == [file]
    assert list(files_of(["no-such-thing"])) == ["no-such-thing"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_links_to_folders_are_not_followed(tree, tmp_path):
    file = tree("a/b.yaml")
    (tmp_path / "a" / "loop").symlink_to(tmp_path / "a", target_is_directory=True)

    assert list(files_of([str(tmp_path)])) == [file]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are none on this system")
def test_a_pipe_in_a_folder_is_not_waited_for(tree, tmp_path):
    file = tree("a.yaml")
    os.mkfifo(tmp_path / "pipe")

    assert list(files_of([str(tmp_path)])) == [file]


def test_a_folder_that_cannot_be_listed_is_named(tmp_path, monkeypatch):
    """Root lists everything, so the refusal comes from a stand-in."""
    (tmp_path / "open").mkdir()
    (tmp_path / "shut").mkdir()
    (tmp_path / "open" / "a.ndjson").write_text("{}\n")
    real = os.scandir

    def scandir(path):
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)

    found = list(files_of([str(tmp_path)]))

    assert [Path(one).name for one in found] == ["a.ndjson", "shut"]
