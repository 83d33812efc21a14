"""What a check says: outcomes, rules, violations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_apierrors.catalog.model import DocumentedError

Outcome = Literal["not-an-error", "intermediary", "documented", "deviating", "undocumented"]
Severity = Literal["error", "warning", "note"]
Rule = Literal[
    "status-undocumented",
    "status-mismatch",
    "code-undocumented",
    "code-missing",
    "content-type",
    "body-empty",
    "body-unparsable",
    "body-encoding",
    "body-unexpected",
    "field-missing",
    "field-type",
    "field-value",
    "field-undocumented",
    "message-differs",
    "header-missing",
    "header-value",
    "error-in-success",
    "intermediary-response",
    "ambiguous",
    "contested",
    "source-secondary",
    "undecided",
]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
RULES: tuple[Rule, ...] = get_args(Rule)
SEVERITIES: tuple[Severity, ...] = get_args(Severity)

DEFAULT_SEVERITY: Mapping[Rule, Severity] = {
    **dict.fromkeys(RULES, "error"),
    "field-undocumented": "warning",
    "message-differs": "warning",
    "intermediary-response": "note",
    "ambiguous": "note",
    "contested": "note",
    "source-secondary": "note",
    "undecided": "note",
}


class Violation(NamedTuple):
    """
    One difference between a response and the catalog.

    `where` is a JSONPath, `header:Name`, `status` or `body`; `documented` and `found` are short
    texts with secrets already taken out, "nothing" for what is absent.
    """

    rule: Rule
    severity: Severity
    where: str
    documented: str
    found: str


class Policy(msgspec.Struct, frozen=True):
    """Which rules count, and how much: `select` nothing means all; severities override."""

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    severity: tuple[tuple[str, Severity], ...] = ()

    def applied(self, violations: Iterable[Violation]) -> tuple[Violation, ...]:
        """Return the violations that are wanted, each with the severity that it gets."""
        levels = ((one, self.of(one.rule, one.severity)) for one in violations)
        return tuple(
            one if level == one.severity else one._replace(severity=level)
            for one, level in levels
            if level is not None
        )

    def of(self, rule: Rule, severity: Severity) -> Severity | None:
        """Return the severity that a rule's violation gets, or None where it is not wanted."""
        if rule in self.ignore or (self.select and rule not in self.select):
            return None
        for name, changed in self.severity:
            if name == rule:
                return changed
        return severity


EVERYTHING = Policy()


class RetryAdvice(msgspec.Struct, frozen=True):
    """What the catalog says about trying again; `seconds` is the delay that the response names."""

    advice: str
    seconds: float | None = None


class Verdict(msgspec.Struct, frozen=True):
    """
    The result of checking one response.

    `code` is the response's code in the page's spelling, set also where no entry has it.
    `values` are the placeholders of a message template.
    """

    provider: str
    outcome: Outcome
    entry: DocumentedError | None = None
    code: str | None = None
    violations: tuple[Violation, ...] = ()
    retry: RetryAdvice | None = None
    values: Mapping[str, str] = msgspec.field(default_factory=dict)
    envelope: str | None = None

    @property
    def category(self) -> str | None:
        """The google.rpc category of the matched entry."""
        return None if self.entry is None else self.entry.category

    @property
    def errors(self) -> tuple[Violation, ...]:
        """The violations of severity error."""
        return tuple(v for v in self.violations if v.severity == "error")

    @property
    def is_error(self) -> bool:
        """Whether the response is an error at all."""
        return self.outcome != "not-an-error"
