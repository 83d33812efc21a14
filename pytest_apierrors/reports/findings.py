"""Findings one by one: each violation with its response, and a name that outlives edits."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from pytest_apierrors.baseline import Deviation
from pytest_apierrors.check.verdict import Violation  # noqa: TC001 - the same
from pytest_apierrors.records import Record  # noqa: TC001 - a NamedTuple keeps its types

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_Key = tuple[Deviation, str, str]


class Finding(NamedTuple):
    """One violation of one response; `number` counts equal ones of the same place from 0."""

    record: Record
    violation: Violation
    number: int = 0

    @property
    def text(self) -> str:
        """The finding in words, without its place."""
        return self.record.worded(self.violation)

    @property
    def deviation(self) -> Deviation:
        """What a baseline would accept."""
        return deviation_of(self.record, self.violation)

    @property
    def fingerprint(self) -> str:
        """A name that stays the same when lines move or other findings come and go."""
        deviation, file, test = _key(self.record, self.violation)
        return fingerprint(*deviation, file, test, self.number)


def findings(records: Iterable[Record]) -> Iterator[Finding]:
    """Yield what was found in responses, in their order, the errors of each first."""
    seen: Counter[_Key] = Counter()
    for record in records:
        for violation in record.ranked:
            key = _key(record, violation)
            yield Finding(record, violation, seen[key])
            seen[key] += 1


def fingerprint(*parts: str | int) -> str:
    """Return a hash of what names a finding."""
    return sha256(json.dumps(parts).encode()).hexdigest()[:40]


def deviation_of(record: Record, violation: Violation) -> Deviation:
    """Return what a baseline accepts, without any value that was drawn or recorded."""
    entry = f"status-{record.status}" if record.entry is None else record.entry
    return Deviation(record.provider, entry, violation.rule, violation.where)


def _key(record: Record, violation: Violation) -> _Key:
    # The test of a recorded response is named after its number, which moves with every new one.
    test = "" if record.evidence == "recorded" or record.test is None else record.test
    return deviation_of(record, violation), record.file, test
