"""Where reports go at the end of a run: files, the terminal, the summary of a CI job."""

from __future__ import annotations

import os
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pytest_apierrors._providers import shown
from pytest_apierrors.atomic import NotWritten, replacing
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.reports import FORMATS, SUFFIXES, renderer

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from pytest_apierrors._options import Setting
    from pytest_apierrors.reports.run import Run

JOB_SUMMARY = "GITHUB_STEP_SUMMARY"
"""The variable that names the file with the summary of a job on GitHub."""


class Target(NamedTuple):
    """A report: its format, the file (None: the terminal), and its name as the user gave it."""

    format: str
    path: Path | None
    name: str


def target_of(text: str, setting: Setting, config: pytest.Config) -> Target:
    """Return what the option asks for. Raises UsageProblem for what cannot be had."""
    prefix, colon, rest = text.partition(":")
    named = bool(colon) and prefix in FORMATS
    name = rest if named else text
    form = prefix if named else SUFFIXES.get(Path(text).suffix.lower())
    if form is None:
        raise UsageProblem(
            f"{setting.by}: {text}: no report ends like that: {', '.join(SUFFIXES)}, or "
            f"FORMAT:FILE with one of {', '.join(FORMATS)}"
        )
    if named and name == "-":
        return Target(form, None, text)
    path = path_of(name, setting, config)
    try:
        if not path.parent.is_dir():
            folder = shown(path.parent, config.invocation_params.dir)
            raise UsageProblem(f"{setting.by}: {text}: there is no folder {folder}")
        if path.is_dir():
            raise UsageProblem(f"{setting.by}: {text}: is a folder")
    except OSError as error:  # such as a name that is too long
        raise UsageProblem(f"{setting.by}: {text}: {error.strerror}") from None
    return Target(form, path, name)


def path_of(text: str, setting: Setting, config: pytest.Config) -> Path:
    """Return a path: from the ini file as seen from its folder, else from where pytest runs."""
    in_ini = setting.by.startswith("apierrors_") and config.inipath is not None
    folder = config.inipath.parent if in_ini and config.inipath else config.invocation_params.dir
    return folder / text


def written(target: Target, run: Run, config: pytest.Config) -> list[str]:
    """Write a report, and return what to say of it. Raises NotWritten with a whole sentence."""
    render = renderer(target.format)
    if target.path is None:
        text = StringIO()
        render(run, text)
        terminal = config.pluginmanager.get_plugin("terminalreporter")
        if terminal is None:
            raise NotWritten(f"report {target.name}: cannot be written: there is no terminal")
        # The line that shows the progress may have no end yet.
        for line in ("", *text.getvalue().splitlines()):
            terminal.write_line(line)
        return []
    with _named(f"report {target.name}"), replacing(target.path) as stream:
        render(run, stream)
    return [f"report: {target.name}"]


def summarise(run: Run, target: Target) -> None:
    """Add a run to the summary of a job on GitHub. Raises NotWritten with a whole sentence."""
    name = os.environ.get(JOB_SUMMARY)
    if not name or target.format != "markdown" or target.path in (None, Path(name)):
        return
    text = StringIO()
    renderer("markdown")(run, text)
    with _named(f"${JOB_SUMMARY}"):
        try:
            with Path(name).open("a", encoding="utf-8", errors="backslashreplace") as stream:
                stream.write(text.getvalue())
        except OSError as error:
            raise NotWritten(error.strerror) from None


@contextmanager
def _named(subject: str) -> Iterator[None]:
    try:
        yield
    except NotWritten as problem:
        raise NotWritten(f"{subject}: cannot be written: {problem}") from None
