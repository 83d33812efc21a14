"""`list`: which catalogs can be chosen."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.catalog.model import Unknown
from pytest_apierrors.commands.catalogs import catalogs_option
from pytest_apierrors.errors import CatalogError
from pytest_apierrors.explain.advice import catalog_file
from pytest_apierrors.explain.message import last_read
from pytest_apierrors.explain.table import columns
from pytest_apierrors.inert import inert, markdown_code

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from pytest_apierrors.catalog.model import Catalog

_HEADINGS = ("provider", "what it is", "errors", "codes", "statuses", "read")


def options(parser: argparse.ArgumentParser) -> None:
    """Say which options the command has."""
    catalogs_option(parser)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--markdown", action="store_true", help="as a Markdown table")
    how.add_argument("--format", choices=("text", "json"), default="text", help="(default: text)")


def run(arguments: argparse.Namespace) -> int:
    """List the catalogs; one that cannot be read is named and the others are listed."""
    catalogs = Catalogs(arguments.catalogs)
    found: list[Catalog] = []
    refused: list[CatalogError] = []
    for name in catalogs.names():
        try:
            found.append(catalogs.get(name))
        except CatalogError as problem:
            refused.append(problem)
    facts = [_facts(catalog) for catalog in found]
    if arguments.markdown:
        sys.stdout.writelines(f"{line}\n" for line in _markdown(facts))
    elif arguments.format == "json":
        sys.stdout.write(f"{json.dumps({'version': 1, 'providers': facts}, indent=2)}\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in columns([_HEADINGS, *_rows(facts)], "  "))
    for one in refused:
        sys.stderr.writelines(f"{inert(line)}\n" for line in str(one).split("\n"))
    return 2 if refused else 0


def _facts(catalog: Catalog) -> dict[str, Any]:
    errors = [entry for entry in catalog.errors.values() if entry.role == "error"]
    statuses = {
        status
        for entry in errors
        if not isinstance(entry.statuses, Unknown)
        for status in entry.statuses
    }
    return {
        "name": catalog.name,
        "title": catalog.title,
        "errors": len(errors),
        "codes": len({(one.space, one.code) for one in errors if isinstance(one.code, str)}),
        "statuses": len(statuses),
        "read": last_read(catalog),
        "extends": catalog.extends,
        "hosts": list(catalog.hosts),
        "file": catalog_file(catalog),
    }


def _rows(facts: Iterable[dict[str, Any]]) -> list[list[str]]:
    keys = ("name", "title", "errors", "codes", "statuses", "read")
    return [[inert(str(one[key] or "-")) for key in keys] for one in facts]


def _markdown(facts: Iterable[dict[str, Any]]) -> list[str]:
    lines = [f"| {' | '.join(_HEADINGS)} |", f"|{'---|' * len(_HEADINGS)}"]
    for name, title, *rest in _rows(facts):
        cells = (markdown_code(name, table=True), title.replace("|", r"\|"), *rest)
        lines.append(f"| {' | '.join(cells)} |")
    return lines
