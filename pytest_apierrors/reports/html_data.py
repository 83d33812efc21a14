"""What the page's script works on: the whole run as JSON that no parser of HTML can misread."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pytest_apierrors.evidence import EVIDENCE
from pytest_apierrors.explain.excerpt import inert_indented
from pytest_apierrors.explain.facts import expected_of, facts_of, state_text
from pytest_apierrors.explain.headlines import place_of
from pytest_apierrors.inert import inert, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_apierrors.catalog.model import Catalog, DocumentedError
    from pytest_apierrors.records import Record, Shown
    from pytest_apierrors.reports.html_view import View

_MOST_HEADERS = 100
_MOST_EXAMPLE_LINES = 60
_WEB = re.compile(r"https?://[^\s<>\"'\\]{1,2000}", re.IGNORECASE)
# What could end the element that the JSON stands in, or begin a comment there.
_ESCAPES = {"<": r"\u003c", ">": r"\u003e", "&": r"\u0026"}


class Pool:
    """Values that come again and again, kept once; each is called by its number."""

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {}

    def number(self, value: Any) -> int:
        """Return the number of a value."""
        return self.numbers.setdefault(value, len(self.numbers))


def script_data(view: View) -> str:
    """Return a run as the text of an element that holds JSON: ASCII, and no markup in it."""
    text = json.dumps(_data(view), separators=(",", ":"))
    for mark, escaped in _ESCAPES.items():
        text = text.replace(mark, escaped)
    return text


def _data(view: View) -> dict[str, Any]:
    exchanges, findings = Pool(), Pool()
    ids: set[str] = set()
    records = [_record(one, view, exchanges, findings, ids) for one in view.records]
    named: dict[str, set[str]] = {}
    for record in view.records:
        if record.entry is not None:
            named.setdefault(record.provider, set()).add(record.entry)
    return {
        "evidence": EVIDENCE,
        "providers": [_provider(name, view, named.get(name, set())) for name in view.providers],
        "exchanges": [_exchange(one) for one in exchanges.numbers],
        "findings": list(findings.numbers),
        "records": records,
    }


def _record(
    record: Record, view: View, exchanges: Pool, findings: Pool, ids: set[str]
) -> dict[str, Any]:
    found = tuple(
        (
            one.rule,
            one.severity,
            inert(one.where.removeprefix("header:")),
            inert(one.documented),
            inert(one.found),
            _maybe(view.acceptance(record, one)),
        )
        for one in record.ranked
    )
    return {
        "id": _id(record, ids),
        "provider": inert(record.provider),
        "evidence": record.evidence,
        "outcome": record.outcome,
        "status": record.status,
        "says": inert(record.sentence or record.outcome),
        "entry": _maybe(record.entry),
        "code": _maybe(record.code),
        "place": place_text(record),
        "test": _maybe(record.test),
        "method": _maybe(record.method),
        "url": _maybe(record.url),
        "violations": [findings.number(one) for one in found],
        "exchange": None if record.shown is None else exchanges.number(record.shown),
    }


def place_text(record: Record) -> str:
    """Return where a response stands."""
    place = place_of(record.file, record.line, record.index)
    return f"{place} (declared)" if record.declared else place


def _id(record: Record, ids: set[str]) -> str:
    """Return what a link calls a response; the same in every run that has it."""
    facts = (record.provider, record.evidence, record.file, record.index, record.test)
    digest = sha256(json.dumps(facts).encode()).hexdigest()
    name = digest[:10]
    while name in ids:  # the same place twice, as from a test that runs in a loop
        digest = sha256(digest.encode()).hexdigest()
        name = digest[:10]
    ids.add(name)
    return name


def _exchange(shown: Shown) -> dict[str, Any]:
    headers = shown.headers
    if headers is not None and len(headers) > _MOST_HEADERS:
        more = ("...", f"{len(headers) - _MOST_HEADERS} more headers")
        headers = (*headers[:_MOST_HEADERS], more)
    shown_headers = headers and [(inert(name), inert(value)) for name, value in headers]
    return {"headers": shown_headers, "body": [inert_indented(line) for line in shown.body]}


def _provider(name: str, view: View, named: Iterable[str]) -> dict[str, Any]:
    catalog = view.catalogs.get(name)
    if catalog is None:
        return {"name": inert(name), "entries": []}
    keys = {*view.exercised(name).documented, *named}
    return {
        "name": inert(name),
        "entries": [_entry(entry, catalog) for key, entry in catalog.errors.items() if key in keys],
    }


def _entry(entry: DocumentedError, catalog: Catalog) -> dict[str, Any]:
    facts = [*facts_of(entry), *expected_of(entry)]
    return {
        "key": inert(entry.key),
        "name": _maybe(entry.name),
        "facts": [(label, inert(text)) for label, text in facts],
        "example": _example(entry),
        "sources": [_source(one, catalog) for one in entry.sources],
        "claims": [
            {
                "fact": inert(claim.fact),
                "value": one_line(claim.value),
                "rejected": claim.state == "rejected",
                "state": inert(state_text(claim)),
                "source": _source(claim.source, catalog),
            }
            for claim in entry.claims
        ],
    }


def _example(entry: DocumentedError) -> dict[str, Any]:
    example = entry.example
    if example is None:
        return {"kind": f"none: {inert(entry.no_example or 'no reason is given')}", "lines": []}
    lines = [f"{inert(name)}: {inert(value)}" for name, value in example.headers]
    body = json.dumps(example.body, indent=2, ensure_ascii=False).split("\n")
    lines += [inert_indented(line) for line in body]
    more = len(lines) - _MOST_EXAMPLE_LINES
    lines[_MOST_EXAMPLE_LINES:] = [f"... {more} more lines"] if more > 0 else []
    return {"kind": example.kind, "lines": lines}


def _source(name: str, catalog: Catalog) -> dict[str, Any]:
    """Return a source; only an ordinary address of the web becomes a link."""
    source = catalog.sources.get(name)
    if source is None:
        return {"id": inert(name)}
    facts = [
        source.kind,
        f"revision {source.revision}" if source.revision else None,
        f"read {source.read}" if source.read else None,
    ]
    return {
        "id": inert(source.id),
        "about": inert(", ".join(filter(None, facts))),
        "url": inert(source.url),
        "link": _WEB.fullmatch(source.url) is not None and inert(source.url) == source.url,
        "note": _maybe(source.note),
    }


def _maybe(text: str | None) -> str | None:
    return None if text is None else inert(text)
