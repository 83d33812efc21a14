"""Recordings of HTTP traffic, turned into responses; the format is recognised from content."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING

from pytest_apierrors.errors import RecordingError, UsageProblem
from pytest_apierrors.inert import inert
from pytest_apierrors.recordings import (
    cassetter,
    easyvcr,
    exchangelog,
    exvcr,
    go_vcr,
    har,
    http_interactions,
    mitmproxy_flows,
    nock,
    openapi,
    packed,
    pact,
    php_vcr,
    placebo,
    postman,
    pygithub,
    rawhttp,
    recorded_responses,
    schemathesis,
    vcr,
    wiremock,
)
from pytest_apierrors.recordings.exchangelog import exchange_line
from pytest_apierrors.recordings.limits import Limits
from pytest_apierrors.recordings.reader import Reader, Source, Unreadable, opened
from pytest_apierrors.response import Headers, Response

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Sequence

__all__ = [
    "READERS",
    "Limits",
    "Reader",
    "Source",
    "Unreadable",
    "exchange_line",
    "read",
    "recognise",
]

# the first that recognises a file reads it: of two that could, the one that asks for more
READERS: tuple[Reader, ...] = (
    openapi.READER,
    pact.READER,
    postman.READER,
    placebo.READER,
    nock.READER,
    wiremock.READER,
    schemathesis.CASSETTE,
    schemathesis.EVENTS,
    pygithub.READER,
    rawhttp.READER,
    go_vcr.READER,
    cassetter.READER,
    vcr.READER,
    har.READER,
    http_interactions.BETAMAX,
    http_interactions.RUBY_VCR,
    recorded_responses.READER,
    easyvcr.READER,
    exvcr.READER,
    php_vcr.READER,
    exchangelog.READER,
    mitmproxy_flows.READER,
    packed.READER,
)
_COMMON = tuple(one for one in READERS if one.certain is not None)
UNKNOWN = "not a recording of a known format (pytest-apierrors check --help names them)"
"""Said of what no reader knows, and for what there is no better advice."""

_HEAD_BYTES = 1 << 16
_LIMITS = Limits()


def read(
    path: str | os.PathLike[str],
    *,
    reader: Reader | str | None = None,
    readers: Sequence[Reader] = READERS,
    limits: Limits = _LIMITS,
    recognised: Callable[[str], None] | None = None,
) -> Iterator[Response | RecordingError]:
    """
    Yield one item per exchange of a recording, in file order.

    An exchange that cannot be reconstructed is yielded as an error with its place, and so is a
    file that cannot be read at all. Without `reader` the format is recognised; `recognised` is
    told its name.
    """
    chosen = _named(reader, readers) if isinstance(reader, str) else reader
    return _items(str(path), chosen, readers, limits, recognised)


def recognise(head: bytes, path: Path, readers: Sequence[Reader] = READERS) -> Reader | None:
    """Return the reader for a file that starts with these bytes."""
    for one in _COMMON:
        if one in readers and one.certain is not None and one.certain(head):
            others = (other for other in readers if other not in READERS)
            return next((other for other in others if other.fits(head, path)), one)
    return next((one for one in readers if one.fits(head, path)), None)


def _items(
    name: str,
    reader: Reader | None,
    readers: Sequence[Reader],
    limits: Limits,
    recognised: Callable[[str], None] | None,
) -> Iterator[Response | RecordingError]:
    path = Path(name)
    try:
        with opened(path) as (stream, size):
            chosen = _fitting(stream, path, reader, readers)
            if recognised is not None:
                recognised(chosen.name)
            source = Source(name, path, stream, size, limits)
            yield from _while_few_problems(_read(chosen, source), limits)
    except Unreadable as problem:
        yield RecordingError(name, problem.reason, line=problem.line)
    except OSError as error:
        yield RecordingError(name, f"cannot be read: {error.strerror}")


def _read(reader: Reader, source: Source) -> Iterator[Response | RecordingError]:
    """Pass on what a reader yields; one that fails spoils its own file and nothing else."""
    try:
        for item in reader.read(source):
            yield item if type(item) is RecordingError else _sound(item, reader)
    except (Unreadable, OSError):
        raise
    except Exception as error:
        raise Unreadable(f"{_called(reader)} has failed: {_worded(error)}") from error


def _sound(item: object, reader: Reader) -> Response:
    """Return an item that is a response; nothing but an own reader gets its types wrong."""
    if (
        isinstance(item, Response)
        and type(item.status) is int
        and isinstance(item.body, bytes)
        and (item.headers is None or isinstance(item.headers, Headers))
    ):
        return item
    raise Unreadable(f"{_called(reader)} has yielded what is no response")


def _called(reader: Reader) -> str:
    return f'the reader "{inert(reader.name, 40)}"'


def _worded(error: Exception) -> str:
    return inert(f"{type(error).__name__}: {error}", 200)


def _while_few_problems(
    items: Iterator[Response | RecordingError], limits: Limits
) -> Iterator[Response | RecordingError]:
    """Pass items on until too many of them are problems: a small file can hold millions."""
    left = limits.max_problems
    for item in items:
        if type(item) is RecordingError:
            left -= 1
            if left < 0:
                reason = f"exchanges that cannot be read are {limits.over('max_problems')}"
                raise Unreadable(f"{reason}, the rest was not looked at", item.line)
        yield item


def _fitting(
    stream: IO[bytes], path: Path, reader: Reader | None, readers: Sequence[Reader]
) -> Reader:
    """Choose the reader for an open file, and leave the file at its start."""
    head = stream.read(_HEAD_BYTES) or b""  # None where the system has nothing just now
    stream.seek(0)
    if not head.strip(b" \t\r\n"):
        raise Unreadable("empty file")
    chosen = reader or _recognised(head, path, readers)
    if chosen is None:
        from pytest_apierrors.recordings import unread  # noqa: PLC0415 - seldom needed

        raise Unreadable(unread.advice(head) or UNKNOWN)
    return chosen


def _recognised(head: bytes, path: Path, readers: Sequence[Reader]) -> Reader | None:
    try:
        return recognise(head, path, readers)
    except Exception as error:
        raise Unreadable(f"a reader cannot tell its format: {_worded(error)}") from error


def _named(name: str, readers: Sequence[Reader]) -> Reader:
    for one in readers:
        if one.name == name:
            return one
    raise UsageProblem(f'no reader named "{name}" (known: {_names(readers)})')


def _names(readers: Sequence[Reader]) -> str:
    return ", ".join(sorted(one.name for one in readers))
