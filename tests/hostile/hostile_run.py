"""The command run on hostile files in a process of its own, with what that cost."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ACME = Path(__file__).parents[1] / "messages" / "acme.json"
# Peak memory as the kernel has it for this process image alone: what wait4 tells counts the
# parent of the fork, too.
_MAIN = """
import json, runpy, sys, time
out, status = sys.argv.pop(1), 70
try:
    runpy.run_module("pytest_apierrors", run_name="__main__", alter_sys=True)
    status = 0
except SystemExit as end:
    status = end.code or 0
finally:
    sys.stdout.flush()
    try:
        lines = open("/proc/self/status").read().split("\\n")
        peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024
    except OSError:
        peak = 0
    json.dump({"cpu": time.process_time(), "mib": peak}, open(out, "w"))
sys.exit(status)
"""
START_UP = 40
"""What the process takes before it reads anything, in MiB: 24 here, with room for other builds."""

HOSTILE_SECONDS = 5
HOSTILE_MIB = 256
_TIMEOUT = 300


class Ran(NamedTuple):
    """How the command ended, what it said, and what it cost."""

    status: int
    out: str
    err: str
    cpu: float
    mib: int

    def lines_on(self, file: str) -> list[str]:
        """Return the lines of the report that begin with a file's name, without it."""
        lines = self.out.split("\n")
        return [line[len(file) :] for line in lines if re.match(rf"{re.escape(file)}[: ]", line)]

    def sound(self, status: int = 2) -> Ran:
        """Check that it ended by itself, as it should, and at what cost."""
        assert self.status == status, (self.out[-2000:], self.err[-2000:])
        assert "Traceback" not in self.out + self.err
        assert " has failed: " not in self.out + self.err  # a reader of our own
        assert self.cpu < HOSTILE_SECONDS
        assert self.mib < START_UP + HOSTILE_MIB
        return self


def run(*words: str, folder: Path, **environment: str) -> Ran:
    """Run the command in a folder."""
    with tempfile.TemporaryDirectory() as place:
        costs = Path(place) / "costs.json"
        command = [sys.executable, "-c", _MAIN, str(costs), *words]
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "200", **environment},
            check=False,
        )
        assert costs.exists(), f"killed: {done.returncode}, {done.stderr[-2000:]!r}"
        cost = json.loads(costs.read_text(encoding="utf-8"))
    out, err = (text.decode("utf-8", "strict") for text in (done.stdout, done.stderr))
    return Ran(done.returncode, out, err, cost["cpu"], cost["mib"])


def check(folder: Path, *words: str) -> Ran:
    """Check recordings in a folder, one process, against HTTP alone unless told otherwise."""
    provider = () if "--provider" in words else ("--provider", "http")
    return run("check", *words, *provider, "--jobs", "1", folder=folder)


def exchange(status: object = 404, body: object = "x", **response: object) -> dict[str, object]:
    """Return an exchange as a line of an exchange log has it."""
    answer = {"status": status, "headers": {}, "body": body, **response}
    return {"request": {"method": "GET", "url": "https://api.acme.test/v1"}, "response": answer}


GOOD = f"{json.dumps(exchange())}\n".encode()


def entry(body: object = "x", status: object = 404, headers: object = (), **content: object):
    """Return an entry of a HAR."""
    return {
        "request": {"method": "GET", "url": "https://api.acme.test/v1", "headers": []},
        "response": {
            "status": status,
            "headers": list(headers),
            "content": {"text": body, "mimeType": "application/json", **content},
        },
    }


def har(*entries: object) -> bytes:
    """Return a HAR."""
    return json.dumps({"log": {"version": "1.2", "entries": entries}}).encode()
