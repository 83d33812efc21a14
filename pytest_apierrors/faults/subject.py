"""The documented errors that faults are made of, chosen by a pick."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from pytest_apierrors.catalog.compile import resolve
from pytest_apierrors.catalog.model import (
    Catalog,
    CodeRule,
    DocumentedError,
    Envelope,
    Example,
)
from pytest_apierrors.catalog.subset import TYPES
from pytest_apierrors.faults.compose import composed

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_apierrors.catalog.model import Schema
    from pytest_apierrors.faults.compose import Composed

_GENERIC: tuple[tuple[str, tuple[str, ...], tuple[str, ...], Any], ...] = (
    ("flat", ("code",), ("message",), {"code": "bad_request", "message": "Bad request"}),
    (
        "nested",
        ("error", "code"),
        ("error", "message"),
        {"error": {"code": "bad_request", "message": "Bad request"}},
    ),
    (
        "list",
        ("errors", "0", "code"),
        ("errors", "0", "message"),
        {"errors": [{"code": "bad_request", "message": "Bad request"}]},
    ),
    (
        "problem",
        ("type",),
        ("detail",),
        {"type": "about:blank", "title": "Bad request", "status": 400, "detail": "Bad request"},
    ),
)
"""Shapes that errors of many APIs have; the last is RFC 9457's."""

_GENERIC_STATUSES = (400, 401, 403, 404, 409, 422, 429, 500, 503)
_HEADERS = {401: (("WWW-Authenticate", "Bearer"),)}


def generic(base: Catalog) -> Catalog:
    """Return a catalog for a client whose provider has none: common shapes, common statuses."""
    envelopes = {}
    errors = {}
    for name, code, message, body in _GENERIC:
        schema = _shape(body, {code[-1], message[-1]})
        envelopes[name] = Envelope(
            name,
            ((code, frozenset(TYPES)),),
            schema,
            CodeRule(code),
            message,
            space=name,
            media_types=(_media(name),),
        )
        for status in _GENERIC_STATUSES:
            key = f"{name}-{status}"
            errors[key] = DocumentedError(
                key,
                resolve(body, code),
                (status,),
                sources=(),
                space=name,
                example=Example("composed", body, _HEADERS.get(status, ())),
            )
    error = replace(base.error, body={"anyOf": [one.schema for one in envelopes.values()]})
    return replace(base, name="any", error=error, envelopes=envelopes, errors=errors, cache={})


def _shape(value: Any, required: set[str]) -> Schema:
    """Return the schema of one of the common shapes: its types, and what must be there."""
    if isinstance(value, dict):
        nested = {name for name, member in value.items() if isinstance(member, (dict, list))}
        return {
            "type": "object",
            "required": sorted((required | nested) & value.keys()),
            "properties": {name: _shape(member, required) for name, member in value.items()},
        }
    if isinstance(value, list):
        return {"type": "array", "minItems": 1, "items": _shape(value[0], required)}
    return {"type": "integer" if isinstance(value, int) else "string"}


def _media(name: str) -> str:
    return "application/problem+json" if name == "problem" else "application/json"


class Subjects:
    """The documented errors of a catalog, in its order."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.all = composed(catalog)

    def where(self, test: Callable[[Composed], bool]) -> tuple[Composed, ...]:
        """Return the errors that pass a test."""
        return tuple(one for one in self.all if test(one))


def has_code(one: Composed) -> bool:
    """Whether the body holds a code."""
    return one.envelope is not None and "code" in one.carries


def has_message(one: Composed) -> bool:
    """Whether the body holds a message."""
    return "message" in one.carries
