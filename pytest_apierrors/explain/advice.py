"""What to do about a response: a command to run or a file to edit."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pytest_apierrors.explain.headlines import code_text, is_open
from pytest_apierrors.explain.nearest import candidates
from pytest_apierrors.inert import inert

if TYPE_CHECKING:
    from pytest_apierrors.catalog.model import Catalog
    from pytest_apierrors.check.verdict import Verdict


_BROKEN_BODIES = {"body-empty", "body-unparsable", "body-encoding"}
_AGAIN = "mend the fixture or record it again"


def next_steps(verdict: Verdict, status: int, catalog: Catalog) -> list[tuple[str, str]]:
    """Return questions that the response may raise, each with what answers it."""
    entry = verdict.entry
    shown = show_command(catalog, None if entry is None else entry.key)
    if verdict.outcome == "documented":
        return [("what is documented?", shown)]
    if verdict.outcome == "not-an-error":
        return _no_error(verdict, catalog, shown)
    if verdict.outcome == "intermediary":
        return [
            ("the API was meant to answer?", _AGAIN),
            ("a body of the API itself?", edit_command(catalog, '"envelopes"')),
            ("a test is about it?", f"assert_error(response, status={status})"),
        ]
    if entry is not None:
        changed = edit_command(catalog, _places(verdict))
        broken = _BROKEN_BODIES & {violation.rule for violation in verdict.errors}
        first = ("cut short or altered?", _AGAIN)
        return [
            first if broken else ("provider changed its errors?", changed),
            ("fixture is wrong?", shown),
        ]
    near = candidates(verdict, status, catalog) if verdict.code is not None else []
    return [
        ("a new error of the provider?", edit_command(catalog, new_entry(verdict, status))),
        ("fixture is wrong?", show_command(catalog, near[0].key if near else None)),
    ]


def _no_error(verdict: Verdict, catalog: Catalog, shown: str) -> list[tuple[str, str]]:
    if is_open(verdict):
        return [decide(catalog), ("what is documented?", shown)]
    if verdict.violations:
        return [("fixture is wrong?", "mend it or record it again"), ("what is documented?", shown)]
    step = ("is it an error after all?", edit_command(catalog, '"error"'))
    return [step, ("what is documented?", shown)]


def decide(catalog: Catalog) -> tuple[str, str]:
    """Return what makes a catalog able to tell an error: the field and the shape of its body."""
    return ("is it an error after all?", edit_command(catalog, '"error" and "envelopes"'))


def _places(verdict: Verdict) -> str:
    """Return where in a catalog the things stand that a response differs from."""
    entry = "" if verdict.entry is None else f'entry "{verdict.entry.key}"'
    shaped = any(one.rule.startswith(("field-", "content-")) for one in verdict.errors)
    return f'{entry} or envelope "{verdict.envelope}"' if shaped and verdict.envelope else entry


def new_entry(verdict: Verdict, status: int) -> str:
    """Return what is to be added for an error that nobody documents."""
    if verdict.code is None:
        return f"an entry for status {status}"
    return f'an entry for code "{code_text(verdict.code)}"'


def edit_command(catalog: Catalog, what: str) -> str:
    """Return what to edit, and where: the user's file, or one that adds to a built-in catalog."""
    if not _built_in(catalog):
        return f"edit {catalog_file(catalog)}, {what}"
    return f'edit catalogs/{catalog.name}.json, {what} (a new file: "extends": "{catalog.name}")'


def show_command(catalog: Catalog, key: str | None = None) -> str:
    """Return the command that shows a catalog, or one entry of it."""
    words = ["pytest-apierrors", "show"]
    if not _built_in(catalog):
        words += ["--catalogs", _folder(catalog.file)]
    words += [catalog.name, *([] if key is None else [shell_word(key)])]
    return " ".join(words)


@lru_cache(maxsize=64)
def _folder(file: str) -> str:
    from pathlib import PurePath  # noqa: PLC0415 - only needed to word a mismatch

    return shell_word(str(PurePath(file).parent))


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
    return _is_built_in(catalog.file, catalog.name)


@lru_cache(maxsize=64)  # where the files are does not change during a run
def _is_built_in(file: str, name: str) -> bool:
    from pytest_apierrors.catalog.find import builtin_root  # noqa: PLC0415 - not for one-liners

    return file == str(builtin_root() / f"{name}.json")
