"""The judgement: every part of the oracle, asked one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_apierrors.faults.model import Fault
from pytest_apierrors.oracle.carrying import lost
from pytest_apierrors.oracle.frames import frame_of, shown
from pytest_apierrors.oracle.model import PARTS, Broken, Frame
from pytest_apierrors.oracle.raising import credentials, declared, ended, pickled, texts
from pytest_apierrors.oracle.trying import attempts, retried, slept, verdict_of
from pytest_apierrors.oracle.wording import Words
from pytest_apierrors.watchdog import Hung

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_apierrors.faults.model import Kind
    from pytest_apierrors.oracle.model import Run
    from pytest_apierrors.oracle.promise import Promise


def judge(
    promise: Promise, kind: Kind | None, faults: Fault | Sequence[Fault], run: Run
) -> list[Broken]:
    """
    Return what of a promise one call broke, in the order of `PARTS`; nothing if it kept it.

    What the client was told last decides how it should have ended: a sequence of faults need
    not be used up.
    """
    fault = _decisive((faults,) if isinstance(faults, Fault) else faults, run)
    found = [
        broken
        for broken in _every(promise, kind, fault, run)
        if broken is not None and broken.part not in promise.off
    ]
    return sorted(found, key=lambda broken: PARTS.index(broken.part))


def _every(promise: Promise, kind: Kind | None, fault: Fault, run: Run) -> Iterator[Broken | None]:
    yield from slept(promise, run)
    yield from attempts(promise, run)
    yield from retried(promise, kind, run)
    if promise.leaks:
        yield from map(_leak, run.warnings)
    if run.no_timeout:
        yield Broken("no-timeout", "waited for an answer without a timeout, for ever if need be")
    if run.hung is not None or isinstance(run.raised, Hung):
        yield _hung(run)
    elif not (run.no_timeout or run.endless):
        # What interrupted the call says nothing about how it would have ended.
        yield from _outcome(promise, kind, fault, run)


def _hung(run: Run) -> Broken:
    frame = frame_of(run.raised)
    where = f" in {shown(frame)}" if frame else ""
    given = f" of {run.raised.seconds:g} s" if isinstance(run.raised, Hung) else ""
    said = f"the call was still running at its deadline{given}{where}"
    return Broken("hung", f"{said}; deadline= gives it longer", frame=frame)


def _outcome(promise: Promise, kind: Kind | None, fault: Fault, run: Run) -> Iterator[Broken]:
    yield from ended(promise, fault, _category(promise, kind, fault), run)
    yield from texts(run)
    error = declared(promise, run)
    if error is not None and fault.expect != "success":
        yield from lost(promise, kind, fault, error, run)
    shown_error = run.raised if error is None else error
    if shown_error is not None and run.secrets:
        yield from credentials(shown_error, run)
    if promise.pickling and run.raised is not None and error is not None:
        yield from pickled(run.raised)


def _decisive(faults: Sequence[Fault], run: Run) -> Fault:
    said = [call.fault for call in run.calls if call.fault is not None]
    return said[-1] if said else faults[0]


def _category(promise: Promise, kind: Kind | None, fault: Fault) -> str | None:
    """Return the category of a documented error; a broken one may be taken for anything."""
    if kind is None or isinstance(promise.raises, type | tuple):
        return None
    if kind.entry is not None:
        return kind.entry.category
    verdict = verdict_of(kind, fault)
    return verdict.category if verdict is not None and verdict.outcome == "documented" else None


def _leak(warning: object) -> Broken:
    """Return what a warning says, whether it is one or what `catch_warnings` made of it."""
    message = getattr(warning, "message", warning)
    file, line = getattr(warning, "filename", None), getattr(warning, "lineno", 0)
    frame = Frame(str(file), int(line), "") if file else None
    said = Words(frozenset()).text(str(message))
    error = message if isinstance(message, Warning) else None
    name = f"{type(error).__name__}: " if error is not None else ""
    return Broken("leak", f"{name}{said}", error, frame)
