"""`show`: what a catalog says, or one entry of it with every claim and its source."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from pytest_apierrors.catalog.compile import compiled
from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.catalog.model import Unknown
from pytest_apierrors.catalog.subset import suggestion
from pytest_apierrors.commands.catalogs import catalogs_option, named
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.explain.expectation import spellings_of
from pytest_apierrors.explain.headlines import named as entry_name
from pytest_apierrors.explain.message import catalog_line, source_text
from pytest_apierrors.explain.table import columns, labelled
from pytest_apierrors.inert import inert, one_line

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from pytest_apierrors.catalog.model import Catalog, DocumentedError

Fact = tuple[str, str]


def options(parser: argparse.ArgumentParser) -> None:
    """Say which options the command has."""
    parser.add_argument("name", metavar="NAME", help="the catalog")
    parser.add_argument(
        "code", nargs="?", metavar="CODE", help="a code, an entry's key, or a status"
    )
    catalogs_option(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the catalog, or the entries that CODE names."""
    catalog = named(arguments.name, Catalogs(arguments.catalogs))
    if arguments.code is None:
        lines = [*_catalog(catalog)]
    else:
        shown = [_entry(entry, catalog) for entry in entries_of(arguments.code, catalog)]
        lines = [line for number, one in enumerate(shown) for line in (*[""] * bool(number), *one)]
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def entries_of(code: str, catalog: Catalog) -> list[DocumentedError]:
    """Return the entries of a key, a code in any spelling, or a status."""
    if code in catalog.errors:
        return [catalog.errors[code]]
    spellings = spellings_of(int(code) if _number(code) else code, catalog)
    found = [entry for entry in catalog.errors.values() if entry.code in {code, *spellings}]
    if not found and _number(code):
        found = compiled(catalog).by_status.get(int(code), [])
    if found:
        return found
    known = [one.code for one in catalog.errors.values() if isinstance(one.code, str)]
    hint = suggestion(code, tuple(dict.fromkeys((*catalog.errors, *known))))
    hint = hint or f" (pytest-apierrors show {catalog.name} lists what it documents)"
    raise UsageProblem(f'{catalog.name} documents no "{code}"{hint}')


def _number(text: str) -> bool:
    return len(text) <= 9 and text.isascii() and text.removeprefix("-").isdigit()


def _catalog(catalog: Catalog) -> Iterator[str]:
    yield catalog_line(catalog)
    yield ""
    facts = [("title", catalog.title), *(("host", host) for host in catalog.hosts)]
    if catalog.extends:
        facts.append(("extends", catalog.extends))
    for envelope in catalog.envelopes.values():
        code = "no code" if envelope.code is None else f"code at {_pointer(envelope.code.pointer)}"
        text = "" if envelope.message is None else f", message at {_pointer(envelope.message)}"
        facts.append(("envelope", f"{envelope.name}: {code}{text}"))
    yield from _inert_lines(facts)
    yield ""
    rows: list[tuple[str, ...]] = [("entry", "status", "role", "retry", "category", "name")]
    rows += [_row(entry) for entry in catalog.errors.values()]
    yield from columns(rows, "  ", "  ")
    yield ""
    yield from _inert_lines(("source", _source(name, catalog)) for name in catalog.sources)
    if catalog.claims:
        yield ""
        yield from columns([_claim(claim, catalog) for claim in catalog.claims], "  ", "  ")


def _row(entry: DocumentedError) -> tuple[str, ...]:
    retry = "unknown" if entry.retry is None else entry.retry.advice
    category = entry.category or "-"
    facts = (entry.key, _statuses(entry), entry.role, retry, category, entry.name or "-")
    return tuple(inert(fact) for fact in facts)


def _entry(entry: DocumentedError, catalog: Catalog) -> Iterator[str]:
    yield inert(f"{catalog.name} {entry_name(entry)}")
    yield ""
    yield from _inert_lines(_facts(entry))
    yield from _inert_lines(_expected(entry))
    yield from _example(entry)
    yield ""
    yield from _inert_lines(("source", _source(name, catalog)) for name in entry.sources)
    if entry.claims:
        yield ""
        yield from columns([_claim(claim, catalog) for claim in entry.claims], "  ", "  ")


def _facts(entry: DocumentedError) -> Iterator[Fact]:
    code = entry.code
    if code is not None:
        yield "code", f"unknown: {code.reason}" if isinstance(code, Unknown) else code
    yield "status", _statuses(entry)
    if entry.role != "error":
        yield "role", entry.role
    if entry.description:
        yield "means", entry.description
    yield "category", entry.category or "unassigned"
    yield "retry", _retry(entry)


def _expected(entry: DocumentedError) -> Iterator[Fact]:
    if entry.message is not None:
        yield "message", f"{one_line(entry.message.text)} ({entry.message.match})"
    for header in entry.headers:
        schema = header.schema or {}
        value = schema.get("description") or (one_line(schema) if schema else "any value")
        yield "header", f"{header.name} ({header.level}): {value}"
    if entry.body is not None:
        yield "body", one_line(entry.body)


def _example(entry: DocumentedError) -> Iterator[str]:
    example = entry.example
    if example is None:
        yield from _inert_lines([("example", f"none: {entry.no_example or 'no reason is given'}")])
        return
    yield from labelled([("example", example.kind)])
    for name, value in example.headers:
        yield f"    {inert(name)}: {inert(value)}"
    for line in json.dumps(example.body, indent=2, ensure_ascii=False).split("\n"):
        yield f"    {line[: len(line) - len(line.lstrip())]}{inert(line.lstrip())}"


def _retry(entry: DocumentedError) -> str:
    retry = entry.retry
    if retry is None:
        return "unknown: no source says"
    where = ""
    if retry.header is not None:
        where = f" what the header {retry.header} says"
    elif retry.placeholder is not None:
        where = f" {{{retry.placeholder}}} of the message, in seconds"
    elif retry.seconds is not None:
        where = f" {retry.seconds:g} seconds"
    return f"{retry.advice}{where}{f' (source {retry.source})' if retry.source else ''}"


def _statuses(entry: DocumentedError) -> str:
    if isinstance(entry.statuses, Unknown):
        return "unknown"
    return " ".join(map(str, entry.statuses))


def _claim(claim: Any, catalog: Catalog) -> tuple[str, ...]:
    state = claim.state if claim.reason is None else f"{claim.state}: {claim.reason}"
    facts = ("claim", claim.fact, one_line(claim.value), state, _source(claim.source, catalog))
    return tuple(inert(fact) for fact in facts)


def _source(name: str, catalog: Catalog) -> str:
    source = catalog.sources.get(name)
    return name if source is None else f"{name}: {source.kind}, {source_text(source)}"


def _pointer(parts: Iterable[str]) -> str:
    return "".join(f"/{part}" for part in parts)


def _inert_lines(facts: Iterable[Fact]) -> list[str]:
    return labelled((label, inert(text)) for label, text in facts)
