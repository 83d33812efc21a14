"""All fault kinds of a catalog, ring by ring, and the way to choose some of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_apierrors.catalog.subset import suggestion
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.faults import broken, documented, intermediary, retry_after, transport, unseen
from pytest_apierrors.faults.subject import Subjects, generic

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_apierrors.catalog.model import Catalog
    from pytest_apierrors.faults.model import Kind

RINGS = (documented, unseen, broken, intermediary, retry_after)


def kinds_of(catalog: Catalog) -> tuple[Kind, ...]:
    """
    Return every kind of fault that can be made for a catalog, ring by ring.

    The base catalog stands for a provider that has none: shapes that many APIs use serve.
    """
    kinds: tuple[Kind, ...] | None = catalog.cache.get("kinds")
    if kinds is None:
        kinds = catalog.cache["kinds"] = _kinds(generic(catalog) if catalog.base else catalog)
    return kinds


def _kinds(catalog: Catalog) -> tuple[Kind, ...]:
    subjects = Subjects(catalog)
    if not subjects.all:
        raise UsageProblem(
            f'nothing can be made of the catalog "{catalog.name}": no source says what its error '
            "bodies look like; a catalog of your own can extend it and name the fields"
        )
    responses = (kind for ring in RINGS for kind in ring.kinds(subjects))
    return (*responses, *transport.KINDS)


def choose(kinds: Sequence[Kind], wanted: Iterable[str]) -> tuple[Kind, ...]:
    """
    Return the kinds of these names or rings, in their own order.

    Raises UsageProblem for a name that is neither.
    """
    names = {kind.name for kind in kinds}
    rings = {kind.ring for kind in kinds}
    chosen = set(wanted)
    for name in sorted(chosen):
        if name not in names and name not in rings:
            hint = suggestion(name, (*sorted(names), *sorted(rings)))
            raise UsageProblem(f'no fault kind or ring "{name}"{hint} ({len(names)} kinds)')
    return tuple(kind for kind in kinds if kind.name in chosen or kind.ring in chosen)
