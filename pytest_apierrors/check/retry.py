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
_DATE = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), ([0-9]{2}) ([A-Z][a-z]{2}) ([0-9]{4})"
    r" ([0-9]{2}):([0-9]{2}):([0-9]{2}) GMT"
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
        seconds = delay(response.header(retry.header), response.header("Date"))
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
    then, since = _date(value), _date(now or "")
    if then is None or since is None:
        return None
    return max(0.0, (then - since).total_seconds())


def _date(text: str) -> datetime | None:
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    day, month, year, hour, minute, second = found.groups()
    try:
        number = _MONTHS.index(month) + 1
        return datetime(
            int(year), number, int(day), int(hour), int(minute), int(second), tzinfo=UTC
        )
    except ValueError:
        return None
