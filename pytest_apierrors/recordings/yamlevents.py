"""
YAML from parser events, within bounds: no recursion, no tag that could do harm, no merge keys.

The loaders of PyYAML cannot be used on foreign files: aliases multiply, deep nesting kills the
process, a repeated key goes unseen. The parser below them is sound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from pytest_apierrors.recordings.parts import shown
from pytest_apierrors.recordings.reader import Unreadable
from pytest_apierrors.recordings.yamlscalar import resolved, tagged_container, tagged_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_apierrors.recordings.limits import Limits
    from pytest_apierrors.recordings.reader import Source

Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def items(source: Source, path: tuple[str, ...]) -> Iterator[tuple[int, Any]]:
    """Yield line and value of each item of the list at `path`; a spoiled value is `Unreadable`."""
    reading = YamlReading(source.whole("max_file_bytes"), source.limits, 1, Anchors.none())
    try:
        yield from reading.items(path)
    finally:
        reading.close()


def listed(data: bytes, limits: Limits, line: int, anchors: Anchors) -> Iterator[tuple[int, Any]]:
    """Yield line and value of each item of a text that is a list."""
    anchors.bounded(limits, line)
    reading = YamlReading(data, limits, line, anchors)
    try:
        yield from reading.items(())
    finally:
        reading.close()


def mapping(data: bytes, limits: Limits, line: int) -> dict[str, Any]:
    """Return the mapping that a text is."""
    reading = YamlReading(data, limits, line, Anchors.none())
    try:
        return reading.mapping()
    finally:
        reading.close()


@dataclass(slots=True)
class Anchors:
    """What aliases may name in one file, how many nodes they stood for, how many were parsed."""

    values: dict[str, tuple[Any, int]]
    expanded: int = 0
    parsed: int = 0

    @classmethod
    def none(cls) -> Anchors:
        """Start a file."""
        return cls({})

    def bounded(self, limits: Limits, line: int) -> None:
        """Refuse to go on where too many nodes were parsed."""
        if self.parsed > limits.max_file_nodes:
            raise Unreadable(f"nodes of the file are {limits.over('max_file_nodes')}", line)


class YamlReading:
    """
    One YAML text, read event by event.

    `line` is the number of the text's first line. `Unreadable` is raised where reading cannot go
    on; what spoils only the value at hand is kept in `spoiled`, and reading goes on behind it.
    """

    def __init__(self, data: bytes, limits: Limits, line: int, anchors: Anchors) -> None:
        self.data = data
        self.limits = limits
        self.first_line = line
        self.anchors = anchors
        self.spoiled: Unreadable | None = None
        self.nodes = 0
        try:
            self.parser = Parser(data)
        except yaml.YAMLError as error:
            raise self._syntax(error) from None

    def close(self) -> None:
        """Free the parser, which refers to itself."""
        self.parser.dispose()

    def event(self) -> Any:
        """Return the next event."""
        try:
            return self.parser.get_event()
        except yaml.YAMLError as error:
            raise self._syntax(error) from None

    def line_of(self, event: Any) -> int:
        """Return the line of the file on which an event starts."""
        return int(event.start_mark.line) + self.first_line

    def mapping(self) -> dict[str, Any]:
        """Return the mapping that the text is."""
        self._expect(self.event(), StreamStartEvent)
        self._expect(self.event(), DocumentStartEvent)
        event = self.event()
        value = self.node(event)
        self._raise_spoiled()
        if not isinstance(value, dict):
            raise Unreadable("not a mapping", self.line_of(event))
        self._expect(self.event(), DocumentEndEvent)
        self._expect(self.event(), StreamEndEvent)
        return value

    def items(self, path: tuple[str, ...]) -> Iterator[tuple[int, Any]]:
        """Yield line and value of each item of the list at `path`; or what is wrong with it."""
        self._expect(self.event(), StreamStartEvent)
        self._expect(self.event(), DocumentStartEvent)
        yield from self._under(self.event(), path)
        self._expect(self.event(), DocumentEndEvent)
        self._expect(self.event(), StreamEndEvent)

    def _expect(self, event: Any, kind: type) -> None:
        if not isinstance(event, kind):
            what = "a second document" if isinstance(event, DocumentStartEvent) else "no document"
            raise Unreadable(what, self.line_of(event))

    def _under(self, event: Any, path: tuple[str, ...]) -> Iterator[tuple[int, Any]]:
        if not path:
            yield from self._list(event)
            return
        if type(event) is not MappingStartEvent:
            raise Unreadable("not a mapping at its top", self.line_of(event))
        seen: set[str] = set()
        while type(event := self.event()) is ScalarEvent:
            if event.value in seen:
                raise Unreadable(f"key {shown(event.value)} came before", self.line_of(event))
            seen.add(event.value)
            if event.value == path[0]:
                yield from self._under(self.event(), path[1:])
            else:
                self.nodes = 0
                self.node(self.event())
                self._spend(event)
                self._raise_spoiled()
        if path[0] not in seen:
            raise Unreadable(f'has no "{path[0]}"', self.line_of(event))

    def _list(self, event: Any) -> Iterator[tuple[int, Any]]:
        if type(event) is not SequenceStartEvent:
            raise Unreadable("exchanges are not a list", self.line_of(event))
        while type(event := self.event()) is not SequenceEndEvent:
            self.nodes = 0
            self.spoiled = None
            value = self.node(event)
            self._spend(event)
            yield self.line_of(event), self.spoiled or value
        self.spoiled = None

    def _spend(self, event: Any) -> None:
        self.anchors.parsed += self.nodes
        self.anchors.bounded(self.limits, self.line_of(event))

    def _raise_spoiled(self) -> None:
        if self.spoiled:
            raise self.spoiled

    def node(self, event: Any) -> Any:
        """Build the value that starts with this event; a loop, so that depth costs no stack."""
        stack: list[_Open] = []
        top: _Open | None = None
        while True:
            kind = type(event)
            if kind is ScalarEvent:
                value = self._scalar(event)
                self.nodes += 1
            elif kind is AliasEvent:
                value = self._alias(event)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                top = _Open({} if kind is MappingStartEvent else [], event, self.nodes)
                stack.append(top)
                self._bounded(len(stack), event)
                event = self.event()
                continue
            else:
                value = self._closed(stack.pop())
                top = stack[-1] if stack else None
            if top is None:
                return value
            if type(top.value) is list:
                top.value.append(value)
            elif top.has_key:
                top.value[top.key] = value
                top.has_key = False
            else:
                top.key = self._key(event, value, top.value)
                top.has_key = True
            event = self.event()

    def _bounded(self, depth: int, event: Any) -> None:
        self.nodes += 1
        if depth > self.limits.max_depth:
            raise Unreadable(f"nesting is {self.limits.over('max_depth')}", self.line_of(event))
        if self.nodes > self.limits.max_nodes:
            raise Unreadable(f"nodes are {self.limits.over('max_nodes')}", self.line_of(event))

    def _scalar(self, event: Any) -> Any:
        tag = event.tag
        if tag is None:
            value = resolved(event.value) if event.implicit[0] else event.value
        elif tag == "!":
            value = event.value
        else:
            try:
                value = tagged_text(tag, event.value)
            except Unreadable as problem:
                value = self._spoil(problem.reason, event)
        if event.anchor is not None:
            self.anchors.values[event.anchor] = (value, 1)
        return value

    def _alias(self, event: Any) -> Any:
        known = self.anchors.values.get(event.anchor)
        if known is None:
            return self._spoil(f"alias {shown(event.anchor)} names nothing before it", event)
        value, size = known
        self.nodes += size
        self.anchors.expanded += size
        if self.anchors.expanded > self.limits.max_nodes:
            reason = f"nodes behind aliases are {self.limits.over('max_nodes')}"
            raise Unreadable(reason, self.line_of(event))
        return value

    def _closed(self, done: _Open) -> Any:
        value: Any = done.value
        start = done.event
        if start.tag is not None and start.tag != "!":
            try:
                value = tagged_container(start.tag, value)
            except Unreadable as problem:
                value = self._spoil(problem.reason, start)
        if start.anchor is not None:
            self.anchors.values[start.anchor] = (value, self.nodes - done.nodes)
        return value

    def _key(self, event: Any, value: Any, holder: dict[str, Any]) -> str:
        """Return the key of a member: its own text, whatever it would resolve to."""
        if type(event) is ScalarEvent:
            key: str = value.decode("latin-1") if type(value) is bytes else event.value
            if key == "<<" and event.implicit[0]:
                self._spoil("merge keys are not read", event)
        elif isinstance(value, str):
            key = value
        else:
            self._spoil("a key that is not a text", event)
            return ""
        if key in holder:
            self._spoil(f"key {shown(key)} came before", event)
        return key

    def _spoil(self, reason: str, event: Any) -> Any:
        """Note the first thing wrong with the value at hand, and stand in for the value."""
        if self.spoiled is None:
            self.spoiled = Unreadable(reason, self.line_of(event))
        return None

    def _syntax(self, error: yaml.YAMLError) -> Unreadable:
        """Word a parser's complaint."""
        mark = getattr(error, "problem_mark", None)
        if mark is not None:
            words = getattr(error, "problem", None) or getattr(error, "context", None) or ""
            return Unreadable(f"not YAML: {words}", int(mark.line) + self.first_line)
        position = getattr(error, "position", None)
        before = self.data.count(b"\n", 0, position) if isinstance(position, int) else 0
        reason = getattr(error, "reason", None) or "characters that YAML does not allow"
        return Unreadable(f"not YAML: {reason}", before + self.first_line)


class _Open:
    """A list or mapping that is being built."""

    __slots__ = ("event", "has_key", "key", "nodes", "value")

    def __init__(self, value: Any, event: Any, nodes: int) -> None:
        self.value = value
        self.event = event
        self.nodes = nodes
        self.key = ""
        self.has_key = False
