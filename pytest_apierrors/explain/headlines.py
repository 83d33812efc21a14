"""A verdict on one line: headlines, findings as a linter prints them, names of entries."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_apierrors.catalog.model import Unknown
from pytest_apierrors.check.verdict import SEVERITIES
from pytest_apierrors.check.words import count
from pytest_apierrors.inert import inert
from pytest_apierrors.redact import redact_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_apierrors.catalog.model import DocumentedError
    from pytest_apierrors.check.verdict import Verdict, Violation
    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Response

_LONGEST_CODE = 120
_LONGEST_FOUND = 60

_GISTS = {
    "status-undocumented": "undocumented status",
    "status-mismatch": "documented under {documented}",
    "code-undocumented": "undocumented code {found}",
    "code-missing": "{where} missing",
    "content-type": "{where} is {found}",
    "body-empty": "the body is empty",
    "body-unparsable": "the body is not sound JSON",
    "body-encoding": "the body cannot be decoded",
    "body-unexpected": "{documented} expected, {found} came",
    "field-missing": "{where} missing",
    "field-type": "{where} is {found}, not {documented}",
    "field-value": "{where} is {found}",
    "field-undocumented": "{where} is undocumented",
    "message-differs": "another message",
    "header-missing": "{where} missing",
    "header-value": "{where} is {found}",
    "error-in-success": "an error under a status of success",
}


def printable(verdict: Verdict, response: Response | None) -> Verdict:
    """
    Return a verdict that can be worded: its code is the response's own word.

    A documented code is no secret; any other may be the request's credential.
    """
    code, entry = verdict.code, verdict.entry
    if response is None or code is None or (entry is not None and entry.code == code):
        return verdict
    return replace(verdict, code=response.scrubbed(code))


def headline(verdict: Verdict, status: int) -> str:
    """Return the one line that answers alone: provider, status, verdict."""
    return f"{verdict.provider} {status}: {sentence(verdict)}"


def problem_line(error: RecordingError) -> str:
    """Return one line for what could not be read."""
    return f"{place_of(error.file, error.line, error.index)}: {inert(error.reason)}"


def finding(provider: str, status: int, entry: str | None, violation: Violation) -> str:
    """Return one violation on one line, without its place; `entry` is the key of what matched."""
    subject = f"{provider} {status}"
    matched = "" if entry is None else f"{entry}, "
    where = "" if violation.where in ("$", "body", "status") else f" {where_text(violation)}"
    told = f"documented: {violation.documented}"
    if violation.where != "status":  # the line names the status already
        told += f", found: {violation.found}"
    return f"{subject}: {matched}{violation.severity} {violation.rule}{where} ({told})"


def by_severity(violations: Sequence[Violation]) -> list[Violation]:
    """Return violations, errors first, otherwise in the order they were found."""
    return sorted(violations, key=lambda one: SEVERITIES.index(one.severity))


def named(entry: DocumentedError) -> str:
    """Return an entry's key with its name."""
    return entry.key if entry.name in (None, entry.key) else f"{entry.key} ({entry.name})"


def titled(entry: DocumentedError) -> str:
    """Return an entry's key with its name and statuses."""
    statuses = (
        "any status" if isinstance(entry.statuses, Unknown) else " ".join(map(str, entry.statuses))
    )
    facts = [fact for fact in (entry.name, statuses) if fact and fact != entry.key]
    return f"{entry.key} ({', '.join(facts)})" if facts else entry.key


@lru_cache(maxsize=256)  # a provider has few codes, and a recording may have many of each
def code_text(code: str) -> str:
    """Return a code from outside, fit to be printed."""
    return inert(redact_text(code), _LONGEST_CODE)


def sentence(verdict: Verdict) -> str:
    """Return what a response is found to be."""
    entry, errors = verdict.entry, verdict.errors
    if verdict.outcome == "intermediary":
        found = next((v.found for v in verdict.violations if v.rule == "intermediary-response"), "")
        return f"an intermediary answered, not the API{f' ({found})' if found else ''}"
    if verdict.outcome == "deviating" and entry is not None and errors:
        if guessed(verdict):
            return f"no documented error fits ({_gist(errors)})"
        return f"deviates from {named(entry)}: {_gist(errors)}"
    if verdict.outcome == "documented" and entry is not None:
        return f"documented error {named(entry)}{_remarks(verdict)}"
    rules = {violation.rule for violation in verdict.violations}
    if verdict.outcome == "not-an-error":
        known = "undecided whether it is an error" if is_open(verdict) else "not an error"
        return f"{known}: {_gist(errors)}" if errors else f"{known}{_remarks(verdict)}"
    if verdict.code is not None:
        return f"undocumented error code {code_text(verdict.code)}"
    return "undocumented status" if "status-undocumented" in rules else "undocumented error"


def _remarks(verdict: Verdict) -> str:
    """Count the violations that are no errors; what is undecided is said already."""
    found = [violation for violation in verdict.violations if violation.rule != "undecided"]
    numbers = [
        count(sum(one.severity == severity for one in found), severity)
        for severity in ("warning", "note")
        if any(one.severity == severity for one in found)
    ]
    return f", with {' and '.join(numbers)}" if numbers else ""


def guessed(verdict: Verdict) -> bool:
    """Whether the entry is only the likeliest of a status, because the body has no code."""
    return verdict.code is None and verdict.entry is not None and verdict.entry.code is not None


def is_open(verdict: Verdict) -> bool:
    """Whether a catalog cannot tell that a response is an error."""
    undecided = any(violation.rule == "undecided" for violation in verdict.violations)
    return undecided and not verdict.is_error


def _gist(violations: Sequence[Violation]) -> str:
    first = violations[0]
    words = _GISTS.get(first.rule, first.rule)
    if first.rule == "code-missing" and first.found != "nothing":
        words = "{where} is {found}, which is no code"
    found = inert(first.found, _LONGEST_FOUND)
    said = words.format(where=where_text(first), documented=first.documented, found=found)
    more = len(violations) - 1
    return f"{said}, and {more} more" if more else said


def where_text(violation: Violation) -> str:
    """Return where a violation is: a header's name alone, or a JSONPath."""
    return inert(violation.where.removeprefix("header:"), _LONGEST_CODE)


def place_of(file: str, line: int | None, index: int | None) -> str:
    """Return a place in a recording, as far as it is known."""
    at = "" if line is None else f":{line}"
    return f"{inert(redact_text(file))}{at}{'' if index is None else f' #{index}'}"
