"""What a client should do about an error: the documented advice with the delay it got."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pytest_apierrors.check.verdict import RetryAdvice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_apierrors.catalog.model import DocumentedError
    from pytest_apierrors.response import Response

_SECONDS = re.compile(r"[0-9]{1,9}")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# By hand, because strptime reads the names of the locale that the caller has set.
_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_TIME = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
_MONTH = r"(?P<month>[A-Z][a-z]{2})"
# The form that is sent today and the two old ones that a recipient must take (RFC 9110, 5.6.7).
_DATES = tuple(
    re.compile(form)
    for form in (
        rf"{_DAY}, (?P<day>[0-9]{{2}}) {_MONTH} (?P<year>[0-9]{{4}}) {_TIME} GMT",
        rf"{_DAY}[a-z]{{3,6}}, (?P<day>[0-9]{{2}})-{_MONTH}-(?P<year>[0-9]{{2}}) {_TIME} GMT",
        rf"{_DAY} {_MONTH} (?P<day>[ 0-9][0-9]) {_TIME} (?P<year>[0-9]{{4}})",
    )
)


def retry_advice(
    entry: DocumentedError | None, response: Response, values: Mapping[str, str]
) -> RetryAdvice | None:
    """Return the entry's retry advice; None where no source gives any."""
    if entry is None or entry.retry is None:
        return None
    retry = entry.retry
    seconds = retry.seconds
    if retry.header is not None:
        sent = response.headers.get_all(retry.header) if response.headers else []
        # Several delays that differ are none: neither is the one that was meant.
        one = sent[0] if len({*map(str.strip, sent)}) == 1 else None
        seconds = delay(one, response.header("Date"))
    elif retry.placeholder is not None and retry.placeholder in values:
        seconds = float(values[retry.placeholder])
    return RetryAdvice(retry.advice, seconds)


def delay(value: str | None, now: str | None) -> float | None:
    """
    Return a Retry-After value in seconds (RFC 9110, 10.2.3); None where it is neither form.

    A date is counted from `now`, the response's own Date, so that no clock is read.
    """
    if value is None:
        return None
    value = value.strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    since = _date(now or "")
    then = None if since is None else _date(value, since.year)
    if then is None or since is None:
        return None
    return max(0.0, (then - since).total_seconds())


def _date(text: str, near: int = 2000) -> datetime | None:
    """Read a date; a year of two digits is in the century up to fifty years after `near`."""
    text = text.strip()
    found = next(filter(None, (form.fullmatch(text) for form in _DATES)), None)
    if found is None:
        return None
    year = int(found["year"])
    if len(found["year"]) == 2:
        year += near - near % 100
        year += 100 if year < near - 50 else -100 if year > near + 50 else 0
    try:
        month = _MONTHS.index(found["month"]) + 1
        clock = (int(found["hour"]), int(found["minute"]), int(found["second"]))
        return datetime(year, month, int(found["day"]), *clock, tzinfo=UTC)
    except ValueError:
        return None
