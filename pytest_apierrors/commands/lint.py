"""`lint`: what is wrong or odd in catalog files, and how much their contract catches."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pytest_apierrors.catalog.find import load_file
from pytest_apierrors.catalog.lint import lint
from pytest_apierrors.check.mutants import strength
from pytest_apierrors.check.words import count
from pytest_apierrors.errors import CatalogError
from pytest_apierrors.inert import inert

if TYPE_CHECKING:
    import argparse

    from pytest_apierrors.catalog.model import Catalog


def options(parser: argparse.ArgumentParser) -> None:
    """Say which options the command has."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="a catalog file")


def run(arguments: argparse.Namespace) -> int:
    """Report on each file: 0 for nothing to say, 1 for findings, 2 for one that cannot be read."""
    status = 0
    for file in arguments.files:
        try:
            status = max(status, _report(file, load_file(file)))
        except CatalogError as problem:
            sys.stdout.writelines(f"{inert(line)}\n" for line in str(problem).split("\n"))
            status = 2
    return status


def _report(file: str, catalog: Catalog) -> int:
    findings = lint(catalog)
    for finding in findings:
        sys.stdout.write(f"{inert(file)}: {inert(finding.place)}: {finding.kind}: ")
        sys.stdout.write(f"{inert(finding.text)}\n")
    found = strength(catalog)
    for missed in found.missed:
        sys.stdout.write(f"{inert(file)}: {inert(missed)}\n")
    share = f"{found.caught} of {count(found.total, 'mutant')} of its examples noticed"
    if found.untried:
        share += f" ({count(found.untried, 'example')} more left out, there are so many)"
    total = len(findings) + len(found.missed)
    sys.stdout.write(f"{inert(file)}: {count(total, 'finding')}; {share}\n")
    return 1 if findings or found.missed else 0
