"""A catalog made ready for checking: tables from (space, code) and status to entries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_apierrors.catalog.engine import Validator, compile_schema
from pytest_apierrors.catalog.entries import PLACEHOLDER
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


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that a code may mean; `claimed` where only a claim says so."""

    entry: DocumentedError
    claimed: bool = False


class Compiled:
    """The dispatch tables of one catalog. Schemas are compiled when they are first needed."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.codes: dict[tuple[str, str], list[Candidate]] = {}
        self.by_status: dict[int, list[DocumentedError]] = {}
        self.any_status = False
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
        if isinstance(entry.code, str):
            self.codes.setdefault((entry.space, entry.code), []).append(Candidate(entry))
        for code in entry.live("code"):
            self.codes.setdefault((entry.space, code), []).append(Candidate(entry, claimed=True))
        if not isinstance(entry.statuses, Unknown):
            self.any_status = True
            for status in (*entry.statuses, *entry.live("status")):
                self.by_status.setdefault(status, []).append(entry)

    def for_status(self, status: int) -> list[DocumentedError]:
        """
        Return the entries that a status alone may mean, nearest kind first.

        Entries about the status itself stand before those whose code is unknown, those before
        entries of known codes.
        """
        entries = self.by_status.get(status, [])
        own = [entry for entry in entries if entry.code is None]
        unknown = [entry for entry in entries if isinstance(entry.code, Unknown)]
        return own or unknown or entries

    def unknown_codes(self, status: int) -> list[DocumentedError]:
        """Return the entries of a status whose code no source names."""
        return [e for e in self.by_status.get(status, []) if isinstance(e.code, Unknown)]

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
    """Add an entry's properties and required names to an envelope's schema."""
    required = [*schema.get("required", ()), *added.get("required", ())]
    return {
        **schema,
        "properties": {**schema.get("properties", {}), **added.get("properties", {})},
        "required": list(dict.fromkeys(required)),
    }


def resolve(value: Any, pointer: tuple[str, ...]) -> Any:
    """Return what a JSON Pointer names in a value, or ABSENT."""
    for part in pointer:
        if isinstance(value, dict):
            value = value.get(part, ABSENT)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
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


def identify(catalog: Catalog, value: Any) -> Envelope | None:
    """Return the most specific envelope that a body is in, or None."""
    best, most = None, 0
    for envelope in catalog.envelopes.values():
        if len(envelope.identify) > most and all(
            has_type(resolve(value, pointer), types) for pointer, types in envelope.identify
        ):
            best, most = envelope, len(envelope.identify)
    return best


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


def template(entry: DocumentedError) -> re.Pattern[str]:
    """Return the pattern of a message: each placeholder is a group, a delay is a number."""
    text = entry.message.text if entry.message else ""
    delay = entry.retry.placeholder if entry.retry else None
    pattern = ""
    for number, part in enumerate(PLACEHOLDER.split(text)):
        value = "[0-9]{1,9}(?:[.][0-9]{1,3})?" if part == delay else "[^\\n]{1,200}?"
        pattern += f"(?P<{part}>{value})" if number % 2 else re.escape(part)
    return re.compile(pattern)
