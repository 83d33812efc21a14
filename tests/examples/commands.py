"""Runs a command of a document the way its reader would, in a copy of the reader's folder."""

import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
MODULES = {"pytest": "pytest", "pytest-apierrors": "pytest_apierrors"}
# They would change what is printed, or reach the run of the tests themselves.
DROPPED = (
    *("PYTEST_", "PY_COLORS", "FORCE_COLOR", "NO_COLOR", "GITHUB_", "CI", "COV_", "COVERAGE_"),
    "PYTHONDONTWRITEBYTECODE",
)


@dataclass
class Finished:
    """What a command printed, on both streams, and its exit status."""

    output: str
    status: int

    @property
    def summary(self):
        """The last line of a pytest run, without its time and its frame."""
        last = self.output.rstrip().rsplit("\n", 1)[-1]
        return last.strip("= ").rsplit(" in ", 1)[0]


def run(command, folder, python=sys.executable, timeout=120):
    """Run `pytest ...`, `pytest-apierrors ...` or `python ...`, with this Python or another."""
    program, *arguments = shlex.split(command)
    if program != "python":
        arguments = ["-m", MODULES[program], *arguments]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(DROPPED)}
    finished = subprocess.run(
        [python, *arguments],
        cwd=folder,
        env=kept | {"COLUMNS": "100", "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=timeout,
    )
    return Finished(finished.stdout, finished.returncode)
