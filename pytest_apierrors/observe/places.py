"""Which code is the user's, and where in it something happens now."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

from pytest_apierrors.observe.heard import Place
from pytest_apierrors.repository import checkout_of, seen_from

_OURS = str(Path(__file__).parent.parent)
_STANDARD = sysconfig.get_path("stdlib")
_INSTALLED = ("site-packages", "dist-packages")


class Places:
    """
    Places in the user's code: below the project's folder or its checkout, and installed by nobody.

    Files are named as seen from the folder `here`, by default the project's.

    Of the frames on the stack the innermost in the test's own file counts, else the innermost
    of the user's at all.
    """

    def __init__(self, root: Path, test: Path | None = None, here: Path | None = None) -> None:
        self._tops = tuple(filter(None, (checkout_of(root), root)))
        self._here = root if here is None else here
        self._test = None if test is None else str(test)
        self._names: dict[str, str | None] = {}

    def innermost(self) -> Place | None:
        """Return where in the user's code this happens: who registers a mock, for example."""
        return self._found(None)

    def in_test(self) -> Place | None:
        """Return where in the test this happens, else where in the user's code."""
        return self._found(self._test)

    def _found(self, wanted: str | None) -> Place | None:
        frame, found = sys._getframe(2), None  # noqa: SLF001 - what traceback does, without the files
        while frame is not None:
            file = frame.f_code.co_filename
            name = self.name(file)
            if name is not None:
                if wanted is None or file == wanted:
                    return Place(name, frame.f_lineno)
                found = found or Place(name, frame.f_lineno)
            frame = frame.f_back  # type: ignore[assignment]
        return found

    def name(self, file: str) -> str | None:
        """Return a file as messages show it; None for one that is not the user's."""
        if file not in self._names:
            self._names[file] = self._named(file)
        return self._names[file]

    def _named(self, file: str) -> str | None:
        if file.startswith((f"{_OURS}/", f"{_OURS}\\", _STANDARD, "<")):
            return None
        path = Path(os.path.normpath(file))  # an entry of sys.path may lead out and in again
        if not any(path.is_relative_to(top) for top in self._tops):
            return None
        return seen_from(self._here, path, *self._tops) if _is_own(path) else None


def _is_own(path: Path) -> bool:
    return set(_INSTALLED).isdisjoint(path.parts)
