"""What one call of a client did, and what of it breaks the test's promise."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, get_args

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_apierrors.faults.model import Carried, Fault
    from pytest_apierrors.response import Headers

Part = Literal[
    "undeclared-exception",
    "exception-text",
    "pickling",
    "swallowed",
    "false-alarm",
    "lost-code",
    "lost-status",
    "lost-message",
    "lost-retry-after",
    "slept-too-long",
    "too-many-attempts",
    "retried-too-early",
    "retried-unasked",
    "not-retried",
    "no-timeout",
    "hung",
    "credential",
    "leak",
]
PARTS: tuple[Part, ...] = get_args(Part)
EXPECTED: tuple[Carried, ...] = ("code", "status", "message", "retry_after")
"""What an expectation can be about."""


class Frame(NamedTuple):
    """A place in code."""

    file: str
    line: int
    function: str


class Call(Protocol):
    """One HTTP request of the client, `at` on the virtual clock, and the fault that answered it."""

    @property
    def method(self) -> str:
        """The method."""
        ...

    @property
    def url(self) -> str:
        """The whole URL."""
        ...

    @property
    def headers(self) -> Headers:
        """The request's headers."""
        ...

    @property
    def at(self) -> float:
        """When it was made."""
        ...

    @property
    def fault(self) -> Fault | None:
        """What it was told."""
        ...


@dataclass
class Run:
    """
    What one call of the client did.

    `calls` are the attempts, without auxiliary calls; `sleeps` are pairs of start and length;
    `hung` is the stack as text if the deadline passed; `no_timeout` says that the client waited
    for a stalled answer without a timeout, `endless` that it would have asked for ever;
    `secrets` are the credentials of its requests.
    """

    returned: Any = None
    raised: BaseException | None = None
    calls: Sequence[Call] = ()
    slept: float = 0.0
    sleeps: Sequence[tuple[float, float]] = ()
    hung: str | None = None
    no_timeout: bool = False
    endless: bool = False
    warnings: Sequence[Any] = ()
    secrets: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True)
class Broken:
    """
    One way in which a call broke the promise.

    `exception` is what was raised, if anything was; `frame` the innermost place in the client's
    code that it went through.
    """

    part: Part
    sentence: str
    exception: BaseException | None = None
    frame: Frame | None = None

    @property
    def key(self) -> tuple[str, str, Frame | None]:
        """What makes two of them the same bug."""
        name = "" if self.exception is None else type_name(type(self.exception))
        return self.part, name, self.frame


def type_name(kind: type) -> str:
    """Return the full name of a type; a builtin's without its module."""
    name = kind.__qualname__
    return name if kind.__module__ == "builtins" else f"{kind.__module__}.{name}"
