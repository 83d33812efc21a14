"""`check(response, catalog)`: which documented error a response is, and what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from pytest_apierrors.body import looks_like
from pytest_apierrors.catalog.compile import (
    NO_ERRORS,
    Candidate,
    compiled,
    identify,
    resolve,
    spell,
)
from pytest_apierrors.catalog.model import Unknown
from pytest_apierrors.check import rules
from pytest_apierrors.check.content import Content, content_of
from pytest_apierrors.check.diagnose import differences
from pytest_apierrors.check.fast import accept
from pytest_apierrors.check.recall import judged
from pytest_apierrors.check.retry import retry_advice
from pytest_apierrors.check.rules import Findings
from pytest_apierrors.check.verdict import (
    EVERYTHING,
    Outcome,
    Policy,
    Severity,
    Verdict,
    Violation,
)
from pytest_apierrors.check.words import count, either, show_text
from pytest_apierrors.inert import inert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_apierrors.catalog.compile import Compiled
    from pytest_apierrors.catalog.model import Catalog, DocumentedError, Envelope
    from pytest_apierrors.response import Response


_MOST_CODES = 12
_MOST_ERRORS = 100  # a body of megabytes may list a million


def check(response: Response, catalog: Catalog, policy: Policy = EVERYTHING) -> Verdict:
    """
    Hold one response against what a catalog documents.

    Pure: no input or output, and no exception for a mismatch. `policy` says which rules count.
    """
    form = compiled(catalog)
    whole = not (response.lost or response.declared)
    verdict = accept(response, form, policy) if whole else None
    if verdict is not None:
        return verdict
    return judged(response, form, policy, lambda one: _Check(one, form, policy).run())


class _Match(NamedTuple):
    """One candidate with what was found against it; the smallest rank is the best match."""

    entry: DocumentedError
    findings: Findings
    values: dict[str, str]
    rank: tuple[bool, int, int, bool, int]


class _Check:
    def __init__(
        self, response: Response, form: Compiled, policy: Policy, content: Content | None = None
    ) -> None:
        self.response = response
        self.form = form
        self.catalog = form.catalog
        self.policy = policy
        known = Content("none") if response.lost else content
        self.content = known or content_of(response)
        self.findings = Findings(clean=response.cleaned)
        self.code: str | None = None
        self.envelope: Envelope | None = None

    def run(self) -> Verdict:
        self._unexpected_body()
        self.unexpected = tuple(self.findings.violations)
        if not self._is_error():
            return self._verdict("not-an-error")
        if self._is_intermediary():
            return self._intermediary()
        self._look_into()
        errors = self._listed_errors()
        return self._judge() if errors is None else self._judge_each(errors)

    def _judge(self) -> Verdict:
        matches = [self._match(candidate) for candidate in self._candidates()]
        if not matches:
            return self._undocumented()
        matches.sort(key=lambda match: match.rank)
        best = matches[0]
        if best.entry.role in NO_ERRORS:
            best.findings.violations[:] = self.unexpected
            return self._verdict("not-an-error", best)
        self._ambiguous(matches)
        return self._verdict("documented", best)

    def _listed_errors(self) -> list[Any] | None:
        """Return the errors that a body lists, None where it is one error itself."""
        if self.envelope is None or self.envelope.each is None:
            return None
        found = resolve(self.content.value, self.envelope.each)
        if isinstance(found, list) and found:
            return found
        where = rules.path(self.envelope.each)
        self.findings.add("code-missing", where, "a list of errors", self.findings.show(found))
        return None

    def _judge_each(self, errors: list[Any]) -> Verdict:
        """Hold each error of a list against the catalog as if it had come alone."""
        envelope, findings = self.envelope, self.findings
        if envelope is None or envelope.each is None:
            return self._judge()
        rules.check_schema(findings, self.form, envelope, None, self.content.value)
        rules.check_content_type(findings, envelope, self.response)
        where = rules.path(envelope.each)
        if len(errors) > _MOST_ERRORS:
            found = f"the first {_MOST_ERRORS} of {len(errors)} were looked at"
            findings.add("undecided", where, "each error of the list", found)
        verdicts = [self._alone(error) for error in errors[:_MOST_ERRORS]]
        told = [*self.policy.applied(findings.violations)]
        for number, verdict in enumerate(verdicts):
            told += [_moved(one, f"{where}[{number}]") for one in verdict.violations]
        first = verdicts[0]
        deviates = any(one.severity == "error" for one in told)
        outcome = "deviating" if deviates and first.outcome == "documented" else first.outcome
        violations = tuple(dict.fromkeys(told))
        return replace(first, outcome=outcome, violations=violations, envelope=envelope.name)

    def _alone(self, error: Any) -> Verdict:
        one = _Check(self.response, self.form, self.policy, Content("json", error, usable=True))
        one.envelope = identify(self.catalog, error, alone=True)
        one.unexpected = self.unexpected
        one._look_into()
        return one._judge()

    def _unexpected_body(self) -> None:
        """Report a body where HTTP allows none; whatever it is."""
        if not self.content.data:
            return
        method = self.response.method
        for rule in self.catalog.rules:
            holds = method == rule.method if rule.method else self.response.status in rule.statuses
            if rule.header is None and holds:
                severity: Severity = "error" if self.catalog.own_rules else "warning"
                after = f"no body after {rule.method or self.response.status}"
                found = count(len(self.content.data), "byte")
                self.findings.add("body-unexpected", "body", after, found, severity)

    def _is_error(self) -> bool:
        predicate = self.catalog.error
        if predicate.undecided is not None and self.content.usable:
            self.findings.add("undecided", "$", predicate.undecided, "a body that may hold a code")
            return False
        if self.response.status in predicate.statuses:
            return True
        test = self.form.predicate
        return test is not None and self.content.usable and test.is_valid(self.content.value)

    def _is_intermediary(self) -> bool:
        if not self.catalog.envelopes and self.catalog.error.undecided is None:
            return False
        if self.content.usable:
            value = self.content.value
            self.envelope = identify(self.catalog, value)
            return self.envelope is None and self._gateway() is not None
        if self.content.kind == "empty":
            return not _json_type(self.response)
        return self.content.kind in ("html", "text", "xml")

    def _intermediary(self) -> Verdict:
        promised = self.response.status in self.catalog.promises_body
        severity: Severity = "warning" if promised else "note"
        wanted = rules.shape(next(iter(self.catalog.envelopes.values()), None))
        self.findings.add("intermediary-response", "body", wanted, self._front(), severity)
        rules.check_headers(self.findings, None, self.form, self.response)
        return self._verdict("intermediary")

    def _gateway(self) -> str | None:
        """Return the name of the gateway that writes such a JSON body."""
        value = self.content.value
        return next((one.name for one, test in self.form.gateways if test.is_valid(value)), None)

    def _front(self) -> str:
        if self.content.usable:
            return f"the shape that {self._gateway()} writes"
        names = {"html": "an HTML page", "text": "plain text", "xml": "XML"}
        return names.get(self.content.kind, "an empty body")

    def _look_into(self) -> None:
        """Find envelope and code, and note the defects of the body itself."""
        content = self.content
        if self.catalog.envelopes or content.kind == "undecodable":
            self.findings.extend(content.defects)
        if content.kind == "empty" and self.catalog.envelopes:
            self.findings.add("body-empty", "body", "JSON, as its Content-Type says", "nothing")
        elif content.kind == "binary" and self.catalog.envelopes:
            found = f"{count(len(content.data), 'byte')} that are no text"
            self.findings.add("body-unparsable", "body", "JSON", found)
        if not content.usable:
            return
        if self.envelope is not None and self.envelope.code is not None:
            found_code = resolve(content.value, self.envelope.code.pointer)
            self.code = spell(found_code, self.envelope.code)

    def _candidates(self) -> list[Candidate]:
        status = self.response.status
        if self.code is None or self.envelope is None:
            return [Candidate(entry) for entry in self._of_status(self.form.for_status(status))]
        known = self.form.codes.get((self.envelope.space, self.code), [])
        fitting = [one for one in known if self._fits(one.entry)]
        if fitting:
            return fitting
        return [Candidate(entry, claimed=True) for entry in self.form.unknown_codes(status)]

    def _of_status(self, entries: list[DocumentedError]) -> list[DocumentedError]:
        """Return the entries that a body without a code may be: those told apart, else the rest."""
        told = [entry for entry in entries if entry.key in self.form.matches]
        if not told or not self.content.usable:
            return entries
        rest = [entry for entry in entries if entry not in told]
        return [one for one in told if self._fits(one)] or rest or told

    def _fits(self, entry: DocumentedError) -> bool:
        test = self.form.matches.get(entry.key)
        return test is None or test.is_valid(self.content.value)

    def _match(self, candidate: Candidate) -> _Match:
        entry = candidate.entry
        findings = Findings(self.findings.violations, self.response.cleaned)
        if entry.role in NO_ERRORS:
            return _Match(entry, findings, {}, (False, 0, 0, False, 0))
        elsewhere = rules.check_status(findings, entry, self.response.status, self.catalog)
        if candidate.claimed and self.envelope is not None and self.envelope.code is not None:
            self._claimed_code(findings, entry, rules.path(self.envelope.code.pointer))
        values = self._check_body(findings, entry)
        rules.check_headers(findings, entry, self.form, self.response)
        rules.check_secondary(findings, entry, self.catalog)
        counts = {"error": 0, "warning": 0, "note": 0}
        for violation in findings.violations:
            counts[violation.severity] += 1
        other = not rules.is_printed(entry, self.envelope, self.content.value)
        rank = (elsewhere, counts["error"], counts["warning"], other, counts["note"])
        return _Match(entry, findings, values, rank)

    def _claimed_code(self, findings: Findings, entry: DocumentedError, where: str) -> None:
        if isinstance(entry.code, Unknown):
            wanted = "a code that no source names"
            found = findings.show_text(self.code)
            findings.add("code-undocumented", where, wanted, found, "note")
        else:
            found = findings.show_text(self.code)
            findings.add("contested", where, show_text(entry.code), found)

    def _check_body(self, findings: Findings, entry: DocumentedError) -> dict[str, str]:
        if not self.content.usable or not self.catalog.envelopes:
            return {}
        value = self.content.value
        envelope = self.envelope or self._nearest_envelope(entry)
        rules.check_schema(findings, self.form, envelope, entry, value)
        code = self.code
        if self.envelope is None and envelope.code is not None:
            code = spell(resolve(value, envelope.code.pointer), envelope.code)
        rules.check_code_present(findings, self.form, envelope, value, code)
        if not self._fits(entry):
            for difference in differences(entry.match or {}, value):
                rules.add_difference(findings, difference)
        if self.envelope is None:
            rules.check_known(findings, envelope, value)
        rules.check_content_type(findings, envelope, self.response)
        return rules.check_message(findings, entry, envelope, value)

    def _nearest_envelope(self, entry: DocumentedError | None) -> Envelope:
        """Return the envelope that a body in none of them most looks like, the entry's first."""
        envelopes = [e for e in self.catalog.envelopes.values() if e.each is None]
        nearest = [envelope for envelope in envelopes if envelope.code is not None] or envelopes
        if len(nearest) == 1:
            return nearest[0]
        value = self.content.value

        def distance(envelope: Envelope) -> tuple[int, bool, int]:
            foreign = entry is None or entry.space != envelope.space
            found = differences(self.form.schema(envelope, entry), value)
            return -rules.shared(envelope, value), foreign, len(found)

        return min(nearest, key=distance)

    def _undocumented(self) -> Verdict:
        status = self.response.status
        findings = self.findings
        if self.code is not None and self.envelope is not None and self.envelope.code is not None:
            where = rules.path(self.envelope.code.pointer)
            found = findings.show(resolve(self.content.value, self.envelope.code.pointer))
            findings.add("code-undocumented", where, self._known_codes(self.envelope), found)
        elif self.form.error_statuses and status not in self.catalog.success:
            known = _listed(self.form.error_statuses)
            findings.add("status-undocumented", "status", known, str(status))
        if status in self.catalog.success and 200 <= status < 300:
            findings.add("error-in-success", "status", "an error status", str(status))
        self._check_unknown_body()
        rules.check_headers(findings, None, self.form, self.response)
        return self._verdict("undocumented")

    def _check_unknown_body(self) -> None:
        """Hold the body of an undocumented error against its envelope, if it has one."""
        envelope, value = self.envelope, self.content.value
        if not self.content.usable:
            return
        # A catalog that knows no statuses has nothing but the shape to say what came.
        stranger = envelope is None and not self.form.error_statuses
        if stranger and self.catalog.envelopes:
            envelope = self._nearest_envelope(None)
        if envelope is None:
            return
        rules.check_schema(self.findings, self.form, envelope, None, value)
        rules.check_code_present(self.findings, self.form, envelope, value, self.code)
        if stranger:
            rules.check_known(self.findings, envelope, value)
        rules.check_content_type(self.findings, envelope, self.response)

    def _known_codes(self, envelope: Envelope) -> str:
        """Return the codes that may come under the status, or else the number of all."""
        excluded = self.form.codes.get((envelope.space, self.code or ""), [])
        if excluded:
            keys = either([one.entry.key for one in excluded])
            return f"this code in a body that fits the match of {keys}"
        entries = [e for e in self.catalog.errors.values() if e.space == envelope.space]
        coded = [entry for entry in entries if isinstance(entry.code, str)]
        own = self.form.by_status.get(self.response.status, [])
        anywhere = [entry for entry in coded if isinstance(entry.statuses, Unknown)]
        possible = [entry for entry in coded if entry in own or entry in anywhere]
        if len(possible) == len(anywhere):
            return f"one of {count(len(coded), 'code')}"
        if anywhere and len(possible) > _MOST_CODES:
            return f"one of {count(len(possible), 'code')}"
        return _listed([entry.code for entry in possible])

    def _ambiguous(self, matches: list[_Match]) -> None:
        best = matches[0]
        rivals = [match.entry.key for match in matches[1:] if match.rank == best.rank]
        if rivals and not self.response.lost:
            found = either([best.entry.key, *rivals])
            best.findings.add("ambiguous", "$", "one documented error", found)

    def _verdict(self, outcome: Outcome, match: _Match | None = None) -> Verdict:
        found = (self.findings if match is None else match.findings).violations
        violations = self.policy.applied(found)
        if outcome == "documented" and any(v.severity == "error" for v in violations):
            outcome = "deviating"
        entry = None if match is None else match.entry
        values = {} if match is None else match.values
        return Verdict(
            provider=self.catalog.name,
            outcome=outcome,
            entry=entry,
            code=self.code,
            violations=violations,
            retry=retry_advice(entry, self.response, values),
            values=values,
            envelope=None if self.envelope is None else self.envelope.name,
        )


def _moved(violation: Violation, below: str) -> Violation:
    """Return what was found in one error of a list, its place seen from the whole body."""
    where = violation.where
    return violation._replace(where=f"{below}{where[1:]}") if where.startswith("$") else violation


def _json_type(response: Response) -> bool:
    return looks_like(b"-", response.header("Content-Type")) == "json"


def _listed(values: Sequence[Any]) -> str:
    texts = [inert(str(value), 60) for value in values]
    if len(texts) > _MOST_CODES:
        return f"{' '.join(texts[:_MOST_CODES])} and {len(texts) - _MOST_CODES} others"
    return " ".join(texts)
