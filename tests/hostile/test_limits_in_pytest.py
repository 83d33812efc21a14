"""Limits in pytest: set as options and in the ini file, and named where one is exceeded."""

from __future__ import annotations

import json
import os

import pytest
from hostile_run import entry, exchange, har

DEEP = f"version: 1\ninteractions:\n- {'[' * 100}{']' * 100}\n"


def hostile(project):
    project.record("log.ndjson", exchange(), exchange(body="a" * 2000), exchange())
    (project.path / "deep.yaml").write_text(DEEP, encoding="utf-8")
    (project.path / "long.har").write_bytes(har(entry(), entry("a" * 2000)))


def test_a_refusal_names_the_option_that_raises_the_limit(project):
    hostile(project)
    recordings = "log.ndjson deep.yaml long.har"

    project.ini(
        apierrors_provider="http",
        apierrors_recordings=recordings,
        apierrors_limit="max-body-bytes=1000",
    )
    result = project.run("-rA")

    text = result.stdout.str()
    assert result.ret == 1
    assert "nesting is over the limit of 64 (--apierrors-limit max_depth=N)" in text
    assert text.count("over the limit of 1000 (--apierrors-limit max_body_bytes=N)") >= 2
    result.assert_outcomes(passed=3, failed=3)

    raised = project.run(
        *("-rA", "--apierrors-limit=max_depth=200", "--apierrors-limit", "max_body_bytes=2000")
    )

    raised.assert_outcomes(passed=5, failed=1)
    assert "over the limit" not in raised.stdout.str()


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("max_depth", 'NAME=N is needed; found "max_depth"'),
        ("max_dept=3", 'no limit "max_dept"; did you mean "max_depth"? (there are: max_'),
        ("max_depth=x", 'max_depth is a number from 1; found "x"'),
        ("max_depth=0", 'max_depth is a number from 1; found "0"'),
        ("max_depth=" + "9" * 5000, "max_depth is a number from 1; found"),
    ],
)
def test_a_limit_that_is_none_is_a_usage_error(project, word, sentence):
    result = project.run(f"--apierrors-limit={word}")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert f"--apierrors-limit: {sentence}" in result.stderr.str()


def test_hostile_files_are_tests_that_fail_and_the_others_pass(project):
    laughs = "".join(f"  a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]\n" for n in range(1, 9))
    (project.path / "laughs.yaml").write_text(f"interactions:\n- a0: &a0 [x]\n{laughs}")
    (project.path / "ones.ndjson").write_text(f"{json.dumps(exchange())}\n" + "1\n" * 50)
    (project.path / "zero.har").symlink_to("/dev/zero")
    (project.path / "brackets.yaml").write_text(f"interactions:\n- {'[' * 100_000}\n")
    project.record("good.ndjson", exchange())
    project.ini(apierrors_provider="http", apierrors_limit="max_problems=10")

    result = project.run_apart(
        *("--apierrors-recordings=.", "-q", "-p", "no:cacheprovider"),
    )

    text = result.stdout.str()
    assert result.ret == 1
    result.assert_outcomes(passed=2, failed=14)
    assert "Traceback" not in text + result.stderr.str()
    assert "nodes behind aliases are over the limit of 2000000 (--apierrors-limit max_" in text
    assert "nesting is over the limit of 64 (--apierrors-limit max_depth=N)" in text
    assert "cannot be read are over the limit of 10 (--apierrors-limit max_problems=N)" in text
    assert "zero.har: cannot be read, it is not a regular file" in text


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_what_pytest_drops_fails_the_run(project, workers):
    kept = project.path / "kept"
    kept.mkdir()
    (kept / "zero.har").symlink_to("/dev/zero")
    (kept / "gone.yaml").symlink_to("not-there")
    os.mkfifo(kept / "pipe.json")
    project.record("kept/good.ndjson", exchange())
    project.ini(apierrors_provider="http", apierrors_recordings="kept")

    result = project.run_apart("-q", "-p", "no:cacheprovider", *workers)

    assert result.ret == 1
    result.assert_outcomes(passed=1)
    for name in ("zero.har", "gone.yaml", "pipe.json"):
        assert f"{name}: cannot be read, it is not a regular file" in result.stdout.str()


def test_a_path_too_long_is_a_usage_error(project):
    result = project.run("--apierrors-provider=http", f"--apierrors-recordings={'x' * 5000}")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "no such file or folder" in result.stderr.str()
