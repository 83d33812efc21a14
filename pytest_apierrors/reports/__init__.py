"""Results in each format that people and services read; each is one module with `render`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from pytest_apierrors.reports.run import Run

FORMATS = ("text", "json", "github", "sarif", "gitlab", "junit", "markdown", "html")
STREAMED = ("text", "json", "github")
"""Those that show nothing of a response but its verdict."""
FINDINGS = ("text", "github")
"""Those that show only what breaks a rule, unless they are to show everything."""
SUFFIXES = {
    ".json": "json",
    ".sarif": "sarif",
    ".xml": "junit",
    ".md": "markdown",
    ".txt": "text",
    ".html": "html",
}
"""The format that the name of a report's file says."""


def renderer(name: str) -> Callable[[Run, TextIO], None]:
    """Return what writes a run in one of the `FORMATS`."""
    render: Callable[[Run, TextIO], None] = import_module(f"{__name__}.{name}").render
    return render
