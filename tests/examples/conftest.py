import shutil

import pytest


@pytest.fixture
def copy(tmp_path):
    """Return a function that copies an example; nothing is written where it is kept."""

    def make(project):
        ignored = shutil.ignore_patterns("__pycache__", ".pytest_cache")
        return shutil.copytree(project, tmp_path / project.name, ignore=ignored)

    return make
