"""What Sinch's catalog says of each code, written down as the peers want it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from pytest_apierrors.catalog.compile import compiled, spell
from pytest_apierrors.catalog.find import Catalogs, load_file
from pytest_apierrors.catalog.model import Unknown

if TYPE_CHECKING:
    from pytest_apierrors.catalog.model import Catalog, DocumentedError, Envelope

PROVIDER = "sinch"
HOST = "https://calling.api.sinch.com"
PATH = "/calling/v1/callouts"


@dataclass(frozen=True)
class Branch:
    """One documented error: its code as it comes, its statuses, the schema of its body."""

    codes: tuple[object, ...]
    statuses: tuple[int, ...]
    schema: dict[str, Any]
    example: bytes | None
    plain: bool


def sinch() -> Catalog:
    """Return the shipped catalog."""
    return Catalogs().get(PROVIDER)


def branches(catalog: Catalog) -> list[Branch]:
    """Return one branch for each documented code of the catalog's first envelope with codes."""
    form = compiled(catalog)
    envelope = next(e for e in catalog.envelopes.values() if e.code is not None)
    return [
        _branch(entry, envelope, form.schema(envelope, entry))
        for entry in catalog.errors.values()
        if isinstance(entry.code, str) and entry.role == "error" and entry.space == envelope.space
    ]


def _branch(entry: DocumentedError, envelope: Envelope, schema: dict[str, Any]) -> Branch:
    codes = (int(str(entry.code)), entry.code)
    key = envelope.code.pointer[0]
    own = {**schema["properties"], key: {"enum": list(codes)}}
    statuses = () if isinstance(entry.statuses, Unknown) else entry.statuses
    body = None if entry.example is None else entry.example.body
    example = None if body is None else json.dumps(body).encode()
    as_itself = body is not None and spell(body[key], envelope.code) == entry.code
    plain = as_itself and entry.example.status in (None, *statuses)
    return Branch(
        codes, (*statuses, *entry.live("status")), {**schema, "properties": own}, example, plain
    )


def of_hundred() -> Catalog:
    """Return a user's own catalog: Sinch's, with invented entries up to a hundred codes."""
    missing = 100 - len(branches(sinch()))
    entry = {"status": [400], "source": "own", "no_example": "invented", "example": None}
    catalog = {
        "title": "One hundred codes",
        "extends": PROVIDER,
        "sources": {"own": {"kind": "inference", "url": "https://example.test/"}},
        "errors": {
            str(code): {"code": str(code), **entry} for code in range(40500, 40500 + missing)
        },
    }
    with TemporaryDirectory() as folder:
        file = Path(folder, "hundred.json")
        file.write_text(json.dumps(catalog))
        return load_file(file)


def one_schema(found: list[Branch], key: str) -> dict[str, Any]:
    """Return all branches as one JSON Schema over `{"status", "body"}`, chosen by if/then."""
    return {
        "type": "object",
        "required": ["status", "body"],
        "properties": {"body": _known(found, key)},
        "allOf": [_if_then(b, key, {"status": {"enum": list(b.statuses)}}) for b in found],
    }


def one_of_schema(found: list[Branch]) -> dict[str, Any]:
    """Return all branches as the alternatives of one `oneOf` over `{"status", "body"}`."""
    return {
        "oneOf": [
            {
                "type": "object",
                "required": ["status", "body"],
                "properties": {"status": {"enum": list(branch.statuses)}, "body": branch.schema},
            }
            for branch in found
        ]
    }


def openapi(found: list[Branch], key: str) -> dict[str, Any]:
    """Return an OpenAPI document: for each status the codes that it may carry, by if/then."""
    responses = {}
    for status in sorted({status for branch in found for status in branch.statuses}):
        here = [branch for branch in found if status in branch.statuses]
        schema = {
            **_known(here, key),
            "allOf": [{"if": _has_code(branch, key), "then": branch.schema} for branch in here],
        }
        content = {"application/json": {"schema": schema}}
        responses[str(status)] = {"description": "an error", "content": content}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Calls", "version": "1"},
        "servers": [{"url": HOST}],
        "paths": {PATH: {"post": {"responses": responses}}},
    }


def _known(found: list[Branch], key: str) -> dict[str, Any]:
    codes = [code for branch in found for code in branch.codes]
    return {"type": "object", "required": [key], "properties": {key: {"enum": codes}}}


def _has_code(branch: Branch, key: str) -> dict[str, Any]:
    return {"properties": {key: {"enum": list(branch.codes)}}, "required": [key]}


def _if_then(branch: Branch, key: str, beside: dict[str, Any]) -> dict[str, Any]:
    return {
        "if": {"properties": {"body": _has_code(branch, key)}},
        "then": {"properties": {**beside, "body": branch.schema}},
    }
