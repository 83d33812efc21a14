"""What fuzzed tests brought, added up for the summary: kind by result, and each bug once."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, get_args

from pytest_apierrors.faults.model import Ring

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Row = tuple[str, str, list[str]]

_MOST_KINDS = 6
_MOST_ROWS = 40
_WIDEST = 40
_RINGS: tuple[str, ...] = get_args(Ring)
_NAMES = {"passed": "ok", "failed": "fails", "expected": "xfailed"}
NOT_JUDGED = "not judged"
"""What came of an item that ended without a verdict: a mistake of the test, not of the client."""
UNEXPECTED = "passes, though expected to fail"

LEFT_OUT = (
    "faults of the wire were left out: they need certificates; install pytest-apierrors[server]"
)


def wire_faults() -> bool:
    """Whether the fault server can speak TLS here, as nearly every client expects."""
    return find_spec("trustme") is not None


def told(outcome: str, parts: Iterable[str]) -> str:
    """Return the result of one kind: `ok`, `fails (swallowed)`, `xfailed (lost-code)`."""
    why = ", ".join(dict.fromkeys(parts))
    name = _NAMES.get(outcome, outcome)
    return f"{name} ({why})" if why else name


def bug_text(part: str, name: str, place: Sequence[Any] | None) -> str:
    """Return one bug as a line: what was broken, by what exception, where."""
    where = "" if place is None else f" at {place[0]}:{place[1]} in {place[2]}"
    return f"{part} {name}".rstrip() + where


class FuzzSum:
    """Adds up what fuzzed items bring: the result of each kind, and each distinct bug once."""

    def __init__(self) -> None:
        self.results: dict[str, dict[tuple[str, str], set[str]]] = {}
        self.outcomes: dict[str, dict[str, int]] = {}
        self.bugs: dict[str, set[str]] = {}
        self._said: set[tuple[str, str]] = set()

    def is_news(self, test: str, mistake: str) -> bool:
        """Whether a mistake of a test is told for the first time: each of its kinds meets it."""
        news = (test, mistake) not in self._said
        self._said.add((test, mistake))
        return news

    def add(self, data: dict[str, Any]) -> None:
        """Add what one item brings."""
        kind = (data["ring"], data["kind"])
        self.results.setdefault(data["test"], {}).setdefault(kind, set()).add(data["result"])
        mine = self.outcomes.setdefault(data["test"], {})
        outcome = _NAMES.get(data["outcome"], data["outcome"])
        mine[outcome] = mine.get(outcome, 0) + 1
        for bug in data["bugs"]:
            self.bugs.setdefault(bug_text(*bug), set()).add(data["kind"])

    def lines(self, verbosity: int = 0) -> Iterator[str]:
        """Say how many kinds each test stood, which how, and list the distinct bugs."""
        tests = sorted(self.outcomes)
        for number, test in enumerate(tests, 1):
            outcomes = self.outcomes[test]
            counts = ", ".join(f"{count} {name}" for name, count in sorted(outcomes.items()))
            mark = f"[{number}] " if len(tests) > 1 else ""
            total = sum(outcomes.values())
            yield f"{mark}{test}: {total} kind{'s' if total != 1 else ''} of fault: {counts}"
        if tests and not wire_faults():
            yield LEFT_OUT
        if verbosity >= 0:
            yield from self._table(tests, every=verbosity > 0)
        yield from self._bugs()

    def _bugs(self) -> Iterator[str]:
        if self.bugs:
            count = len(self.bugs)
            yield f"{count} distinct bug{'s' if count != 1 else ''}:"
        for bug, kinds in sorted(self.bugs.items(), key=lambda one: (-len(one[1]), one[0])):
            yield f"  {bug}: {_some(sorted(kinds))}"

    def _table(self, tests: Sequence[str], *, every: bool) -> Iterator[str]:
        """Yield a row for each result in a ring, or for every kind."""
        rows = list(self._rows(tests, every=every))
        shown = rows if every else rows[:_MOST_ROWS]
        width = max((len(row[1]) for row in shown if len(row[1]) <= _WIDEST), default=0)
        last = ""
        for ring, result, kinds in shown:
            names = kinds[0] if every else _some(kinds)
            yield f"  {'' if ring == last else ring:<13} {result:<{width}}  {names}"
            last = ring
        if len(rows) > len(shown):
            yield f"  and {len(rows) - len(shown)} more rows; -v shows every kind"

    def _rows(self, tests: Sequence[str], *, every: bool) -> Iterator[Row]:
        for ring in _RINGS:
            alike: dict[str, list[str]] = {}
            for kind in sorted({one for test in tests for one in self.results[test]}):
                if kind[0] == ring:
                    alike.setdefault(self._result(kind, tests), []).append(kind[1])
            for result, kinds in sorted(alike.items(), key=_rank):
                groups = [[kind] for kind in kinds] if every else [kinds]
                yield from ((ring, result, group) for group in groups)

    def _result(self, kind: tuple[str, str], tests: Sequence[str]) -> str:
        """Return what came of one kind: one result, or each with the tests that had it."""
        by: dict[str, list[str]] = {}
        for number, test in enumerate(tests, 1):
            if kind in self.results[test]:
                text = " and ".join(sorted(self.results[test][kind]))
                by.setdefault(text, []).append(str(number))
        if len(tests) == 1 or (len(by) == 1 and len(next(iter(by.values()))) == len(tests)):
            return next(iter(by))
        return ", ".join(f"[{' '.join(numbers)}] {text}" for text, numbers in by.items())


def _rank(row: tuple[str, Sequence[str]]) -> tuple[int, str]:
    """Put what fails first, what is known to fail next, what holds last."""
    result = row[0]
    place = next((n for n, name in enumerate(("fails", "xfailed")) if name in result), 2)
    return place, result


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_KINDS} more" if len(names) > _MOST_KINDS else ""
    return ", ".join(names[:_MOST_KINDS]) + more
