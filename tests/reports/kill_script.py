"""
Kill processes while they write a report and a baseline, and look at what they leave.

    python tests/reports/kill_script.py 1000

Prints how many kills came while something was being written, how many files were torn, and how
many temporary files were left after one more run; the exit status is 1 if there is any.
"""

import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from report_runs import BROKEN, WARNED, rendered

from pytest_apierrors import baseline
from pytest_apierrors.atomic import replacing

LINES = 3000
LONGEST_LIFE = 0.02


def contents():
    """Two versions of a large report, and two of a baseline."""
    reports = [rendered("json", *([one] * LINES)) for one in (BROKEN, WARNED)]
    lines = [
        [baseline.Accepted("acme", f"e{n}", "code-missing", "$", why) for n in range(LINES)]
        for why in ("first", "second")
    ]
    return reports, lines


def write_for_ever(folder, reports, lines, number):
    """Write both files again and again, every process another version first."""
    while True:
        number += 1
        with replacing(folder / "report.json") as stream:
            stream.write(reports[number % 2])
        baseline.write(folder / "baseline.json", "baseline.json", lines[number % 2])


def kill_one(folder, reports, lines, number):
    """Start a writer and kill it after a moment; return whether it was writing."""
    child = os.fork()
    if not child:
        try:
            write_for_ever(folder, reports, lines, number)
        finally:
            os._exit(1)
    time.sleep(random.uniform(0, LONGEST_LIFE))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return bool(list(folder.glob(f".*.{child}.tmp")))


def rounds(kills, folder):
    """Return kills while writing, torn files, and temporary files left after one more run."""
    reports, lines = contents()
    known = {}
    for name in ("report.json", "baseline.json"):
        known[name] = set()
    for version in (0, 1):
        with replacing(folder / "report.json") as stream:
            stream.write(reports[version])
        baseline.write(folder / "baseline.json", "baseline.json", lines[version])
        for name, versions in known.items():
            versions.add((folder / name).read_bytes())
    hit = torn = 0
    for number in range(kills):
        hit += kill_one(folder, reports, lines, number)
        torn += sum((folder / name).read_bytes() not in known[name] for name in known)
    with replacing(folder / "report.json") as stream:
        stream.write(reports[0])
    baseline.write(folder / "baseline.json", "baseline.json", lines[0])
    return hit, torn, len(list(folder.glob(".*.tmp")))


def main():
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        hit, torn, left = rounds(kills, Path(folder))
    print(f"{kills} kills, {hit} while writing: {torn} torn files, {left} temporary files left")
    return int(bool(torn or left))


if __name__ == "__main__":
    sys.exit(main())
