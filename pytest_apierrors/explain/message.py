"""The whole message of one response: what came back, what differs, what to do next."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pytest_apierrors.catalog.model import PRIMARY_KINDS
from pytest_apierrors.check.words import count
from pytest_apierrors.explain.advice import catalog_file, next_steps
from pytest_apierrors.explain.excerpt import excerpt
from pytest_apierrors.explain.headlines import (
    by_severity,
    guessed,
    headline,
    place_of,
    printable,
    titled,
    where_text,
)
from pytest_apierrors.explain.nearest import candidates
from pytest_apierrors.explain.table import columns, labelled
from pytest_apierrors.inert import inert
from pytest_apierrors.redact import redact_text, redact_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_apierrors.catalog.model import Catalog, DocumentedError, Source
    from pytest_apierrors.check.verdict import Verdict, Violation
    from pytest_apierrors.response import Response

_LONGEST_URL = 300


class Subject(NamedTuple):
    """What a message is about."""

    verdict: Verdict
    response: Response
    catalog: Catalog


def explain(
    verdict: Verdict,
    response: Response,
    catalog: Catalog,
    *,
    facts: Sequence[tuple[str, str]] = (),
) -> list[str]:
    """Return the whole message of a response; its first line answers alone."""
    shown = printable(verdict, response)
    subject = Subject(shown, response, catalog)
    return message(headline(shown, response.status), subject, facts=facts)


def message(
    first: str,
    subject: Subject,
    *,
    facts: Sequence[tuple[str, str]] = (),
    advice: Sequence[tuple[str, str]] | None = None,
) -> list[str]:
    """Return a whole message under a first line; `facts` are labelled lines put before the rest."""
    verdict, response, catalog = subject
    lines = [first, ""]
    lines += labelled([*facts, *_circumstances(subject)])
    if verdict.violations:
        lines += ["", *_table(by_severity(verdict.violations))]
    lines += ["", *labelled([("body", text) for text in excerpt(response)])]
    steps = next_steps(verdict, response.status, catalog) if advice is None else advice
    if steps:
        lines += ["", *columns(steps, "   ", "  ")]
    return lines


def catalog_line(catalog: Catalog) -> str:
    """Return what a catalog is: its name, its size, when its sources were read, its file."""
    line: str | None = catalog.cache.get("line")
    if line is None:
        line = catalog.cache["line"] = _catalog_line(catalog)
    return line


def _catalog_line(catalog: Catalog) -> str:
    errors = count(sum(entry.role == "error" for entry in catalog.errors.values()), "error")
    day = last_read(catalog)
    when = "" if day is None else f", read {day}"
    return f"{catalog.name}, {errors}{when} ({catalog_file(catalog)})"


def last_read(catalog: Catalog) -> str | None:
    """Return the last day on which somebody read what the provider itself documents."""
    used = {name for entry in catalog.errors.values() for name in entry.sources}
    sources = (catalog.sources[name] for name in used if name in catalog.sources)
    days = [one.read for one in sources if one.read and one.kind in PRIMARY_KINDS]
    return max(days, default=None)


def _circumstances(subject: Subject) -> Iterable[tuple[str, str]]:
    verdict, response, catalog = subject
    yield "response", _response(response)
    if response.origin is not None:
        origin = response.origin
        found = "declared" if response.declared else "recording"
        yield found, place_of(origin.file, origin.line, origin.index)
    if response.altered is not None:
        yield "altered", inert(response.altered)
    yield "catalog", catalog_line(catalog)
    near = candidates(verdict, response.status, catalog)
    sure = verdict.entry is not None and not guessed(verdict)
    if near:
        yield "entry" if sure else "nearest", ", ".join(map(titled, near))
    if sure and verdict.entry is not None:
        yield from [("source", text) for text in (_source(verdict.entry, catalog),) if text]


def _response(response: Response) -> str:
    scrubbed = response.scrubbed
    asked = [inert(scrubbed(response.method), 40)] if response.method else []
    if response.url:
        asked.append(_shown_url(scrubbed(response.url)))
    came = str(response.status)
    if response.headers is not None:
        media = response.headers.get("Content-Type")
        told = None if media is None else inert(redact_text(scrubbed(media)), 80)
        came += f", {told or 'no content type'}"
    return f"{' '.join(asked)} -> {came}" if asked else came


@lru_cache(maxsize=256)  # most recordings ask for few URLs many times
def _shown_url(url: str) -> str:
    return inert(redact_url(url), _LONGEST_URL)


def _source(entry: DocumentedError, catalog: Catalog) -> str | None:
    known = [catalog.sources[one] for one in entry.sources if one in catalog.sources]
    known.sort(key=lambda source: source.kind not in PRIMARY_KINDS)
    return source_text(known[0]) if known else None


def source_text(source: Source) -> str:
    """Return where a fact stands: the address, the revision, when somebody looked."""
    revision = f"revision {source.revision}" if source.revision else ""
    when = f"read {source.read}" if source.read else ""
    facts = ", ".join(filter(None, (revision, when)))
    return inert(f"{source.url}{f' ({facts})' if facts else ''}")


def _table(violations: Sequence[Violation]) -> list[str]:
    rows = []
    for one in violations:
        rule = one.rule if one.severity == "error" else f"{one.rule} ({one.severity})"
        rows.append([rule, where_text(one), f"documented: {one.documented}", f"found: {one.found}"])
    return columns(rows, "  ", "  ")
