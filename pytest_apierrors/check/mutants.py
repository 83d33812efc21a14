"""
How strong a catalog is: every way to change one point of an example, and who notices.

A mutant that breaks a sourced fact is named with the rule of that fact; the others (free texts,
amounts) can only be counted.
"""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_apierrors.catalog.compile import compiled, has_type, identify, json_type, resolve, spell
from pytest_apierrors.catalog.model import Unknown
from pytest_apierrors.check.match import check
from pytest_apierrors.check.rules import path
from pytest_apierrors.response import Headers, Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_apierrors.catalog.model import Catalog, DocumentedError, Envelope, Schema
    from pytest_apierrors.check.verdict import Rule

_OTHER_VALUES: tuple[Any, ...] = ("text", 7, 7.5, True, None, ["text"], {"member": "text"})
_OTHER_TYPE = "application/vnd.unheard-of"


class Mutant(NamedTuple):
    """One changed response; `rule` is what must notice it, None where no fact is broken."""

    name: str
    response: Response
    rule: Rule | None


class Strength(NamedTuple):
    """How many mutants of a catalog's examples are noticed, and those missed against a fact."""

    caught: int
    total: int
    missed: tuple[str, ...]


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
    if base is None or entry.example is None:
        return
    body = entry.example.body
    envelope = identify(catalog, body)
    for name, changed, rule in _body_mutants(body, envelope, entry, catalog):
        data = json.dumps(changed, ensure_ascii=False).encode()
        yield Mutant(name, Response(base.status, data, base.headers), rule)
    yield from _status_mutants(base, entry, catalog)
    yield from _header_mutants(base, entry, envelope, catalog)


def strength(catalog: Catalog) -> Strength:
    """Count the mutants of all examples that the check notices."""
    caught = total = 0
    missed: list[str] = []
    for entry in catalog.errors.values():
        base = example_response(entry, catalog)
        if base is None:
            continue
        before = check(base, catalog)
        for mutant in mutants(entry, catalog):
            after = check(mutant.response, catalog)
            total += 1
            noticed = after.violations != before.violations or after.entry is not before.entry
            caught += noticed
            if mutant.rule is not None and mutant.rule not in {v.rule for v in after.violations}:
                missed.append(f"{entry.key}: {mutant.name} is not reported as {mutant.rule}")
    return Strength(caught, total, tuple(missed))


def _body_mutants(
    body: Any, envelope: Envelope | None, entry: DocumentedError, catalog: Catalog
) -> Iterator[tuple[str, Any, Rule | None]]:
    if envelope is None:
        return
    schema = compiled(catalog).schema(envelope, entry)
    yield from _members(body, schema, (), envelope, entry, catalog)
    wrapped: Rule = "code-missing" if envelope.code is not None else "field-missing"
    yield "wrapped in a member", {"unheard_of": body}, wrapped
    yield "wrapped in a list", [body], "field-type"


def _members(
    value: Any,
    schema: Schema,
    at: tuple[str, ...],
    envelope: Envelope,
    entry: DocumentedError,
    catalog: Catalog,
) -> Iterator[tuple[str, Any, Rule | None]]:
    """Change each member of the (nested) example object in each way."""
    root, holder = value, resolve(value, at)
    part = _schema_at(schema, at)
    for key in holder:
        here = (*at, key)
        where = path(here)
        sub = part.get("properties", {}).get(key)
        required = key in part.get("required", ())
        gone: Rule | None = _absence_rule(here, envelope, required=required)
        yield f"{where} dropped", _with(root, at, lambda o, k=key: o.pop(k)), gone
        yield f"{where} renamed", _with(root, at, lambda o, k=key: _rename(o, k)), gone
        for other in _OTHER_VALUES:
            rule = _retype_rule(other, holder[key], sub, here, envelope)
            if rule == "field-type" and _elsewhere(other, here, envelope, catalog):
                rule = None
            if rule is not Ellipsis:
                name = f"{where} made {json_type(other)}"
                yield name, _with(root, at, lambda o, k=key, v=other: o.__setitem__(k, v)), rule
        yield from _next_values(root, at, key, envelope, entry, catalog)
        if isinstance(holder[key], dict):
            yield from _members(value, schema, here, envelope, entry, catalog)
    closed: Rule | None = "field-undocumented" if part.get("additionalProperties") is False else None
    name = f"{path(at)} with an extra member"
    yield name, _with(root, at, lambda o: o.__setitem__("unheard_of", 1)), closed


def _absence_rule(at: tuple[str, ...], envelope: Envelope, *, required: bool) -> Rule | None:
    if envelope.code is not None and at == envelope.code.pointer[: len(at)]:
        return "code-missing" if at == envelope.code.pointer else "field-missing"
    return "field-missing" if required else None


def _retype_rule(other: Any, own: Any, sub: Any, at: tuple[str, ...], envelope: Envelope) -> Any:
    """Return the rule that a value of another type breaks; Ellipsis where it is no other type."""
    if json_type(other) == json_type(own):
        return ...
    wanted = sub.get("type") if isinstance(sub, dict) else None
    if envelope.code is not None and at == envelope.code.pointer and other is None:
        return "code-missing"
    if wanted is None:
        return None
    names = frozenset([wanted] if isinstance(wanted, str) else wanted)
    return None if has_type(other, names) else "field-type"


def _elsewhere(other: Any, at: tuple[str, ...], envelope: Envelope, catalog: Catalog) -> bool:
    """Whether another envelope has such a value there, so that the body may be in that one."""
    for rival in catalog.envelopes.values():
        types = dict(rival.identify).get(at)
        if rival is not envelope and types is not None and has_type(other, types):
            return True
    return False


def _next_values(
    root: Any,
    at: tuple[str, ...],
    key: str,
    envelope: Envelope,
    entry: DocumentedError,
    catalog: Catalog,
) -> Iterator[tuple[str, Any, Rule | None]]:
    """Make numbers one more and texts one character longer."""
    own = resolve(root, (*at, key))
    here = (*at, key)
    if isinstance(own, bool) or not isinstance(own, (int, float, str)):
        return
    changed: Any = own + "x" if isinstance(own, str) else own + 1
    rule: Rule | None = None
    if envelope.code is not None and here == envelope.code.pointer:
        rule = _code_rule(changed, envelope, entry, catalog)
    elif here == envelope.message and entry.message and entry.message.match != "example":
        rule = "message-differs"
    name = f"{path(here)} one off"
    yield name, _with(root, at, lambda o: o.__setitem__(key, changed)), rule


def _code_rule(
    changed: Any, envelope: Envelope, entry: DocumentedError, catalog: Catalog
) -> Rule | None:
    form = compiled(catalog)
    code = spell(changed, envelope.code) if envelope.code else None
    if code is None or (envelope.space, code) in form.codes:
        return None
    return "code-undocumented"


def _status_mutants(base: Response, entry: DocumentedError, catalog: Catalog) -> Iterator[Mutant]:
    form = compiled(catalog)
    coded = isinstance(entry.code, str)
    accepted = {*(() if isinstance(entry.statuses, Unknown) else entry.statuses)}
    accepted |= set(entry.live("status"))
    for status in (418, 499, 200):
        if status in accepted:
            continue
        rule: Rule | None = None
        if status < 300:
            knows = status in catalog.success or not isinstance(entry.statuses, Unknown)
            rule = "error-in-success" if knows and coded else None
        elif coded and accepted and not isinstance(entry.statuses, Unknown):
            rule = "status-mismatch"
        elif not coded and status not in form.by_status:
            rule = "status-undocumented"
        yield Mutant(f"status {status}", Response(status, base.body, base.headers), rule)


def _header_mutants(
    base: Response, entry: DocumentedError, envelope: Envelope | None, catalog: Catalog
) -> Iterator[Mutant]:
    headers = dict(base.headers or ())
    documented = envelope is not None and bool(envelope.media_types)
    for text in (_OTHER_TYPE, None):
        changed = {**headers, "Content-Type": text}
        kept = Headers((k, v) for k, v in changed.items() if v is not None)
        rule: Rule | None = "content-type" if documented else None
        yield Mutant(f"Content-Type {text}", Response(base.status, base.body, kept), rule)
    for header in entry.headers:
        without = Headers((k, v) for k, v in headers.items() if k.lower() != header.name.lower())
        gone: Rule | None = None if header.level == "may" else "header-missing"
        yield Mutant(f"no {header.name}", Response(base.status, base.body, without), gone)
        if header.schema is not None:
            bad = Headers([*without, (header.name, "\x7f")])
            yield Mutant(
                f"{header.name} garbled", Response(base.status, base.body, bad), "header-value"
            )


def _schema_at(schema: Schema, at: tuple[str, ...]) -> Schema:
    for part in at:
        schema = schema.get("properties", {}).get(part, {})
        schema = schema if isinstance(schema, dict) else {}
    return schema


def _with(root: Any, at: tuple[str, ...], change: Any) -> Any:
    changed = copy.deepcopy(root)
    change(resolve(changed, at))
    return changed


def _rename(holder: dict[str, Any], key: str) -> None:
    holder[key + "_"] = holder.pop(key)
