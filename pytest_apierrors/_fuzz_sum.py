"""What fuzzed tests brought, added up for the summary."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_KINDS = 6


LEFT_OUT = (
    "faults of the wire were left out: they need certificates; install pytest-apierrors[server]"
)


def wire_faults() -> bool:
    """Whether the fault server can speak TLS here, as nearly every client expects."""
    return find_spec("trustme") is not None


class FuzzSum:
    """Adds up what fuzzed items bring: counts per test, and each distinct bug once."""

    def __init__(self) -> None:
        self.outcomes: dict[str, dict[str, int]] = {}
        self.bugs: dict[tuple[str, str, str], list[str]] = {}

    def add(self, data: dict[str, Any]) -> None:
        """Add what one item brings."""
        mine = self.outcomes.setdefault(data["test"], {})
        mine[data["outcome"]] = mine.get(data["outcome"], 0) + 1
        for part, name, frame in data["bugs"]:
            place = "" if frame is None else f"{frame[0]}:{frame[1]} in {frame[2]}"
            self.bugs.setdefault((part, name, place), []).append(data["kind"])

    def lines(self) -> Iterator[str]:
        """Say how many kinds each test stood, and list the distinct bugs."""
        for test, outcomes in sorted(self.outcomes.items()):
            counts = ", ".join(f"{number} {name}" for name, number in sorted(outcomes.items()))
            yield f"{test}: {sum(outcomes.values())} kinds of fault: {counts}"
        if self.outcomes and not wire_faults():
            yield LEFT_OUT
        if self.bugs:
            count = len(self.bugs)
            yield f"{count} distinct bug{'s' if count != 1 else ''}:"
        for (part, name, place), kinds in sorted(self.bugs.items()):
            what = f"{part} {name}".rstrip()
            where = f" at {place}" if place else ""
            names = sorted(set(kinds))
            more = f" and {len(names) - _MOST_KINDS} more" if len(names) > _MOST_KINDS else ""
            yield f"  {what}{where}: {', '.join(names[:_MOST_KINDS])}{more}"
