"""Which documented errors a run exercised and how: per provider and entry, by kind of evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pytest_apierrors.catalog.model import Catalog

Evidence = Literal["recorded", "observed", "mocked", "fuzzed", "asserted"]
EVIDENCE: tuple[Evidence, ...] = get_args(Evidence)
"""A recording, the network, something that plays the API, a fuzzed test, `assert_error`."""

_MOST_MISSING = 8


class Exercised(msgspec.Struct):
    """The errors that one provider documents, by key, and how often each came as what."""

    documented: tuple[str, ...] = ()
    entries: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)

    @property
    def reached(self) -> list[str]:
        """The documented errors with any evidence, in the catalog's order."""
        return [key for key in self.documented if any(self.entries.get(key, {}).values())]

    @property
    def missing(self) -> list[str]:
        """The documented errors without any evidence, in the catalog's order."""
        return [key for key in self.documented if not any(self.entries.get(key, {}).values())]

    @property
    def percent(self) -> float:
        """The share of documented errors with any evidence, from 0 to 100."""
        return 100 * len(self.reached) / len(self.documented) if self.documented else 0.0

    def with_evidence(self, evidence: str) -> int:
        """Return how many documented errors have evidence of this kind."""
        return sum(bool(self.entries.get(key, {}).get(evidence)) for key in self.documented)


class Matrix(msgspec.Struct):
    """Coverage of documented errors: what each provider documents against what a run brought."""

    providers: dict[str, Exercised] = msgspec.field(default_factory=dict)

    def know(self, catalogs: Iterable[Catalog]) -> None:
        """Learn what catalogs document, so that what nothing exercised is missing."""
        for catalog in catalogs:
            self._of(catalog.name, documented_by(catalog))

    def count(self, provider: str, entry: str, evidence: str, times: int = 1) -> None:
        """Count evidence for one entry."""
        mine = self._of(provider).entries.setdefault(entry, {})
        mine[evidence] = mine.get(evidence, 0) + times

    def add(self, other: Matrix) -> None:
        """Add what another run brought."""
        for provider, theirs in other.providers.items():
            self._of(provider, theirs.documented)
            for entry, counts in theirs.entries.items():
                for evidence, times in counts.items():
                    self.count(provider, entry, evidence, times)

    def below(self, percent: float) -> Iterator[str]:
        """Say of each provider whose coverage is lower than a percentage that it is."""
        for provider, mine in sorted(self.providers.items()):
            if mine.documented and mine.percent < percent:
                yield (
                    f"{provider}: {mine.percent:.1f} % of the documented errors were exercised "
                    f"({len(mine.reached)} of {len(mine.documented)}), {percent:g} % are required"
                )

    def as_json(self) -> dict[str, Any]:
        """Return what JSON has of it."""
        return {
            provider: {
                "documented": list(mine.documented),
                "entries": {
                    key: dict(sorted(mine.entries[key].items())) for key in sorted(mine.entries)
                },
            }
            for provider, mine in sorted(self.providers.items())
        }

    def table(self) -> list[str]:
        """Return the lines of a table as coverage prints them: a line per provider."""
        titles = ("Provider", "Errors", *(one.capitalize() for one in EVIDENCE), "Cover", "Missing")
        rows = [
            (
                provider,
                str(len(mine.documented)),
                *(str(mine.with_evidence(one)) for one in EVIDENCE),
                f"{int(mine.percent)}%",
                few(mine.missing),
            )
            for provider, mine in sorted(self.providers.items())
        ]
        widths = [max(map(len, column)) for column in zip(titles, *rows, strict=True)]
        lines = [_aligned(row, widths) for row in (titles, *rows)]
        return [lines[0], "-" * max(map(len, lines)), *lines[1:]]

    def _of(self, provider: str, documented: tuple[str, ...] = ()) -> Exercised:
        mine = self.providers.setdefault(provider, Exercised())
        if len(documented) > len(mine.documented):
            mine.documented = documented
        return mine


def documented_by(catalog: Catalog) -> tuple[str, ...]:
    """Return the keys of the errors that a catalog documents."""
    return tuple(key for key, entry in catalog.errors.items() if entry.role == "error")


def few(keys: Sequence[str]) -> str:
    """Name a few keys, and count the rest."""
    more = len(keys) - _MOST_MISSING
    shown = ", ".join(keys[:_MOST_MISSING])
    return f"{shown} and {more} more" if more > 0 else shown


def percentage(text: str) -> float:
    """Read a percentage. Raises ValueError for what is no number from 0 to 100."""
    number = float(text)
    if not 0 <= number <= 100:
        raise ValueError(text)
    return number


def counted(data: Mapping[str, Mapping[str, Mapping[str, int]]]) -> Matrix:
    """Return a matrix from counts by provider, entry and evidence."""
    matrix = Matrix()
    for provider, entries in data.items():
        for entry, counts in entries.items():
            for evidence, times in counts.items():
                matrix.count(provider, entry, evidence, times)
    return matrix


def _aligned(row: tuple[str, ...], widths: list[int]) -> str:
    first, *middle, last = row
    cells = [cell.rjust(width) for cell, width in zip(middle, widths[1:-1], strict=True)]
    return "  ".join([first.ljust(widths[0]), *cells, last]).rstrip()
