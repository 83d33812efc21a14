"""A small project to run pytest in: the invented provider, recordings, an ini file."""

import json
import shutil
import signal
import threading
from importlib import import_module
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

# What runs in the background ignores interrupts, and its children would, too.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)

ACME = Path(__file__).parent / "messages" / "acme.json"
JSON = {"Content-Type": "application/json"}


class Project:
    """A folder with the catalog of the invented provider `acme`, and what a test puts there."""

    def __init__(self, pytester):
        self.pytester = pytester
        self.path = pytester.path
        (self.path / "catalogs").mkdir()
        shutil.copy(ACME, self.path / "catalogs" / "acme.json")

    def record(self, name, *exchanges):
        """Write a recording; what is a str stands for itself."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = [one if isinstance(one, str) else json.dumps(one) for one in exchanges]
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return file

    def ini(self, **lines):
        """Write pytest.ini, with the folder of catalogs unless told otherwise."""
        lines = {"apierrors_catalogs": "catalogs", **lines}
        text = "".join(f"{name} = {value}\n" for name, value in lines.items())
        (self.path / "pytest.ini").write_text(f"[pytest]\n{text}", encoding="utf-8")

    def test(self, body, name="test_it"):
        """Write a test file."""
        self.pytester.makepyfile(**{name: body})

    def run(self, *args):
        """Run pytest in this process; a warning of ours is an error there, too."""
        return self.pytester.runpytest_inprocess("-W", "error", "-p", "no:cacheprovider", *args)

    def run_apart(self, *args):
        """Run pytest in a process of its own."""
        return self.pytester.runpytest_subprocess("-W", "error", *args)


@pytest.fixture(scope="session")
def loaded():
    """Load the engine before pytester remembers which modules there are: it drops all others."""
    import_module("pytest_apierrors._collect")
    import_module("pytest_apierrors.asserting")


@pytest.fixture
def project(loaded, pytester, monkeypatch):  # noqa: ARG001 - loaded first
    monkeypatch.setenv("COLUMNS", "200")
    return Project(pytester)


@pytest.fixture
def exchange():
    """Return a function that makes a recorded exchange with the invented provider."""

    def make(status, body=None, headers=JSON, **request):
        asked = {"method": "POST", "url": "https://api.acme.test/v1/messages", **request}
        text = body if isinstance(body, str) or body is None else json.dumps(body)
        return {
            "request": {name: value for name, value in asked.items() if value is not None},
            "response": {"status": status, "headers": headers, "body": text},
        }

    return make


@pytest.fixture
def errors(exchange):
    """Return recorded exchanges of every sort, by name."""
    wait = {**JSON, "Retry-After": "3"}
    challenge = {**JSON, "WWW-Authenticate": "Bearer"}

    def body(code, message):
        return {"error": {"code": code, "message": message}}

    return {
        "fine": exchange(200, {"id": 1}),
        "documented": exchange(429, body("rate_limited", "Wait 3 seconds"), wait),
        "deviating": exchange(400, body("rate_limited", "Wait 3 seconds"), wait),
        "undocumented": exchange(400, body("slow_down", "no")),
        "intermediary": exchange(502, "<html>bad</html>", {"Content-Type": "text/html"}),
        "warned": exchange(401, body("unauthorized", "Token expired"), challenge),
        "noted": exchange(423, body("frozen", "Frozen")),
    }
