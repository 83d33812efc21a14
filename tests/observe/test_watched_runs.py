"""A run that watches, as a whole: its exit status, its warnings, its workers, what it leaves."""

from __future__ import annotations

import json

import pytest
from watched_files import MOCKS


class TestUnchecked:
    """A run that was asked to watch, and heard nothing of a provider."""

    QUIET = """
def test_it():
    pass

def test_other():
    pass
"""

    def test_fails_and_says_so(self, watched):
        result = watched(self.QUIET)

        assert result.ret == pytest.ExitCode.TESTS_FAILED
        result.stdout.fnmatch_lines(
            ["ERROR: asked to watch what the tests receive, but no response from a host of acme*"]
        )

    def test_not_where_the_user_wanted_a_part(self, watched):
        assert watched(self.QUIET, "-k", "other").ret == 0
        assert watched(self.QUIET, "test_it.py").ret == 0
        assert watched(self.QUIET, "--collect-only").ret == 0

    @pytest.mark.parametrize(("args", "status"), [((), 1), (("-k", "other"), 0)])
    def test_with_workers(self, watched, project, args, status):
        result = watched(self.QUIET, "-n2", *args, how=project.run_apart)

        assert result.ret == status

    def test_but_if_it_was_asked_for_there(self, watched):
        assert watched(self.QUIET, "--apierrors-observe", "test_it.py").ret == 1

    def test_not_where_the_option_stands_for_every_run(self, watched, monkeypatch):
        """So that a developer may run one file of a project that has it in addopts."""
        assert watched(self.QUIET, "test_it.py", addopts="--apierrors-observe").ret == 0
        monkeypatch.setenv("PYTEST_ADDOPTS", "--apierrors-observe")
        assert watched(self.QUIET, "test_it.py").ret == 0
        assert watched(self.QUIET).ret == 1

    def test_a_success_of_the_provider_is_enough(self, watched):
        result = watched(
            """
@responses.activate
def test_it():
    responses.get(URL, json={})
    requests.get(URL)
"""
        )

        assert result.ret == 0


def test_the_report_is_the_same_for_two_workers(watched, project, monkeypatch):
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    body = "".join(
        MOCKS[name].replace("test_it", f"test_{name}").replace("TestIt", f"Test{name}")
        for name in ("responses", "transport", "asyncio", "thread", "unittest")
    )
    found = []
    for workers in ("0", "2"):
        result = watched(
            body, f"-n{workers}", f"--apierrors-report=out{workers}.json", how=project.run_apart
        )
        result.assert_outcomes(failed=5)
        found.append((project.path / f"out{workers}.json").read_bytes())

    assert found[0] == found[1]
    assert len(json.loads(found[0])["responses"]) == 5


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_lacking_seam_is_one_warning(watched, project, workers):
    (project.path / "conftest.py").write_text(
        "import httpx\ndel httpx.AsyncClient.send\n", encoding="utf-8"
    )
    tests = "".join(MOCKS["transport"].replace("test_it", f"test_{n}") for n in range(4))

    result = watched(tests, f"-n{workers}", how=project.pytester.runpytest_subprocess)

    result.assert_outcomes(failed=4, warnings=1)
    result.stdout.fnmatch_lines(["*httpx: httpx.AsyncClient.send"])


def test_a_lacking_seam_fails_a_run_that_makes_errors_of_warnings(watched, monkeypatch):
    monkeypatch.delattr("httpx.AsyncClient.send")

    result = watched("\ndef test_it(): pass\n")

    assert result.ret == 1
    result.stdout.fnmatch_lines(["ERROR: *httpx: httpx.AsyncClient.send"])
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()


@pytest.mark.parametrize(
    ("marker", "said"),
    [
        ('ignore=["no-such-rule"]', '*(ignore=...): no rule named "no-such-rule"*'),
        ('provider="acmee"', '*(provider=...): no catalog named "acmee"; did you mean "acme"?'),
    ],
)
def test_a_wrong_marker_is_told(watched, marker, said):
    """Once, without our stack, and beside the failure of the test itself."""
    mocked = f"""
@pytest.mark.apierrors({marker})
@responses.activate
def test_it():
    responses.post(URL, status=400, json=LIE)
    requests.post(URL)
"""

    alone = watched(mocked)
    beside = watched(f"{mocked}    assert False, 'its own'")

    for result in (alone, beside):
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines([said])
        result.stdout.no_fnmatch_line("*_observe.py*")
    beside.stdout.fnmatch_lines(["E*its own*"])


def test_a_response_that_says_nothing_is_a_problem_of_the_report(watched, project):
    result = watched(
        """
class Adapter(requests.adapters.BaseAdapter):
    def send(self, request, **_):
        made = requests.Response()
        made.url = request.url
        return made

    def close(self):
        pass

def test_it():
    with requests.Session() as session:
        session.mount("https://", Adapter())
        session.get(URL)
""",
        "--apierrors-report=out.json",
        "test_it.py",
    )

    result.assert_outcomes(passed=1)
    (one,) = json.loads((project.path / "out.json").read_text("utf-8"))["problems"]
    assert one["file"] == "test_it.py"
    assert "has no status yet" in one["reason"]


def test_nothing_is_patched_without_the_option(watched):
    body = """
from requests import sessions

def test_it():
    assert not hasattr(sessions.dispatch_hook, "__wrapped__")
    assert not hasattr(httpx.Client.send, "__wrapped__")
"""
    watched(body, apierrors_observe="false").assert_outcomes(passed=1)
    watched(body).assert_outcomes(failed=1)


def test_all_is_put_back_after_the_run(watched):
    import httpx
    import requests

    before = (requests.sessions.dispatch_hook, httpx.Client.send)
    watched(MOCKS["responses"])

    assert (requests.sessions.dispatch_hook, httpx.Client.send) == before
