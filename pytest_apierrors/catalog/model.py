"""What a catalog says, as frozen values; `load` makes them from JSON."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

Schema = dict[str, Any]
"""A JSON Schema in the closed subset that `catalog.subset` lists."""

SourceKind = Literal["page", "specification", "sdk", "capture", "inference"]
PRIMARY_KINDS = frozenset({"page", "specification"})
"""Kinds of source by which a provider itself documents; an entry without one is secondary."""

Role = Literal["error", "success", "state", "unobservable"]
Advice = Literal["never", "later", "after"]
MatchMode = Literal["exact", "template", "example"]
Level = Literal["must", "should", "may"]


class Source(msgspec.Struct, frozen=True):
    """Where a fact comes from; `read` is the ISO date on which somebody looked."""

    id: str
    kind: SourceKind
    url: str
    revision: str | None = None
    read: str | None = None
    note: str | None = None


class Unknown(msgspec.Struct, frozen=True):
    """A fact that no source states, with the reason; never a guess."""

    reason: str


class Claim(msgspec.Struct, frozen=True):
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


class Predicate(msgspec.Struct, frozen=True):
    """
    What is an error: one of `statuses`, or a body that fits `body`.

    With `undecided` the body part cannot be decided (the reason is given), so a JSON body
    leaves the question open.
    """

    statuses: frozenset[int] = frozenset()
    body: Schema | None = None
    undecided: str | None = None


class CodeRule(msgspec.Struct, frozen=True):
    """Where an envelope keeps its code, and how the code is spelled."""

    pointer: tuple[str, ...]
    none: tuple[Any, ...] = (None, 0)
    width: int = 0
    """Digits to which a number is padded with zeros to get the page's spelling."""
    maximum_none: int | None = None
    """Numbers up to this one mean "no code", too."""


class Envelope(msgspec.Struct, frozen=True):
    """A body shape that the provider uses for errors."""

    name: str
    identify: tuple[tuple[tuple[str, ...], frozenset[str]], ...]
    """Pointers that must resolve, each with the JSON types it may have ("absent" allowed)."""
    schema: Schema
    code: CodeRule | None = None
    message: tuple[str, ...] | None = None
    reference: tuple[str, ...] | None = None
    each: tuple[str, ...] | None = None
    """Where a body lists several errors, each of them in another envelope."""
    space: str = "default"
    media_types: tuple[str, ...] = ()
    media_types_source: str | None = None
    claims: tuple[Claim, ...] = ()
    sources: tuple[str, ...] = ()


class Message(msgspec.Struct, frozen=True):
    """The text that goes with an error; a template names placeholders like `{seconds}`."""

    text: str
    match: MatchMode


class Header(msgspec.Struct, frozen=True):
    """
    One response header of an error.

    `level` must: its absence is a violation; should: a smaller one; may: only its value is held
    against `schema` (of the value as a string).
    """

    name: str
    level: Level
    schema: Schema | None = None
    source: str | None = None


class Retry(msgspec.Struct, frozen=True):
    """
    What a client should do: never, later, or after a delay.

    The delay stands in a header, in a message placeholder (both in seconds), or is `seconds`.
    """

    advice: Advice
    header: str | None = None
    placeholder: str | None = None
    seconds: float | None = None
    source: str | None = None


class Example(msgspec.Struct, frozen=True):
    """A body to show; `printed` by a page or `composed` from sourced fields."""

    kind: Literal["printed", "composed"]
    body: Any
    headers: tuple[tuple[str, str], ...] = ()
    status: int | None = None


class DocumentedError(msgspec.Struct, frozen=True):
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


class HttpRule(msgspec.Struct, frozen=True):
    """What HTTP itself says about some statuses (or a method): a header, or no body."""

    statuses: frozenset[int]
    level: Level
    source: str
    header: str | None = None
    schema: Schema | None = None
    method: str | None = None
    """A rule with a method holds for responses to it, whatever the status."""


class Gateway(msgspec.Struct, frozen=True):
    """A JSON body that a well-known gateway, not the API, writes."""

    name: str
    schema: Schema
    source: str


class Probe(msgspec.Struct, frozen=True):
    """
    A harmless request that provokes a documented error: without credentials, it changes nothing.

    `statuses` or `entries` say which answer is documented, keys of entries naming it exactly.
    `harmless` says why a method that could change something changes nothing here.
    """

    name: str
    method: str
    path: str
    sources: tuple[str, ...]
    headers: tuple[tuple[str, str], ...] = ()
    statuses: tuple[int, ...] = ()
    entries: tuple[str, ...] = ()
    harmless: str | None = None
    secondary: bool = False
    """True where only an SDK, a capture or an inference says what the answer is."""


class Catalog(msgspec.Struct, frozen=True, eq=False):
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
    probes: tuple[Probe, ...] = ()
    extends: str | None = None
    base: bool = False
    raw: dict[str, Any] = msgspec.field(default_factory=dict)
    cache: dict[str, Any] = msgspec.field(default_factory=dict)
    """Where compiled forms of this value are kept by those who compile."""

    def __eq__(self, other: object) -> bool:
        """Compare what the catalogs say, not how."""
        said = [name for name in self.__struct_fields__ if name not in ("raw", "cache")]
        return isinstance(other, Catalog) and all(
            getattr(self, name) == getattr(other, name) for name in said
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Show the name; the rest would fill pages."""
        return f"Catalog({self.name!r})"
