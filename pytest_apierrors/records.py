"""What is kept of a checked response: everything that a report shows, fit to be shown."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from pytest_apierrors.check.verdict import Violation  # noqa: TC001 - msgspec reads the type
from pytest_apierrors.evidence import Evidence  # noqa: TC001 - msgspec reads the type
from pytest_apierrors.explain.excerpt import excerpt
from pytest_apierrors.explain.headlines import (
    by_severity,
    code_text,
    finding,
    place_of,
    printable,
    sentence,
)
from pytest_apierrors.inert import inert
from pytest_apierrors.redact import redact_headers, redact_text, redact_url

if TYPE_CHECKING:
    from pytest_apierrors.response import Response
    from pytest_apierrors.results import Checked

_LONGEST_HEADER = 500


class Shown(msgspec.Struct, frozen=True):
    """A response as people may see it: secrets taken out, long values cut, nothing to obey."""

    headers: tuple[tuple[str, str], ...] | None
    body: tuple[str, ...]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """
    One checked response, safe to be written anywhere, and made of what JSON has.

    What stands in an xfail that came true was `expected`, for this reason.

    `file`, `line` (from 1) and `index` (from 0) say where it stands: in a recording, or in the
    test that received it, whose node id `test` is then. What is `declared` was never received.
    """

    provider: str
    evidence: Evidence
    file: str
    index: int
    status: int
    outcome: str
    line: int | None = None
    test: str | None = None
    method: str | None = None
    url: str | None = None
    entry: str | None = None
    code: str | None = None
    category: str | None = None
    retry: dict[str, Any] | None = None
    violations: tuple[Violation, ...] = ()
    sentence: str = ""
    declared: bool = False
    expected: str | None = None
    shown: Shown | None = None

    @property
    def is_error(self) -> bool:
        """Whether the response is an error at all."""
        return self.outcome != "not-an-error"

    @property
    def listed(self) -> bool:
        """Whether it is listed: an error, or a response that breaks a rule all the same."""
        return self.is_error or bool(self.violations)

    @property
    def ranked(self) -> list[Violation]:
        """The violations, errors first, otherwise in the order they were found."""
        return by_severity(self.violations)

    @property
    def findings(self) -> list[str]:
        """One line per violation, as a linter prints them."""
        at = self._at()
        return [f"{at}: {self.worded(one)}" for one in self.ranked]

    @property
    def outcome_line(self) -> str:
        """One line for the response as a whole, whether or not anything was found."""
        return f"{self._at()}: {self.provider} {self.status}: {self.sentence}"

    def worded(self, violation: Violation) -> str:
        """Return one violation in words, without its place."""
        told = finding(self.provider, self.status, self.entry, violation)
        return told if self.expected is None else f"{told}, expected: {self.expected or 'xfail'}"

    @property
    def title(self) -> str:
        """What it is among those of its file: a number in a recording, else its test."""
        if self.evidence == "recorded" or self.test is None:
            return f"#{self.index}"
        return self.test.partition("::")[2] or self.test

    def _at(self) -> str:
        at = place_of(self.file, self.line, None)
        return f"{at} {self.title}{' declared' * self.declared}"

    @property
    def place(self) -> tuple[str, int, int, str, str, int]:
        """What records are ordered by; the same in every run, however its parts were spread."""
        return (
            self.file,
            -1 if self.line is None else self.line,
            self.index,
            self.test or "",
            self.evidence,
            self.status,
        )


def record_of(
    checked: Checked,
    evidence: Evidence = "recorded",
    test: str | None = None,
    *,
    whole: bool = False,
) -> Record:
    """Return what is kept of a checked response; `whole`: its headers and body and a sentence."""
    verdict = printable(checked.verdict, checked.response)
    retry = verdict.retry
    return Record(
        provider=verdict.provider,
        evidence=evidence,
        file=file_text(checked.file),
        index=checked.index,
        line=checked.line,
        test=None if test is None else inert(redact_text(checked.scrubbed(test))),
        method=None if checked.method is None else _method(checked.scrubbed(checked.method)),
        url=None if checked.url is None else _url(checked.scrubbed(checked.url)),
        status=checked.status,
        outcome=verdict.outcome,
        entry=None if verdict.entry is None else verdict.entry.key,
        code=None if verdict.code is None else code_text(verdict.code),
        category=verdict.category,
        retry=None if retry is None else {"advice": retry.advice, "seconds": retry.seconds},
        violations=verdict.violations,
        sentence=sentence(verdict) if whole else "",
        declared=checked.response is not None and checked.response.declared,
        shown=_shown(checked.response) if whole and checked.response is not None else None,
    )


def brief(checked: Checked) -> Record:
    """Return what a report of findings shows; nothing of the response but its status is kept."""
    verdict = checked.verdict
    return Record(
        provider=verdict.provider,
        evidence="recorded",
        file=file_text(checked.file),
        index=checked.index,
        line=checked.line,
        status=checked.status,
        outcome=verdict.outcome,
        entry=None if verdict.entry is None else verdict.entry.key,
        violations=verdict.violations,
        declared=checked.response is not None and checked.response.declared,
    )


@lru_cache(maxsize=256)  # as the two below: a recording holds many responses that are alike
def file_text(name: str) -> str:
    """Return a file's name as text that every parser takes."""
    return redact_text(name.encode("utf-8", "backslashreplace").decode())


@lru_cache(maxsize=256)
def _method(method: str) -> str:
    return inert(redact_text(method), 40)


@lru_cache(maxsize=256)  # most recordings ask for few URLs many times
def _url(url: str) -> str:
    return inert(redact_url(url))


def _shown(response: Response) -> Shown:
    headers = response.headers
    pairs = None
    if headers is not None:
        # A played cassette of vcrpy has them in the order of a set: another one in each process.
        ordered = sorted(headers.pairs, key=lambda pair: pair[0].lower())
        scrubbed = [(name, response.scrubbed(value)) for name, value in ordered]
        pairs = tuple(
            (inert(name, _LONGEST_HEADER), inert(value, _LONGEST_HEADER))
            for name, value in redact_headers(scrubbed)
        )
    return Shown(pairs, tuple(excerpt(response)))
