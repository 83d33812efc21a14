"""A file that is read as a whole, JSON or YAML, and on which line each of its mappings starts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from pytest_apierrors.recordings import jsonitems, jsonnodes
from pytest_apierrors.recordings.reader import Source, Unreadable

if TYPE_CHECKING:
    from pytest_apierrors.recordings.limits import Limits

_OBJECT = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|(\{)', re.DOTALL)


class Document(msgspec.Struct, frozen=True):
    """The mapping that a file is; `lines` are those of its mappings, by identity."""

    top: dict[str, Any]
    lines: dict[int, int]

    def line(self, mapping: Any) -> int | None:
        """Return the line on which a mapping starts."""
        return self.lines.get(id(mapping))


def document(source: Source) -> Document:
    """Read a whole file, within the limits on its size and on its nodes."""
    data = source.whole("max_file_bytes")
    if not jsonitems.is_json(data[:1024]):
        from pytest_apierrors.recordings import yamlplaces  # noqa: PLC0415 - costs 15 ms

        return Document(*yamlplaces.placed(data, source.limits))
    value = json_value(data, source.limits)
    if not isinstance(value, dict):
        raise Unreadable("not a JSON object at its top", 1)
    return Document(value, _object_lines(data, value))


def json_value(data: bytes, limits: Limits) -> Any:
    """Return the value of a JSON text without oddities and with few enough nodes."""
    jsonnodes.bounded(data, limits)
    try:
        return jsonitems.strict(data)
    except Unreadable as problem:
        raise Unreadable(problem.reason, (problem.line or 0) + 1) from None


def _object_lines(data: bytes, top: Any) -> dict[int, int]:
    """Find the objects of a sound JSON text: they come in the order of their opening brackets."""
    starts = (found.start() for found in _OBJECT.finditer(data) if found[1])
    lines: dict[int, int] = {}
    line, counted = 1, 0
    waiting = [top]
    while waiting:
        value = waiting.pop()
        if type(value) is dict:
            start = next(starts)
            line += data.count(b"\n", counted, start)
            counted = start
            lines[id(value)] = line
            waiting.extend(reversed(value.values()))
        elif type(value) is list:
            waiting.extend(reversed(value))
    return lines
