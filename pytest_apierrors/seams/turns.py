"""Faults in turn: which one answers the next call, and what it is on the wire."""

from __future__ import annotations

import http
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.faults.model import Fault
from pytest_apierrors.faults.transport import STARTS

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_LINE_END = re.compile(r"[\r\n]+")
_PHRASES = {status.value: status.phrase for status in http.HTTPStatus}
_FAULTS = "every_fault() yields them, ok() makes an answer of your own"


@dataclass(frozen=True, slots=True)
class Answer:
    """
    A fault, ready to be given.

    `sent` is the fault as it can go over the wire: a header holds no line break. Where `wire` is
    set, only a real parser can tell what becomes of it: it goes over the loopback server. `starts`
    says that it strikes before a request is read.
    """

    fault: Fault
    sent: Fault
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    wire: bool
    starts: bool

    def body(self, method: str) -> bytes:
        """Return the body for a method: HEAD, 1xx, 204 and 304 have none."""
        return b"" if method == "HEAD" or _bodiless(self.status) else self.sent.body


def ready(fault: Fault) -> Answer:
    """Make a fault ready. Raises UsageProblem for what is none, or cannot be sent."""
    if not isinstance(fault, Fault):
        raise UsageProblem(f"faults are injected, not a {type(fault).__name__}: {_FAULTS}")
    starts = fault.kind in STARTS
    if fault.status is None and not fault.steps and not starts:
        raise UsageProblem(f"the fault {fault.kind!r} has neither a status nor steps")
    pairs = [(name, _on_wire(value)) for name, value in fault.headers]
    status = fault.status or 0
    same = fault.steps or pairs == list(fault.headers)
    sent = fault if same else replace(fault, headers=tuple(pairs))
    wire = bool(fault.steps) or starts or _odd(status, pairs, fault.body)
    if not _bodiless(status) and not _has(pairs, "content-length"):
        pairs.append(("Content-Length", str(len(fault.body))))
    reason = _PHRASES.get(status, "Unknown")
    return Answer(fault, sent, status, reason, tuple(pairs), wire, starts)


class Turns:
    """Answers in turn; the last one repeats, unless `once` says what is wrong with that."""

    def __init__(self, faults: Sequence[Fault], once: str = "") -> None:
        if not isinstance(faults, Sequence):
            raise UsageProblem(f"faults are injected, not a {type(faults).__name__}: {_FAULTS}")
        self._answers = [ready(fault) for fault in faults]
        if not self._answers:
            raise UsageProblem("there is nothing to inject: give at least one fault")
        steps = (step for answer in self._answers for step in answer.sent.steps)
        self.hold = any(step.do == "hold" for step in steps)
        """Whether one of them holds the line."""
        self._turn = 0
        self._once = once

    def next(self) -> Answer:
        """Return the next answer without using it up."""
        if self._turn == len(self._answers):
            raise UsageProblem(self._once)
        return self._answers[self._turn]

    def use(self) -> None:
        """Go on to the next answer."""
        if self._once or self._turn < len(self._answers) - 1:
            self._turn += 1


def _on_wire(value: str) -> str:
    """Return a header's value as a client reads it: one line, a character a byte."""
    if value.isascii() and value.isprintable():
        return value.strip(" ")
    value = _LINE_END.sub(" ", value).strip(" \t")
    try:
        data = value.encode("latin-1")
    except UnicodeEncodeError:
        data = value.encode("utf-8", "surrogatepass")
    return data.decode("latin-1")


def _odd(status: int, pairs: list[tuple[str, str]], body: bytes) -> bool:
    """Whether clients differ in what they make of it."""
    if not 200 <= status <= 599:
        return True
    for name, value in pairs:
        lower = name.lower()
        if not _TOKEN.fullmatch(name) or _CONTROL.search(value) or lower == "transfer-encoding":
            return True
        if lower == "content-length" and value != str(len(body)):
            return True
    return False


def _bodiless(status: int) -> bool:
    return status < 200 or status in (204, 304)


def _has(pairs: list[tuple[str, str]], name: str) -> bool:
    return any(key.lower() == name for key, _ in pairs)
