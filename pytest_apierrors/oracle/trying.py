"""How often a call asked, how long it slept, and whether it was told to."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from pytest_apierrors.check import check
from pytest_apierrors.check.retry import delay
from pytest_apierrors.faults.transport import STARTS
from pytest_apierrors.oracle.model import Broken
from pytest_apierrors.oracle.wording import Words, answer, span
from pytest_apierrors.response import Headers, Response

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_apierrors.check.verdict import Verdict
    from pytest_apierrors.faults.model import Fault, Kind
    from pytest_apierrors.oracle.model import Call, Run
    from pytest_apierrors.oracle.promise import Promise

_IDEMPOTENT: Final = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"})
# Under these a client may try again for reasons of its own.
_PERHAPS: Final = frozenset({408, 409, 421, 423, 425, 429})
_CREDENTIALS: Final = {401: "Authorization", 407: "Proxy-Authorization"}
_EARLY: Final = 0.001


class Told(NamedTuple):
    """What an answer says about trying again: None where it leaves that to the client."""

    again: bool | None
    after: float | None = None


class Again(NamedTuple):
    """A request, and the next one of the same method and URL."""

    first: Call
    fault: Fault
    second: Call


def verdict_of(kind: Kind | None, fault: Fault) -> Verdict | None:
    """Return what the check says of a fault; None where there is no catalog, or no response."""
    if kind is None or kind.catalog is None or fault.status is None:
        return None
    return check(Response(fault.status, fault.body, Headers(fault.headers)), kind.catalog)


def told(kind: Kind | None, fault: Fault) -> Told:
    """Return what an answer says about trying again."""
    if fault.status is None or fault.steps:
        # Who can tell what of it arrived?
        return Told(None)
    verdict = verdict_of(kind, fault)
    after = _header(fault)
    if verdict is not None and verdict.retry is not None:
        advice = verdict.retry
        if advice.advice == "never":
            return Told(again=False)
        # A header that is no number of seconds leaves it open, whatever the check makes of it.
        seconds = after if _values(fault) else advice.seconds
        return Told(True if advice.advice == "later" or seconds is not None else None, seconds)
    if fault.status in (429, 503) and after is not None:
        return Told(True, after)
    if 400 <= fault.status < 500 and fault.status not in _PERHAPS:
        return Told(again=False)
    return Told(None, after)


def _header(fault: Fault) -> float | None:
    """Return the seconds of Retry-After; a date may be counted on a clock that stays real."""
    values = _values(fault)
    return delay(values[0], None) if len(values) == 1 else None


def _values(fault: Fault) -> list[str]:
    return [value for name, value in fault.headers if name.lower() == "retry-after"]


def slept(promise: Promise, run: Run) -> Iterator[Broken]:
    """Yield a sleep over the budget."""
    if run.slept > promise.budget:
        longest = max((seconds for _, seconds in run.sleeps), default=run.slept)
        said = f"slept {span(run.slept)}, {span(longest)} of it at once"
        yield Broken("slept-too-long", f"{said}; the budget is {span(promise.budget)}")


def attempts(promise: Promise, run: Run) -> Iterator[Broken]:
    """Yield the method and URL that were asked too often."""
    for calls in _groups(run):
        count = 1 + len(_again(calls))
        more = ", and it would have gone on" if run.endless else ""
        asked = f"{count} requests of {_name(calls[0], run)}{more}"
        if promise.retries is not None and count > promise.retries + 1:
            limit = f"at most {promise.retries} retries" if promise.retries else "no retries"
            yield Broken("too-many-attempts", f"{asked}; the test promises {limit}")
            return
        if count > promise.attempts:
            yield Broken("too-many-attempts", f"{asked}; the limit is {promise.attempts}")
            return


def retried(promise: Promise, kind: Kind | None, run: Run) -> Iterator[Broken]:
    """Yield retries that were too early, unasked or not made; nothing if none were promised."""
    if promise.retries is None:
        return
    for calls in _groups(run):
        for again in _again(calls):
            yield from _unasked(again, kind, run)
            yield from _early(again, kind, run)
    if promise.retries and run.calls:
        yield from _missing(promise, kind, run)


def _unasked(again: Again, kind: Kind | None, run: Run) -> Iterator[Broken]:
    first, fault, second = again
    said = f"{_name(first, run)} was sent again after {answer(fault)}"
    method = first.method.upper()
    reached = fault.kind not in STARTS
    if method not in _IDEMPOTENT and reached and not _keyed(first, second):
        yield Broken("retried-unasked", f"{said}; {method} is not idempotent")
    elif told(kind, fault).again is False and not _renewed(again):
        yield Broken("retried-unasked", f"{said}, which is not to be retried")


def _early(again: Again, kind: Kind | None, run: Run) -> Iterator[Broken]:
    first, fault, second = again
    after, waited = told(kind, fault).after, second.at - first.at
    if after is not None and waited < after - _EARLY:
        said = f"{_name(first, run)} was sent again after {span(waited)}"
        yield Broken("retried-too-early", f"{said}; {answer(fault)} said to wait {span(after)}")


def _missing(promise: Promise, kind: Kind | None, run: Run) -> Iterator[Broken]:
    last = run.calls[-1]
    fault = last.fault
    if fault is None or last.method.upper() not in _IDEMPOTENT:
        return
    if any(len(calls) > 1 and last in calls for calls in _groups(run)):
        return
    again, after = told(kind, fault)
    # Giving up is right where waiting would cost more than the budget.
    if again and (after or 0.0) <= promise.budget:
        wait = f", which says to wait {span(after)}" if after is not None else ""
        said = f"{_name(last, run)} was given up after {answer(fault)}{wait}"
        yield Broken("not-retried", f"{said}; the test promises {promise.retries} retries")


def _groups(run: Run) -> list[list[Call]]:
    groups: dict[tuple[str, str], list[Call]] = {}
    for call in run.calls:
        groups.setdefault((call.method.upper(), call.url), []).append(call)
    return list(groups.values())


def _again(calls: Sequence[Call]) -> list[Again]:
    """Return the retries: what follows a redirect or a success is none."""
    return [
        Again(first, first.fault, second)
        for first, second in pairwise(calls)
        if first.fault is not None and not _goes_on(first.fault)
    ]


def _goes_on(fault: Fault) -> bool:
    moved = fault.status is not None and 300 <= fault.status < 400
    return fault.expect == "success" or moved


def _keyed(first: Call, second: Call) -> bool:
    """Whether a key makes the second request the same as the first."""
    key = first.headers.get("Idempotency-Key")
    return key is not None and key == second.headers.get("Idempotency-Key")


def _renewed(again: Again) -> bool:
    """Whether the credentials that were refused are others now."""
    name = _CREDENTIALS.get(again.fault.status or 0)
    return name is not None and again.first.headers.get(name) != again.second.headers.get(name)


def _name(call: Call, run: Run) -> str:
    return f"{call.method.upper()} {Words(run.secrets).url(call.url)}"
