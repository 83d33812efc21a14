"""Where the user's code lies, and how its files are named: from here, and from its checkout."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path, PurePath

# Where a service of CI has put what it builds; a checkout need not have its history there.
_CHECKOUTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")


def checkout_of(folder: Path) -> Path | None:
    """Return the root of the checkout that a folder is part of, if it is part of one."""
    for name in _CHECKOUTS:
        said = os.environ.get(name)
        if said and folder.is_relative_to(said):
            return Path(said)
    return _with_history(folder)


def seen_from(folder: Path, path: str | os.PathLike[str], *tops: Path) -> str:
    """
    Return a path as messages show it: as seen from a folder.

    A path that is neither below it, nor below its checkout, nor below one of the `tops` that it
    is part of, is shown whole.
    """
    found = _straight(folder / path)
    if found.is_relative_to(folder):
        return found.relative_to(folder).as_posix()
    for top in (checkout_of(folder), *tops):
        if top is not None and found.is_relative_to(top) and folder.is_relative_to(top):
            return PurePath(os.path.relpath(found, folder)).as_posix()
    return found.as_posix()


def seen_from_checkout(file: str, folder: Path | None) -> str:
    """
    Return a file as seen from the root of its checkout, where a code host looks for it.

    It is named as seen from the folder, by default the current one. Outside of every checkout its
    name stays as it is.
    """
    try:
        here = Path.cwd() if folder is None else folder
    except OSError:  # somebody has removed it
        return file
    top = checkout_of(here)
    if top is None:
        return file
    found = _straight(here / file)
    return found.relative_to(top).as_posix() if found.is_relative_to(top) else file


@lru_cache(maxsize=64)
def _with_history(folder: Path) -> Path | None:
    for one in (folder, *folder.parents):
        if os.path.exists(one / ".git"):  # noqa: PTH110 - where a name is too long, Path raises
            return one
    return None


def _straight(path: PurePath) -> PurePath:
    """Return a path without the detours that an entry of `sys.path` may have."""
    if ".." not in path.parts:
        return path
    kept: list[str] = []
    for part in path.parts:
        if part == ".." and kept[1:]:
            kept.pop()
        else:
            kept.append(part)
    return PurePath(*kept)
