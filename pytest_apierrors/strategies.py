"""
Hypothesis strategies for error responses: documented, unheard-of, broken, from something in front.

Each takes a catalog first (one that `load_catalog` or the `apierrors_catalog` fixture returned, or
the name of a built-in one) and yields `Fault` values: `status`, `headers`, `body`, and what they
carry. Nothing is built before the strategy is used; examples shrink to the simplest fault.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.catalog.model import Catalog
from pytest_apierrors.errors import CatalogError, UsageProblem
from pytest_apierrors.faults.kinds import choose, kinds_of
from pytest_apierrors.faults.model import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hypothesis.strategies import SearchStrategy

    from pytest_apierrors.faults.model import Kind, Ring

__all__ = [
    "broken_errors",
    "documented_errors",
    "error_sequences",
    "faults_of",
    "intermediary_errors",
    "retry_after_headers",
    "transport_faults",
    "unseen_errors",
]

T = TypeVar("T")


class _Drawn:
    """A pick whose choices Hypothesis makes, and shrinks towards the first and shortest."""

    def __init__(self, draw: Callable[[SearchStrategy[T]], T]) -> None:
        self._draw = draw

    def one(self, values: Sequence[T]) -> T:
        """Choose one of several values."""
        return values[self.number(0, len(values) - 1)]

    def number(self, low: int, high: int) -> int:
        """Choose a whole number."""
        return self._draw(_numbers(low, high))  # type: ignore[arg-type, return-value]  # T is int

    def text(self, alphabet: str, low: int, high: int) -> str:
        """Choose a text over an alphabet."""
        strategy = st.text(alphabet, min_size=low, max_size=high)
        return self._draw(strategy)  # type: ignore[arg-type, return-value]  # T is str


@lru_cache(maxsize=512)
def _numbers(low: int, high: int) -> SearchStrategy[int]:
    return st.integers(low, high)


@st.composite
def _made(draw: Callable[[SearchStrategy[T]], T], kind: Kind) -> Fault:
    return kind.make(_Drawn(draw))


def faults_of(kind: Kind) -> SearchStrategy[Fault]:
    """Return the faults of one kind, the kind's first example being the simplest."""
    return _made(kind)


def documented_errors(
    spec: Catalog | str, *, codes: Iterable[str | int] | None = None
) -> SearchStrategy[Fault]:
    """Return every documented error of a catalog as itself, or those of some codes."""
    return st.deferred(lambda: st.one_of(*map(faults_of, _documented(spec, codes))))


def unseen_errors(
    spec: Catalog | str, *, kinds: Iterable[str] | None = None
) -> SearchStrategy[Fault]:
    """Return errors in the provider's shape that its documentation does not know."""
    return _ring(spec, "unseen", kinds)


def broken_errors(
    spec: Catalog | str, *, kinds: Iterable[str] | None = None
) -> SearchStrategy[Fault]:
    """Return documented errors with bytes, JSON, members, types or headers broken."""
    return _ring(spec, "broken", kinds)


def intermediary_errors(
    spec: Catalog | str, *, kinds: Iterable[str] | None = None
) -> SearchStrategy[Fault]:
    """Return what proxies, gateways and firewalls answer instead of the API."""
    return _ring(spec, "intermediary", kinds)


def retry_after_headers(
    spec: Catalog | str, *, kinds: Iterable[str] | None = None
) -> SearchStrategy[Fault]:
    """Return errors with every kind of Retry-After header, sound and not."""
    return _ring(spec, "retry-after", kinds)


def transport_faults(
    spec: Catalog | str, *, kinds: Iterable[str] | None = None
) -> SearchStrategy[Fault]:
    """Return failures on the wire: resets, cut bodies, bad chunks, stalls."""
    return _ring(spec, "transport", kinds)


def error_sequences(
    spec: Catalog | str,
    *,
    errors: SearchStrategy[Fault] | None = None,
    max_errors: int = 3,
    success: Fault | None = None,
) -> SearchStrategy[tuple[Fault, ...]]:
    """
    Return up to `max_errors` errors in a row, then a success (200 and `{}`).

    The errors are documented ones, or those of another strategy:
    `errors=retry_after_headers("sinch")`.
    """
    if not isinstance(max_errors, int) or max_errors < 1:
        raise InvalidArgument(f"max_errors={max_errors!r}: a whole number from 1 is needed")
    last = success or Fault(
        "success", 200, (("Content-Type", "application/json"),), b"{}", {"status": 200}, "success"
    )
    each = documented_errors(spec) if errors is None else errors
    return st.lists(each, min_size=1, max_size=max_errors).map(lambda faults: (*faults, last))


def _ring(spec: Catalog | str, ring: Ring, names: Iterable[str] | None) -> SearchStrategy[Fault]:
    wanted = None if names is None else tuple(names)

    def build() -> SearchStrategy[Fault]:
        kinds = [kind for kind in _kinds(spec) if kind.ring == ring]
        if wanted is not None:
            kinds = list(_chosen(kinds, wanted))
        if not kinds:
            raise InvalidArgument(f'no fault kind of the ring "{ring}" was chosen')
        return st.one_of(*map(faults_of, kinds))

    return st.deferred(build)


def _chosen(kinds: Sequence[Kind], names: tuple[str, ...]) -> tuple[Kind, ...]:
    try:
        return choose(kinds, names)
    except UsageProblem as error:
        raise InvalidArgument(str(error)) from None


def _documented(spec: Catalog | str, codes: Iterable[str | int] | None) -> list[Kind]:
    kinds = [kind for kind in _kinds(spec) if kind.ring == "documented"]
    if codes is None:
        return kinds
    by_key = {kind.entry.key: kind for kind in kinds if kind.entry is not None}
    chosen = []
    for code in codes:
        if str(code) not in by_key:
            known = ", ".join(list(by_key)[:8])
            raise InvalidArgument(f"codes: no documented error {code!r} (there are {known}, ...)")
        chosen.append(by_key[str(code)])
    return chosen


def _kinds(spec: Catalog | str) -> tuple[Kind, ...]:
    if isinstance(spec, Catalog):
        return kinds_of(spec)
    if not isinstance(spec, str):
        raise InvalidArgument(f"{spec!r}: a catalog, or the name of a built-in one, is needed")
    try:
        return kinds_of(_builtin().get(spec))
    except (CatalogError, UsageProblem) as error:
        raise InvalidArgument(str(error)) from None


@lru_cache(maxsize=1)
def _builtin() -> Catalogs:
    return Catalogs()
