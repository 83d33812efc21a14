"""Messages with placeholders: whether a text is one, and what stands in the places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_apierrors.catalog.entries import PLACEHOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_apierrors.catalog.model import DocumentedError

LONGEST = 200
"""Characters that one placeholder stands for, at most."""

_NUMBER = re.compile(r"[0-9]{1,9}(?:[.][0-9]{1,3})?")


def values_in(entry: DocumentedError, text: str) -> dict[str, str] | None:
    """
    Return the values of a message template's placeholders, or None where a text does not fit.

    The placeholder of a delay stands for a number, the others for as little as fits. No regular
    expression does it, because the texts are hostile: what failed once is not tried again.
    """
    parts = PLACEHOLDER.split(entry.message.text if entry.message else "")
    most = sum(map(len, parts[::2])) + LONGEST * (len(parts) // 2)
    delay = entry.retry.placeholder if entry.retry else None
    return _Fitting(parts, delay, text).rest(0, 0) if len(text) <= most else None


class _Fitting:
    """One template and one text; `parts` are literals with the names of placeholders between."""

    def __init__(self, parts: list[str], delay: str | None, text: str) -> None:
        self.parts = parts
        self.delay = delay
        self.text = text
        self.failed: set[tuple[int, int]] = set()

    def rest(self, number: int, start: int) -> dict[str, str] | None:
        """Fit the parts from a literal on to the text from `start` on."""
        if (number, start) in self.failed or not self.text.startswith(self.parts[number], start):
            return None
        start += len(self.parts[number])
        if number + 1 == len(self.parts):
            return {} if start == len(self.text) else None
        name = self.parts[number + 1]
        for end in self._ends(name, start, self.parts[number + 2]):
            rest = self.rest(number + 2, end)
            if rest is not None:
                return {name: self.text[start:end], **rest}
        self.failed.add((number, start - len(self.parts[number])))
        return None

    def _ends(self, name: str, start: int, literal: str) -> Iterator[int]:
        """Yield where the value of a placeholder may end, before the literal that follows it."""
        if name == self.delay:
            found = _NUMBER.match(self.text, start)
            if found is not None:
                yield found.end()
            return
        line = self.text.find("\n", start)
        last = min(start + LONGEST, len(self.text) if line < 0 else line)
        end = self.text.find(literal, start + 1, last + len(literal))
        while 0 <= end <= last:
            yield end
            end = self.text.find(literal, end + 1, last + len(literal))
