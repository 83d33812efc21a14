"""`combine`: JSON reports of several test runs put together, and the coverage of all."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.commands.catalogs import catalogs_option
from pytest_apierrors.commands.output import file_or_stdout, output_to
from pytest_apierrors.commands.words import known_format, percent
from pytest_apierrors.inert import inert
from pytest_apierrors.reports import FORMATS, SUFFIXES, renderer
from pytest_apierrors.reports.combined import combined, read_report

if TYPE_CHECKING:
    import argparse

    from pytest_apierrors.catalog.model import Catalog
    from pytest_apierrors.evidence import Matrix


def options(parser: argparse.ArgumentParser) -> None:
    """Say which options the command has."""
    add = parser.add_argument
    add("files", nargs="+", metavar="FILE", help="a report that pytest wrote as JSON")
    catalogs_option(parser)
    add(
        "--output",
        metavar="FILE",
        type=file_or_stdout,
        help="write the report of all there, whole or not at all",
    )
    formats = ", ".join(FORMATS)
    add("--format", metavar="FORMAT", help=f"{formats} (default: what --output ends with)")
    add(
        "--fail-under",
        metavar="PCT",
        help="fail if less than this percentage of the documented errors was exercised",
    )


def _known(coverage: Matrix, places: list[str]) -> list[Catalog]:
    """Return the catalogs of the providers that the reports are about, as far as they are here."""
    catalogs = Catalogs(places)
    return [catalogs.get(name) for name in sorted(coverage.providers) if name in catalogs.names()]


def run(arguments: argparse.Namespace) -> int:
    """Print the coverage of all runs: 0, or 1 where one is incomplete or too little covered."""
    suffix = "" if arguments.output is None else Path(arguments.output).suffix.lower()
    form = arguments.format or SUFFIXES.get(suffix, "text")
    known_format(form, "combine")
    required = percent("--fail-under", arguments.fail_under)
    whole = combined([read_report(name) for name in dict.fromkeys(arguments.files)])
    whole = whole._replace(catalogs=_known(whole.coverage, arguments.catalogs))
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
