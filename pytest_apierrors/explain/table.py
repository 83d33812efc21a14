"""Lines set in columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WIDEST_COLUMN = 44
_LABEL = 10


def labelled(facts: Iterable[tuple[str, str]]) -> list[str]:
    """Return one indented line per fact; a label that comes again at once is not repeated."""
    lines, last = [], None
    for label, text in facts:
        lines.append(f"  {'' if label == last else label:<{_LABEL}} {text}".rstrip())
        last = label
    return lines


def columns(rows: Sequence[Sequence[str]], gap: str, indent: str = "") -> list[str]:
    """Align all columns but the last; a cell that is too wide pushes its own row only."""
    sizes = [
        max((len(row[number]) for row in rows if len(row[number]) <= _WIDEST_COLUMN), default=0)
        for number in range(len(rows[0]) - 1)
    ]
    lines = []
    for row in rows:
        padded = [f"{cell:<{size}}" for cell, size in zip(row, sizes, strict=False)]
        lines.append(f"{indent}{gap.join([*padded, row[-1]])}".rstrip())
    return lines
