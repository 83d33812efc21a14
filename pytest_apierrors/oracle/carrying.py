"""What the answer carried, compared with what the client's error says."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from pytest_apierrors.catalog.compile import identify, spell
from pytest_apierrors.oracle.frames import frame_of
from pytest_apierrors.oracle.model import Broken, Part
from pytest_apierrors.oracle.wording import FAILURES, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_apierrors.catalog.model import CodeRule
    from pytest_apierrors.faults.model import Carried, Fault, Kind
    from pytest_apierrors.oracle.model import Run
    from pytest_apierrors.oracle.promise import Promise

_PARTS: Final[dict[Carried, Part]] = {
    "code": "lost-code",
    "status": "lost-status",
    "message": "lost-message",
    "retry_after": "lost-retry-after",
}


def wall_of(fault: Fault) -> float | None:
    """Return when a response says it was made: where `time.time()` should begin for it."""
    dates = [_date(value) for name, value in fault.headers if name.lower() == "date"]
    return dates[0].timestamp() if dates and dates[0] is not None else None


def lost(
    promise: Promise, kind: Kind | None, fault: Fault, error: Any, run: Run
) -> Iterator[Broken]:
    """Yield what the answer carried and the error does not tell, or tells wrongly."""
    same: dict[Carried, Callable[[Any], bool]] = {
        "code": lambda value: _same_code(value, fault, kind),
        "status": lambda value: _plain(value) == _plain(fault.status),
        "message": lambda value: bool(value == fault.carries["message"]),
        "retry_after": lambda value: _same_delay(value, fault),
    }
    words = Words(run.secrets)
    for name, part in _PARTS.items():
        carried = fault.carries.get(name)
        if carried is None or name not in promise.expect:
            continue
        why = _difference(promise.expect[name], error, same[name], words)
        if why:
            sentence = f"{name} {why}, the answer carried {words.value(carried)}"
            yield Broken(part, sentence, run.raised, frame_of(run.raised))


def _difference(
    read: Callable[[Any], Any], error: Any, same: Callable[[Any], bool], words: Words
) -> str:
    name = type(error).__qualname__.rpartition("<locals>.")[2]
    try:
        value = read(error)
        if value is None:
            return f"is lost: {name} has nothing"
        return "" if same(value) else f"is wrong: {name} has {words.value(value)}"
    except FAILURES as raised:
        return f"is lost: reading it from {name} raised {words.error(raised)}"


def _plain(value: Any) -> str:
    """Return a code or status as text: 40101, "40101" and an enum's member are the same."""
    value = value.value if isinstance(value, Enum) else value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def _same_code(value: Any, fault: Fault, kind: Kind | None) -> bool:
    carried = fault.carries["code"]
    if _plain(value) == _plain(carried):
        return True
    rule = _rule(fault, kind)
    value = value.value if isinstance(value, Enum) else value
    return rule is not None and None is not spell(value, rule) == spell(carried, rule)


def _rule(fault: Fault, kind: Kind | None) -> CodeRule | None:
    if kind is None or kind.catalog is None:
        return None
    try:
        envelope = identify(kind.catalog, json.loads(fault.body))
    except (ValueError, RecursionError):
        return None
    return None if envelope is None else envelope.code


def _same_delay(value: Any, fault: Fault) -> bool:
    """
    Compare a delay in any of the forms in which a client may hand it on.

    Of a date the seconds depend on a clock, which stays real for an import within a function:
    any number is taken for them.
    """
    raw = [text for name, text in fault.headers if name.lower() == "retry-after"]
    if isinstance(value, str) and value in raw:
        return True
    date = _date(raw[0]) if raw else None
    if isinstance(value, datetime):
        value = value if value.tzinfo else value.replace(tzinfo=UTC)
        return date is None or value == date
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    return date is not None or bool(seconds == float(fault.carries["retry_after"]))


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None
