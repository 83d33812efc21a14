from __future__ import annotations

import gzip
import importlib.util
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


@pytest.fixture(scope="session")
def server():
    """The module of the server that the recordings in `data` were made of."""
    path = DATA.parent / "make" / "server.py"
    spec = importlib.util.spec_from_file_location("recorded_server", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def as_sent(server):
    """Hold a response against what the server sends: a function of it, method and path."""

    def compare(response, method, path, *, unlike=()):
        status, headers, body = server.ANSWERS[path]
        assert response.status == status
        for name in {name for name, _ in headers} - set(unlike):
            assert response.headers.get_all(name) == [v for key, v in headers if key == name], name
        if method == "HEAD":
            assert response.body == b""
        elif "body" not in unlike:
            assert plain(response.body) == plain(body)

    def plain(body):
        return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body

    return compare
