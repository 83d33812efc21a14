"""
How strong a catalog is: every way to change one point of an example, and who notices.

A mutant that breaks a sourced fact is named with the rule of that fact; the others (free texts,
amounts) can only be counted.
"""

from __future__ import annotations

import copy
import json
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_apierrors.catalog.compile import (
    NO_ERRORS,
    compiled,
    has_type,
    identify,
    json_type,
    resolve,
    spell,
)
from pytest_apierrors.catalog.model import Unknown
from pytest_apierrors.check.match import check
from pytest_apierrors.check.rules import path
from pytest_apierrors.check.template import values_in
from pytest_apierrors.response import Headers, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_apierrors.catalog.model import Catalog, DocumentedError, Envelope, Schema
    from pytest_apierrors.check.verdict import Rule, Verdict

Pointer = tuple[str, ...]
Change = tuple[str, Any, "Rule | None"]
"""What was changed, the changed body, and the rule that must notice."""

_OTHER_VALUES: tuple[Any, ...] = ("text", 7, 7.5, True, None, ["text"], {"member": "text"})
_OTHER_TYPE = "application/vnd.unheard-of"
_MOST_COMPARED = 600_000
"""Mutants times entries: what takes four seconds; 129 entries of 36 mutants each."""
_OWN_FAULTS = ("ambiguous", "message-differs", "field-undocumented")
"""Rules that no example of an entry breaks, though a response that does is no deviating one."""


class Mutant(NamedTuple):
    """One changed response; `rule` is what must notice it, None where no fact is broken."""

    name: str
    response: Response
    rule: Rule | None


class Strength(NamedTuple):
    """
    How many mutants of a catalog's examples are noticed, and those missed against a fact.

    `untried` is how many examples were left out because there are so many.
    """

    caught: int
    total: int
    missed: tuple[str, ...]
    untried: int = 0


def example_response(entry: DocumentedError, catalog: Catalog) -> Response | None:
    """Return an entry's example as a response, or None where there is no example or status."""
    if entry.example is None:
        return None
    status = example_status(entry, catalog)
    if status is None:
        return None
    envelope = identify(catalog, entry.example.body)
    headers = dict(entry.example.headers)
    if envelope is not None and envelope.media_types:
        headers.setdefault("Content-Type", envelope.media_types[0])
    headers.setdefault("Content-Type", "application/json")
    body = json.dumps(entry.example.body, ensure_ascii=False).encode()
    return Response(status, body, Headers.of(headers))


def example_status(entry: DocumentedError, catalog: Catalog) -> int | None:
    """Return the status that goes with an example: its entry's first, or a documented error one."""
    if not isinstance(entry.statuses, Unknown):
        return entry.statuses[0]
    claimed = [status for status in entry.live("status") if isinstance(status, int)]
    if claimed:
        return claimed[0]
    known = sorted(s for s in compiled(catalog).by_status if s in catalog.error.statuses)
    return known[0] if known else None


def mutants(entry: DocumentedError, catalog: Catalog) -> Iterator[Mutant]:
    """Yield every one-point mutant of an entry's example."""
    base = example_response(entry, catalog)
    if base is not None and entry.example is not None:
        yield from _Mutants(base, entry, catalog, entry.example.body).all()


def strength(catalog: Catalog) -> Strength:
    """
    Count the mutants of examples that the check notices.

    One without a code may be each entry of its status: of hundreds of entries not every example
    has mutants, and it is said of how many not.
    """
    caught = total = untried = 0
    most = _MOST_COMPARED // max(len(catalog.errors), 1)
    missed: list[str] = []
    for entry in catalog.errors.values():
        base = example_response(entry, catalog)
        if base is None:
            continue
        before = check(base, catalog)
        wrong = _unlike(entry, before)
        if wrong is not None:
            missed.append(f"{entry.key}: {wrong}")
            continue  # how its mutants are judged says nothing
        if total >= most:
            untried += 1
            continue
        for mutant in mutants(entry, catalog):
            after = check(mutant.response, catalog)
            total += 1
            noticed = after.violations != before.violations or after.entry is not before.entry
            caught += noticed
            if mutant.rule is not None and mutant.rule not in {v.rule for v in after.violations}:
                missed.append(f"{entry.key}: {mutant.name} is not reported as {mutant.rule}")
    return Strength(caught, total, tuple(missed), untried)


def _unlike(entry: DocumentedError, verdict: Verdict) -> str | None:
    """Say what keeps an example from being the error that it is the example of."""
    if entry.role in NO_ERRORS:
        return None
    for one in verdict.violations:
        if one.severity == "error" or one.rule in _OWN_FAULTS:
            told = f"{one.rule} {one.where} (documented: {one.documented}, found: {one.found})"
            return f"its example is not accepted: {told}"
    if verdict.entry is not entry:
        other = verdict.outcome if verdict.entry is None else f"taken for {verdict.entry.key}"
        return f"its example is not accepted: {other}"
    return None


class _Mutants:
    """The mutants of one example, or of the first error that it lists (`alone`)."""

    def __init__(
        self,
        base: Response,
        entry: DocumentedError,
        catalog: Catalog,
        body: Any,
        *,
        alone: bool = False,
    ) -> None:
        self.base = base
        self.entry = entry
        self.catalog = catalog
        self.form = compiled(catalog)
        self.body = body
        self.alone = alone
        self.envelope = identify(catalog, body, alone=alone)

    def all(self) -> Iterator[Mutant]:
        for name, changed, rule in self.bodies():
            data = json.dumps(changed, ensure_ascii=False).encode()
            yield Mutant(name, Response(self.base.status, data, self.base.headers), rule)
        yield from self._statuses()
        yield from self._headers()

    def bodies(self) -> Iterator[Change]:
        """Yield every change of the body; one that another envelope documents breaks no rule."""
        for name, changed, rule in self._changes():
            yield name, changed, None if self._documented(changed) else rule

    def _documented(self, changed: Any) -> bool:
        other = identify(self.catalog, changed, alone=self.alone)
        if other is None or self.envelope is None or other is self.envelope:
            return False
        if other.code is not None:  # with the same codes, it is held against that one's schema
            return other.space == self.envelope.space
        return self.form.validator(other, None).is_valid(changed)

    def _changes(self) -> Iterator[Change]:
        envelope = self.envelope
        if envelope is None:
            return
        if envelope.each is not None:
            listed = resolve(self.body, envelope.each)
            one = _Mutants(self.base, self.entry, self.catalog, listed[0], alone=True)
            for name, changed, rule in one.bodies():
                whole = self._with(envelope.each, partial(_set, 0, changed))
                yield f"{path(envelope.each)}[0]: {name}", whole, rule
        yield from self._members((), self.form.schema(envelope, self.entry), envelope)
        coded = any(one.code is not None for one in self.catalog.envelopes.values())
        wrapped: Rule = "code-missing" if coded else "field-missing"
        yield "wrapped in a member", {"unheard_of": self.body}, wrapped
        yield "wrapped in a list", [self.body], "field-type"

    def _members(self, at: Pointer, part: Schema, envelope: Envelope) -> Iterator[Change]:
        """Change each member of the (nested) example object in each way."""
        for key, own in resolve(self.body, at).items():
            here = (*at, key)
            where = path(here)
            sub = part.get("properties", {}).get(key)
            gone = _absence_rule(here, envelope, required=key in part.get("required", ()))
            yield f"{where} dropped", self._with(at, partial(_drop, key)), gone
            yield f"{where} renamed", self._with(at, partial(_rename, key)), gone
            for other in _OTHER_VALUES:
                if json_type(other) != json_type(own):
                    rule = self._retype_rule(other, sub, here, envelope)
                    name = f"{where} made {json_type(other)}"
                    yield name, self._with(at, partial(_set, key, other)), rule
            yield from self._next_values(at, key, envelope)
            if isinstance(own, dict):
                yield from self._members(here, sub if isinstance(sub, dict) else {}, envelope)
        closed = part.get("additionalProperties") is False
        extra: Rule | None = "field-undocumented" if closed else None
        name = f"{path(at)} with an extra member"
        yield name, self._with(at, partial(_set, "unheard_of", 1)), extra

    def _retype_rule(self, other: Any, sub: Any, at: Pointer, envelope: Envelope) -> Rule | None:
        """Return the rule that a value of another type breaks, if a source names the type."""
        wanted = sub.get("type") if isinstance(sub, dict) else None
        if envelope.code is not None and at == envelope.code.pointer and other is None:
            return "code-missing"
        if wanted is None or self._elsewhere(other, at):
            return None
        names = frozenset([wanted] if isinstance(wanted, str) else wanted)
        return None if has_type(other, names) else "field-type"

    def _elsewhere(self, other: Any, at: Pointer) -> bool:
        """Whether another envelope has such a value there, so that the body may be in that one."""
        for rival in self.catalog.envelopes.values():
            part = _schema_at(rival.schema, at)
            wanted = part.get("type")
            names = frozenset([wanted] if isinstance(wanted, str) else wanted or ())
            if rival is not self.envelope and rival.code is not None and has_type(other, names):
                return True
        return False

    def _next_values(self, at: Pointer, key: str, envelope: Envelope) -> Iterator[Change]:
        """Make numbers one more and texts one character longer."""
        here = (*at, key)
        own = resolve(self.body, here)
        if isinstance(own, bool) or not isinstance(own, (int, float, str)):
            return
        changed: Any = own + "x" if isinstance(own, str) else own + 1
        message = self.entry.message
        rule: Rule | None = None
        if envelope.code is not None and here == envelope.code.pointer:
            code = spell(changed, envelope.code)
            known = code is None or (envelope.space, code) in self.form.codes
            rule = None if known else "code-undocumented"
        elif here == envelope.message and message is not None and message.match != "example":
            fits = message.match == "template" and values_in(self.entry, changed) is not None
            rule = None if fits else "message-differs"
        yield f"{path(here)} one off", self._with(at, partial(_set, key, changed)), rule

    def _statuses(self) -> Iterator[Mutant]:
        known = not isinstance(self.entry.statuses, Unknown)
        own = () if isinstance(self.entry.statuses, Unknown) else self.entry.statuses
        accepted = {*own, *self.entry.live("status")}
        for status in (418, 499, 200):
            if status not in accepted:
                rule = self._status_rule(status, known=known)
                name = f"status {status}"
                yield Mutant(name, Response(status, self.base.body, self.base.headers), rule)

    def _status_rule(self, status: int, *, known: bool) -> Rule | None:
        coded = isinstance(self.entry.code, str)
        if status < 300:
            predicate = self.form.predicate  # where it does not hold, there is no error at all
            seen = predicate is not None and predicate.is_valid(self.body)
            wrong = seen and coded and (known or status in self.catalog.success)
            return "error-in-success" if wrong else None
        if coded:
            return "status-mismatch" if known else None
        if status in self.form.by_status:
            return None
        return "code-undocumented" if self._carries_code() else "status-undocumented"

    def _carries_code(self) -> bool:
        rule = None if self.envelope is None else self.envelope.code
        return rule is not None and spell(resolve(self.body, rule.pointer), rule) is not None

    def _headers(self) -> Iterator[Mutant]:
        pairs = dict(self.base.headers or ())
        documented = self.envelope is not None and bool(self.envelope.media_types)
        rule: Rule | None = "content-type" if documented else None
        without = _without(pairs, "Content-Type")
        yield self._header("another Content-Type", [*without, ("Content-Type", _OTHER_TYPE)], rule)
        yield self._header("no Content-Type", without, rule)
        for header in self.entry.headers:
            without = _without(pairs, header.name)
            gone: Rule | None = None if header.level == "may" else "header-missing"
            yield self._header(f"no {header.name}", without, gone)
            if header.schema is not None:
                garbled = [*without, (header.name, "\x7f")]
                yield self._header(f"{header.name} garbled", garbled, "header-value")

    def _header(self, name: str, pairs: list[tuple[str, str]], rule: Rule | None) -> Mutant:
        return Mutant(name, Response(self.base.status, self.base.body, Headers(pairs)), rule)

    def _with(self, at: Pointer, change: Callable[[Any], object]) -> Any:
        changed = copy.deepcopy(self.body)
        change(resolve(changed, at))
        return changed


def _schema_at(schema: Schema, at: Pointer) -> Schema:
    for part in at:
        schema = schema.get("properties", {}).get(part, {})
        schema = schema if isinstance(schema, dict) else {}
    return schema


def _absence_rule(at: Pointer, envelope: Envelope, *, required: bool) -> Rule | None:
    if envelope.code is not None and at == envelope.code.pointer:
        return "code-missing"
    return "field-missing" if required else None


def _without(pairs: dict[str, str], name: str) -> list[tuple[str, str]]:
    return [(key, value) for key, value in pairs.items() if key.lower() != name.lower()]


def _drop(key: str, holder: dict[str, Any]) -> None:
    del holder[key]


def _rename(key: str, holder: dict[str, Any]) -> None:
    holder[key + "_"] = holder.pop(key)


def _set(key: Any, value: Any, holder: Any) -> None:
    holder[key] = value
