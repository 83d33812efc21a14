"""
What is wrong with a value under a schema: every difference, with its place.

The engine in `catalog.engine` decides; this names the differences, nearest first. It knows
exactly the closed subset and is held against two validators in the tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_apierrors.catalog.compile import json_type
from pytest_apierrors.catalog.formats import CHECKS
from pytest_apierrors.catalog.patterns import searcher
from pytest_apierrors.catalog.subset import step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_apierrors.catalog.model import Schema

MAX_DIFFERENCES = 50
NOTHING = object()
"""Stands for a value that is absent."""


class Difference(NamedTuple):
    """One way in which a value does not fit: the keyword, its place, its own value, the value."""

    keyword: str
    where: str
    wanted: Any
    found: Any


def differences(schema: Schema, value: Any) -> list[Difference]:
    """List the differences between a value and a schema, at most `MAX_DIFFERENCES` of a kind."""
    found: list[Difference] = []
    extra = 0
    for difference in _walk(schema, value, "$", schema):
        # Undocumented members are counted apart, so that many of them hide nothing worse.
        if difference.keyword == "additionalProperties":
            extra += 1
            if extra > MAX_DIFFERENCES:
                continue
        found.append(difference)
        if len(found) - min(extra, MAX_DIFFERENCES) == MAX_DIFFERENCES:
            break
    return found


def _walk(schema: Any, value: Any, where: str, root: Schema) -> Iterator[Difference]:
    if isinstance(schema, bool):
        if not schema:
            yield Difference("additionalProperties", where, False, value)
        return
    if "type" in schema and not _has_type(schema["type"], value):
        yield Difference("type", where, schema["type"], value)
        return
    for keyword, wanted in schema.items():
        rule = _RULES.get(keyword)
        if rule is not None and not rule(wanted, value):
            yield Difference(keyword, where, wanted, value)
        elif keyword in _COMBINED:
            yield from _COMBINED[keyword](wanted, value, where, root)
    if isinstance(value, dict):
        yield from _members(schema, value, where, root)
    elif isinstance(value, list):
        yield from _elements(schema, value, where, root)


def _has_type(names: str | list[str], value: Any) -> bool:
    kind = json_type(value)
    wanted = (names,) if isinstance(names, str) else names
    return kind in wanted or (kind == "integer" and "number" in wanted)


def _members(
    schema: Schema, value: dict[str, Any], where: str, root: Schema
) -> Iterator[Difference]:
    properties = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield Difference("required", step(where, name), properties.get(name), NOTHING)
    for name, sub in properties.items():
        if name in value:
            yield from _walk(sub, value[name], step(where, name), root)
    extra = schema.get("additionalProperties", True)
    if extra is not True:
        for name, member in value.items():
            if name not in properties:
                yield from _walk(extra, member, step(where, name), root)


def _elements(schema: Schema, value: list[Any], where: str, root: Schema) -> Iterator[Difference]:
    prefix = schema.get("prefixItems", [])
    rest = schema.get("items", True)
    for number, element in enumerate(value):
        sub = prefix[number] if number < len(prefix) else rest
        yield from _walk(sub, element, f"{where}[{number}]", root)


def _all_of(subs: list[Any], value: Any, where: str, root: Schema) -> Iterator[Difference]:
    for sub in subs:
        yield from _walk(sub, value, where, root)


def _any_of(subs: list[Any], value: Any, where: str, root: Schema) -> Iterator[Difference]:
    """Name the differences of the nearest alternative; undocumented members count least."""
    nearest: list[Difference] | None = None
    least = (0, 0)
    for sub in subs:
        found = list(_walk(sub, value, where, root))
        if not found:
            return
        extra = sum(difference.keyword == "additionalProperties" for difference in found)
        weight = (len(found) - extra, extra)
        if nearest is None or weight < least:
            nearest, least = found, weight
    yield from nearest or ()


def _ref(name: str, value: Any, where: str, root: Schema) -> Iterator[Difference]:
    yield from _walk(root["$defs"][name.removeprefix("#/$defs/")], value, where, root)


_COMBINED: dict[str, Callable[[Any, Any, str, Schema], Iterator[Difference]]] = {
    "allOf": _all_of,
    "anyOf": _any_of,
    "$ref": _ref,
}


def equal(one: Any, other: Any) -> bool:
    """Compare as JSON does: 1 equals 1.0, true does not equal 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    return bool(one == other) and isinstance(one, str) == isinstance(other, str)


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_RULES: dict[str, Callable[[Any, Any], bool]] = {
    "const": equal,
    "enum": lambda wanted, value: any(equal(one, value) for one in wanted),
    "pattern": lambda wanted, value: not isinstance(value, str) or searcher(wanted)(value),
    "format": lambda wanted, value: not isinstance(value, str) or CHECKS[wanted](value),
    "minLength": lambda wanted, value: not isinstance(value, str) or len(value) >= wanted,
    "maxLength": lambda wanted, value: not isinstance(value, str) or len(value) <= wanted,
    "minItems": lambda wanted, value: not isinstance(value, list) or len(value) >= wanted,
    "maxItems": lambda wanted, value: not isinstance(value, list) or len(value) <= wanted,
    "minProperties": lambda wanted, value: not isinstance(value, dict) or len(value) >= wanted,
    "maxProperties": lambda wanted, value: not isinstance(value, dict) or len(value) <= wanted,
    "minimum": lambda wanted, value: not _number(value) or value >= wanted,
    "maximum": lambda wanted, value: not _number(value) or value <= wanted,
    "exclusiveMinimum": lambda wanted, value: not _number(value) or value > wanted,
    "exclusiveMaximum": lambda wanted, value: not _number(value) or value < wanted,
}
