"""The file and line that a watched test's finding names: a recording's, a mock's, from anywhere."""

from __future__ import annotations

import json

import pytest
from watched_files import line_of

CASSETTE = """
interactions:
- request: {body: null, headers: {}, method: GET, uri: 'https://api.acme.test/v1/other'}
  response:
    body: {string: "{}"}
    headers: {Content-Type: [application/json]}
    status: {code: 200, message: OK}
- request: {body: null, headers: {}, method: GET, uri: 'https://api.acme.test/v1/messages'}
  response:
    body: {string: '{"error": {"code": "rate_limited", "message": "Wait 3 seconds"}}'}
    headers: {Content-Type: [application/json]}
    status: {code: 400, message: Bad Request}
version: 1
"""
PLAYING = """
import vcr

def test_it():
    with vcr.VCR(record_mode="none").use_cassette("cassettes/x.yaml"):
        requests.get(URL)
"""


def test_a_drifted_cassette_fails_its_test_at_the_recording_s_line(watched, project):
    (project.path / "cassettes").mkdir()
    (project.path / "cassettes" / "x.yaml").write_text(CASSETTE.strip(), encoding="utf-8")

    result = watched(PLAYING, "--apierrors-report=out.json", "--apierrors-report=out.sarif")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["acme 400: deviates*", "  recorded   cassettes/x.yaml:7, by vcrpy"]
    )
    (one,) = json.loads((project.path / "out.json").read_text("utf-8"))["responses"]
    assert (one["file"], one["line"]) == ("cassettes/x.yaml", 7)


@pytest.mark.parametrize("how", ["status: {code: 400", "interactions:"])
def test_a_cassette_that_is_not_what_was_played_has_no_line(watched, project, how):
    """It was changed after it was played, for example."""
    (project.path / "cassettes").mkdir()
    file = project.path / "cassettes" / "x.yaml"
    file.write_text(CASSETTE.strip() + "\n", encoding="utf-8")
    changed = {"status: {code: 400": "status: {code: 401", "interactions:": "nothing: ["}[how]
    after = f"    import pathlib; p = pathlib.Path({str(file)!r})\n"
    after += f"    p.write_text(p.read_text().replace({how!r}, {changed!r}))\n"

    result = watched(PLAYING + after)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["  recorded   cassettes/x.yaml, by vcrpy"])


TWO = """
    import requests
    import vcr

    def test_second():
        with vcr.use_cassette("TOP/cassettes/two.yaml", record_mode="none"):
            assert requests.post("https://api.acme.test/second", timeout=5).status_code == 429
"""


@pytest.mark.parametrize("place", [".", ".."])
def test_a_played_exchange_has_its_own_number_and_a_file_from_where_pytest_runs(
    project, place, monkeypatch
):
    pytest.importorskip("vcr")
    project.ini()
    bad = {"status": {"code": 429, "message": "-"}, "headers": {}, "body": {"string": "{}"}}
    asked = {"method": "POST", "body": None, "headers": {}}
    exchanges = [
        {"request": {**asked, "uri": f"https://api.acme.test/{name}"}, "response": bad}
        for name in ("first", "second")
    ]
    (project.path / "cassettes").mkdir()
    text = json.dumps({"version": 1, "interactions": exchanges}, indent=1)
    (project.path / "cassettes" / "two.yaml").write_text(text)
    project.test(TWO.replace("TOP", str(project.path)))
    monkeypatch.chdir(project.path / place)
    folder = "" if place == "." else f"{project.path.name}/"

    args = ("--apierrors-provider=acme", "--apierrors-observe", "--apierrors-report=out.json")
    project.run_apart(*args, "-p", "no:cacheprovider", f"--rootdir={project.path}",
                      f"-c{project.path}/pytest.ini", str(project.path))  # fmt: skip

    (found,) = json.loads((project.path / place / "out.json").read_text())["responses"]
    assert (found["file"], found["index"]) == (f"{folder}cassettes/two.yaml", 1)
    starts = [number for number, line in enumerate(text.splitlines(), 1) if line == "  {"]
    assert found["line"] == starts[1]


@pytest.mark.parametrize(
    ("folder", "shown"),
    [
        ("service/tests", ("../../libs/mocks.py:4", "test_it.py:4", "test_it.py:6")),
        (".", ("libs/mocks.py:4", "service/tests/test_it.py:4", "service/tests/test_it.py:6")),
    ],
)
def test_places_are_seen_from_where_pytest_runs(project, monkeypatch, folder, shown):
    """A mock may lie beside the project, in the same checkout."""
    service = project.path / "service"
    (service / "tests").mkdir(parents=True)
    (project.path / ".git").mkdir()
    project.record("service/pytest.ini", "[pytest]", "pythonpath = ../libs",
                   "apierrors_catalogs = ../catalogs", "apierrors_provider = acme")  # fmt: skip
    lie = """import requests, responses
URL = "https://api.acme.test/v1/messages"
def lie():
    responses.post(URL, status=400, json={"error": {"code": "rate_limited", "message": "a"}})
"""
    project.record("libs/mocks.py", lie)
    test = """import responses, requests, mocks
@responses.activate
def test_lie():
    mocks.lie(); requests.post(mocks.URL)
def test_asserted(assert_error):
    assert_error({}, 1, status=400)
"""
    (service / "tests" / "test_it.py").write_text(test)
    monkeypatch.chdir(project.path / folder)

    result = project.run_apart(
        "--apierrors-observe",
        f"--apierrors-report={project.path}/out.txt",
        *("-p", "no:cacheprovider", f"{service}/tests"),
    )

    mocked, received, asserted = shown
    result.stdout.fnmatch_lines(
        [f"  mocked     {mocked}, by responses", f"  received   {received}"]
    )
    report = (project.path / "out.txt").read_text()
    assert report.startswith((f"{mocked} test_lie", f"{asserted} test_asserted"))
    assert f"{asserted} test_asserted: " in report


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_mock_made_before_anything_is_watched_is_where_it_is_added(watched, project, workers):
    """As a constant of a conftest is, which pytest imports before all else."""
    made = """import responses
LIE = responses.Response("POST", "https://api.acme.test/v1/messages", status=400,
                         json={"error": {"code": "rate_limited", "message": "a"}})
"""
    (project.path / "conftest.py").write_text(made, encoding="utf-8")
    body = """
from conftest import LIE
@pytest.mark.parametrize("n", range(2))
@responses.activate
def test_one(n):
    responses.add(LIE)  # told
    requests.post(URL)

def test_two():
    with responses.RequestsMock() as mock:
        mock.add(LIE)  # here
        requests.post(URL)
"""

    result = watched(body, f"-n{workers}", "--apierrors-report=out.txt", how=project.run_apart)

    result.assert_outcomes(failed=3)
    report = (project.path / "out.txt").read_text("utf-8")
    for text, test in (
        ("# told", "test_one[0]"),
        ("# told", "test_one[1]"),
        ("# here", "test_two"),
    ):
        assert f"test_it.py:{line_of(text, project)} {test}: " in report
