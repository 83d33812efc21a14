"""`python tests/benchmarks/run.py` measures us beside our peers and prints one table."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from files import cassette_rows, har_rows, log_rows
from folders import rows as folder_rows
from fuzzing import rows as fuzzing_rows
from seams import rows as seams_rows
from server import rows as server_rows
from single import rows as single_rows
from start import command_rows, plugin_rows
from table import rendered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from table import Row

PARTS: dict[str, Callable[[Path, bool], Iterator[Row]]] = {
    "single": lambda _, quick: single_rows(quick=quick),
    "cassette": lambda folder, quick: cassette_rows(folder, quick=quick),
    "har": lambda folder, quick: har_rows(folder, quick=quick),
    "log": lambda folder, quick: log_rows(folder, quick=quick),
    "folder": lambda folder, quick: folder_rows(folder, quick=quick),
    "command": lambda folder, quick: command_rows(folder, quick=quick),
    "plugin": lambda folder, quick: plugin_rows(folder, quick=quick),
    "server": lambda _, quick: server_rows(quick=quick),
    "seams": lambda _, quick: seams_rows(quick=quick),
    "fuzzing": lambda folder, quick: fuzzing_rows(folder, quick=quick),
}
PEERS = (
    "schemathesis",
    "openapi-core",
    "jsonschema",
    "vcrpy",
    "PyYAML",
    "ijson",
    "orjson",
    "pytest-httpserver",
    "pytest-recording",
    "hypothesis",
    "responses",
)


def main() -> int:
    """Run the parts asked for; the exit status is 1 where a full run misses a must."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, under a minute")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="these parts")
    chosen = parser.parse_args()
    start = time.perf_counter()
    rows: list[Row] = []
    for name in chosen.only:
        print(f"measuring: {name}", file=sys.stderr)
        with TemporaryDirectory(prefix="apierrors-") as folder:
            rows += PARTS[name](Path(folder), chosen.quick)
    print(rendered(rows))
    print()
    print(_machine())
    size = "quick" if chosen.quick else "full"
    print(
        f"{size} run, {time.perf_counter() - start:.0f} s; times are medians of interleaved rounds"
    )
    return 1 if any(row.short for row in rows) and not chosen.quick else 0


def _machine() -> str:
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PEERS)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{python}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}; {versions}"


if __name__ == "__main__":
    sys.exit(main())
