"""How files are named: from where somebody stands, and from the root of a checkout."""

import pytest

from pytest_apierrors.repository import checkout_of, seen_from, seen_from_checkout


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with a service in it, on no CI."""
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    monkeypatch.delenv("CI_PROJECT_DIR", raising=False)
    root = tmp_path / "checkout"
    (root / "services" / "calls").mkdir(parents=True)
    (root / ".git").mkdir()
    return root


def test_a_path_below_is_relative(checkout):
    assert seen_from(checkout, checkout / "a" / "b.py") == "a/b.py"
    assert seen_from(checkout, "a/b.py") == "a/b.py"


def test_a_path_elsewhere_in_the_checkout_is_relative_too(checkout):
    assert seen_from(checkout / "services", checkout / "libs" / "a.py") == "../libs/a.py"


def test_a_path_elsewhere_below_a_top_is_relative_too(tmp_path):
    assert seen_from(tmp_path / "tests", tmp_path / "a.py", tmp_path) == "../a.py"


def test_a_path_outside_is_whole(checkout, tmp_path):
    assert seen_from(checkout, tmp_path / "a.py") == (tmp_path / "a.py").as_posix()
    assert seen_from(tmp_path, "/a.py", checkout) == "/a.py"


def test_detours_are_straightened(checkout):
    detour = checkout / "services" / ".." / ".." / "checkout" / "a.py"

    assert seen_from(checkout, detour) == "a.py"
    assert seen_from(checkout, "/../../a.py") == "/a.py"


@pytest.mark.parametrize("variable", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
def test_ci_says_where_a_checkout_without_history_is(tmp_path, monkeypatch, variable):
    monkeypatch.setenv(variable, str(tmp_path))

    assert checkout_of(tmp_path / "services") == tmp_path
    assert checkout_of(tmp_path.parent) is None


def test_a_code_host_is_told_files_from_the_root(checkout, tmp_path):
    calls = checkout / "services" / "calls"

    assert seen_from_checkout("test_it.py", calls) == "services/calls/test_it.py"
    assert seen_from_checkout("../../libs/a.py", calls) == "libs/a.py"
    assert seen_from_checkout(str(calls / "a.py"), checkout) == "services/calls/a.py"
    assert seen_from_checkout("/elsewhere/a.py", calls) == "/elsewhere/a.py"
    assert seen_from_checkout("test_it.py", tmp_path) == "test_it.py"


def test_a_folder_that_is_gone_changes_no_name(tmp_path, monkeypatch):
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()

    assert seen_from_checkout("a.py", None) == "a.py"
