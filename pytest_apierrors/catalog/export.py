"""
A whole catalog as one standard JSON Schema (2020-12), for tools that know no catalogs.

It describes `{"status": 401, "body": {...}}`, the body being the parsed JSON of a response typed
as JSON, and accepts it where the check finds no body violation of severity error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pytest_apierrors.catalog.compile import NO_ERRORS, compiled, is_index, spell
from pytest_apierrors.catalog.model import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_apierrors.catalog.compile import Candidate, Compiled
    from pytest_apierrors.catalog.model import (
        Catalog,
        CodeRule,
        DocumentedError,
        Envelope,
        Schema,
    )

_MAPS = ("properties",)
_LISTS = ("allOf", "anyOf", "prefixItems")
_SCHEMAS = ("items", "additionalProperties")
_ALONE = " alone"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def export(catalog: Catalog) -> Schema:
    """Return the JSON Schema of a catalog."""
    return _Export(compiled(catalog)).schema()


class _Export:
    def __init__(self, form: Compiled) -> None:
        self.form = form
        self.catalog = form.catalog
        self.definitions: dict[str, Any] = {}
        self.alone = [e for e in self.catalog.envelopes.values() if e.each is None]

    def schema(self) -> Schema:
        catalog = self.catalog
        conditions: list[Schema] = []
        if catalog.envelopes and catalog.error.undecided is None:
            for envelope in catalog.envelopes.values():
                self._define(envelope)
            conditions = [self._stranger()]
            conditions += [self._implied(e) for e in catalog.envelopes.values()]
        return {
            "$schema": DIALECT,
            "title": f"{catalog.title}: responses without a body violation",
            "type": "object",
            "required": ["status", "body"],
            "properties": {"status": {"type": "integer"}},
            **({"if": self._is_error(), "then": {"allOf": conditions}} if conditions else {}),
            **({"$defs": self.definitions} if self.definitions else {}),
        }

    def _define(self, envelope: Envelope) -> None:
        """Define how an envelope is told from the others, more specific and earlier ones first."""
        name = f"is {envelope.name}"
        envelopes = list(self.catalog.envelopes.values())
        self.definitions[name] = _body(_told_apart(envelope, envelopes))
        if len(self.alone) < len(envelopes) and envelope.each is None:
            self.definitions[f"{name}{_ALONE}"] = _told_apart(envelope, self.alone)

    def _is(self, envelope: Envelope) -> Schema:
        return _reference(f"is {envelope.name}")

    def _is_error(self) -> Schema:
        predicate = self.catalog.error
        parts = [_status(predicate.statuses)]
        if predicate.body is not None:
            parts.append(_body(_own(predicate.body)))
        return {"anyOf": parts}

    def _stranger(self) -> Schema:
        """Refuse a body in no envelope, and of no gateway, under a documented status."""
        known = [self._is(e) for e in self.catalog.envelopes.values()]
        gateways = [_body(_own(gateway.schema)) for gateway in self.catalog.gateways]
        return self._or_elsewhere([*known, *gateways])

    def _or_elsewhere(self, known: list[Schema]) -> Schema:
        """Let pass what is known, and all under other statuses than the documented, if any are."""
        documented = self.form.error_statuses
        return {"anyOf": [*known, {"not": _status(documented)}] if documented else known}

    def _implied(self, envelope: Envelope) -> Schema:
        rule = envelope.code
        if envelope.each is not None:
            return {"if": self._is(envelope), "then": self._listed(envelope, envelope.each)}
        then = self._by_status(envelope) if rule is None else self._by_code(envelope, rule)
        return {"if": self._is(envelope), "then": then}

    def _listed(self, envelope: Envelope, each: Sequence[str]) -> Schema:
        """Hold each error of a list against what its status and itself imply."""
        stranger = self._or_elsewhere([self._is(one) for one in self.alone])
        one = {"allOf": [stranger, *(self._implied(e) for e in self.alone)]}
        for name, schema in list(self.definitions.items()):
            if not name.startswith("is ") and not name.endswith(_ALONE):
                self.definitions[f"{name}{_ALONE}"] = _of_one(schema, None)
        cases: list[Schema] = [
            {"if": _status([status]), "then": _body(_at(each, {"items": _of_one(one, status)}))}
            for status in self.form.error_statuses
        ]
        other = _body(_at(each, {"items": _of_one(one, None)}))
        cases.append({"if": {"not": _status(self.form.error_statuses)}, "then": other})
        some = _body(_at(each, {"type": "array", "minItems": 1}))
        return {"allOf": [self._valid(envelope, None), some, *cases]}

    def _by_status(self, envelope: Envelope) -> Schema:
        valid = [
            {
                "if": _status([status]),
                "then": self._any_told(envelope, self.form.for_status(status)),
            }
            for status in self.form.error_statuses
        ]
        known = _status(self.form.error_statuses)
        other = {"if": {"not": known}, "then": self._valid(envelope, None)}
        return {"allOf": [*valid, other]}

    def _by_code(self, envelope: Envelope, rule: CodeRule) -> Schema:
        known: list[Schema] = []
        cases: list[Schema] = [_body(_at(rule.pointer, _has_code(rule)))]
        for (space, code), candidates in self.form.codes.items():
            if space == envelope.space and spell(code, rule) == code:
                wire = _body(_at(rule.pointer, _spelled(code, rule)))
                known.append(wire)
                cases.append({"if": wire, "then": self._candidates(envelope, candidates)})
        unheard_of = self._unknown_code(envelope)
        cases.append({"if": {"not": {"anyOf": known}}, "then": unheard_of} if known else unheard_of)
        return {"allOf": cases}

    def _unknown_code(self, envelope: Envelope) -> Schema:
        """Accept a code that no entry has only under a status whose codes no source names."""
        passes = []
        for status in self.form.error_statuses:
            entries = self.form.unknown_codes(status)
            if entries:
                passes.append({"allOf": [_status([status]), self._any_valid(envelope, entries)]})
        return {"anyOf": passes} if passes else {"not": {}}

    def _candidates(self, envelope: Envelope, candidates: Sequence[Candidate]) -> Schema:
        entries = [candidate.entry for candidate in candidates]
        if all(e.match is None and e.body is None and e.role not in NO_ERRORS for e in entries):
            return self._valid(envelope, entries[0])
        fits = [self._fits(entry) for entry in entries]
        valid = [self._valid(envelope, entry) for entry in entries]
        under = [_under(entry) for entry in entries]
        fits_under = [{"allOf": list(pair)} for pair in zip(fits, under, strict=True)]
        in_order = [{"allOf": list(three)} for three in zip(fits, under, valid, strict=True)]
        anywhere = [{"allOf": list(pair)} for pair in zip(fits, valid, strict=True)]
        return {
            "anyOf": [
                *in_order,
                {"allOf": [{"not": {"anyOf": fits_under}}, {"anyOf": anywhere}]},
                {"allOf": [{"not": {"anyOf": fits}}, self._unknown_code(envelope)]},
            ]
        }

    def _fits(self, entry: DocumentedError) -> Schema:
        return {} if entry.match is None else _body(_own(entry.match))

    def _any_told(self, envelope: Envelope, entries: Sequence[DocumentedError]) -> Schema:
        """Accept one of the entries that a body fits, else one that no body is told apart by."""
        told = [entry for entry in entries if entry.match is not None]
        if not told:
            return self._any_valid(envelope, entries)
        fits = [{"allOf": [self._fits(e), self._valid(envelope, e)]} for e in told]
        rest = [entry for entry in entries if entry.match is None]
        if rest:
            none = {"not": {"anyOf": [self._fits(entry) for entry in told]}}
            fits.append({"allOf": [none, self._any_valid(envelope, rest)]})
        return {"anyOf": fits}

    def _any_valid(self, envelope: Envelope, entries: Sequence[DocumentedError]) -> Schema:
        schemas: list[Schema] = []
        for entry in entries:
            valid = self._valid(envelope, entry)
            if valid not in schemas:
                schemas.append(valid)
        return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}

    def _valid(self, envelope: Envelope, entry: DocumentedError | None) -> Schema:
        if entry is not None and entry.role in NO_ERRORS:
            return {}
        own = entry is not None and entry.body is not None
        place = f"{entry.key} in" if own and entry is not None else "in"
        name = f"{place} {envelope.name}"
        if name not in self.definitions:
            schema = self.form.schema(envelope, entry)
            self.definitions[name] = _body(_flat(schema, schema.get("$defs", {}), opened=True))
        return _reference(name)


def _told_apart(envelope: Envelope, envelopes: Sequence[Envelope]) -> Schema:
    """Return the schema of bodies in an envelope and in none that is more specific or earlier."""
    place = envelopes.index(envelope)
    stronger = [
        other
        for number, other in enumerate(envelopes)
        if len(other.identify) > len(envelope.identify)
        or (len(other.identify) == len(envelope.identify) and number < place)
    ]
    return {"allOf": [_identified(envelope), *({"not": _identified(one)} for one in stronger)]}


def _of_one(schema: Schema, status: int | None) -> Schema:
    """Turn a schema of status and body into one of a single error that came under a status."""
    if "$ref" in schema:
        return {"$ref": schema["$ref"] + quote(_ALONE)}
    members = schema.get("properties", {})
    if "status" in members:
        return {} if status in members["status"]["enum"] else {"not": {}}
    if "body" in members:
        whole: Schema = members["body"]
        return whole
    return {
        key: [_of_one(one, status) for one in value]
        if isinstance(value, list)
        else _of_one(value, status)
        for key, value in schema.items()
    }


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{quote(name.replace('~', '~0').replace('/', '~1'), safe='~')}"}


def _body(schema: Schema) -> Schema:
    return {"properties": {"body": schema}, "required": ["body"]}


def _status(statuses: Iterable[int]) -> Schema:
    return {"properties": {"status": {"enum": sorted(statuses)}}}


def _under(entry: DocumentedError) -> Schema:
    if isinstance(entry.statuses, Unknown) or entry.role in NO_ERRORS:
        return {}
    return _status({*entry.statuses, *entry.live("status")})


def _at(pointer: Sequence[str], leaf: Schema) -> Schema:
    """Return a schema that holds where a JSON Pointer resolves to a value that fits `leaf`."""
    for part in reversed(pointer):
        member = {"type": "object", "properties": {part: leaf}, "required": [part]}
        if is_index(part):
            before: list[Any] = [True] * int(part)
            element = {"type": "array", "prefixItems": [*before, leaf], "minItems": int(part) + 1}
            leaf = {"anyOf": [member, element]}
        else:
            leaf = member
    return leaf


def _identified(envelope: Envelope) -> Schema:
    parts = []
    for pointer, types in envelope.identify:
        resolves = _at(pointer, {})
        wanted = sorted(types - {"absent"})
        choices = [_at(pointer, {"type": wanted})] if wanted else []
        if "absent" in types:
            choices.append({"not": resolves})
        parts.append(choices[0] if len(choices) == 1 else {"anyOf": choices})
    return {"allOf": parts}


def _has_code(rule: CodeRule) -> Schema:
    """Return the schema of values that are a code at all."""
    numbers = [none for none in rule.none if isinstance(none, int) and not isinstance(none, bool)]
    number: Schema = {"type": "integer"}
    if numbers:
        number["not"] = {"enum": numbers}
    if rule.maximum_none is not None:
        number["exclusiveMinimum"] = rule.maximum_none
    text: Schema = {"type": "string", "minLength": 1}
    texts: list[Schema] = [{"enum": [none for none in rule.none if isinstance(none, str)]}]
    zero_is_none = 0 in numbers or (rule.maximum_none is not None and rule.maximum_none >= 0)
    if rule.width and zero_is_none:
        texts.append({"pattern": "^0{1,20}$"})
    texts = [one for one in texts if one.get("enum") != []]
    if texts:
        text["not"] = {"anyOf": texts}
    return {"anyOf": [number, text]}


def _spelled(code: str, rule: CodeRule) -> Schema:
    """Return the schema of the wire forms of one code."""
    digits = code.removeprefix("-")
    choices: list[Schema] = [{"const": code}]
    if digits.isascii() and digits.isdigit():
        number = int(code)
        if str(number).zfill(rule.width) == code:
            choices.append({"const": number})
            if rule.width and number >= 0:
                text = {"type": "string", "maxLength": 20, "pattern": f"^0*{number}$"}
                choices.append(text)
    return {"anyOf": choices}


def _own(schema: Schema) -> Schema:
    whole: Schema = _flat(schema, schema.get("$defs", {}), opened=False)
    return whole


def _flat(schema: Any, definitions: Schema, *, opened: bool) -> Any:
    """
    Put the definitions of a schema where they are named: several schemas share one document.

    Where it is opened, it loses what is only a warning: that members are closed.
    """
    if not isinstance(schema, dict):
        return True if opened else schema
    out: Schema = {}
    for key, value in schema.items():
        if key in _MAPS:
            out[key] = {name: _flat(sub, definitions, opened=opened) for name, sub in value.items()}
        elif key in _LISTS:
            out[key] = [_flat(sub, definitions, opened=opened) for sub in value]
        elif key in _SCHEMAS:
            out[key] = _flat(value, definitions, opened=opened)
        elif key not in ("$defs", "$ref"):
            out[key] = value
    if "$ref" in schema:
        named = definitions[schema["$ref"].removeprefix("#/$defs/")]
        out["allOf"] = [*out.get("allOf", []), _flat(named, definitions, opened=opened)]
    return out
