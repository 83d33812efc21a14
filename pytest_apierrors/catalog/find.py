"""Where catalogs are: built in, in the user's folders, in other packages."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_apierrors.catalog.load import BASE, MAX_BYTES, MAX_EXTENDS, NAME, load_catalog
from pytest_apierrors.catalog.subset import suggestion
from pytest_apierrors.entrypoints import installed
from pytest_apierrors.errors import CatalogError
from pytest_apierrors.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterable
    from importlib.resources.abc import Traversable

    from pytest_apierrors.catalog.model import Catalog

ENTRY_POINTS = "pytest_apierrors.catalogs"
"""Entry-point group of packages that ship catalogs; each value names a package with JSON files."""


def builtin_root() -> Path:
    """
    Return the folder of the catalogs that this installation ships.

    In a wheel it lies in the package, in a checkout beside it. Raises CatalogError where
    neither exists.
    """
    package = Path(__file__).parents[1]
    inside = package / "schemas"
    if inside.is_dir():
        return inside
    if (package.parent / "pyproject.toml").is_file():
        beside = package.parent / "schemas"
        if beside.is_dir():
            return beside
    raise CatalogError("pytest-apierrors", [("", "this installation has no built-in catalogs")])


_NAMING = "the file's name is the provider's: lower-case letters, digits and dashes, then .json"


class Catalogs:
    """
    The catalogs that can be chosen, by name; each is read once, when it is first asked for.

    `places` are files and folders of the user's (or of other packages); a name found there
    stands before a built-in one, and may extend it.
    """

    def __init__(self, places: Iterable[str | Path | Traversable] = ()) -> None:
        self._files: dict[str, list[Traversable]] = {}
        self._loaded: dict[tuple[str, int], Catalog] = {}
        for place in places:
            self._add(_catalogs_in(Path(place) if isinstance(place, str) else place))
        for place in (*installed_places(), builtin_root()):
            self._add(one for one in place.iterdir() if _names_catalog(one.name))

    def _add(self, found: Iterable[Traversable]) -> None:
        for file in sorted(found, key=lambda one: one.name):
            self._files.setdefault(file.name.removesuffix(".json"), []).append(file)

    def names(self) -> list[str]:
        """Return the names of all catalogs, sorted."""
        return sorted(self._files)

    def get(self, name: str) -> Catalog:
        """Return a catalog by name. Raises CatalogError, with the nearest name for a wrong one."""
        if name not in self._files:
            known = ", ".join(self.names())
            hint = suggestion(name, tuple(self._files))
            reason = f'no catalog named "{name}"{hint} (there are: {known})'
            raise CatalogError("", [("", reason)])
        return self._load(name, 0, ())

    def _load(self, name: str, rank: int, below: tuple[str, ...]) -> Catalog:
        key = (name, rank)
        if key in self._loaded:
            return self._loaded[key]
        file = self._files[name][rank]

        def parent(wanted: str) -> Catalog:
            return self._parent(wanted, name, rank, below)

        catalog = load_catalog(_bytes(file), name, str(file), parent)
        self._loaded[key] = catalog
        return catalog

    def _parent(self, wanted: str, name: str, rank: int, below: tuple[str, ...]) -> Catalog:
        """Return what a catalog extends; a catalog of the same name means the next one below it."""
        chain = (*below, f"{name}/{rank}")
        next_rank = rank + 1 if wanted == name else 0
        if wanted not in self._files or next_rank >= len(self._files[wanted]):
            hint = suggestion(wanted, tuple(one for one in self._files if one != name))
            if wanted == name:
                raise CatalogError(name, [("", f'no other catalog named "{name}" to extend')])
            raise CatalogError(name, [("", f'no catalog named "{wanted}"{hint}')])
        if f"{wanted}/{next_rank}" in chain:
            raise CatalogError(name, [("", f'"{name}" and "{wanted}" extend each other')])
        if len(chain) > MAX_EXTENDS:
            reason = f"more than {MAX_EXTENDS} catalogs extend one another"
            raise CatalogError(name, [("", reason)])
        return self._load(wanted, next_rank, chain)

    @property
    def base(self) -> Catalog:
        """The catalog of HTTP itself."""
        return self.get(BASE)


def load_file(path: str | Path) -> Catalog:
    """Read one catalog file of the user's; what it extends is looked up beside it and built in."""
    file = Path(path)
    if not _names_catalog(file.name):
        raise CatalogError(str(path), [("", _NAMING)])
    _bytes(file)
    beside = [one for one in _catalogs_in(file.absolute().parent) if one.name != file.name]
    return Catalogs([file, *beside]).get(file.name.removesuffix(".json"))


def _catalogs_in(place: Traversable) -> list[Traversable]:
    """Return the catalog files that a user's place is or holds; there has to be one."""
    try:
        folder = list(place.iterdir()) if place.is_dir() else None
    except OSError as error:
        raise CatalogError(str(place), [("", _unreadable(error))]) from None
    if folder is not None:
        found = [one for one in folder if _names_catalog(one.name)]
        if not found:
            raise CatalogError(str(place), [("", f"no catalog in this folder ({_NAMING})")])
        return found
    if isinstance(place, Path) and not os.path.lexists(place):
        raise CatalogError(str(place), [("", "no such file or folder")])
    if not _names_catalog(place.name):
        raise CatalogError(str(place), [("", _NAMING)])
    return [place]


def installed_places() -> list[Traversable]:
    """Return the folders of installed packages that ship catalogs."""
    points = installed(ENTRY_POINTS)
    if not points:
        return []
    from importlib.resources import files  # noqa: PLC0415 - 20 ms that few need

    places = []
    for point in points:
        try:
            place = files(point.value)
        except (ImportError, TypeError, ValueError) as error:
            reason = f'the package "{point.value}" that ships catalogs cannot be found: {error}'
            raise CatalogError(point.name, [("", inert(reason, 300))]) from None
        places.append(place)
    return places


def _names_catalog(name: str) -> bool:
    return name.endswith(".json") and NAME.fullmatch(name.removesuffix(".json")) is not None


def _bytes(file: Traversable) -> bytes:
    try:
        if isinstance(file, Path):
            status = file.stat()
            if not stat.S_ISREG(status.st_mode):
                raise CatalogError(str(file), [("", "not a regular file")])
            if status.st_size > MAX_BYTES:
                raise CatalogError(
                    str(file), [("", f"{status.st_size} bytes; a catalog has at most {MAX_BYTES}")]
                )
        return file.read_bytes()
    except OSError as error:
        raise CatalogError(str(file), [("", _unreadable(error))]) from None


def _unreadable(error: OSError) -> str:
    return f"cannot be read: {error.strerror or type(error).__name__}"
