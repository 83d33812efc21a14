"""The closed subset of JSON Schema that catalogs may use, and the check that they keep to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_apierrors.catalog import patterns
from pytest_apierrors.catalog.formats import CHECKS
from pytest_apierrors.inert import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_apierrors.catalog.model import Schema

Problem = tuple[str, str]
_NAME = re.compile(r"[A-Za-z0-9._-]+")  # engines read other characters of a reference as escapes

MAX_DEPTH = 32
MAX_NODES = 2000
MAX_ALTERNATIVES = 64

TYPES = ("object", "array", "string", "number", "integer", "boolean", "null")
FORMATS = tuple(CHECKS)
_SCHEMAS = ("items", "additionalProperties")
_SCHEMA_MAPS = ("properties", "$defs")
_SCHEMA_LISTS = ("allOf", "anyOf", "prefixItems")
_COUNTS = ("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties")
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_NOTES = ("title", "description", "$comment")
_OTHERS = ("type", "enum", "const", "required", "pattern", "format", "$ref")
KEYWORDS = (*_SCHEMAS, *_SCHEMA_MAPS, *_SCHEMA_LISTS, *_COUNTS, *_BOUNDS, *_OTHERS, *_NOTES)


def suggestion(word: object, known: tuple[str, ...]) -> str:
    """Return `; did you mean "x"?` for a word that is nearly one of the known ones, or ""."""
    from difflib import get_close_matches  # noqa: PLC0415 - only needed to word a mistake

    near = get_close_matches(str(word), known, n=1)
    return f'; did you mean "{near[0]}"?' if near else ""


def step(place: str, key: str) -> str:
    """Return the JSONPath of a member, quoted where its name needs it."""
    if key and key.replace("_", "a").isalnum() and key.isascii() and not key[0].isdigit():
        return f"{place}.{key}"
    quoted = key.replace("\\", "\\\\").replace("'", "\\'")
    return f"{place}['{quoted}']"


def problems(schema: Any, place: str) -> list[Problem]:
    """List everything in which a schema leaves the subset; an empty list means that it is safe."""
    found = list(dict.fromkeys(_Walk(schema, place).walk(schema, place, 0)))
    if not found and isinstance(schema, dict) and not _says_anything(schema):
        found.append(
            (place, "an empty schema accepts everything; say what is known or leave it out")
        )
    return found


def _says_anything(schema: Schema) -> bool:
    return any(key not in (*_NOTES, "$defs") for key in schema)


class _Walk:
    def __init__(self, root: Any, place: str) -> None:
        self.root = root
        self.place = place
        self.halted = False
        self.nodes = 0
        self.refs: list[str] = []
        self.product: int | None = None

    def walk(self, schema: Any, place: str, depth: int) -> Iterator[Problem]:
        self.nodes += 1
        if self.halted:
            return
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            self.halted = True
            deep = f"more than {MAX_DEPTH} levels deep once references are followed"
            many = f"more than {MAX_NODES} schemas once references are followed"
            yield (place, deep) if depth > MAX_DEPTH else (self.place, many)
            return
        if not isinstance(schema, dict):
            yield place, "a schema is an object"
            return
        for key, value in schema.items():
            yield from self.keyword(key, value, step(place, key), depth)

    def keyword(self, key: str, value: Any, place: str, depth: int) -> Iterator[Problem]:
        if key not in KEYWORDS:
            yield place, f'unknown keyword "{key}"{suggestion(key, KEYWORDS)}'
        elif key in _SCHEMAS:
            yield from self.sub_schema(value, place, depth)
        elif key in _SCHEMA_MAPS:
            yield from self.schema_map(key, value, place, depth)
        elif key in _SCHEMA_LISTS:
            yield from self.schema_list(key, value, place, depth)
        elif key == "$ref":
            yield from self.reference(value, place, depth)
        else:
            reason = _value_problem(key, value)
            if reason:
                yield place, reason

    def sub_schema(self, value: Any, place: str, depth: int) -> Iterator[Problem]:
        if isinstance(value, bool):
            return
        if value == {}:
            yield place, "an empty schema accepts everything; write true if that is meant"
            return
        yield from self.walk(value, place, depth + 1)

    def schema_map(self, key: str, value: Any, place: str, depth: int) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield place, "an object of schemas is needed"
            return
        for name, sub in value.items():
            if key == "$defs" and not _NAME.fullmatch(name):
                yield step(place, name), "a name of letters, digits, dot, dash and underscore"
            yield from self.sub_schema(sub, step(place, name), depth)

    def schema_list(self, key: str, value: Any, place: str, depth: int) -> Iterator[Problem]:
        if not isinstance(value, list) or not value:
            yield place, "a list of schemas is needed"
            return
        if key == "anyOf" and len(value) > MAX_ALTERNATIVES:
            yield place, f"{len(value)} alternatives; at most {MAX_ALTERNATIVES}"
            return
        if key == "anyOf" and depth:
            if self.product is None:
                self.product = self._alternatives(self.root)
            if self.product > MAX_ALTERNATIVES:
                yield place, f"nested alternatives multiply to more than {MAX_ALTERNATIVES}"
                return
        for number, sub in enumerate(value):
            yield from self.sub_schema(sub, f"{place}[{number}]", depth)

    def _alternatives(self, schema: Any, depth: int = 0) -> int:
        if depth > MAX_DEPTH:
            return MAX_ALTERNATIVES + 1
        if isinstance(schema, list):
            return max((self._alternatives(sub, depth + 1) for sub in schema), default=1)
        if not isinstance(schema, dict):
            return 1
        product = 1
        for key in ("anyOf", "allOf"):
            subs = schema.get(key)
            if isinstance(subs, list) and subs:
                width = len(subs) if key != "allOf" else 1
                product *= width * self._alternatives(subs, depth + 1)
        inner = [
            self._alternatives(value, depth + 1)
            for value in schema.values()
            if isinstance(value, dict)
        ]
        return min(product * max(inner, default=1), MAX_ALTERNATIVES + 1)

    def reference(self, value: Any, place: str, depth: int) -> Iterator[Problem]:
        if not isinstance(value, str) or not value.startswith("#/$defs/"):
            yield (
                place,
                f'a reference stays in its schema ("#/$defs/..."); found {one_line(value, 60)}',
            )
            return
        name = value.removeprefix("#/$defs/")
        defs = self.root.get("$defs")
        if not isinstance(defs, dict) or name not in defs:
            known = tuple(defs) if isinstance(defs, dict) else ()
            yield place, f'no "$defs" entry "{name}"{suggestion(name, known)}'
        elif name in self.refs:
            self.halted = True
            yield place, f'"{name}" refers to itself; recursive schemas are not in the subset'
        else:
            self.refs.append(name)
            there = step(step(self.place, "$defs"), name)
            yield from self.sub_schema(defs[name], there, depth + 1)
            self.refs.pop()


def _value_problem(key: str, value: Any) -> str | None:
    if key in _COUNTS:
        whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        return None if whole else "a whole number from 0 is needed"
    if key in _BOUNDS:
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return None if number else "a number is needed"
    if key in _NOTES:
        return None if isinstance(value, str) else "a text is needed"
    check = _CHECKS.get(key)
    return check(value) if check else None


def _type_problem(value: Any) -> str | None:
    names = value if isinstance(value, list) else [value]
    for name in names:
        if name not in TYPES:
            return f'unknown type "{name}"{suggestion(name, TYPES)}'
    if len(set(names)) != len(names):
        return "a list of different types is needed"
    return None if names else "at least one type is needed"


def _format_problem(value: Any) -> str | None:
    if value in FORMATS:
        return None
    return f'unknown format "{value}"{suggestion(value, FORMATS)}'


def _names_problem(value: Any) -> str | None:
    good = isinstance(value, list) and all(isinstance(name, str) for name in value)
    return None if good and len(set(value)) == len(value) else "a list of different names is needed"


def _values_problem(value: Any) -> str | None:
    return None if isinstance(value, list) and value else "a list of values is needed"


def _pattern_problem(value: Any) -> str | None:
    return patterns.problem(value) if isinstance(value, str) else "a text is needed"


_CHECKS: dict[str, Callable[[Any], str | None]] = {
    "type": _type_problem,
    "format": _format_problem,
    "required": _names_problem,
    "pattern": _pattern_problem,
    "enum": _values_problem,
}
