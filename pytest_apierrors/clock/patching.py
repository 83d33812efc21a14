"""Putting virtual time into force and taking it out again."""

from __future__ import annotations

import sys
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_apierrors.clock.dates import DATES, reads_dates
from pytest_apierrors.clock.stand_ins import FUNCTIONS, METHODS
from pytest_apierrors.clock.trio_clock import trio_on_virtual_time
from pytest_apierrors.clock.virtual import AROUND, VirtualTime, enter
from pytest_apierrors.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

_BY_ID: dict[int, tuple[Any, Any]] = {id(one[0]): one for one in (*FUNCTIONS, *DATES)}
_DATES = frozenset(id(real) for real, _ in DATES)
_IN_FORCE: list[VirtualTime] = []


class _Name(NamedTuple):
    """A module's name for something of the clock, as `from time import sleep` makes it."""

    names: dict[str, Any]
    name: str
    real: Any
    stand_in: Any


class _Names:
    """
    Every module's names for what has a stand-in.

    Looking through all modules takes milliseconds: each is looked through once, and all are
    counted each time.
    """

    def __init__(self) -> None:
        self._stamp: tuple[int, str] = (0, "")
        self._seen: dict[str, tuple[Any, list[_Name]]] = {}
        self._found: list[_Name] = []

    def all(self) -> list[_Name]:
        """Return every name; only modules that are new are looked through."""
        stamp = (len(sys.modules), next(reversed(sys.modules)))
        if stamp != self._stamp:
            self._stamp = stamp
            seen = self._seen
            self._seen = {name: _looked(seen.get(name), name) for name in list(sys.modules)}
            self._found = [one for _, found in self._seen.values() for one in found]
        return self._found


_NAMES = _Names()


@contextmanager
def virtual_time(*, wall: float | None = None, patience: float = 1.0) -> Iterator[VirtualTime]:
    """
    Let a call sleep in virtual time.

    `wall` is the moment at which `time.time()` begins, such as the Date of the responses to come;
    `patience` how many real seconds somebody may take who could end a wait before its timeout.
    """
    if _IN_FORCE:
        raise UsageProblem("virtual time is in force already, and there is only one at a time")
    clock = VirtualTime(wall, patience)
    _IN_FORCE.append(clock)
    replaced: list[_Name] = []
    before = [(owner, name, vars(owner)[name]) for owner, name, _ in METHODS]
    try:
        enter(clock)
        for owner, name, method in METHODS:
            setattr(owner, name, method)
        for one in _NAMES.all():
            if one.names.get(one.name) is one.real:
                one.names[one.name] = one.stand_in
                replaced.append(one)
        with trio_on_virtual_time():
            yield clock
    finally:
        clock.over = True
        for one in replaced:
            if one.names.get(one.name) is one.stand_in:
                one.names[one.name] = one.real
        for owner, name, original in before:
            setattr(owner, name, original)
        enter(None)
        _IN_FORCE.clear()


def _looked(known: tuple[Any, list[_Name]] | None, name: str) -> tuple[Any, list[_Name]]:
    module = sys.modules.get(name)
    if known is not None and known[0]() is module:
        return known
    names = getattr(module, "__dict__", None)
    try:
        reference: Any = weakref.ref(module)
    except TypeError:
        return (lambda: None), []
    if not isinstance(names, dict) or name.partition(".")[0] in AROUND:
        return reference, []
    found = [
        _Name(names, key, *_BY_ID[id(value)])
        for key, value in list(names.items())
        if id(value) in _BY_ID
    ]
    if any(id(one.real) in _DATES for one in found) and not reads_dates(name, names):
        found = [one for one in found if id(one.real) not in _DATES]
    return reference, found
