"""Which names stand where at the top of a recording: what tells the formats of one shape apart."""

from __future__ import annotations

import itertools
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from pytest_apierrors.recordings import jsonitems

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_NAMES: Final = 4000
_MOST_LEVELS: Final = 6
# a text that does not end goes on to the end of the head
_TOKEN = re.compile(rb'"([^"\\]*+(?:\\.[^"\\]*+)*+)(?:"([ \t\n\r]*+:)?)?+|([\[\]{}])', re.DOTALL)
_LIST: Final = "[]"


@lru_cache(maxsize=4)  # several readers look at the head of one file
def outline(head: bytes) -> frozenset[str]:
    """
    Return the paths of the names in the beginning of a JSON or YAML text.

    A path is `interactions[].request.uri`. Whatever the head is, this ends soon and says nothing.
    """
    names = _json(head) if jsonitems.is_json(head) else _yaml(head)
    return frozenset(itertools.islice(names, _MOST_NAMES))


def _json(head: bytes) -> Iterator[str]:
    """Yield the path of each name, by brackets alone; a head is mostly cut within a value."""
    places: list[str] = []
    name = ""
    for found in _TOKEN.finditer(head):
        text, colon, bracket = found.groups()
        if bracket in (b"{", b"["):
            places.append(_below(places, name) + (_LIST if bracket == b"[" else ""))
            name = ""
        elif bracket:
            del places[-1:]
            name = ""
        elif colon and places:
            name = text.decode(errors="replace")
            if len(places) <= _MOST_LEVELS:
                yield _below(places, name)


def _below(places: list[str], name: str) -> str:
    """Return the path of what stands under this name in the innermost place, if not too deep."""
    if not places or len(places) > _MOST_LEVELS:
        return ""
    return f"{places[-1]}.{name}" if places[-1] and name else places[-1] + name


def _yaml(head: bytes) -> Iterator[str]:
    """Yield the path of each name, as far as the parser gets."""
    import yaml  # noqa: PLC0415 - costs 15 ms

    from pytest_apierrors.recordings.yamlevents import Parser  # noqa: PLC0415 - costs 15 ms

    try:
        parser = Parser(head.decode(errors="ignore"))  # a head may end within a character
    except yaml.YAMLError:
        return
    try:
        yield from _names(iter(parser.get_event, None))
    except yaml.YAMLError:
        return
    finally:
        parser.dispose()


def _names(events: Iterator[Any]) -> Iterator[str]:
    from yaml import MappingStartEvent, NodeEvent, SequenceStartEvent  # noqa: PLC0415 - as above
    from yaml.events import CollectionEndEvent  # noqa: PLC0415

    places: list[str] = []
    mappings: list[bool] = []
    name: str | None = None  # None where a mapping waits for its next name
    for event in itertools.islice(events, _MOST_NAMES):
        if isinstance(event, CollectionEndEvent):
            places.pop()
            mappings.pop()
            name = None
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            a_list = isinstance(event, SequenceStartEvent)
            places.append(_below(places, name or "") + (_LIST if a_list else ""))
            mappings.append(not a_list)
            name = None
        elif isinstance(event, NodeEvent) and mappings and mappings[-1]:
            if name is not None:
                name = None
                continue
            name = str(getattr(event, "value", ""))
            if len(places) <= _MOST_LEVELS:
                yield _below(places, name)
