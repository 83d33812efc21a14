"""What must hold for a response to go the short way: made once for a catalog."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from pytest_apierrors.catalog.compile import spell
from pytest_apierrors.catalog.model import Unknown
from pytest_apierrors.check import rules
from pytest_apierrors.check.diagnose import differences
from pytest_apierrors.check.verdict import EVERYTHING, RetryAdvice, Verdict
from pytest_apierrors.response import Headers, Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_apierrors.catalog.compile import Candidate, Compiled
    from pytest_apierrors.catalog.engine import Validator
    from pytest_apierrors.catalog.model import Catalog, DocumentedError, Envelope, Schema
    from pytest_apierrors.check.verdict import Outcome

MAX_KNOWN = 64
_ESCAPABLE = re.compile(r'["\\/\x00-\x1f]')
"""Characters that JSON may spell in another way than as they are and as `\\u`."""


class Held(Struct, frozen=True):
    """
    A header that a source says something of; `known` are values that were found right.

    `bit` is its own among those of the same response.
    """

    schema: Schema | None
    bit: int
    known: set[str]

    def fits(self, value: str) -> bool:
        """Whether nothing can be said against a value."""
        if self.schema is None:
            return True
        if differences(self.schema, value.strip()):
            return False
        if len(self.known) < MAX_KNOWN:
            self.known.add(value)
        return True


class Expected(Struct, frozen=True):
    """What is expected of the headers under one status; names are in lower case."""

    by_name: dict[str, Held]
    bits: int
    """Of all headers that have to be there."""
    least: int
    """Of those that have to be there even for `bare`."""
    bare: Verdict | None
    """The verdict without any of the others."""


class Plan(Struct, frozen=True):
    """What must hold for one code on the wire, and the verdict where it does."""

    expected: dict[int, Expected]
    """For each status that is as documented."""
    validator: Validator
    message_key: str | None
    message: str | None
    strangers: frozenset[str]
    verdict: Verdict
    envelope: Envelope
    rivals: tuple[DocumentedError, ...] = ()
    """Entries that claim the code: a worse match, except for a body that is their example."""


class Plans(Struct, frozen=True):
    """The plans of a catalog: for each member that holds codes, those of the codes."""

    by_code: dict[str, dict[Any, Plan]]
    harmless: Verdict
    """The verdict of a response that is no error."""
    harmless_statuses: frozenset[int]
    error_words: tuple[bytes, ...]
    """Without one of these in the body, the error predicate cannot hold."""


def made(form: Compiled) -> Plans:
    """Make the plans of a catalog."""
    catalog = form.catalog
    by_code: dict[str, dict[Any, Plan]] = {}
    for envelope in _plain_envelopes(catalog):
        for candidates in form.codes.values():
            for key, code, plan in _plans(form, envelope, candidates):
                by_code.setdefault(key, {})[code] = plan
    words = _predicate_words(catalog)
    quiet = frozenset(range(200, 300)) - catalog.error.statuses
    no_body = {s for rule in catalog.rules if rule.header is None for s in rule.statuses}
    return Plans(
        by_code=by_code,
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
    own = {pointer[0] for pointer, _ in envelope.identify if pointer}
    named = {one[0] for one, types in rival.identify if one and "absent" not in types}
    return named - own


def _excluded(envelope: Envelope, pointer: tuple[str, ...], types: frozenset[str]) -> bool:
    """Whether the envelope's own schema keeps a pointer from resolving as a rival needs it."""
    if not pointer:
        return envelope.schema.get("type") == "object" and "object" not in types
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


def _meant(candidates: list[Candidate], envelope: Envelope) -> DocumentedError | None:
    """Return the one entry, known from a page, that a code means in the envelope's space."""
    own = [one.entry for one in candidates if not one.claimed]
    if len(own) != 1 or any(one.entry.role != "error" for one in candidates):
        return None
    entry = own[0]
    plain = entry.space == envelope.space and not entry.secondary and entry.match is None
    return entry if plain else None


def _provable(entry: DocumentedError, envelope: Envelope) -> bool:
    """Whether the short way can tell all that an entry says of a body."""
    own = envelope.schema.get("properties", {})
    if entry.body is not None and not own.keys().isdisjoint(entry.body["properties"]):
        return False  # what the envelope's schema proves may not hold under this entry's
    message = entry.message
    if message is None or message.match == "example" or envelope.message is None:
        told = True
    else:
        told = message.match == "exact" and len(envelope.message) == 1
    return told and (entry.retry is None or not entry.retry.header)


def _plans(
    form: Compiled, envelope: Envelope, candidates: list[Candidate]
) -> Iterator[tuple[str, Any, Plan]]:
    entry = _meant(candidates, envelope)
    if entry is None or envelope.code is None or not _provable(entry, envelope):
        return
    message, retry = entry.message, entry.retry
    exact = message is not None and message.match != "example"
    rivals = tuple(one.entry for one in candidates if one.claimed)
    verdict = Verdict(
        form.catalog.name,
        "documented",
        entry,
        entry.code if isinstance(entry.code, str) else None,
        retry=RetryAdvice(retry.advice, retry.seconds) if retry else None,
        envelope=envelope.name,
    )
    plan = Plan(
        expected=dict(_expected(form, verdict, envelope, contested=bool(rivals))),
        validator=form.validator(envelope, entry),
        message_key=envelope.message[0] if envelope.message and exact else None,
        message=None if message is None else message.text,
        strangers=_strangers(form.catalog, envelope),
        verdict=verdict,
        envelope=envelope,
        rivals=rivals,
    )
    for code in _spellings(entry, envelope):
        yield envelope.code.pointer[0], code, plan


def _plain_statuses(form: Compiled, entry: DocumentedError) -> frozenset[int]:
    """Return the statuses of an error under which a body is not forbidden."""
    catalog = form.catalog
    known = catalog.error.statuses
    statuses = known if isinstance(entry.statuses, Unknown) else known & set(entry.statuses)
    bare = (rule for rule in catalog.rules if rule.header is None and not rule.method)
    return statuses - catalog.success - {s for rule in bare for s in rule.statuses}


def _expected(
    form: Compiled, verdict: Verdict, envelope: Envelope, *, contested: bool
) -> Iterator[tuple[int, Expected]]:
    """Yield what is expected under each status; one where a header is spoken of twice is left."""
    entry = verdict.entry
    if entry is None:
        return
    media = _media_types(envelope)
    typed = [("content-type", True, {"enum": media})] if media else []
    own = [(h.name.lower(), h.level != "may", h.schema) for h in entry.headers]
    said = {name for name, _, _ in own}
    for status in _plain_statuses(form, entry):
        ruled = [
            (rule.header.lower(), rule.level != "may", rule.schema)
            for rule in form.rules(status)
            if rule.header is not None and rule.header.lower() not in said
        ]
        by_name: dict[str, Held] = {}
        bits = 0
        for number, (name, needed, schema) in enumerate((*typed, *own, *ruled)):
            by_name[name] = Held(schema, 1 << number, set())
            bits |= by_name[name].bit if needed else 0
        if len(by_name) == len(typed) + len(own) + len(ruled):
            least = len(typed)
            plain = bits == least or contested  # what is missing could make a rival the better one
            bare = None if plain else _without_headers(verdict, form, status)
            yield status, Expected(by_name, bits, least, bare)


def _without_headers(verdict: Verdict, form: Compiled, status: int) -> Verdict:
    """Return a verdict with what is said about a response that has no header at all."""
    findings = rules.Findings()
    rules.check_headers(findings, verdict.entry, form, Response(status, headers=Headers()))
    found = EVERYTHING.applied(findings.violations)
    failing = any(violation.severity == "error" for violation in found)
    outcome: Outcome = "deviating" if failing else "documented"
    return replace(verdict, outcome=outcome, violations=found)


def _media_types(envelope: Envelope) -> list[str]:
    """Return Content-Type values, as commonly written, that are as documented; none: any is."""
    suffixes = ("", "; charset=utf-8", ";charset=utf-8", "; charset=UTF-8", ";charset=UTF-8")
    return [media + suffix for media in envelope.media_types for suffix in suffixes]


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
