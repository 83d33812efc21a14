"""What a failed kind says: the fault as raw HTTP, what broke, and the line that replays it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pytest_apierrors.inert import inert
from pytest_apierrors.redact import redact_headers, scrub

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_apierrors.faults.model import Fault, Kind
    from pytest_apierrors.oracle import Broken, Run

MOST_BODY = 400
MOST_LINES = 12
MOST_STACK = 16
REPLAY = "  replay it above the test:"
_SOMETIMES = (
    "  it did not happen again with the same response: the client, or what the network makes of "
    "this kind, is not the same each time"
)
_MOST_REPLAY = 2000


def failure_text(kind: Kind, fault: Fault, run: Run, broken: Sequence[Broken]) -> str:
    """Return the whole message of a failed kind; its first line answers alone."""
    lines = [f"{kind.name}: {broken[0].sentence}", "", f"  {kind.doc}", ""]
    lines += [f"  {line}".rstrip() for line in _wire(fault, run.secrets)]
    lines.append("")
    lines += [f"  {one.part:<20} {one.sentence}" for one in broken]
    lines += [
        "",
        f"  {_did(run)}",
        *_stack(run),
        "",
        REPLAY,
        f"  {replay(fault)}",
    ]
    if fault.steps:
        lines.append("  (from pytest_apierrors import Step)")
    return scrub("\n".join(lines), run.secrets)


def sometimes(text: str) -> str:
    """Say in the message of a failed kind that the same fault does not always do it."""
    before, found, after = text.partition(REPLAY)
    return f"{before}{_SOMETIMES}\n\n{found}{after}"


def _wire(fault: Fault, secrets: frozenset[str]) -> Iterator[str]:
    """Return the fault as it goes over the wire, cut where it is long but not within a secret."""
    if fault.steps:
        for step in fault.steps[:MOST_LINES]:
            said = _shown(step.data, secrets) if step.do == "send" else ""
            wait = f" {step.seconds:g} s" if step.seconds else ""
            yield f"{step.do}{wait} {said}".rstrip()
        return
    if fault.status is None:
        yield "(no answer)"
        return
    yield f"HTTP/1.1 {fault.status}"
    told = [(scrub(name, secrets), scrub(value, secrets)) for name, value in fault.headers]
    for name, value in redact_headers(told):
        yield f"{inert(name, 80)}: {inert(value, 200)}"
    yield ""
    yield _shown(fault.body, secrets) if fault.body else "(no body)"


def _shown(data: bytes, secrets: frozenset[str]) -> str:
    text = scrub(data.decode("utf-8", "backslashreplace"), secrets)
    if len(data) <= MOST_BODY:
        return inert(text)
    digest = hashlib.sha256(data).hexdigest()[:12]
    return f"{inert(text[:MOST_BODY])} ... ({len(data)} bytes, sha256 {digest})"


def _did(run: Run) -> str:
    """Say what the client did: its requests, its sleeps, and how the call ended."""
    count = len(run.calls)
    made = f"the client made {count} request{'s' if count != 1 else ''}"
    slept = f", slept {run.slept:g} s" if run.slept else ""
    if run.hung is not None:
        return f"{made}{slept}, and never came back"
    if run.endless:
        return f"{made}{slept}, and was stopped"
    if run.raised is not None:
        return f"{made}{slept}, and raised {type(run.raised).__qualname__}"
    return f"{made}{slept}, and returned {type(run.returned).__name__}"


def _stack(run: Run) -> Iterator[str]:
    """Yield where a call hung: its innermost frames, without what stands around the test."""
    lines = (run.hung or "").splitlines()
    ours = [
        number for number, line in enumerate(lines) if f"{__package__.replace('.', '/')}/" in line
    ]
    begin = max(ours, default=-2) + 2
    for line in lines[max(begin, len(lines) - MOST_STACK) :]:
        yield f"  {inert(line, 200)}".rstrip()


def replay(fault: Fault) -> str:
    """Return the decorator that replays exactly this fault."""
    parts = [f"kind={fault.kind!r}"]
    if fault.status is not None:
        parts.append(f"status={fault.status}")
    if fault.headers:
        parts.append(f"headers={list(fault.headers)!r}")
    if fault.body:
        parts.append(f"body={fault.body!r}")
    if fault.carries:
        parts.append(f"carries={dict(fault.carries)!r}")
    if fault.expect != "error":
        parts.append(f"expect={fault.expect!r}")
    if fault.steps:
        parts.append(f"steps={list(fault.steps)!r}")
    line = f"@fuzz.example({', '.join(parts)})"
    if len(line) > _MOST_REPLAY:
        return f"the fault is too long to print ({len(line)} characters): run the item again"
    return inert(line, _MOST_REPLAY)
