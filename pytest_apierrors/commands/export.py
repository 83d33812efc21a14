"""`export`: a catalog as one standard JSON Schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pytest_apierrors.catalog.export import export
from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.commands.catalogs import catalogs_option, named
from pytest_apierrors.commands.output import file_or_stdout, output_to

if TYPE_CHECKING:
    import argparse


def options(parser: argparse.ArgumentParser) -> None:
    """Say which options the command has."""
    parser.add_argument("name", metavar="NAME", help="the catalog")
    catalogs_option(parser)
    parser.add_argument(
        "--output",
        metavar="FILE",
        type=file_or_stdout,
        help="write it there, whole or not at all",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the schema."""
    schema = export(named(arguments.name, Catalogs(arguments.catalogs)))
    with output_to(arguments.output) as out:
        out.write(f"{json.dumps(schema, indent=2)}\n")
    return 0
