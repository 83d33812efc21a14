"""Whether a path of our options has led pytest away from the project's ini file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

# In each of them, what makes it an ini file of pytest.
_SECTIONS = {
    "pytest.toml": "",
    ".pytest.toml": "",
    "pytest.ini": "",
    ".pytest.ini": "",
    "pyproject.toml": "[tool.pytest",
    "tox.ini": "[pytest]",
    "setup.cfg": "[tool:pytest]",
}
_NAMED = ("--config-file", "--rootdir")


def led_away(
    words: Sequence[str], flags: Collection[str], here: Path, used: Path | None
) -> str | None:
    """
    Return why pytest has not read the ini file that is nearest to where it runs, if we are why.

    Before plug-ins are loaded, pytest takes each word that is a path for one of tests, and looks
    for its ini file above all of them: a path outside leads it away. `used` is what it has read.
    """
    if any(word.startswith("-c") or word.partition("=")[0] in _NAMED for word in words):
        return None
    for flag, word in _pairs(words, flags):
        path = here / word
        if path.resolve().is_relative_to(here.resolve()) or not path.exists():
            continue
        for file in _ini_files(here):
            if file == used:
                return None
            return (
                f"{flag}: write {flag}={word}: as a word of its own pytest takes the path for one "
                f"of tests, and has therefore not read {'/'.join(file.parts[-2:])}"
            )
    return None


def _pairs(words: Sequence[str], flags: Collection[str]) -> Iterator[tuple[str, str]]:
    for number, word in enumerate(words[:-1]):
        if word in flags:
            yield word, words[number + 1]


def _ini_files(here: Path) -> Iterator[Path]:
    for folder in (here, *here.parents):
        for name, section in _SECTIONS.items():
            try:
                text = (folder / name).read_text("utf-8", "replace")
            except OSError:
                continue
            if section in text:
                yield folder / name
