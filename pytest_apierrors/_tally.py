"""What was checked, counted: per test, sent with its report, added up for the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_REMARKS = 10
_MOST_KEPT = 500  # distinct remarks of one test; random input can make any number of them
_COUNTED = ("deviating", "undocumented", "intermediary")


class Tally:
    """
    Counts of outcomes, entries and remarks, per provider; `recorded` counts reports on recordings.

    Everything in it is JSON, because a report carries it from a worker to the controller.
    """

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        self.recorded: int = 0 if data is None else data["recorded"]
        self.providers: dict[str, Any] = {} if data is None else data["providers"]

    def __bool__(self) -> bool:
        """Whether anything was counted."""
        return bool(self.recorded or self.providers)

    def as_json(self) -> dict[str, Any]:
        """Return the counts as a value that JSON has."""
        return {"recorded": self.recorded, "providers": self.providers}

    def count(self, provider: str, outcome: str, entry: str | None, documented: int) -> None:
        """Count one response; `documented` is how many errors the catalog has."""
        mine = self._of(provider, documented)
        mine["outcomes"][outcome] = mine["outcomes"].get(outcome, 0) + 1
        if entry is not None:
            mine["entries"][entry] = mine["entries"].get(entry, 0) + 1

    def remark(self, provider: str, key: str, text: str, place: str, times: int = 1) -> None:
        """Keep a warning or note of a passing test; equal keys are one remark."""
        remarks = self._of(provider)["remarks"]
        if key not in remarks and len(remarks) >= _MOST_KEPT:
            key, text = "", "further remarks, too many to tell apart"
        kept = remarks.setdefault(key, [text, place, 0])
        kept[2] += times

    def add(self, other: Tally) -> None:
        """Add the counts of another tally."""
        self.recorded += other.recorded
        for provider, theirs in other.providers.items():
            mine = self._of(provider, theirs["documented"])
            for part in ("outcomes", "entries"):
                for key, number in theirs[part].items():
                    mine[part][key] = mine[part].get(key, 0) + number
            for key, (text, place, times) in theirs["remarks"].items():
                self.remark(provider, key, text, place, times)

    def lines(self, *, short: bool = False) -> Iterator[str]:
        """Return the summary: a line per provider, then its remarks unless it is to be short."""
        for provider, mine in sorted(self.providers.items()):
            outcomes = mine["outcomes"]
            errors = sum(number for name, number in outcomes.items() if name != "not-an-error")
            told = [f"{errors} error{'' if errors == 1 else 's'} checked"]
            told += [f"{outcomes[name]} {name}" for name in _COUNTED if name in outcomes]
            line = f"{provider}: {', '.join(told)}"
            if not short:
                seen, known = len(mine["entries"]), mine["documented"]
                line += f"; {seen} of {known} documented errors exercised"
            yield line
            if not short:
                yield from _remark_lines(mine["remarks"])

    def _of(self, provider: str, documented: int = 0) -> dict[str, Any]:
        empty = {"documented": 0, "outcomes": {}, "entries": {}, "remarks": {}}
        mine: dict[str, Any] = self.providers.setdefault(provider, empty)
        mine["documented"] = max(mine["documented"], documented)
        return mine


def _remark_lines(remarks: Mapping[str, Any]) -> Iterator[str]:
    ordered = sorted(remarks.items(), key=lambda one: (_rank(one[0]), -one[1][2], one[0]))
    for _, (text, place, times) in ordered[:MOST_REMARKS]:
        often = f"{times} times, first in {place}" if times > 1 else place
        yield f"  {text}: {often}"
    rest = ordered[MOST_REMARKS:]
    if rest:
        rules = sorted({key.split(" ")[1] for key, _ in rest if key})
        yield f"  and {len(rest)} more: {', '.join(rules) or 'of any rule'}"


def _rank(key: str) -> int:
    return {"warning": 0, "note": 1}.get(key.partition(" ")[0], 2)
