"""Faults: generated error responses and transport failures, and the kinds that make them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_apierrors.catalog.model import Catalog, DocumentedError
    from pytest_apierrors.check.verdict import Rule

Ring = Literal["documented", "unseen", "broken", "intermediary", "retry-after", "transport"]
Expect = Literal["error", "either", "success"]
Carried = Literal["code", "status", "message", "retry_after"]
T = TypeVar("T")
_MOST_SHOWN = 2000


class Pick(Protocol):
    """
    Where a kind's choices come from: the first ones, random ones, or Hypothesis.

    The first value of a sequence, the smallest number and the shortest text are the simplest:
    a failing fault shrinks towards them.
    """

    def one(self, values: Sequence[T]) -> T:
        """Choose one of several values, simplest first."""
        ...

    def number(self, low: int, high: int) -> int:
        """Choose a whole number; nearer to `low` is simpler."""
        ...

    def text(self, alphabet: str, low: int, high: int) -> str:
        """Choose a text over an alphabet, `low` to `high` characters long."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """
    One thing that a server does on the wire instead of an ordinary answer.

    `do` send (with `data`), wait (`seconds`), half-close, close, reset, hold.
    """

    do: Literal["send", "wait", "half-close", "close", "reset", "hold"]
    data: bytes = b""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One generated error response or transport failure.

    `carries` holds what a client can know from it ("code", "status", "message", "retry_after");
    an expectation is tested only against what is carried. With `steps` the wire bytes are those,
    and `status`, `headers`, `body` only describe them. `status` None: no response comes at all.
    """

    kind: str
    status: int | None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    carries: dict[Carried, Any] = field(default_factory=dict)
    expect: Expect = "error"
    steps: tuple[Step, ...] = ()
    exact: bool = True
    """Whether one client sees one outcome in every repeat; False: one of several."""

    def __repr__(self) -> str:
        """Return all parts, each cut: a body may be of any size, and Hypothesis prints faults."""
        parts = (f"{one.name}={_cut(repr(getattr(self, one.name)))}" for one in fields(self))
        return f"Fault({', '.join(parts)})"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(repr(self))


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}... ({len(text)} characters)"


@dataclass(frozen=True, slots=True)
class Kind:
    """
    One named way in which an API or the road to it says no.

    `make(pick)` builds a fault from choices; with a pick that always takes the simplest one this
    is the kind's deterministic first example. `rule` is what the check must report for a fault
    of this kind, None where it cannot see any.
    """

    name: str
    ring: Ring
    doc: str
    expect: Expect
    carries: tuple[Carried, ...]
    make: Callable[[Pick], Fault]
    rule: Rule | None = None
    entry: DocumentedError | None = None
    catalog: Catalog | None = None
