"""One job in a process of its own: `worker.py JOB SMALL FILE` prints what FILE took, as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def ours(path: str) -> int:
    """Bring every recorded response to its verdict."""
    from pytest_apierrors.attribution import Attribution
    from pytest_apierrors.catalog.find import Catalogs
    from pytest_apierrors.results import Checked, How, check_file

    how = How(Attribution([Catalogs().get("sinch")]))
    return sum(type(result) is Checked for result in check_file(path, how))


def vcrpy(path: str) -> int:
    """Load a cassette as vcrpy does when a test starts."""
    from vcr.cassette import Cassette

    return len(Cassette.load(path=path))


def pyyaml(path: str) -> int:
    """Load a cassette with PyYAML's C loader."""
    import yaml

    with Path(path).open("rb") as file:
        return len(yaml.load(file, Loader=yaml.CSafeLoader)["interactions"])


def json_load(path: str) -> int:
    """Load a HAR with the standard library."""
    with Path(path).open("rb") as file:
        return len(json.load(file)["log"]["entries"])


def ijson_items(path: str) -> int:
    """Walk the entries of a HAR with ijson's C backend."""
    import ijson.backends.yajl2_c as ijson

    with Path(path).open("rb") as file:
        return sum(1 for _ in ijson.items(file, "log.entries.item"))


def json_loop(path: str) -> int:
    """Read a log and the bodies of its errors, and look up each code: a loop written by hand."""
    codes = {}
    count = 0
    with Path(path).open("rb") as file:
        for line in file:
            response = json.loads(line)["response"]
            count += 1
            if response["status"] >= 400 and response["body"].startswith("{"):
                code = json.loads(response["body"])["errorCode"]
                codes[code] = codes.get(code, 0) + 1
    return count


def lines(path: str) -> int:
    """Read a file line by line and do nothing with it."""
    with Path(path).open("rb") as file:
        return sum(1 for _ in file)


def peak() -> int:
    """
    Return the most memory that this process had, in bytes.

    Linux hands `ru_maxrss` down from the parent through exec; VmHWM is the process's own.
    """
    status = Path("/proc/self/status")
    if status.exists():
        text = status.read_text()
        return int(text.partition("VmHWM:")[2].split()[0]) * 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


JOBS: dict[str, Callable[[str], int]] = {
    job.__name__: job for job in (ours, vcrpy, pyyaml, json_load, ijson_items, json_loop, lines)
}


def main() -> None:
    """Do the job on the small file first, so that imports do not count."""
    _, name, small, path = sys.argv
    job = JOBS[name]
    job(small)
    wall, cpu = time.perf_counter(), time.process_time()
    items = job(path)
    cpu = time.process_time() - cpu
    wall = time.perf_counter() - wall
    print(json.dumps({"wall": wall, "cpu": cpu, "peak": peak(), "items": items}))


if __name__ == "__main__":
    main()
