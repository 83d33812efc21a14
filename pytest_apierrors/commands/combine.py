"""`combine`: JSON reports of several test runs put together, and the coverage of all."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_apierrors.commands.output import output_to
from pytest_apierrors.commands.words import known_format, percent
from pytest_apierrors.inert import inert
from pytest_apierrors.reports import FORMATS, SUFFIXES, renderer
from pytest_apierrors.reports.combined import combined, read_report

if TYPE_CHECKING:
    import argparse


def options(parser: argparse.ArgumentParser) -> None:
    """Say which options the command has."""
    add = parser.add_argument
    add("files", nargs="+", metavar="FILE", help="a report that pytest wrote as JSON")
    add("--output", metavar="FILE", help="write the report of all there, whole or not at all")
    formats = ", ".join(FORMATS)
    add("--format", metavar="FORMAT", help=f"{formats} (default: what --output ends with)")
    add(
        "--fail-under",
        metavar="PCT",
        help="fail if less than this percentage of the documented errors was exercised",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the coverage of all runs: 0, or 1 where one is incomplete or too little covered."""
    suffix = "" if arguments.output is None else Path(arguments.output).suffix.lower()
    form = arguments.format or SUFFIXES.get(suffix, "text")
    known_format(form, "combine")
    required = percent("--fail-under", arguments.fail_under)
    whole = combined([read_report(name) for name in dict.fromkeys(arguments.files)])
    failures = [] if required is None else list(whole.coverage.below(required))
    if arguments.output is not None or arguments.format is not None:
        with output_to(arguments.output) as out:
            renderer(form)(whole._replace(failures=failures), out)
    if arguments.output is not None or arguments.format is None:
        lines = [*whole.coverage.table(), *whole.remarks, whole.summary.sentence()]
        sys.stdout.writelines(f"{inert(line)}\n" for line in lines)
    if whole.incomplete is not None:
        failures.insert(0, f"the run is incomplete: {whole.incomplete}")
    sys.stderr.writelines(f"{inert(line)}\n" for line in failures)
    return int(bool(failures))
