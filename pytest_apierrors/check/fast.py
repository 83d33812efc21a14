"""
The short way through: a response that is plainly as documented, or plainly no error.

Everything here is a proof that the long way would find nothing at all, or only that headers are
missing; what cannot be proved cheaply is left to it. The tests hold the two against each other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from pytest_apierrors.catalog.compile import spell
from pytest_apierrors.catalog.model import Unknown
from pytest_apierrors.check import rules
from pytest_apierrors.check.diagnose import differences
from pytest_apierrors.check.verdict import EVERYTHING, Policy, RetryAdvice, Verdict
from pytest_apierrors.response import Headers, Response
from pytest_apierrors.strictjson import NotPlain, decode_fast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_apierrors.catalog.compile import Candidate, Compiled
    from pytest_apierrors.catalog.engine import Validator
    from pytest_apierrors.catalog.model import Catalog, DocumentedError, Envelope, Schema
    from pytest_apierrors.check.verdict import Outcome

MAX_BODY = 64 * 1024
MAX_KNOWN = 64
_CODED = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
"""What makes bytes under a Content-Encoding be taken for coded ones, however they begin."""
_ESCAPABLE = re.compile(r'["\\/\x00-\x1f]')
"""Characters that JSON may spell in another way than as they are and as `\\u`."""


class _Held(NamedTuple):
    """A header that a source says something of; `known` are values that were found right."""

    name: str
    required: bool
    schema: Schema | None
    known: set[str]

    def fits(self, value: str) -> bool:
        """Whether nothing can be said against a value."""
        if self.schema is None or value in self.known:
            return True
        if differences(self.schema, value.strip()):
            return False
        if len(self.known) < MAX_KNOWN:
            self.known.add(value)
        return True


class _Plan(NamedTuple):
    """What must hold for one code on the wire, and the verdict where it does."""

    statuses: frozenset[int]
    validator: Validator
    message_key: str | None
    message: str | None
    media_types: frozenset[str] | None
    strangers: frozenset[str]
    held: dict[int, tuple[_Held, ...]]
    """For a status, the headers that matter."""
    verdict: Verdict
    bare: dict[int, Verdict]
    """For a status, the verdict without any of the headers that have to be there."""


class _Table(NamedTuple):
    """The plans of a catalog: `keys` are the members that hold codes."""

    keys: tuple[str, ...]
    plans: dict[tuple[str, Any], _Plan]
    harmless: Verdict
    """The verdict of a response that is no error."""
    harmless_statuses: frozenset[int]
    error_words: tuple[bytes, ...]
    """Without one of these in the body, the error predicate cannot hold."""


def accept(response: Response, form: Compiled, policy: Policy = EVERYTHING) -> Verdict | None:
    """Return the verdict of a response that is as documented, or None: look closer."""
    table: _Table | None = form.plans.get("fast")
    if table is None:
        table = form.plans["fast"] = _table(form)
    body = response.body
    status = response.status
    if response.method == "HEAD":
        return None
    if status in table.harmless_statuses:
        return table.harmless if _no_error_in(body, response, table) else None
    if not table.keys or len(body) > MAX_BODY or body[:1] != b"{" or _coded(body, response):
        return None
    try:
        value = decode_fast(body)
    except NotPlain:
        return None
    for key in table.keys:
        code = value.get(key)
        if code.__class__ is int or code.__class__ is str:
            plan = table.plans.get((key, code))
            if plan is not None and status in plan.statuses and _fits(plan, value):
                return _with_headers(plan, status, response.headers, policy)
    return None


def _fits(plan: _Plan, value: dict[str, Any]) -> bool:
    if plan.message_key is not None and value.get(plan.message_key) != plan.message:
        return False
    return plan.strangers.isdisjoint(value) and plan.validator.is_valid(value)


def _with_headers(
    plan: _Plan, status: int, headers: Headers | None, policy: Policy
) -> Verdict | None:
    if headers is None:
        return plan.verdict
    if plan.media_types is not None and headers.get("Content-Type") not in plan.media_types:
        return None
    required = missing = 0
    for held in plan.held.get(status, ()):
        values = headers.get_all(held.name)
        required += held.required
        missing += held.required and not values
        for value in values:
            if not held.fits(value):
                return None
    if not missing:
        return plan.verdict
    return plan.bare[status] if missing == required and policy == EVERYTHING else None


def _coded(body: bytes, response: Response) -> bool:
    """Whether a body that begins as JSON does may be coded all the same."""
    if body.isascii() and body.decode().isprintable():
        return False  # as most are, and this is quicker than to look for the header
    coding = response.header("Content-Encoding")
    return coding is not None and _CODED.search(body) is not None


def _no_error_in(body: bytes, response: Response, table: _Table) -> bool:
    """Whether a body under a status that is no error cannot fit the error predicate."""
    if not body or not table.error_words:
        return True
    if body[:1] not in b"{[" or b"\\u" in body or _coded(body, response):
        return False
    for word in table.error_words:  # noqa: SIM110 - any() takes twice as long
        if word in body:
            return False
    return True


def _table(form: Compiled) -> _Table:
    catalog = form.catalog
    plans: dict[tuple[str, Any], _Plan] = {}
    for envelope in _plain_envelopes(catalog):
        for candidates in form.codes.values():
            if _single(candidates, envelope):
                plans.update(_plans(form, envelope, candidates[0].entry))
    words = _predicate_words(catalog)
    quiet = frozenset(range(200, 300)) - catalog.error.statuses
    no_body = {s for rule in catalog.rules if rule.header is None for s in rule.statuses}
    return _Table(
        keys=tuple(dict.fromkeys(key for key, _ in plans)),
        plans=plans,
        harmless=Verdict(catalog.name, "not-an-error"),
        harmless_statuses=quiet - no_body if words is not None else frozenset(),
        error_words=words or (),
    )


def _plain_envelopes(catalog: Catalog) -> Iterator[Envelope]:
    """
    Yield the envelopes in which a body is for certain that has their code and fits their schema.

    One whose code stands where another keeps its own is left out, too: a code has one plan.
    """
    if catalog.error.undecided is not None:
        return
    pointers = [e.code.pointer for e in catalog.envelopes.values() if e.code is not None]
    for envelope in catalog.envelopes.values():
        code = envelope.code
        if code is None or len(code.pointer) != 1 or pointers.count(code.pointer) > 1:
            continue
        implied = all(_implied(envelope, *one) for one in envelope.identify)
        rivals = [one for one in catalog.envelopes.values() if one is not envelope]
        if implied and all(_distant(envelope, rival) for rival in rivals):
            yield envelope


def _implied(envelope: Envelope, pointer: tuple[str, ...], types: frozenset[str]) -> bool:
    """Whether a pointer of `identify` resolves as it must in all that have code and schema."""
    if len(pointer) != 1:
        return False
    if envelope.code is not None and pointer == envelope.code.pointer:
        return {"integer", "string"} <= types or {"number", "string"} <= types
    wanted = _types_of(envelope, pointer[0])
    required = pointer[0] in envelope.schema.get("required", ())
    return required and wanted is not None and wanted <= types


def _distant(envelope: Envelope, rival: Envelope) -> bool:
    """Whether a member that no plain body has, or never in that type, belongs to a rival."""
    return bool(_strangers_in(envelope, rival)) or any(
        _excluded(envelope, pointer, types) for pointer, types in rival.identify
    )


def _strangers_in(envelope: Envelope, rival: Envelope) -> set[str]:
    own = {pointer[0] for pointer, _ in envelope.identify}
    named = {pointer[0] for pointer, types in rival.identify if "absent" not in types}
    return named - own


def _excluded(envelope: Envelope, pointer: tuple[str, ...], types: frozenset[str]) -> bool:
    """Whether the envelope's own schema keeps a pointer from resolving as a rival needs it."""
    wanted = _types_of(envelope, pointer[0])
    needed = types if len(pointer) == 1 else frozenset({"object", "array"})
    if wanted is None or "absent" in types:
        return False
    return needed.isdisjoint(wanted) and not ("number" in needed and "integer" in wanted)


def _types_of(envelope: Envelope, name: str) -> frozenset[str] | None:
    """Return the types that a body's member can have by its schema, or None: any."""
    schema = envelope.schema
    member = schema.get("properties", {}).get(name)
    if schema.get("type") != "object" or not isinstance(member, dict) or "type" not in member:
        return None
    types = member["type"]
    return frozenset([types] if isinstance(types, str) else types)


def _single(candidates: list[Candidate], envelope: Envelope) -> bool:
    """Whether a code means exactly one entry, known from a page, in the envelope's space."""
    entry = candidates[0].entry
    return (
        len(candidates) == 1
        and not candidates[0].claimed
        and entry.space == envelope.space
        and entry.role == "error"
        and not entry.secondary
        and entry.match is None
    )


def _plans(
    form: Compiled, envelope: Envelope, entry: DocumentedError
) -> Iterator[tuple[tuple[str, Any], _Plan]]:
    own = envelope.schema.get("properties", {})
    if entry.body is not None and not own.keys().isdisjoint(entry.body["properties"]):
        return  # what the envelope's schema proves may not hold under this entry's
    key: str | None = None
    message = entry.message
    if message is not None and message.match != "example" and envelope.message is not None:
        if message.match == "template" or len(envelope.message) != 1:
            return
        key = envelope.message[0]
    retry = entry.retry
    if envelope.code is None or (retry is not None and retry.header):
        return
    statuses = _plain_statuses(form, entry)
    held = _held(form, entry, statuses)
    verdict = Verdict(
        form.catalog.name,
        "documented",
        entry,
        entry.code if isinstance(entry.code, str) else None,
        retry=RetryAdvice(retry.advice, retry.seconds) if retry else None,
        envelope=envelope.name,
    )
    plan = _Plan(
        statuses=statuses,
        validator=form.validator(envelope, entry),
        message_key=key,
        message=message.text if message is not None else None,
        media_types=_media_types(envelope),
        strangers=_strangers(form.catalog, envelope),
        held=held,
        verdict=verdict,
        bare={
            status: _without_headers(verdict, form, status)
            for status, headers in held.items()
            if any(header.required for header in headers)
        },
    )
    for code in _spellings(entry, envelope):
        yield (envelope.code.pointer[0], code), plan


def _plain_statuses(form: Compiled, entry: DocumentedError) -> frozenset[int]:
    """Return the statuses of an error under which a body is not forbidden."""
    catalog = form.catalog
    known = catalog.error.statuses
    statuses = known if isinstance(entry.statuses, Unknown) else known & set(entry.statuses)
    bare = (rule for rule in catalog.rules if rule.header is None and not rule.method)
    return statuses - catalog.success - {s for rule in bare for s in rule.statuses}


def _held(
    form: Compiled, entry: DocumentedError, statuses: frozenset[int]
) -> dict[int, tuple[_Held, ...]]:
    """Return the headers that the entry or, where it is silent, HTTP itself says something of."""
    own = [_Held(h.name, h.level != "may", h.schema, set()) for h in entry.headers]
    said = {header.name.lower() for header in entry.headers}
    ruled = {s for rule in form.catalog.rules if rule.header for s in rule.statuses}
    return {
        status: (
            *own,
            *(
                _Held(rule.header, rule.level != "may", rule.schema, set())
                for rule in form.rules(status)
                if rule.header is not None and rule.header.lower() not in said
            ),
        )
        for status in (statuses if own else statuses & ruled)
    }


def _without_headers(verdict: Verdict, form: Compiled, status: int) -> Verdict:
    """Return a verdict with what is said about a response that has no header at all."""
    findings = rules.Findings()
    rules.check_headers(findings, verdict.entry, form, Response(status, headers=Headers()))
    found = EVERYTHING.applied(findings.violations)
    failing = any(violation.severity == "error" for violation in found)
    outcome: Outcome = "deviating" if failing else "documented"
    return replace(verdict, outcome=outcome, violations=found)


def _media_types(envelope: Envelope) -> frozenset[str] | None:
    """Return Content-Type values, as commonly written, that are as documented; None: any."""
    if not envelope.media_types:
        return None
    suffixes = ("", "; charset=utf-8", ";charset=utf-8", "; charset=UTF-8", ";charset=UTF-8")
    return frozenset(media + suffix for media in envelope.media_types for suffix in suffixes)


def _strangers(catalog: Catalog, envelope: Envelope) -> frozenset[str]:
    """Return members by which a body may be in another, more specific envelope."""
    return frozenset(
        name
        for rival in catalog.envelopes.values()
        if rival is not envelope
        and not any(_excluded(envelope, pointer, types) for pointer, types in rival.identify)
        for name in _strangers_in(envelope, rival)
    )


def _spellings(entry: DocumentedError, envelope: Envelope) -> list[Any]:
    code = str(entry.code)
    spelled: list[Any] = [code]
    digits = code.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) < 16:
        spelled.append(int(code))
    rule = envelope.code
    return [one for one in spelled if rule is not None and spell(one, rule) == code]


def _predicate_words(catalog: Catalog) -> tuple[bytes, ...] | None:
    """Return words of which a body must hold one to be an error; None where nobody can say."""
    predicate = catalog.error
    if predicate.undecided is not None:
        return None
    if predicate.body is None:
        return ()
    words = _required_words(predicate.body)
    if words is None or any(_ESCAPABLE.search(word) for word in words):
        return None
    return tuple(f'"{word}"'.encode() for word in words)


def _required_words(schema: Any, *, is_object: bool = False) -> list[str] | None:
    is_object = is_object or schema.get("type") == "object"
    if is_object and schema.get("required"):
        return [schema["required"][0]]
    found: list[str] = []
    for sub in schema.get("anyOf", ()):
        words = _required_words(sub, is_object=is_object) if isinstance(sub, dict) else None
        if words is None:
            return None
        found += words
    return found or None
