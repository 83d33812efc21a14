"""A YAML file that is one mapping, and where the mappings in it start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pytest_apierrors.recordings.reader import Unreadable
from pytest_apierrors.recordings.yamlevents import Anchors, YamlReading

if TYPE_CHECKING:
    from pytest_apierrors.recordings.limits import Limits

_MAPPING_NODES: Final = 4
"""A mapping takes as much memory as several values."""


def placed(data: bytes, limits: Limits) -> tuple[dict[str, Any], dict[int, int]]:
    """Return the mapping that a text is, and the line of each mapping in it by identity."""
    reading = _Placing(data, limits, 1, Anchors.none())
    try:
        return reading.mapping(), reading.lines
    finally:
        reading.close()


class _Placing(YamlReading):
    """A reading that notes the lines of mappings."""

    def __init__(self, data: bytes, limits: Limits, line: int, anchors: Anchors) -> None:
        super().__init__(data, limits, line, anchors)
        self.lines: dict[int, int] = {}

    def _closed(self, done: Any) -> Any:
        value = super()._closed(done)
        if type(value) is dict:
            self.lines[id(value)] = self.line_of(done.event)
            if len(self.lines) * _MAPPING_NODES > self.limits.max_nodes:
                raise Unreadable(f"nodes are {self.limits.over('max_nodes')}")
        return value
