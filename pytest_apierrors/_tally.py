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
    Counts of outcomes, entries and remarks, per provider.

    `recorded` counts reports on recordings, `watched` responses that tests received.

    `records` are the responses that a report lists, `problems` what could not be read, and
    `baseline` is what was held against one. Everything is JSON, because a report of pytest
    carries it from a worker to the controller.
    """

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        given = {} if data is None else data
        self.recorded: int = given.get("recorded", 0)
        self.watched: int = given.get("watched", 0)
        self.providers: dict[str, Any] = given.get("providers", {})
        self.records: list[dict[str, Any]] = given.get("records", [])
        self.problems: list[dict[str, Any]] = given.get("problems", [])
        self.baseline: dict[str, Any] = given.get("baseline", {})

    def __bool__(self) -> bool:
        """Whether anything was counted."""
        return any(vars(self).values())

    def as_json(self) -> dict[str, Any]:
        """Return the counts as a value that JSON has."""
        return {name: value for name, value in vars(self).items() if value}

    def count(self, provider: str, outcome: str, documented: int) -> None:
        """Count one response; `documented` is how many errors the catalog has."""
        mine = self._of(provider, documented)
        mine["outcomes"][outcome] = mine["outcomes"].get(outcome, 0) + 1

    def exercise(self, provider: str, entry: str, evidence: str, documented: int = 0) -> None:
        """Count evidence that a documented error was exercised."""
        mine = self._of(provider, documented)["entries"].setdefault(entry, {})
        mine[evidence] = mine.get(evidence, 0) + 1

    def remark(self, provider: str, key: str, text: str, place: str, times: int = 1) -> None:
        """Keep a warning or note of a passing test; equal keys are one remark."""
        remarks = self._of(provider)["remarks"]
        if key not in remarks and len(remarks) >= _MOST_KEPT:
            key, text = "", "further remarks, too many to tell apart"
        kept = remarks.setdefault(key, [text, place, 0])
        kept[1] = min(kept[1], place)  # whichever came first, and wherever it ran
        kept[2] += times

    def add(self, other: Tally) -> None:
        """Add what another tally has, but not what was held against a baseline."""
        self.recorded += other.recorded
        self.watched += other.watched
        self.records += other.records
        self.problems += other.problems
        for provider, theirs in other.providers.items():
            mine = self._of(provider, theirs["documented"])
            for key, number in theirs["outcomes"].items():
                mine["outcomes"][key] = mine["outcomes"].get(key, 0) + number
            for key, counts in theirs["entries"].items():
                kept = mine["entries"].setdefault(key, {})
                for evidence, number in counts.items():
                    kept[evidence] = kept.get(evidence, 0) + number
            for key, (text, place, times) in theirs["remarks"].items():
                self.remark(provider, key, text, place, times)

    def lines(self, *, short: bool = False) -> Iterator[str]:
        """Return the summary: a line per provider, then its remarks unless it is to be short."""
        for provider, mine in sorted(self.providers.items()):
            outcomes = mine["outcomes"]
            errors = sum(number for name, number in outcomes.items() if name != "not-an-error")
            told = [f"{errors} error{'' if errors == 1 else 's'} checked"]
            told += [f"{outcomes[name]} {name}" for name in _COUNTED if name in outcomes]
            parts = [", ".join(told)] if outcomes else []
            if not short or not outcomes:
                seen, known = len(mine["entries"]), mine["documented"]
                parts.append(f"{seen} of {known} documented errors exercised")
            yield f"{provider}: {'; '.join(parts)}"
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
