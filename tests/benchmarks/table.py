"""The table: what was measured, against whom, and whether it is enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HEAD = ("work", "ours", "peer", "peer's", "ratio", "must", "aim", "")


@dataclass(frozen=True)
class Goal:
    """A bound on a figure: at least `must` (or at most, with `less`), better still `aim`."""

    must: float
    aim: float | None = None
    less: bool = False
    unit: str = "x"

    def met(self, figure: float, bound: float | None) -> bool:
        """Whether a figure is on the right side of a bound; no bound is never met."""
        return bound is not None and (figure <= bound if self.less else figure >= bound)

    def said(self, bound: float | None) -> str:
        """Return a bound as it stands in the table."""
        if bound is None:
            return "-"
        return f"{'<=' if self.less else '>='} {number(bound)}{self.unit}"


@dataclass(frozen=True)
class Row:
    """One comparison. `figure` is what the goal bounds; without a goal it only informs."""

    work: str
    ours: str
    peer: str = ""
    theirs: str = ""
    figure: float | None = None
    goal: Goal | None = None
    unit: str = "x"

    @property
    def short(self) -> bool:
        """Whether the row misses what it must reach."""
        return (
            self.goal is not None
            and self.figure is not None
            and not self.goal.met(self.figure, self.goal.must)
        )

    def cells(self) -> tuple[str, ...]:
        """Return the row's texts, in the order of `HEAD`."""
        ratio = "" if self.figure is None else f"{number(self.figure)}{self.unit}"
        goal = self.goal
        if goal is None or self.figure is None:
            return (self.work, self.ours, self.peer, self.theirs, ratio, "", "", "")
        result = "SHORT" if self.short else "pass"
        if not self.short and goal.met(self.figure, goal.aim):
            result = "pass, aim"
        bounds = (goal.said(goal.must), goal.said(goal.aim))
        return (self.work, self.ours, self.peer, self.theirs, ratio, *bounds, result)


def number(value: float) -> str:
    """Return a number with as many digits as matter."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.2g}"


def micro(value: float) -> str:
    """Return microseconds as a text."""
    return f"{value:,.0f} us" if value >= 100 else f"{value:.3g} us"


def seconds(value: float) -> str:
    """Return seconds as a text."""
    return f"{value:.3g} s" if value >= 1 else f"{value * 1000:.3g} ms"


def mebibytes(value: float) -> str:
    """Return bytes as a text."""
    return f"{value / 2**20:,.0f} MiB"


def rendered(rows: Iterable[Row]) -> str:
    """Return the rows as aligned text; a repeated work is said once."""
    cells: list[Sequence[str]] = [HEAD]
    last = ""
    for row in rows:
        first, *rest = row.cells()
        cells.append(("" if first == last else first, *rest))
        last = first
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]
    return "\n".join([lines[0], "-" * len(max(lines, key=len)), *lines[1:]])
