"""Catalogs as the commands name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_apierrors.catalog.subset import suggestion
from pytest_apierrors.errors import UsageProblem

if TYPE_CHECKING:
    import argparse

    from pytest_apierrors.catalog.find import Catalogs
    from pytest_apierrors.catalog.model import Catalog


def catalogs_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the user's own catalogs."""
    parser.add_argument(
        "--catalogs",
        action="append",
        default=[],
        metavar="DIR",
        help="a folder of your own catalogs, or one file; repeatable",
    )


def named(name: str, catalogs: Catalogs, option: str = "") -> Catalog:
    """Return a catalog by name; a wrong one is a mistake of the user's, with the nearest name."""
    known = catalogs.names()
    if name not in known:
        hint = suggestion(name, tuple(known))
        at = f"{option}: " if option else ""
        sentence = f'{at}no catalog named "{name}"{hint} (there are: {", ".join(known)})'
        raise UsageProblem(sentence)
    return catalogs.get(name)
