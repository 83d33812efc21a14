"""What to do about a response: a command to run or a file to edit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_apierrors.explain.headlines import code_text
from pytest_apierrors.explain.nearest import candidates
from pytest_apierrors.inert import inert

if TYPE_CHECKING:
    from pytest_apierrors.catalog.model import Catalog
    from pytest_apierrors.check.verdict import Verdict


def next_steps(verdict: Verdict, status: int, catalog: Catalog) -> list[tuple[str, str]]:
    """Return questions that the response may raise, each with what answers it."""
    entry = verdict.entry
    shown = f"{show_command(catalog)}{'' if entry is None else f' {shell_word(entry.key)}'}"
    file = edited_file(catalog)
    if verdict.outcome == "documented":
        return [("what is documented?", shown)]
    if verdict.outcome == "not-an-error":
        return [("is it an error after all?", f'edit {file}, "error"'), ("what is one?", shown)]
    if verdict.outcome == "intermediary":
        own = ("a body of the API itself?", f'add its shape to {file}, "envelopes"')
        return [own, ("the API was meant to answer?", "mend the fixture or record it again")]
    if entry is not None:
        changed = ("provider changed its errors?", f'edit {file}, entry "{entry.key}"')
        return [changed, ("fixture is wrong?", shown)]
    what = f"status {status}" if verdict.code is None else f'"{code_text(verdict.code)}"'
    near = candidates(verdict, status, catalog)
    shown += f" {shell_word(near[0].key)}" if near else ""
    return [("a new error of the provider?", f"add {what} to {file}"), ("fixture is wrong?", shown)]


def edited_file(catalog: Catalog) -> str:
    """Return the file to edit: the user's, or a new one that adds to a built-in catalog."""
    if not _built_in(catalog):
        return catalog_file(catalog)
    return f'catalogs/{catalog.name}.json (new, with "extends": "{catalog.name}")'


def show_command(catalog: Catalog) -> str:
    """Return the command that shows a catalog."""
    from pathlib import PurePath  # noqa: PLC0415 - only needed to word a mismatch

    if _built_in(catalog):
        return f"pytest-apierrors show {catalog.name}"
    folder = shell_word(str(PurePath(catalog.file).parent))
    return f"pytest-apierrors show --catalogs {folder} {catalog.name}"


def shell_word(word: str) -> str:
    """Return a word as a shell takes it."""
    word = inert(word)
    if re.fullmatch(r"[\w./:@%+=-]+", word, re.ASCII):
        return word
    return "'" + word.replace("'", "'\\''") + "'"


def catalog_file(catalog: Catalog) -> str:
    """Return a catalog's file as the user knows it: short for one that is built in."""
    return inert(f"schemas/{catalog.name}.json" if _built_in(catalog) else catalog.file)


def _built_in(catalog: Catalog) -> bool:
    from pytest_apierrors.catalog.find import builtin_root  # noqa: PLC0415 - not for one-liners

    return catalog.file == str(builtin_root() / f"{catalog.name}.json")
