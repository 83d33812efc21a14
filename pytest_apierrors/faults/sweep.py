"""Every kind of fault one after the other, without Hypothesis: for a plain loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.catalog.model import Catalog
from pytest_apierrors.errors import CatalogError, UsageProblem
from pytest_apierrors.faults.kinds import choose, kinds_of
from pytest_apierrors.faults.pick import First, Seeded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_apierrors.faults.model import Fault, Kind


def every_fault(
    spec: Catalog | str, *, kinds: Iterable[str] = (), each: int = 1, seed: int = 0
) -> Iterator[Fault]:
    """
    Yield the faults of every kind: its first example, then `each - 1` others of a seed.

    `kinds` are names and rings, none means all. The same arguments give the same faults.
    Raises UsageProblem for arguments that cannot be, CatalogError for a catalog that is none.
    """
    __tracebackhide__ = True
    if isinstance(each, bool) or not isinstance(each, int) or each < 1:
        raise UsageProblem(f"each= needs a whole number from 1, not {each!r}")
    names = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    try:
        found = kinds_of(spec if isinstance(spec, Catalog) else Catalogs().get(spec))
        chosen = choose(found, names) if names else found
    except (CatalogError, UsageProblem) as problem:
        raise problem.with_traceback(None) from None  # the line of the test is what helps
    return _made(chosen, each, seed)


def _made(chosen: Iterable[Kind], each: int, seed: int) -> Iterator[Fault]:
    for kind in chosen:
        yield kind.make(First())
        if each > 1:
            random = Seeded(seed)
            for _ in range(each - 1):
                yield kind.make(random)
