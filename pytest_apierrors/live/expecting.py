"""Whether a probe got the answer that its source documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_apierrors.catalog.model import Unknown
from pytest_apierrors.catalog.subset import step
from pytest_apierrors.check.verdict import EVERYTHING, Violation
from pytest_apierrors.explain.headlines import code_text

if TYPE_CHECKING:
    from pytest_apierrors.catalog.model import Catalog, Probe
    from pytest_apierrors.check.verdict import Policy, Severity, Verdict


def expected(probe: Probe, catalog: Catalog) -> tuple[int, ...]:
    """Return the statuses of a probe's documented answer; none where no source names any."""
    if probe.statuses:
        return probe.statuses
    found: dict[int, None] = {}
    for key in probe.entries:
        entry = catalog.errors[key]
        if isinstance(entry.statuses, Unknown):
            return ()
        found |= dict.fromkeys((*entry.statuses, *entry.live("status")))
    return tuple(found)


def wanted(probe: Probe) -> str:
    """Word the documented answer."""
    return " or ".join(probe.entries or map(str, probe.statuses))


def held(
    verdict: Verdict, status: int, probe: Probe, catalog: Catalog, policy: Policy = EVERYTHING
) -> Verdict:
    """
    Return a verdict that also says if the documented answer did not come.

    Where only secondary sources know the answer, or something in front gave another, that is a
    warning: the provider has broken no word of its own.
    """
    if _came(verdict, status, probe):
        return verdict
    excused = probe.secondary or verdict.outcome == "intermediary"
    severity: Severity = "warning" if excused else "error"
    unmet = policy.applied([_difference(verdict, status, probe, catalog, severity)])
    held_up = replace(verdict, violations=(*verdict.violations, *unmet))
    if verdict.outcome == "documented" and held_up.errors:
        return replace(held_up, outcome="deviating")
    return held_up


def _came(verdict: Verdict, status: int, probe: Probe) -> bool:
    if probe.statuses:
        return status in probe.statuses
    return verdict.entry is not None and verdict.entry.key in probe.entries


def _difference(
    verdict: Verdict, status: int, probe: Probe, catalog: Catalog, severity: Severity
) -> Violation:
    statuses = expected(probe, catalog)
    to_it = f"to the probe {probe.name}"
    if statuses and status not in statuses:
        told = f"{' or '.join(map(str, statuses))} {to_it}"
        return Violation("status-mismatch", severity, "status", told, str(status))
    found = "no code" if verdict.code is None else code_text(verdict.code)
    return Violation(
        "field-value", severity, _place(verdict, catalog), f"{wanted(probe)} {to_it}", found
    )


def _place(verdict: Verdict, catalog: Catalog) -> str:
    """Return where the code stands that is another one."""
    envelope = catalog.envelopes.get(verdict.envelope or "")
    if verdict.code is None or envelope is None or envelope.code is None:
        return "body"
    place = "$"
    for part in envelope.code.pointer:
        place = step(place, part)
    return place
