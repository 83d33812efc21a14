"""The exceptions of the package: data first, the sentence made from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


_LONGEST = 20_000


class CatalogError(Exception):
    """
    A catalog cannot be found, read or trusted.

    `file` is the catalog's path as the user knows it (or a provider's name, or "" where none is
    meant), `problems` are `(place, reason)` pairs, place being a JSONPath in the file or "".
    """

    __module__ = "pytest_apierrors"

    def __init__(self, file: str, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__(file, tuple(problems))
        self.file = file
        self.problems = tuple(problems)

    def __str__(self) -> str:
        """Say what is wrong and where, one problem a line."""
        parts = ((self.file, place, why) for place, why in self.problems)
        return "\n".join(": ".join(filter(None, some)) for some in parts)


class RecordingError(Exception):
    """
    A recording, or one exchange of it, cannot be turned into a response.

    `index` counts exchanges from 0 and is None where the whole file is meant;
    `line` counts from 1 and is None where it is not known.
    """

    __module__ = "pytest_apierrors"

    def __init__(
        self, file: str, reason: str, *, index: int | None = None, line: int | None = None
    ) -> None:
        super().__init__(file, reason, index, line)
        self.file = file
        self.reason = reason
        self.index = index
        self.line = line

    def __str__(self) -> str:
        """Name file, exchange and reason in one line."""
        at = "" if self.line is None else f":{self.line}"
        number = "" if self.index is None else f" #{self.index}"
        return f"{self.file}{at}{number}: {self.reason}"


class UsageProblem(Exception):
    """The user asked for something that cannot be done; the message is the sentence to show."""

    def __str__(self) -> str:
        """Say it with nothing in what it quotes that a terminal obeys."""
        from pytest_apierrors.inert import inert  # noqa: PLC0415 - only for a mistake

        text = super().__str__()
        return "\n".join(inert(line, _LONGEST) for line in text.split("\n"))

    __module__ = "pytest_apierrors"


class ErrorMismatch(AssertionError):
    """A response is not the documented error that a test said it is; `verdict` has the details."""

    __module__ = "pytest_apierrors"

    def __init__(self, message: str, verdict: object = None) -> None:
        super().__init__(message)
        self.verdict = verdict
