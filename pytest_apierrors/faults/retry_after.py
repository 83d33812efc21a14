"""Ring 5: what a Retry-After header can say, and clients believe."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pytest_apierrors.catalog.compile import compiled
from pytest_apierrors.faults.rings import Line, meet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_apierrors.check.verdict import Rule
    from pytest_apierrors.faults.compose import Composed
    from pytest_apierrors.faults.model import Carried, Fault, Kind
    from pytest_apierrors.faults.rings import Making
    from pytest_apierrors.faults.subject import Subjects

_NAME = "Retry-After"
_NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
"""The Date of a response whose Retry-After is a date."""

_UNCLEAR: tuple[Carried, ...] = ("code", "status", "message")


def kinds(subjects: Subjects) -> Iterator[Kind]:
    """Yield the kinds of this ring for one catalog; made of rate limits where it has some."""
    lines = _LINES
    for wanted in ((429,), (503,), (500, 502, 504)):
        if subjects.where(lambda one, statuses=wanted: one.status in statuses):  # type: ignore[misc]
            return meet("retry-after", [_of(line, wanted) for line in lines], subjects)
    return meet("retry-after", lines, subjects)


def _of(line: Line, statuses: tuple[int, ...]) -> Line:
    return Line(
        line.name,
        line.doc,
        line.make,
        lambda one: one.status in statuses,
        line.rule,
        line.carries,
        line.expect,
    )


def _says(*values: str) -> Callable[[Making], Fault]:
    """Return a maker for one header, its value one of several."""
    return lambda making: making.fault(headers=making.header(_NAME, making.pick.one(values)))


def _seconds(making: Making) -> Fault:
    # So few that a client which waits as told, a handful of times, stays within its budget.
    return making.fault(headers=making.header(_NAME, str(making.pick.number(1, 10))))


def _huge(making: Making) -> Fault:
    days = making.pick.number(1, 3650)
    return making.fault(headers=making.header(_NAME, str(86_400 * days)))


def _date(seconds: int) -> str:
    return (_NOW + timedelta(seconds=seconds)).strftime("%a, %d %b %Y %H:%M:%S GMT")


def _dated(low: int, high: int, sign: int) -> Callable[[Making], Fault]:
    def make(making: Making) -> Fault:
        seconds = sign * making.pick.number(low, high)
        pairs = (*making.header(_NAME, _date(seconds)), ("Date", _date(0)))
        return making.fault(headers=pairs)

    return make


def _repeated(making: Making) -> Fault:
    first, second = making.pick.one((("1", "30"), ("1", "1"), ("1", "later")))
    return making.fault(headers=making.header(_NAME, first, second))


def _held(subjects: Subjects, fitting: tuple[Composed, ...]) -> bool:
    """Whether the catalog or HTTP itself says something of the header under these statuses."""
    form = compiled(subjects.catalog)
    return all(
        any(header.name.lower() == _NAME.lower() for header in one.entry.headers)
        or any((rule.header or "").lower() == _NAME.lower() for rule in form.rules(one.status))
        for one in fitting
    )


def _bad(subjects: Subjects, fitting: tuple[Composed, ...]) -> Rule | None:
    return "header-value" if _held(subjects, fitting) else None


def _gone(_: Subjects, fitting: tuple[Composed, ...]) -> Rule | None:
    def promised(one: Composed) -> bool:
        return any(h.name.lower() == _NAME.lower() and h.level == "must" for h in one.entry.headers)

    return "header-missing" if all(map(promised, fitting)) else None


_LINES = (
    Line("retry-after-seconds", "Some seconds, as documented.", _seconds),
    Line("retry-after-date", "An HTTP date in the near future.", _dated(1, 30, 1)),
    Line("retry-after-past", "An HTTP date in the past.", _dated(1, 100_000, -1), carries=_UNCLEAR),
    Line(
        "retry-after-far-date",
        "An HTTP date years ahead.",
        _dated(86_400, 86_400_000, 1),
        carries=_UNCLEAR,
    ),
    Line("retry-after-zero", "No seconds at all.", _says("0")),
    Line(
        "retry-after-negative",
        "A negative number.",
        _says("-1", "-30"),
        rule=_bad,
        carries=_UNCLEAR,
    ),
    Line("retry-after-huge", "Days, months or years.", _huge, carries=_UNCLEAR),
    Line(
        "retry-after-fraction",
        "A fraction of seconds.",
        _says("0.5", "1.5", "3,5"),
        rule=_bad,
        carries=_UNCLEAR,
    ),
    Line(
        "retry-after-inf",
        "An endless wait.",
        _says("inf", "Infinity", "1e999"),
        rule=_bad,
        carries=_UNCLEAR,
    ),
    Line("retry-after-nan", "Not a number.", _says("nan", "NaN"), rule=_bad, carries=_UNCLEAR),
    Line(
        "retry-after-garbage",
        "Something else.",
        _says("soon", "30s", "PT30S", "2026-01-01", "0x10"),
        rule=_bad,
        carries=_UNCLEAR,
    ),
    Line("retry-after-empty", "A header without a value.", _says(""), rule=_bad, carries=_UNCLEAR),
    Line(
        "retry-after-repeated",
        "Two headers that need not agree.",
        _repeated,
        rule=_bad,
        carries=_UNCLEAR,
    ),
    Line(
        "retry-after-absent", "No header.", lambda m: m.fault(headers=m.header(_NAME)), rule=_gone
    ),
)
