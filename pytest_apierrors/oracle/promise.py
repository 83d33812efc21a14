"""What a test promises of its client: exceptions, expectations, limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from pytest_apierrors.catalog.entries import CATEGORIES
from pytest_apierrors.catalog.subset import suggestion
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.oracle.model import EXPECTED, PARTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import EllipsisType

Classes: TypeAlias = "type[BaseException] | tuple[type[BaseException], ...]"
Raises: TypeAlias = "Classes | Mapping[str | EllipsisType, Classes]"

_ENDLESS: Final = 10
"""So many times as often as it may, and a client would never give up."""


@dataclass(frozen=True)
class Promise:
    """
    What a test promises of its client.

    `raises` is a class, a tuple of them, or one of these per category; `...` stands for every
    other category. `returns` tells an error object that is returned instead of raised. What
    `expect` gets is the exception or that object. `off` switches parts of the oracle off.
    """

    raises: Raises = ()
    returns: Callable[[Any], bool] | None = None
    expect: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    retries: int | None = None
    budget: float = 60.0
    """Seconds that a call may sleep, on the virtual clock."""
    attempts: int = 10
    """Requests of one method and URL that a call may make."""
    pickling: bool = False
    leaks: bool = False
    off: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse what cannot be promised, with a sentence that says why."""
        if isinstance(self.raises, Mapping):
            _check_names("raises", (key for key in self.raises if key is not ...), CATEGORIES)
        for one in self.classes:
            if not (isinstance(one, type) and issubclass(one, BaseException)):
                raise UsageProblem(f"raises= needs exception classes, not {one!r}")
        if not self.classes and self.returns is None:
            raise UsageProblem(
                "nothing is promised: name the exceptions with raises=, or say with returns= what "
                "a returned error looks like"
            )
        if self.returns is not None and not callable(self.returns):
            raise UsageProblem(f"returns= needs a function of the result, not {self.returns!r}")
        _check_names("expect", self.expect, EXPECTED)
        for name, read in self.expect.items():
            if not callable(read):
                raise UsageProblem(f'expect= needs a function for "{name}", not {read!r}')
        _check_names("off", self.off, PARTS)
        _check_numbers(self)

    @property
    def classes(self) -> tuple[type[BaseException], ...]:
        """Every class that may be raised."""
        if isinstance(self.raises, Mapping):
            return tuple(dict.fromkeys(one for some in self.raises.values() for one in _many(some)))
        return _many(self.raises)

    @property
    def most(self) -> int | None:
        """How many errors of one method and URL end a call; None where that is not judged."""
        if "too-many-attempts" in self.off:
            return None
        return _ENDLESS * int(max(self.attempts, (self.retries or 0) + 1))

    def classes_for(self, category: str | None) -> tuple[type[BaseException], ...]:
        """Return the classes that may be raised for an error of a category, None if unknown."""
        if isinstance(self.raises, Mapping) and category is not None:
            some = self.raises.get(category, self.raises.get(..., ()))
            return _many(some) or self.classes
        return self.classes


def _many(some: Classes) -> tuple[type[BaseException], ...]:
    return some if isinstance(some, tuple) else (some,)


def _check_names(option: str, names: Iterable[object], known: tuple[str, ...]) -> None:
    for name in names:
        if name not in known:
            hint = suggestion(name, known) or f"; there are {', '.join(known)}"
            raise UsageProblem(f'{option}= knows no "{name}"{hint}')


def _check_numbers(promise: Promise) -> None:
    for name, least in (("budget", 0.0), ("attempts", 1), ("retries", 0)):
        value = getattr(promise, name)
        if value is not None and not (isinstance(value, int | float) and value >= least):
            raise UsageProblem(f"{name}= needs a number from {least:g}, not {value!r}")
