"""From the items of a file to its exchanges: what is wrong with one does not spoil the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_apierrors.recordings.parts import shown
from pytest_apierrors.recordings.reader import Source, Unreadable
from pytest_apierrors.response import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Response

    Build = Callable[[dict[str, Any], Origin, Source], Response | None]


def responses(
    source: Source, items: Iterable[tuple[int, Any]], build: Build, what: str
) -> Iterator[Response | RecordingError]:
    """
    Turn lines and values into responses; a value may be what is wrong with it.

    `build` makes a response of a mapping, or None where nothing was answered, or refuses with
    `Unreadable`. `what` is the word for an item.
    """
    for index, (line, item) in enumerate(items):
        made = one(source, Origin(source.name, index, line), item, build, what)
        if made is not None:
            yield made


def one(
    source: Source, origin: Origin, item: Any, build: Build, what: str
) -> Response | RecordingError | None:
    """Turn one item into a response, into what is wrong with it, or into nothing."""
    try:
        if isinstance(item, Unreadable):
            raise item
        return build(mapping(what, item), origin, source)
    except Unreadable as problem:
        return source.problem(problem.reason, origin.index, problem.line or origin.line)


def mapping(what: str, value: Any) -> dict[str, Any]:
    """Return a value that has to be a mapping."""
    if not isinstance(value, dict):
        raise Unreadable(f"{what} is {shown(value)}, not a mapping")
    return value


def maybe_mapping(what: str, value: Any) -> dict[str, Any]:
    """Return a mapping that may be absent."""
    return {} if value is None else mapping(what, value)


def listed(what: str, value: Any) -> list[Any]:
    """Return a list that may be absent."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise Unreadable(f"{what} is {shown(value)}, not a list")
    return value
