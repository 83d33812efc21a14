"""Catalog files as they stand, and what claims say in them."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

SCHEMAS = Path(__file__).parents[2] / "schemas"
PRIMARY = {"page", "specification"}


def read(name):
    return json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))


def ids(part):
    return [part["source"]] if isinstance(part["source"], str) else part["source"]


def secondary(catalog, entry):
    return not PRIMARY & {catalog["sources"][one]["kind"] for one in ids(entry)}


def codes(catalog):
    return {key: one for key, one in catalog["errors"].items() if not key.startswith("status-")}


def on_page(catalog, page):
    return {key: one for key, one in codes(catalog).items() if page in ids(one)}


def validator(envelope):
    return jsonschema.Draft202012Validator(envelope["schema"])


def claimed(part, fact, state="live"):
    """Return the values that one kind of claim gives for a fact."""
    found = [c for c in part.get("claims", ()) if c["fact"] == fact]
    return [c["value"] for c in found if c.get("state", "live") == state]


def claims(entry, fact, **wanted):
    return [
        claim
        for claim in entry.get("claims", [])
        if claim["fact"] == fact and wanted.items() <= claim.items()
    ]


def values(entry, fact, **wanted):
    return [claim["value"] for claim in claims(entry, fact, **wanted)]


def nodes(value, place="$"):
    yield place, value
    members = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        members = enumerate(value)
    for key, member in members:
        yield from nodes(member, f"{place}.{key}")


def accepts(schema, value):
    return jsonschema.Draft202012Validator(schema).is_valid(value)
