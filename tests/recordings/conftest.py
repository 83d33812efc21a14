from __future__ import annotations

from pathlib import Path

import pytest

from pytest_apierrors.recordings import read

DATA = Path(__file__).parent / "data"


@pytest.fixture
def items(tmp_path):
    """Read bytes as a recording: a function that returns everything that comes out."""

    def run(content, name="recording", **options):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return list(read(path, **options))

    return run
