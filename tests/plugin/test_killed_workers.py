"""One of four workers is killed: the run says that it is incomplete, is red, and loses one test."""

import json
import random
import re
import signal
import sys

import pytest

TESTS = 60
VICTIM = """
    import os, signal, time
    import pytest

    BODY = {{"error": {{"code": "rate_limited", "message": "Wait 3 seconds"}}}}
    HEADERS = {{"Content-Type": "application/json", "Retry-After": "3"}}

    @pytest.mark.parametrize("number", range({tests}))
    def test_it(assert_error, number):
        assert_error(BODY, status=429, headers=HEADERS)
        time.sleep(0.01)
        if number == {victim}:
            os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("restart", [[], ["--max-worker-restart=0"]], ids=["restarted", "lost"])
def test_a_killed_worker_loses_its_test_and_no_other(project, restart):
    victim = random.randrange(TESTS)
    project.ini()
    project.test(VICTIM.format(tests=TESTS, victim=victim))

    result = project.run_apart(
        *("-p", "no:cacheprovider", "-n4", *restart, "--apierrors-provider=acme"),
        *("--apierrors-report=out.json", "--apierrors-report=out.sarif"),
    )

    assert result.ret != 0
    result.stdout.fnmatch_lines(["ERROR: the run is incomplete: 1 worker of pytest-xdist crashed"])
    result.stdout.no_fnmatch_line("*INTERNALERROR*")
    report = json.loads((project.path / "out.json").read_text())
    assert report["incomplete"] == "1 worker of pytest-xdist crashed"
    seen = [int(re.search(r"\[(\d+)\]", one["test"])[1]) for one in report["responses"]]
    assert len(seen) == result.parseoutcomes()["passed"], f"victim {victim}"
    if not restart:  # without another worker pytest-xdist gives up
        assert sorted(seen) == sorted({*range(TESTS)} - {victim}), f"victim {victim}"
    log = json.loads((project.path / "out.sarif").read_text())
    assert log["runs"][0]["invocations"][0]["executionSuccessful"] is False


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_run_that_is_killed_leaves_the_report_that_was_there(project):
    project.ini()
    project.test(VICTIM.format(tests=1, victim=0))
    (project.path / "out.json").write_text("before")

    result = project.run_apart("--apierrors-provider=acme", "--apierrors-report=out.json")

    assert result.ret == -signal.SIGKILL
    assert (project.path / "out.json").read_text() == "before"
    assert not list(project.path.glob(".out.json.*"))
