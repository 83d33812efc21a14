"""One entry of a catalog file turned into a `DocumentedError`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, get_args

from pytest_apierrors.catalog import model, subset
from pytest_apierrors.catalog.node import Node, json_name
from pytest_apierrors.catalog.parts import Sources, one_source, read_claims, source_ids
from pytest_apierrors.catalog.subset import step

CATEGORIES = (
    "cancelled",
    "unknown",
    "invalid_argument",
    "deadline_exceeded",
    "not_found",
    "already_exists",
    "permission_denied",
    "unauthenticated",
    "resource_exhausted",
    "failed_precondition",
    "aborted",
    "out_of_range",
    "unimplemented",
    "internal",
    "unavailable",
    "data_loss",
)
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_KEY = re.compile(r"[A-Za-z0-9._-]{1,80}")

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_entry(key: str, node: Node, sources: Sources) -> model.DocumentedError:
    """Read one documented error; problems are noted at their places."""
    if not _KEY.fullmatch(key):
        node.problem("a key is made of letters, digits, dot, dash and underscore (at most 80)")
    ids = source_ids(node, sources)
    entry = model.DocumentedError(
        key=key,
        code=_code(node),
        statuses=_statuses(node),
        sources=ids,
        role=node.choice("role", get_args(model.Role), default="error"),
        name=node.text("name"),
        description=node.text("description"),
        message=_message(node),
        headers=tuple(_headers(node, sources)),
        body=_body(node),
        retry=_retry(node, sources),
        category=_category(node, sources),
        match=node.schema("match"),
        space=node.text("space") or "default",
        example=_example(node),
        no_example=node.text("no_example"),
        claims=read_claims(node, sources),
        secondary=bool(ids)
        and not any(sources[one].kind in model.PRIMARY_KINDS for one in ids if one in sources),
    )
    _check_together(entry, node)
    node.done()
    return entry


def _check_together(entry: model.DocumentedError, node: Node) -> None:
    if entry.code is None and isinstance(entry.statuses, model.Unknown):
        node.problem("knows neither a code nor a status, so it would match nothing")
    for claim in entry.claims:
        if claim.fact == "status" and claim.state == "live" and type(claim.value) is not int:
            node.problem("a live claim of a status is a number", "claims")
        if claim.fact == "code" and claim.state == "live" and not isinstance(claim.value, str):
            node.problem("a live claim of a code is a text in the page's spelling", "claims")
    if entry.retry and entry.retry.placeholder:
        names = PLACEHOLDER.findall(entry.message.text) if entry.message else []
        if entry.retry.placeholder not in names:
            node.problem(f'the message has no placeholder "{entry.retry.placeholder}"', "retry")


def _unknown(value: Any, node: Node, key: str) -> model.Unknown:
    inner = Node(value, step(node.place, key), node.problems)
    reason = inner.text("unknown", required=True) or ""
    inner.done()
    return model.Unknown(reason)


def _code(node: Node) -> str | model.Unknown | None:
    value = node.take("code", str, dict, type(None), required=True)
    if value == "":
        node.problem("a text that is not empty is needed", "code")
    return _unknown(value, node, "code") if isinstance(value, dict) else value


def _statuses(node: Node) -> tuple[int, ...] | model.Unknown:
    value = node.value.get("status")
    if isinstance(value, dict):
        node.take("status")
        return _unknown(value, node, "status")
    return node.statuses("status", required=True)


def _message(node: Node) -> model.Message | None:
    inner = node.node("message")
    if inner is None:
        return None
    text = inner.text("text", required=True) or ""
    message = model.Message(text, inner.choice("match", get_args(model.MatchMode)))
    names = PLACEHOLDER.findall(text)
    if message.match == "template" and (not names or len(set(names)) != len(names)):
        inner.problem("a template has placeholders such as {seconds}, each once", "text")
    elif message.match == "template" and "" in PLACEHOLDER.split(text)[2:-1:2]:
        inner.problem("words are needed between two placeholders, or they cannot be told", "text")
    inner.done()
    return message


def _headers(node: Node, sources: Sources) -> Iterator[model.Header]:
    if node.value.get("headers") == {}:
        node.problem("at least one header is needed", "headers")
    for name, inner in node.nodes("headers"):
        if not _TOKEN.fullmatch(name):
            inner.problem('a header\'s name is letters, digits and dashes, such as "Retry-After"')
        source = one_source(inner, sources) if "source" in inner.value else None
        yield model.Header(
            name=name,
            level=inner.choice("level", get_args(model.Level), default="must"),
            schema=_schema_of_text(inner),
            source=source,
        )
        inner.done()


def _schema_of_text(node: Node) -> model.Schema | None:
    schema = node.schema("schema")
    wanted = None if schema is None else schema.get("type")
    kinds = [wanted] if isinstance(wanted, str) else wanted
    if isinstance(kinds, list) and "string" not in kinds:
        place = step(step(node.place, "schema"), "type")
        node.problems.append((place, 'the value of a header is a text: "string" is needed'))
    return schema


def _body(node: Node) -> model.Schema | None:
    value = node.take("body", dict)
    if value is None:
        return None
    inner = Node(value, step(node.place, "body"), node.problems)
    properties = inner.take("properties", dict) or {}
    required = inner.take("required", list) or []
    inner.done()
    if not {"properties", "required"} & value.keys():
        inner.problem('says nothing: "properties" or "required" is needed')
    added = {"properties": properties, "required": required}
    node.problems += subset.problems(added, inner.place)
    return added


def _retry(node: Node, sources: Sources) -> model.Retry | None:
    inner = node.node("retry")
    if inner is None:
        return None
    retry = model.Retry(
        advice=inner.choice("advice", get_args(model.Advice)),
        header=inner.text("header"),
        placeholder=inner.text("placeholder"),
        seconds=inner.take("seconds", int, float),
        source=one_source(inner, sources),
    )
    inner.done()
    if retry.seconds is not None and retry.seconds < 0:
        inner.problem("a delay is not negative", "seconds")
    places = [retry.header, retry.placeholder, retry.seconds]
    given = sum(place is not None for place in places)
    if (retry.advice == "after") != (given == 1):
        inner.problem('"after" has one delay (header, placeholder or seconds), the others none')
    return retry


def _category(node: Node, sources: Sources) -> str | None:
    inner = node.node("category")
    if inner is None:
        return None
    one_source(inner, sources)
    value: str = inner.choice("value", CATEGORIES)
    inner.done()
    return value


def _example(node: Node) -> model.Example | None:
    value = node.take("example", dict, type(None), required=True)
    if value is None:
        return None
    inner = Node(value, step(node.place, "example"), node.problems)
    if "body" not in value:
        inner.problem('"body" is missing')
    headers = inner.take("headers", dict) or {}
    for text in headers.values():
        if not isinstance(text, str):
            inner.problem(f"a text is needed; found {json_name(text)}", "headers")
    example = model.Example(
        kind=inner.choice("kind", ("printed", "composed")),
        body=inner.take("body"),
        headers=tuple((name, str(text)) for name, text in headers.items()),
        status=inner.take("status", int),
    )
    inner.done()
    return example
