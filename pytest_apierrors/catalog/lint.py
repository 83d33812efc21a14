"""What is wrong or odd in a catalog that loads: each finding with its place, unless claimed."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_apierrors.catalog.compile import compiled, identify, resolve, spell
from pytest_apierrors.catalog.model import Unknown
from pytest_apierrors.catalog.parts import FINDINGS
from pytest_apierrors.catalog.subset import step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pytest_apierrors.catalog.model import Catalog, Claim, DocumentedError

REGISTERED = frozenset(
    (
        *range(100, 105),
        *range(200, 209),
        226,
        *range(300, 309),
        *range(400, 419),
        *range(421, 427),
        428,
        429,
        431,
        451,
        *range(500, 509),
        510,
        511,
    )
)
"""HTTP statuses in the IANA HTTP Status Code Registry, temporary and unused ones included."""

LARGEST_HOLE = 10
"""A gap of more missing numbers than this begins a new band; it is no hole."""

_RETRY_WORDS = re.compile(
    r"\b(?:retry|retries|retrying|try again|try submitting|temporar\w+|transient|wait a)\b",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"\{[A-Za-z_.]+\}|\[[A-Z_]+\]|<[a-z_ ]+>|\$\{?[a-z_]+|%[sd]\b")


class Finding(NamedTuple):
    """One oddity: its kind, JSONPath, the value that it is about, and the sentence."""

    kind: str
    place: str
    value: Any
    text: str


def lint(catalog: Catalog) -> list[Finding]:
    """List the findings that no recorded claim answers, in the order of the file."""
    claims = {step("$.errors", entry.key): entry.claims for entry in catalog.errors.values()}
    return [finding for finding in _all(catalog) if not _claimed(catalog, claims, finding)]


def _all(catalog: Catalog) -> Iterator[Finding]:
    for entry in catalog.errors.values():
        for look in _ENTRY_RULES:
            yield from look(catalog, entry, step("$.errors", entry.key))
    yield from _duplicates(catalog)
    yield from _holes(catalog)
    yield from _probes(catalog)


def _claimed(catalog: Catalog, of_entries: Mapping[str, Sequence[Claim]], finding: Finding) -> bool:
    """Whether a claim answers exactly this finding: by its kind and place, and its value if any."""
    whole = finding.place == "$.errors" or finding.place.startswith("$.probes")
    claims = of_entries.get(finding.place, catalog.claims if whole else ())
    return any(
        claim.finding == finding.kind and finding.value in (None, claim.value) for claim in claims
    )


def _no_example(_: Catalog, entry: DocumentedError, place: str) -> Iterator[Finding]:
    if entry.example is None and entry.no_example is None:
        yield Finding("no-example", place, None, 'no example, and no "no_example" that says why')


def _example_invalid(catalog: Catalog, entry: DocumentedError, place: str) -> Iterator[Finding]:
    if entry.example is None or not catalog.envelopes:
        return
    envelope = identify(catalog, entry.example.body)
    if envelope is None:
        text = "its example is in none of the envelopes"
        yield Finding("example-invalid", place, None, text)
    elif not compiled(catalog).validator(envelope, entry).is_valid(entry.example.body):
        text = f'its example does not fit the schema of "{envelope.name}"'
        yield Finding("example-invalid", place, None, text)


def _example_disagrees(catalog: Catalog, entry: DocumentedError, place: str) -> Iterator[Finding]:
    example = entry.example
    if example is None:
        return
    statuses = entry.statuses
    known = isinstance(statuses, Unknown) or example.status is None or example.status in statuses
    if not known:
        text = f"its example names the status {example.status}"
        yield Finding("example-disagrees", place, example.status, text)
    envelope = identify(catalog, example.body)
    if envelope is None or envelope.code is None or not isinstance(entry.code, str):
        return
    code = spell(resolve(example.body, envelope.code.pointer), envelope.code)
    if code != entry.code:
        text = f"its example carries the code {code or 'nothing'}"
        yield Finding("example-disagrees", place, code, text)


def _unregistered(_: Catalog, entry: DocumentedError, place: str) -> Iterator[Finding]:
    if isinstance(entry.statuses, Unknown):
        return
    for status in entry.statuses:
        if status not in REGISTERED:
            text = f"{status} is no registered HTTP status"
            yield Finding("status-unregistered", place, None, text)


def _retry_without_delay(_: Catalog, entry: DocumentedError, place: str) -> Iterator[Finding]:
    text = entry.message.text if entry.message is not None else ""
    words = f"{text} {entry.description or ''}"
    if entry.role != "error" or (entry.retry is not None and entry.retry.advice == "after"):
        return
    if _RETRY_WORDS.search(words):
        text = "its words say that a retry may work, and nothing says after which delay"
        yield Finding("retry-without-delay", place, None, text)


def _placeholder_in_exact(_: Catalog, entry: DocumentedError, place: str) -> Iterator[Finding]:
    if entry.message is None or entry.message.match != "exact":
        return
    found = _PLACEHOLDER.search(entry.message.text)
    if found is not None:
        text = f'its exact message holds what looks like a placeholder: "{found[0]}"'
        yield Finding("placeholder-in-exact", place, None, text)


_ENTRY_RULES: tuple[Callable[[Catalog, DocumentedError, str], Iterator[Finding]], ...] = (
    _no_example,
    _example_invalid,
    _example_disagrees,
    _unregistered,
    _retry_without_delay,
    _placeholder_in_exact,
)


def _duplicates(catalog: Catalog) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for entry in catalog.errors.values():
        words = entry.description
        if words is None and entry.message is not None:
            words = entry.message.text
        if words is None:
            continue
        if words in seen:
            text = f'the same description as "{seen[words]}": it tells neither apart'
            yield Finding("duplicate-description", step("$.errors", entry.key), words, text)
        seen.setdefault(words, entry.key)


def _holes(catalog: Catalog) -> Iterator[Finding]:
    """Find numbers that are left out between two codes of one band of a page."""
    spaces: dict[str, dict[int, DocumentedError]] = {}
    for entry in catalog.errors.values():
        if isinstance(entry.code, str) and re.fullmatch(r"-?[0-9]{1,9}", entry.code):
            spaces.setdefault(entry.space, {})[abs(int(entry.code))] = entry
    for codes in spaces.values():
        on_page = sorted(number for number, entry in codes.items() if not entry.secondary)
        for one, next_one in pairwise(on_page):
            if next_one - one > LARGEST_HOLE + 1:
                continue
            for missing in range(one + 1, next_one):
                if missing not in codes:
                    like = codes[one].key
                    text = (
                        f"between {like} and {codes[next_one].key} the number {missing} is missing"
                    )
                    yield Finding("numbering-hole", "$.errors", _spelled(missing, like), text)


def _probes(catalog: Catalog) -> Iterator[Finding]:
    """Find probes whose answer could not be a documented error, and those that say it twice."""
    errors = [entry for entry in catalog.errors.values() if entry.role == "error"]
    known = {one for entry in errors for one in _statuses(entry)}
    keys = {entry.key for entry in errors}
    seen: dict[tuple[object, ...], str] = {}
    for number, probe in enumerate(catalog.probes):
        place = f"$.probes[{number}]"
        missing = [str(one) for one in probe.statuses if one not in known]
        missing += [key for key in probe.entries if key not in keys]
        if missing:
            text = f"it expects {', '.join(missing[:5])}, which is no documented error"
            yield Finding("probe-undocumented", place, probe.name, text)
        request = (probe.method, probe.path, probe.headers)
        if request in seen:
            text = f'it asks for the same as "{seen[request]}"'
            yield Finding("probe-repeated", place, probe.name, text)
        seen.setdefault(request, probe.name)


def _statuses(entry: DocumentedError) -> tuple[int, ...]:
    return () if isinstance(entry.statuses, Unknown) else entry.statuses


def _spelled(number: int, like: str) -> str:
    """Spell a missing number as its neighbour is: with its sign and its leading zeros."""
    sign = "-" if like.startswith("-") else ""
    return sign + str(number).zfill(len(like) if like.startswith("0") else 0)


__all__ = ["FINDINGS", "REGISTERED", "Finding", "lint"]
