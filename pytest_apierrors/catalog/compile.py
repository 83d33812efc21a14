"""A catalog made ready for checking: tables from (space, code) and status to entries."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from pytest_apierrors.catalog.engine import Validator, compile_schema
from pytest_apierrors.catalog.model import Unknown

if TYPE_CHECKING:
    from pytest_apierrors.catalog.model import (
        Catalog,
        CodeRule,
        DocumentedError,
        Envelope,
        Gateway,
        HttpRule,
        Schema,
    )

ABSENT = object()
NO_ERRORS = ("success", "state")
"""Roles of entries that stand in a list of errors and are none."""


class Candidate(msgspec.Struct, frozen=True):
    """An entry that a code may mean; `claimed` where only a claim says so."""

    entry: DocumentedError
    claimed: bool = False


class Compiled:
    """The dispatch tables of one catalog. Schemas are compiled when they are first needed."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.codes: dict[tuple[str, str], list[Candidate]] = {}
        self.by_status: dict[int, list[DocumentedError]] = {}
        for entry in catalog.errors.values():
            self._add(entry)
        self._validators: dict[tuple[str, str], Validator] = {}
        self._schemas: dict[tuple[str, str], Schema] = {}
        self._rules: dict[int, tuple[HttpRule, ...]] = {}
        body = catalog.error.body
        self.predicate = None if body is None else compile_schema(body)
        self.matches = {
            key: compile_schema(entry.match)
            for key, entry in catalog.errors.items()
            if entry.match is not None
        }
        self.gateways: list[tuple[Gateway, Validator]] = [
            (gateway, compile_schema(gateway.schema)) for gateway in catalog.gateways
        ]
        self.plans: dict[str, Any] = {}

    def _add(self, entry: DocumentedError) -> None:
        own = (entry.code,) if isinstance(entry.code, str) else ()
        for code in dict.fromkeys((*own, *entry.live("code"))):
            candidate = Candidate(entry, claimed=code not in own)
            self.codes.setdefault((entry.space, code), []).append(candidate)
        if not isinstance(entry.statuses, Unknown):
            for status in dict.fromkeys((*entry.statuses, *entry.live("status"))):
                self.by_status.setdefault(status, []).append(entry)

    def for_status(self, status: int) -> list[DocumentedError]:
        """
        Return the entries that a status alone may mean, nearest kind first.

        Entries about the status itself stand before those whose code is unknown, those before
        entries of known codes. What is no error (a success, a state) is no meaning of one.
        """
        entries = self._errors(status)
        own = [entry for entry in entries if entry.code is None]
        unknown = [entry for entry in entries if isinstance(entry.code, Unknown)]
        return own or unknown or entries

    @cached_property
    def error_statuses(self) -> tuple[int, ...]:
        """The statuses under which an error is documented, sorted."""
        return tuple(sorted(status for status in self.by_status if self.for_status(status)))

    def unknown_codes(self, status: int) -> list[DocumentedError]:
        """Return the entries of a status whose code no source names."""
        return [e for e in self._errors(status) if isinstance(e.code, Unknown)]

    def _errors(self, status: int) -> list[DocumentedError]:
        return [e for e in self.by_status.get(status, []) if e.role not in NO_ERRORS]

    def rules(self, status: int) -> tuple[HttpRule, ...]:
        """Return what HTTP itself says about a status."""
        if status not in self._rules:
            found = tuple(r for r in self.catalog.rules if not r.method and status in r.statuses)
            self._rules[status] = found
        return self._rules[status]

    def schema(self, envelope: Envelope, entry: DocumentedError | None) -> Schema:
        """Return the body schema of an entry in an envelope."""
        if entry is None or entry.body is None:
            return envelope.schema
        key = (envelope.name, entry.key)
        if key not in self._schemas:
            self._schemas[key] = merged(envelope.schema, entry.body)
        return self._schemas[key]

    def validator(self, envelope: Envelope, entry: DocumentedError | None) -> Validator:
        """Return the compiled form of `schema`, shared by entries that add nothing."""
        key = (envelope.name, entry.key if entry is not None and entry.body is not None else "")
        if key not in self._validators:
            self._validators[key] = compile_schema(self.schema(envelope, entry))
        return self._validators[key]


def compiled(catalog: Catalog) -> Compiled:
    """Return the compiled form of a catalog; it is made once."""
    form: Compiled | None = catalog.cache.get("compiled")
    if form is None:
        form = catalog.cache["compiled"] = Compiled(catalog)
    return form


def merged(schema: Schema, added: Schema) -> Schema:
    """Add an entry's properties and required names to an envelope's schema, at every level."""
    properties = dict(schema.get("properties", {}))
    for name, sub in added.get("properties", {}).items():
        below = properties.get(name)
        nested = isinstance(below, dict) and isinstance(sub, dict)
        properties[name] = merged(below or {}, sub) if nested else sub
    required = [*schema.get("required", ()), *added.get("required", ())]
    whole = {**schema, **added}
    if properties:
        whole["properties"] = properties
    if required:
        whole["required"] = list(dict.fromkeys(required))
    return whole


def is_index(part: str) -> bool:
    """Whether a part of a JSON Pointer can name an element of a list (RFC 6901, 4)."""
    return part == "0" or (
        part[:1] in "123456789" and len(part) < 10 and part.isascii() and part.isdigit()
    )


def resolve(value: Any, pointer: tuple[str, ...]) -> Any:
    """Return what a JSON Pointer names in a value, or ABSENT."""
    for part in pointer:
        if isinstance(value, dict):
            value = value.get(part, ABSENT)
        elif isinstance(value, list) and is_index(part) and int(part) < len(value):
            value = value[int(part)]
        else:
            return ABSENT
    return value


def json_type(value: Any) -> str:
    """Return the JSON Schema type of a value, the narrowest one; "absent" for ABSENT."""
    if value is ABSENT:
        return "absent"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, float) and value.is_integer():
        return "integer"
    return _TYPES.get(type(value), "object")


_TYPES = {
    type(None): "null",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}


def has_type(value: Any, names: frozenset[str]) -> bool:
    """Return whether a value (or ABSENT) has one of the JSON types."""
    kind = json_type(value)
    return kind in names or (kind == "integer" and "number" in names)


def identify(catalog: Catalog, value: Any, *, alone: bool = False) -> Envelope | None:
    """Return the most specific envelope that a body (or `alone`, one error of a list) is in."""
    ordered: list[Envelope] | None = catalog.cache.get("envelopes")
    if ordered is None:
        ordered = sorted(catalog.envelopes.values(), key=lambda one: -len(one.identify))
        catalog.cache["envelopes"] = ordered
    for envelope in ordered:
        if _identified(envelope, value) and not (alone and envelope.each is not None):
            return envelope
    return None


def _identified(envelope: Envelope, value: Any) -> bool:
    for pointer, types in envelope.identify:  # noqa: SIM110 - all() takes half as long again
        if not has_type(resolve(value, pointer), types):
            return False
    return True


def spell(code: Any, rule: CodeRule) -> str | None:
    """
    Return a wire code in the page's spelling; None where it means "no code" or is no code at all.

    Numbers are padded as the page pads them; a text of digits is the same code as its number.
    """
    if isinstance(code, float) and code.is_integer():
        code = int(code)
    if isinstance(code, bool) or not isinstance(code, (int, str)):
        return None
    if (
        isinstance(code, str)
        and rule.width
        and len(code) <= 20
        and code.isascii()
        and code.isdigit()
    ):
        code = int(code)
    if any(code == none and type(code) is type(none) for none in rule.none):
        return None
    if isinstance(code, int):
        if rule.maximum_none is not None and code <= rule.maximum_none:
            return None
        return str(code).zfill(rule.width)
    return code or None
