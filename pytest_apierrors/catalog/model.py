"""What a catalog says, as frozen values; `load` makes them from JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Schema = dict[str, Any]
"""A JSON Schema in the closed subset that `catalog.subset` lists."""

SourceKind = Literal["page", "specification", "sdk", "capture", "inference"]
PRIMARY_KINDS = frozenset({"page", "specification"})
"""Kinds of source by which a provider itself documents; an entry without one is secondary."""

Role = Literal["error", "success", "state", "unobservable"]
Advice = Literal["never", "later", "after"]
MatchMode = Literal["exact", "template", "example"]
Level = Literal["must", "should", "may"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from; `read` is the ISO date on which somebody looked."""

    id: str
    kind: SourceKind
    url: str
    revision: str | None = None
    read: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A fact that no source states, with the reason; never a guess."""

    reason: str


@dataclass(frozen=True, slots=True)
class Claim:
    """
    One source's word on one fact.

    `fact` names it ("code", "status", "message", ...). A live claim is accepted beside the
    entry's own value, a rejected one is kept with the reason. `finding` names the one lint
    finding that the claim answers.
    """

    fact: str
    value: Any
    source: str
    state: Literal["live", "rejected"] = "live"
    reason: str | None = None
    finding: str | None = None


@dataclass(frozen=True, slots=True)
class Predicate:
    """
    What is an error: one of `statuses`, or a body that fits `body`.

    With `undecided` the body part cannot be decided (the reason is given), so a JSON body
    leaves the question open.
    """

    statuses: frozenset[int] = frozenset()
    body: Schema | None = None
    undecided: str | None = None


@dataclass(frozen=True, slots=True)
class CodeRule:
    """Where an envelope keeps its code, and how the code is spelled."""

    pointer: tuple[str, ...]
    none: tuple[Any, ...] = (None, 0)
    width: int = 0
    """Digits to which a number is padded with zeros to get the page's spelling."""
    maximum_none: int | None = None
    """Numbers up to this one mean "no code", too."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A body shape that the provider uses for errors."""

    name: str
    identify: tuple[tuple[tuple[str, ...], frozenset[str]], ...]
    """Pointers that must resolve, each with the JSON types it may have ("absent" allowed)."""
    schema: Schema
    code: CodeRule | None = None
    message: tuple[str, ...] | None = None
    reference: tuple[str, ...] | None = None
    space: str = "default"
    media_types: tuple[str, ...] = ()
    media_types_source: str | None = None
    claims: tuple[Claim, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """The text that goes with an error; a template names placeholders like `{seconds}`."""

    text: str
    match: MatchMode


@dataclass(frozen=True, slots=True)
class Header:
    """
    One response header of an error.

    `level` must: its absence is a violation; should: a smaller one; may: only its value is held
    against `schema` (of the value as a string).
    """

    name: str
    level: Level
    schema: Schema | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """
    What a client should do: never, later, or after a delay.

    The delay stands in a header, in a message placeholder (both in seconds), or is `seconds`.
    """

    advice: Advice
    header: str | None = None
    placeholder: str | None = None
    seconds: float | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A body to show; `printed` by a page or `composed` from sourced fields."""

    kind: Literal["printed", "composed"]
    body: Any
    headers: tuple[tuple[str, str], ...] = ()
    status: int | None = None


@dataclass(frozen=True, slots=True)
class DocumentedError:
    """One entry of a catalog: a code and/or a status, and what goes with it."""

    key: str
    code: str | Unknown | None
    statuses: tuple[int, ...] | Unknown
    sources: tuple[str, ...]
    role: Role = "error"
    name: str | None = None
    description: str | None = None
    message: Message | None = None
    headers: tuple[Header, ...] = ()
    body: Schema | None = None
    """Properties and required names that this entry adds to its envelope's schema."""
    retry: Retry | None = None
    category: str | None = None
    match: Schema | None = None
    space: str = "default"
    example: Example | None = None
    no_example: str | None = None
    claims: tuple[Claim, ...] = ()
    secondary: bool = False
    """True where only an SDK, a capture or an inference knows the entry."""

    @property
    def retryable(self) -> bool | None:
        """Whether the same request may work later; None where no source says."""
        return None if self.retry is None else self.retry.advice != "never"

    def live(self, fact: str) -> tuple[Any, ...]:
        """Return the values that live claims give for one fact, beside the entry's own."""
        return tuple(c.value for c in self.claims if c.fact == fact and c.state == "live")


@dataclass(frozen=True, slots=True)
class HttpRule:
    """What HTTP itself says about some statuses (or a method): a header, or no body."""

    statuses: frozenset[int]
    level: Level
    source: str
    header: str | None = None
    schema: Schema | None = None
    method: str | None = None
    """A rule with a method holds for responses to it, whatever the status."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """A JSON body that a well-known gateway, not the API, writes."""

    name: str
    schema: Schema
    source: str


@dataclass(frozen=True)
class Catalog:
    """Everything known about the errors of one provider."""

    name: str
    title: str
    file: str
    hosts: tuple[str, ...]
    sources: dict[str, Source]
    error: Predicate
    success: frozenset[int]
    promises_body: frozenset[int]
    envelopes: dict[str, Envelope]
    errors: dict[str, DocumentedError]
    rules: tuple[HttpRule, ...] = ()
    own_rules: bool = False
    """True where the rules are the catalog's own, not inherited."""
    gateways: tuple[Gateway, ...] = ()
    claims: tuple[Claim, ...] = ()
    extends: str | None = None
    base: bool = False
    raw: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    cache: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """Where compiled forms of this value are kept by those who compile."""
