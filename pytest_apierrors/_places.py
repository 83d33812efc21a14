"""Which recordings a run is about: those named by our option, seen against pytest's arguments."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_apierrors.check.words import count
from pytest_apierrors.inert import inert
from pytest_apierrors.results import found_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pytest_apierrors.recordings import Reader


@dataclass(frozen=True)
class Places:
    """
    The recordings of one run.

    `named` is what the user named, `extra` what pytest has to be told to look at, `files` are all
    files that are recordings, `folders` all folders that hold one somewhere below. `bridges` are
    folders that pytest would not enter and that lead to a recording; nothing else is wanted there.
    `others` is how many files were passed over, because they are no recordings.
    """

    named: tuple[Path, ...]
    extra: tuple[Path, ...] = ()
    files: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    bridges: frozenset[str] = frozenset()
    others: int = 0

    def told(self, shown: Callable[[Path], str]) -> str:
        """Return what the user named, and how many files there are passed over."""
        names = ", ".join(shown(path) for path in self.named)
        return f"{names} ({count(self.others, 'other file')} there)" if self.others else names

    def ignores(self, path: Path) -> bool | None:
        """Return whether pytest shall pass over a path; None leaves that to others."""
        text = str(path)
        if text in self.folders or text in self.bridges:
            return False
        return True if str(path.parent) in self.bridges and text not in self.files else None


def places(
    named: Iterable[Path],
    arguments: Sequence[Path],
    *,
    always: bool,
    ignored: Sequence[Path] = (),
    not_entered: Sequence[str] = (),
) -> Places:
    """
    Return the recordings of a run, their files still unknown.

    `arguments` are the paths that pytest was started with. Where one of them lies inside a named
    recording, it says which part is wanted. Otherwise a recording is looked at `always`, or if it
    lies below an argument. `not_entered` are patterns for names of folders.
    """
    kept: list[Path] = []
    extra: list[Path] = []
    bridges: set[str] = set()
    for path in _outermost([_absolute(one) for one in named]):
        if any(_below(path, one) for one in ignored):
            continue
        above = [one for one in arguments if _below(path, one)]
        if above:
            bridges.update(_bridges(path, max(above), not_entered))
        elif always and not any(_below(one, path) for one in arguments):
            extra.append(path)
        elif not any(_below(one, path) for one in arguments):
            continue
        kept.append(path)
    return Places(tuple(kept), tuple(extra), bridges=frozenset(bridges))


def argument_paths(arguments: Iterable[str], folder: Path) -> list[Path]:
    """Return the paths in pytest's arguments, without the names of tests in them."""
    return [_absolute(folder / argument.split("::", 1)[0]) for argument in arguments]


def _bridges(path: Path, argument: Path, not_entered: Sequence[str]) -> list[str]:
    """Return the folders between an argument and a recording, from the first not entered on."""
    between = [one for one in reversed(path.parents) if argument in one.parents]
    for number, folder in enumerate(between):
        if any(fnmatchcase(folder.name, pattern) for pattern in not_entered):
            return [str(one) for one in between[number:]]
    return []


def with_files(found: Places, readers: Sequence[Reader], problems: list[str]) -> Places:
    """
    Look for the files of the recordings.

    Pipes, devices and links to nothing go to `problems`: pytest itself would drop them unsaid.
    """
    files: set[str] = set()
    folders: set[str] = set()
    others = 0
    for path in found.named:
        present = list(found_in([str(path)], readers))
        here = [one for one in present if isinstance(one, str)]
        others += len(present) - len(here)
        files.update(here)
        for file in here:
            if not os.path.isfile(file):  # noqa: PTH113 - many
                name = inert(os.path.relpath(file))
                problems.append(f"{name}: cannot be read, it is not a regular file")
        for folder in {os.path.dirname(file) for file in here}:  # noqa: PTH120 - many
            above = Path(folder)
            while _below(above, path):
                folders.add(str(above))
                above = above.parent
    return replace(found, files=frozenset(files), folders=frozenset(folders), others=others)


def _absolute(path: Path) -> Path:
    # Links stay as they are: pytest shows and compares paths that way, too.
    return Path(os.path.abspath(path))  # noqa: PTH100


def _below(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents


def _outermost(paths: Sequence[Path]) -> list[Path]:
    """Leave out what lies in another one of the paths, and repetitions."""
    unique = list(dict.fromkeys(paths))
    return [one for one in unique if not any(other in one.parents for other in unique)]
