"""The documented errors that a response may have been meant to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_apierrors.catalog.compile import compiled
from pytest_apierrors.catalog.model import Unknown
from pytest_apierrors.explain.headlines import guessed

if TYPE_CHECKING:
    from pytest_apierrors.catalog.model import Catalog, DocumentedError
    from pytest_apierrors.check.verdict import Verdict

MOST_CANDIDATES = 3

_LONGEST_CODE = 120


def candidates(verdict: Verdict, status: int, catalog: Catalog) -> list[DocumentedError]:
    """Return the entries that a response is or may have been meant to be, nearest first."""
    form = compiled(catalog)
    same = form.by_status.get(status, [])
    if verdict.entry is not None:
        rivals = same if guessed(verdict) else []
        return [verdict.entry, *(one for one in rivals if one is not verdict.entry)][
            :MOST_CANDIDATES
        ]
    if verdict.code is not None:
        near = _near_codes(verdict.code, status, catalog)
        return [*near, *(one for one in same if one not in near)][:MOST_CANDIDATES]
    if verdict.outcome != "undocumented":
        return []
    kin = [known for known in form.by_status if known // 100 == status // 100]
    kin.sort(key=lambda known: (abs(known - status), known))
    entries = [entry for known in kin for entry in form.by_status[known] if entry.role == "error"]
    return list({entry.key: entry for entry in entries}.values())[:MOST_CANDIDATES]


def _near_codes(code: str, status: int, catalog: Catalog) -> list[DocumentedError]:
    """Return the entries whose code looks like an undocumented one, those of the status first."""
    from difflib import get_close_matches  # noqa: PLC0415 - only needed to word a mismatch

    by_code: dict[str, DocumentedError] = {}
    for entry in catalog.errors.values():
        if isinstance(entry.code, str) and entry.role == "error":
            by_code.setdefault(entry.code, entry)
    words = get_close_matches(code[:_LONGEST_CODE], list(by_code), n=10)
    near = [by_code[word] for word in words]
    return sorted(
        near, key=lambda one: isinstance(one.statuses, Unknown) or status not in one.statuses
    )
