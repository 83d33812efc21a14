"""How a call ended: what it raised or returned, and what its exception shows."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

from pytest_apierrors.oracle.frames import frame_of, shown
from pytest_apierrors.oracle.model import Broken, type_name
from pytest_apierrors.oracle.whereabouts import masked, place_of, proving
from pytest_apierrors.oracle.wording import FAILURES, Words, answer, names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_apierrors.faults.model import Fault
    from pytest_apierrors.oracle.model import Run
    from pytest_apierrors.oracle.promise import Promise


def declared(promise: Promise, run: Run) -> Any:
    """Return the promised exception, or the error object that was returned for it; else None."""
    if run.raised is not None:
        return run.raised if isinstance(run.raised, promise.classes) else None
    return run.returned if recognised(promise, run) is True else None


def recognised(promise: Promise, run: Run) -> bool | Exception | SystemExit:
    """Whether `returns=` takes what was returned for an error; what it raised if it did."""
    if promise.returns is None or run.raised is not None:
        return False
    try:
        return bool(promise.returns(run.returned))
    except FAILURES as error:
        return error


def ended(promise: Promise, fault: Fault, category: str | None, run: Run) -> Iterator[Broken]:
    """Yield what is wrong with how a call ended."""
    if run.raised is not None:
        yield from _raised(promise, fault, category, run)
    else:
        yield from _returned(promise, fault, run)


def _raised(promise: Promise, fault: Fault, category: str | None, run: Run) -> Iterator[Broken]:
    error, words = run.raised, Words(run.secrets)
    assert error is not None  # noqa: S101 - asked by who calls
    frame = frame_of(error)
    classes = promise.classes_for(category)
    if not isinstance(error, promise.classes):
        said = f"{words.error(error)} escaped from {shown(frame)}"
        sentence = f"{said}; the test promises {names(promise.classes)}"
        yield Broken("undeclared-exception", sentence, error, frame)
    elif fault.expect == "success":
        sentence = f"{words.error(error)} was raised for a success, {answer(fault)}"
        yield Broken("false-alarm", sentence, error, frame)
    elif not isinstance(error, classes):
        said = f"{words.error(error)} came from {shown(frame)}"
        sentence = f"{said}; the test promises {names(classes)} for {category}"
        yield Broken("undeclared-exception", sentence, error, frame)


def _returned(promise: Promise, fault: Fault, run: Run) -> Iterator[Broken]:
    found, words = recognised(promise, run), Words(run.secrets)
    if isinstance(found, BaseException):
        sentence = f"returns= raised {words.error(found)} for {words.value(run.returned)}"
        yield Broken("swallowed", sentence, found, frame_of(found))
    elif found and fault.expect == "success":
        said = f"returned {words.value(run.returned)}, which is an error object,"
        yield Broken("false-alarm", f"{said} for a success, {answer(fault)}")
    elif not found and fault.expect == "error":
        said = f"returned {words.value(run.returned)} for {answer(fault)}"
        yield Broken("swallowed", f"{said}; the test promises {names(promise.classes)}")


def texts(run: Run) -> Iterator[Broken]:
    """Yield whatever of an exception cannot be shown."""
    error = run.raised
    if error is None:
        return
    for function in (str, repr):
        try:
            function(error)
        except FAILURES as inner:
            frame = frame_of(inner)
            said = f"{function.__name__}() of {type_name(type(error))} raises"
            sentence = f"{said} {Words(run.secrets).error(inner)} in {shown(frame)}"
            yield Broken("exception-text", sentence, inner, frame)
            return


def pickled(error: BaseException) -> Iterator[Broken]:
    """Yield what is wrong with an exception that has been through another process."""
    name = type_name(type(error))
    try:
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - made on the spot
    except FAILURES as inner:
        sentence = f"{name} cannot be pickled: {Words(frozenset()).error(inner)}"
        yield Broken("pickling", sentence, inner, frame_of(error))
        return
    if type(copy) is not type(error) or _text(copy) != _text(error):
        yield Broken("pickling", f"{name} comes out of a pickle changed", error, frame_of(error))


def credentials(error: Any, run: Run) -> Iterator[Broken]:
    """Yield a credential of the request that an exception, or an error object, shows."""
    secrets = proving(run.secrets, run.calls)
    for place, text in _shown_texts(error):
        found = [secret for secret in secrets if secret in text]
        if found:
            # The shortest is the credential itself, without its scheme or its user.
            secret = min(found, key=lambda one: (len(one), one))
            said = f"{type_name(type(error))} shows a credential of the request in {place}"
            which = (place_of(secret, run.calls), masked(secret))
            sentence = f"{said}: {', '.join(filter(None, which))}"
            frame = frame_of(run.raised)
            yield Broken("credential", sentence, run.raised, frame)
            return


def _shown_texts(error: Any) -> Iterator[tuple[str, str]]:
    yield "str()", _text(error)
    yield "repr()", _text(error, repr)
    for value in getattr(error, "args", ()) if isinstance(error, BaseException) else ():
        yield "args", _text(value)
    for note in getattr(error, "__notes__", ()):
        yield "a note", str(note)


def _text(value: Any, function: Any = str) -> str:
    try:
        return str(function(value))
    except FAILURES:
        return ""
