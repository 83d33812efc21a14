"""Deviations that a team has accepted, each with a reason: what is new fails, what is known not."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date  # noqa: TC003 - msgspec reads the type
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from msgspec.structs import replace

from pytest_apierrors.atomic import NotWritten, replacing
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.inert import inert
from pytest_apierrors.strictjson import loads

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pytest_apierrors.check.verdict import Verdict, Violation

VERSION = 1
_LARGEST = 16 << 20


class Deviation(NamedTuple):
    """What is accepted: never a drawn or recorded value, so that the same defect is the same."""

    provider: str
    entry: str
    rule: str
    where: str

    def __str__(self) -> str:
        """Name it on one line."""
        return f"{self.provider} {self.entry}: {self.rule} at {inert(self.where)}"


class Accepted(msgspec.Struct, frozen=True):
    """One line of a baseline; after the day `expires` it accepts nothing any more."""

    provider: str
    entry: str
    rule: str
    where: str
    reason: str
    expires: date | None = None

    @property
    def deviation(self) -> Deviation:
        """What is accepted."""
        return Deviation(self.provider, self.entry, self.rule, self.where)


class Baseline:
    """
    The accepted deviations of one file, which of them came, and which new ones.

    `known` counts those that were accepted, `new` all others.
    """

    def __init__(self, lines: Iterable[Accepted], today: date) -> None:
        self.lines = {line.deviation: line for line in lines}
        self.today = today
        self.known: Counter[Deviation] = Counter()
        self.new: Counter[Deviation] = Counter()

    def applied(self, verdict: Verdict, status: int) -> Verdict:
        """Return a verdict whose accepted violations are notes, and count those."""
        if not verdict.errors:
            return verdict
        violations = tuple(self._judged(verdict, status, one) for one in verdict.violations)
        changed = replace(verdict, violations=violations)
        settled = verdict.outcome == "deviating" and not changed.errors
        return replace(changed, outcome="documented") if settled else changed

    def _judged(self, verdict: Verdict, status: int, violation: Violation) -> Violation:
        if violation.severity != "error":
            return violation
        deviation = deviation_of(verdict, status, violation)
        line = self.lines.get(deviation)
        if line is None or (line.expires is not None and line.expires < self.today):
            return violation
        self.known[deviation] += 1
        return violation._replace(severity="note")

    def count_new(self, verdict: Verdict, status: int) -> None:
        """Count the violations of severity error that are left."""
        for violation in verdict.errors:
            self.new[deviation_of(verdict, status, violation)] += 1

    def take(self) -> dict[str, list[list[Any]]]:
        """Return what was counted since the last time, as JSON has it, and begin anew."""
        taken = {
            name: [[*deviation, times] for deviation, times in sorted(counter.items())]
            for name, counter in (("known", self.known), ("new", self.new))
            if counter
        }
        self.known.clear()
        self.new.clear()
        return taken

    def add(self, taken: Mapping[str, Iterable[list[Any]]]) -> None:
        """Add what another process counted."""
        for name, counter in (("known", self.known), ("new", self.new)):
            for *deviation, times in taken.get(name, ()):
                counter[Deviation(*deviation)] += times

    @property
    def unseen(self) -> list[Accepted]:
        """The lines whose deviation did not come: it is mended, or its test did not run."""
        seen = self.known.keys() | self.new.keys()
        return [line for line in self.lines.values() if line.deviation not in seen]

    @property
    def late(self) -> list[Accepted]:
        """The expired lines whose deviation came all the same."""
        return [line for line in self.lines.values() if line.deviation in self.new]

    def summary(self, *, tested: bool = True) -> list[str]:
        """Say what was accepted, what is new, what has expired and what was not seen."""
        if not tested:
            return ["baseline: not compared, because no response was checked"]
        fresh = [one for one in sorted(self.new) if one not in self.lines]
        told = [f"{len(self.known)} accepted, {len(fresh)} new"]
        told += [f"{len(self.late)} expired"] if self.late else []
        told += [f"{len(self.unseen)} not seen"] if self.unseen else []
        lines = [f"baseline: {', '.join(told)}"]
        lines += [f"  expired {line.expires}: {line.deviation}" for line in self.late]
        lines += [f"  new: {one}" for one in fresh]
        lines += [
            f"  not seen (mended, or not run): {line.deviation}"
            for line in sorted(self.unseen, key=lambda one: one.deviation)
        ]
        return lines

    def extended(self, reason: str) -> list[Accepted]:
        """Return the lines with every new deviation accepted for this reason; none is dropped."""
        fresh = [Accepted(*one, reason) for one in sorted(self.new) if one not in self.lines]
        return [*self.lines.values(), *fresh]


def deviation_of(verdict: Verdict, status: int, violation: Violation) -> Deviation:
    """Return what a violation is called in a baseline; without an entry its status names it."""
    entry = f"status-{status}" if verdict.entry is None else verdict.entry.key
    return Deviation(verdict.provider, entry, violation.rule, violation.where)


def load(path: Path, name: str, today: date) -> Baseline:
    """Read a baseline; a file that is not there is an empty one. Raises UsageProblem."""
    try:
        if not path.exists():
            return Baseline((), today)
        if not path.is_file():
            raise UsageProblem(f"baseline {name}: is not a regular file")
        if path.stat().st_size > _LARGEST:
            raise UsageProblem(f"baseline {name}: is larger than {_LARGEST} bytes")
        data = path.read_bytes()
    except OSError as error:
        raise UsageProblem(f"baseline {name}: cannot be read: {error.strerror}") from None
    return Baseline(_lines(data, name), today)


def _lines(data: bytes, name: str) -> list[Accepted]:
    parsed = loads(data)
    if parsed.problems:
        first = parsed.problems[0]
        line = data.count(b"\n", 0, first.offset) + 1
        raise UsageProblem(f"baseline {name}:{line}: {inert(first.reason)}")
    value = parsed.value
    if not isinstance(value, dict) or "version" not in value:
        wanted = f'{{"version": {VERSION}, "accepted": [...]}}'
        raise UsageProblem(f"baseline {name}: {wanted} is needed")
    if value["version"] != VERSION:
        raise UsageProblem(
            f"baseline {name}: version {inert(str(value['version']), 40)} is not known here; "
            f"this pytest-apierrors reads version {VERSION}"
        )
    try:
        lines = msgspec.convert(value.get("accepted"), list[Accepted])
    except msgspec.ValidationError as error:
        raise UsageProblem(f"baseline {name}: {inert(str(error))}") from None
    _hold(lines, name)
    return lines


def _hold(lines: list[Accepted], name: str) -> None:
    seen: set[Deviation] = set()
    for number, line in enumerate(lines):
        if not line.reason.strip():
            raise UsageProblem(
                f"baseline {name}: $.accepted[{number}]: a reason is needed ({line.deviation})"
            )
        if line.deviation in seen:
            raise UsageProblem(
                f"baseline {name}: $.accepted[{number}]: stands there twice ({line.deviation})"
            )
        seen.add(line.deviation)


def write(path: Path, name: str, lines: Iterable[Accepted]) -> None:
    """Write a baseline in a stable order, whole or not at all. Raises UsageProblem."""
    ordered = sorted(lines, key=lambda one: one.deviation)
    accepted = [
        {
            **one.deviation._asdict(),
            "reason": one.reason,
            **({} if one.expires is None else {"expires": one.expires.isoformat()}),
        }
        for one in ordered
    ]
    try:
        with replacing(path) as stream:
            stream.write(json.dumps({"version": VERSION, "accepted": accepted}, indent=2) + "\n")
    except NotWritten as problem:
        raise UsageProblem(f"baseline {name}: cannot be written: {problem}") from None
