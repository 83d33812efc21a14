"""`show`: what a catalog says, or one entry of it with every claim and its source."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from pytest_apierrors.catalog.compile import compiled
from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.catalog.subset import suggestion
from pytest_apierrors.check.words import count
from pytest_apierrors.commands.catalogs import catalogs_option, named
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.explain.expectation import spellings_of
from pytest_apierrors.explain.facts import (
    expected_of,
    facts_of,
    source_line,
    state_text,
    statuses_text,
)
from pytest_apierrors.explain.headlines import named as entry_name
from pytest_apierrors.explain.message import catalog_line
from pytest_apierrors.explain.table import columns, labelled
from pytest_apierrors.inert import inert, one_line
from pytest_apierrors.live.expecting import wanted

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from pytest_apierrors.catalog.model import Catalog, DocumentedError, Probe
    from pytest_apierrors.explain.facts import Fact


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
        code = code if envelope.each is None else f"errors listed at {_pointer(envelope.each)}"
        text = "" if envelope.message is None else f", message at {_pointer(envelope.message)}"
        facts.append(("envelope", f"{envelope.name}: {code}{text}"))
    yield from _inert_lines(facts)
    yield ""
    rows: list[tuple[str, ...]] = [("entry", "status", "role", "retry", "category", "name")]
    rows += [_row(entry) for entry in catalog.errors.values()]
    yield from columns(rows, "  ", "  ")
    yield ""
    yield from _inert_lines(_sources(catalog))
    if catalog.claims:
        yield ""
        yield from columns([_claim(claim, catalog) for claim in catalog.claims], "  ", "  ")
    if catalog.probes:
        yield ""
        yield from columns([_probe(probe) for probe in catalog.probes], "  ", "  ")


def _sources(catalog: Catalog) -> Iterator[Fact]:
    """Yield a catalog's own sources, then those of entries it inherits; all others are counted."""
    named = {name for entry in catalog.errors.values() for name in entry.sources}
    own = catalog.raw.get("sources", {})
    told = list(dict.fromkeys([*own, *(name for name in catalog.sources if name in named)]))
    yield from (("source", source_line(name, catalog)) for name in told)
    if len(told) < len(catalog.sources):
        more = count(len(catalog.sources) - len(told), "source")
        yield "source", f"and {more} of what it extends: pytest-apierrors show {catalog.extends}"


def _row(entry: DocumentedError) -> tuple[str, ...]:
    retry = "unknown" if entry.retry is None else entry.retry.advice
    category = entry.category or "-"
    facts = (entry.key, statuses_text(entry), entry.role, retry, category, entry.name or "-")
    return tuple(inert(fact) for fact in facts)


def _entry(entry: DocumentedError, catalog: Catalog) -> Iterator[str]:
    yield inert(f"{catalog.name} {entry_name(entry)}")
    yield ""
    yield from _inert_lines(facts_of(entry))
    yield from _inert_lines(expected_of(entry))
    yield from _example(entry)
    yield ""
    yield from _inert_lines(("source", source_line(name, catalog)) for name in entry.sources)
    if entry.claims:
        yield ""
        yield from columns([_claim(claim, catalog) for claim in entry.claims], "  ", "  ")


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


def _claim(claim: Any, catalog: Catalog) -> tuple[str, ...]:
    source = source_line(claim.source, catalog)
    facts = ("claim", claim.fact, one_line(claim.value), state_text(claim), source)
    return tuple(inert(fact) for fact in facts)


def _probe(probe: Probe) -> tuple[str, ...]:
    request = f"{probe.method} {probe.path}"
    facts = ("probe", probe.name, request, f"expects {wanted(probe)}", ", ".join(probe.sources))
    return tuple(inert(fact) for fact in facts)


def _pointer(parts: Iterable[str]) -> str:
    return "".join(f"/{part}" for part in parts)


def _inert_lines(facts: Iterable[Fact]) -> list[str]:
    return labelled((label, inert(text)) for label, text in facts)
