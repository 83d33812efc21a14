"""What a catalog says about one entry, as labelled facts; where each stands, and who disagrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_apierrors.catalog.model import Unknown
from pytest_apierrors.explain.message import source_text
from pytest_apierrors.inert import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_apierrors.catalog.model import Catalog, Claim, DocumentedError

Fact = tuple[str, str]


def facts_of(entry: DocumentedError) -> Iterator[Fact]:
    """Yield what an entry is: code, status, meaning, category, advice on trying again."""
    code = entry.code
    if code is not None:
        yield "code", f"unknown: {code.reason}" if isinstance(code, Unknown) else code
    yield "status", statuses_text(entry)
    if entry.role != "error":
        yield "role", entry.role
    if entry.description:
        yield "means", entry.description
    yield "category", entry.category or "unassigned"
    yield "retry", retry_text(entry)


def expected_of(entry: DocumentedError) -> Iterator[Fact]:
    """Yield what a response that is this entry has: its message, headers and body."""
    if entry.message is not None:
        yield "message", f"{one_line(entry.message.text)} ({entry.message.match})"
    for header in entry.headers:
        schema = header.schema or {}
        value = schema.get("description") or (one_line(schema) if schema else "any value")
        yield "header", f"{header.name} ({header.level}): {value}"
    if entry.body is not None:
        yield "body", one_line(entry.body)


def retry_text(entry: DocumentedError) -> str:
    """Return what a client should do, and when, as far as a source says."""
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


def statuses_text(entry: DocumentedError) -> str:
    """Return the statuses under which an entry is documented."""
    if isinstance(entry.statuses, Unknown):
        return "unknown"
    return " ".join(map(str, entry.statuses))


def state_text(claim: Claim) -> str:
    """Return whether a claim is accepted, and why not."""
    return claim.state if claim.reason is None else f"{claim.state}: {claim.reason}"


def source_line(name: str, catalog: Catalog) -> str:
    """Return where a fact comes from: the source's name, kind, address and revision."""
    source = catalog.sources.get(name)
    return name if source is None else f"{name}: {source.kind}, {source_text(source)}"
