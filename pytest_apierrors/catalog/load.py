"""A catalog file turned into a `Catalog`, with every problem reported at its place."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, get_args

from msgspec.structs import replace

from pytest_apierrors.catalog import model
from pytest_apierrors.catalog.entries import read_entry
from pytest_apierrors.catalog.node import Node, json_name
from pytest_apierrors.catalog.parts import (
    JSON_TYPES,
    one_source,
    read_claims,
    source_ids,
)
from pytest_apierrors.catalog.probes import read_probes
from pytest_apierrors.catalog.subset import step, suggestion
from pytest_apierrors.errors import CatalogError
from pytest_apierrors.inert import inert, one_line
from pytest_apierrors.strictjson import loads

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_apierrors.catalog.subset import Problem

NAME = re.compile(r"[a-z][a-z0-9-]*")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")
MAX_BYTES = 16 * 1024 * 1024
MAX_VALUES = 1_000_000
MAX_PROBLEMS = 20
"""Problems of one file that are listed; the others are counted."""
MAX_EXTENDS = 8
BASE = "http"


def load_catalog(
    data: bytes, name: str, file: str, parent: Callable[[str], model.Catalog]
) -> model.Catalog:
    """
    Read one catalog.

    `parent` returns the catalog that an `extends` names. Raises CatalogError with all problems.
    """
    problems: list[Problem] = []
    raw = _parse(data, file)
    top = Node(raw, "$", problems)
    top.take("$schema", str)
    extends = top.text("extends")
    try:
        above = None if extends is None else parent(extends)
    except CatalogError as error:
        problems.append(("$.extends", "; ".join(why for _, why in error.problems)))
        above = None
    inherited = above if above is not None and not above.base else None
    catalog = _read_top(top, name, file, inherited, whole=extends is None)
    top.done()
    if problems:
        raise CatalogError(file, _listed(problems))
    return replace(_with_rules(catalog, above), raw=raw)


def _listed(problems: Sequence[Problem]) -> list[Problem]:
    """Return problems as they can be printed; what they quote comes from the file."""
    found = [(inert(at, 300), inert(why, 500)) for at, why in dict.fromkeys(problems)]
    more = len(found) - MAX_PROBLEMS
    return found if more <= 0 else [*found[:MAX_PROBLEMS], ("", f"and {more} more problems")]


def _parse(data: bytes, file: str) -> Any:
    if len(data) > MAX_BYTES:
        raise CatalogError(file, [("", f"{len(data)} bytes; a catalog has at most {MAX_BYTES}")])
    if not data.strip():
        raise CatalogError(file, [("", "an empty file is no catalog")])
    if sum(data.count(mark) for mark in (b",", b"[", b"{")) > MAX_VALUES:
        raise CatalogError(file, [("", f"a catalog has at most {MAX_VALUES} values")])
    parsed = loads(data)
    if parsed.problems:
        raise CatalogError(
            file,
            [
                ("", f"not a JSON catalog: {_position(data, p.offset)}: {p.reason}")
                for p in parsed.problems[:MAX_PROBLEMS]
            ],
        )
    if not isinstance(parsed.value, dict):
        found = json_name(parsed.value)
        raise CatalogError(file, [("$", f"a catalog is an object; found {found}")])
    return parsed.value


def _position(data: bytes, offset: int) -> str:
    line = data.count(b"\n", 0, offset) + 1
    column = offset - data.rfind(b"\n", 0, offset)
    return f"line {line}, column {column}"


def _read_top(
    top: Node, name: str, file: str, above: model.Catalog | None, *, whole: bool
) -> model.Catalog:
    title = top.text("title", required=True) or name
    sources = {} if above is None else dict(above.sources)
    for key, node in top.nodes("sources"):
        sources[key] = _read_source(key, node)
    envelopes = {} if above is None else dict(above.envelopes)
    for key, node in top.nodes("envelopes"):
        envelopes[key] = _read_envelope(key, node, sources)
    errors = {} if above is None else dict(above.errors)
    for key, node in top.nodes("errors"):
        errors[key] = read_entry(key, node, sources)
    if whole and not errors and top.value.get("errors", {}) == {}:
        top.problem('"errors" is missing or empty: a catalog documents at least one error')
    catalog = model.Catalog(
        name=name,
        title=title,
        file=file,
        hosts=_hosts(top, above),
        sources=sources,
        error=_read_predicate(top, sources, above, whole=whole),
        success=_status_set(top, "success", sources, above.success if above else frozenset()),
        promises_body=_status_set(
            top, "promises_body", sources, above.promises_body if above else frozenset()
        ),
        envelopes=envelopes,
        errors=errors,
        rules=_read_rules(top, sources),
        gateways=_read_gateways(top, sources),
        claims=(above.claims if above else ()) + read_claims(top, sources),
        probes=read_probes(top, sources, errors, above.probes if above else ()),
        extends=top.value.get("extends"),
        base=bool(top.take("base", bool)),
    )
    _check_spaces(catalog, top)
    _check_shapes(catalog, top)
    both = sorted(catalog.error.statuses & catalog.success)
    if both:
        top.problem(f"{both[0]} is among the statuses of errors, too", "success")
    return catalog


def _with_rules(catalog: model.Catalog, above: model.Catalog | None) -> model.Catalog:
    """Take over what HTTP itself requires; what a catalog says itself stands first."""
    if above is None:
        return replace(catalog, own_rules=bool(catalog.rules))
    return replace(
        catalog,
        rules=catalog.rules or above.rules,
        own_rules=bool(catalog.rules),
        gateways=catalog.gateways + above.gateways,
        sources={**above.sources, **catalog.sources},
    )


def _hosts(top: Node, above: model.Catalog | None) -> tuple[str, ...]:
    hosts = top.take("hosts", list)
    if hosts is None:
        return above.hosts if above else ()
    for host in hosts:
        if not isinstance(host, str) or not re.fullmatch(r"[A-Za-z0-9.*?_-]+(:[0-9]+)?", host):
            top.problem(
                f'a host is a name such as "*.acme.test"; found {one_line(host, 60)}', "hosts"
            )
    return tuple(str(host).lower() for host in hosts)


def _read_source(key: str, node: Node) -> model.Source:
    source = model.Source(
        id=key,
        kind=node.choice("kind", get_args(model.SourceKind)),
        url=node.text("url", required=True) or "",
        revision=node.text("revision"),
        read=node.text("read"),
        note=node.text("note"),
    )
    if source.read is not None and not _is_day(source.read):
        node.problem(f'a date such as "2026-01-31" is needed; found "{source.read}"', "read")
    node.done()
    return source


def _is_day(text: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _read_predicate(
    top: Node, sources: dict[str, model.Source], above: model.Catalog | None, *, whole: bool
) -> model.Predicate:
    node = top.node("error", required=whole)
    if node is None:
        return above.error if above else model.Predicate(frozenset(range(400, 600)))
    source_ids(node, sources)
    predicate = model.Predicate(
        statuses=frozenset(node.statuses("status")),
        body=node.schema("body"),
        undecided=node.text("undecided"),
    )
    if not {"status", "body", "undecided"} & node.value.keys():
        node.problem('says nothing: "status", "body" or "undecided" is needed')
    node.done()
    return predicate


def _status_set(
    top: Node, key: str, sources: dict[str, model.Source], above: frozenset[int]
) -> frozenset[int]:
    node = top.node(key)
    if node is None:
        return above
    one_source(node, sources)
    statuses = frozenset(node.statuses("status", required=True))
    node.done()
    return statuses


def _read_envelope(key: str, node: Node, sources: dict[str, model.Source]) -> model.Envelope:
    identify = []
    if node.value.get("identify") == {}:
        node.problem("needs at least one pointer that tells this envelope from others", "identify")
    for pointer, types in (node.take("identify", dict, required=True) or {}).items():
        names = types if isinstance(types, list) else [types]
        if not names:
            node.problem("at least one type is needed", "identify")
        for name in names:
            if name not in JSON_TYPES:
                node.problem(f'unknown type "{name}"{suggestion(name, JSON_TYPES)}', "identify")
        identify.append((node.parts(pointer, "identify", whole=True), frozenset(map(str, names))))
    values, media_source = _read_media_types(node, sources)
    envelope = model.Envelope(
        name=key,
        identify=tuple(identify),
        schema=node.schema("schema", required=True) or {},
        code=_read_code_rule(node),
        message=node.pointer("message"),
        reference=node.pointer("reference"),
        each=_read_list(node),
        space=node.text("space") or "default",
        media_types=values,
        media_types_source=media_source,
        claims=read_claims(node, sources),
        sources=source_ids(node, sources),
    )
    if envelope.each is not None and (envelope.code or envelope.message):
        node.problem("what lists errors has no code or message of its own", "each")
    code = None if envelope.code is None else envelope.code.pointer
    places = (("code", code), ("message", envelope.message), ("reference", envelope.reference))
    for name, parts in (*places, ("each", envelope.each)):
        if parts is not None and not _reaches(envelope.schema, parts):
            node.problem("the schema allows nothing where this points to", name)
    node.done()
    return envelope


def _reaches(schema: Any, parts: Sequence[str]) -> bool:
    """Whether a schema, as far as it is closed, has something where a pointer leads."""
    for part in parts:
        known = schema.get("properties", {}) if isinstance(schema, dict) else {}
        if not isinstance(known, dict) or part not in known:
            return not isinstance(schema, dict) or schema.get("additionalProperties") is not False
        schema = known[part]
    return True


def _read_list(node: Node) -> tuple[str, ...] | None:
    text = node.take("each", str)
    return None if text is None else node.parts(text, "each", whole=True)


def _read_media_types(
    node: Node, sources: dict[str, model.Source]
) -> tuple[tuple[str, ...], str | None]:
    media = node.node("media_types")
    if media is None:
        return (), None
    values = media.take("values", list, required=True)
    source = one_source(media, sources) if "source" in media.value else None
    media.done()
    if values == []:
        media.problem("at least one media type is needed", "values")
    for value in values or ():
        if not isinstance(value, str) or not _MEDIA_TYPE.fullmatch(value):
            found = one_line(value, 60)
            media.problem(
                f'a media type such as "application/json" is needed; found {found}', "values"
            )
    return tuple(str(value).lower() for value in values or ()), source


def _read_code_rule(node: Node) -> model.CodeRule | None:
    value = node.take("code", dict, type(None), required=True)
    if value is None:
        return None
    code = Node(value, step(node.place, "code"), node.problems)
    none = code.take("none", list)
    rule = model.CodeRule(
        pointer=code.pointer("pointer", required=True) or (),
        none=(None, 0) if none is None else tuple(none),
        width=code.take("width", int) or 0,
        maximum_none=code.take("maximum_none", int),
    )
    code.done()
    if "width" in value and not 1 <= rule.width <= 20:
        code.problem("a whole number from 1 to 20 is needed", "width")
    return rule


def _read_rules(top: Node, sources: dict[str, model.Source]) -> tuple[model.HttpRule, ...]:
    rules = []
    for node in top.items("rules"):
        rule = model.HttpRule(
            statuses=frozenset(node.statuses("status")),
            level=node.choice("level", get_args(model.Level)),
            source=one_source(node, sources),
            header=node.text("header"),
            schema=node.schema("schema"),
            method=node.text("method"),
        )
        no_body = node.take("no_body", bool)
        if (rule.header is None) == (not no_body):
            node.problem('says either "header" or "no_body"')
        if not rule.statuses and rule.method is None:
            node.problem('needs "status" or "method"')
        node.done()
        rules.append(rule)
    return tuple(rules)


def _read_gateways(top: Node, sources: dict[str, model.Source]) -> tuple[model.Gateway, ...]:
    gateways = []
    for key, node in top.nodes("gateways"):
        schema = node.schema("schema", required=True) or {}
        gateways.append(model.Gateway(key, schema, one_source(node, sources)))
        node.done()
    return tuple(gateways)


def _check_shapes(catalog: model.Catalog, top: Node) -> None:
    """Refuse a list whose errors have no shape, and a shape that is never chosen."""
    lists = [key for key, one in catalog.envelopes.items() if one.each is not None]
    place = step(top.place, "envelopes")
    if len(lists) == len(catalog.envelopes):
        for key in lists:
            reason = "no other envelope says what one error of the list is"
            top.problems.append((step(place, key), reason))
    seen: dict[object, str] = {}
    for key, one in catalog.envelopes.items():
        told = (frozenset(one.identify), one.each is None)
        if told in seen:
            reason = f'says the same as that of "{seen[told]}", so one of the two is never chosen'
            top.problems.append((step(step(place, key), "identify"), reason))
        seen.setdefault(told, key)


def _check_spaces(catalog: model.Catalog, top: Node) -> None:
    """Refuse an entry whose code no envelope could carry."""
    shapes = catalog.envelopes.values()
    spaces = {envelope.space for envelope in shapes} | {"default"}
    coded = {envelope.space for envelope in shapes if envelope.code is not None}
    for key, entry in catalog.errors.items():
        if entry.space not in spaces:
            reason = f'no envelope has the code space "{entry.space}"'
            reason += suggestion(entry.space, tuple(spaces))
        elif isinstance(entry.code, str) and coded and entry.space not in coded:
            others = " or ".join(f'"{one}"' for one in sorted(coded))
            reason = f'no envelope has a code of the space "{entry.space}" (there is {others})'
        else:
            continue
        top.problems.append((step("$.errors", key), reason))
