"""How a ring is written down: one line a kind, which says what it makes, expects and breaks."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from pytest_apierrors.catalog.compile import ABSENT, compiled, resolve, spell
from pytest_apierrors.faults.compose import encoded
from pytest_apierrors.faults.model import Expect, Fault, Kind, Ring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pytest_apierrors.check.verdict import Rule
    from pytest_apierrors.faults.compose import Composed, Pairs
    from pytest_apierrors.faults.model import Carried, Pick
    from pytest_apierrors.faults.subject import Subjects

EVERYTHING: tuple[Carried, ...] = ("code", "status", "message", "retry_after")


@dataclass(frozen=True, slots=True)
class Making:
    """One fault being made: of one documented error, with the choices of a pick."""

    kind: str
    one: Composed
    pick: Pick
    subjects: Subjects

    @property
    def code_at(self) -> tuple[str, ...]:
        """Where the body holds its code."""
        envelope, place = self.one.told
        return (*place, *envelope.code.pointer) if envelope and envelope.code else ()

    @property
    def message_at(self) -> tuple[str, ...]:
        """Where the body holds its message."""
        envelope, place = self.one.told
        return (*place, *envelope.message) if envelope and envelope.message else ()

    @property
    def code(self) -> Any:
        """The code as the body holds it."""
        return resolve(self.one.body, self.code_at)

    def knows(self, code: Any) -> bool:
        """Whether a code means something in this catalog, or is no code at all."""
        envelope, _ = self.one.told
        if envelope is None or envelope.code is None:
            return False
        spelled = spell(code, envelope.code)
        known = compiled(self.subjects.catalog).codes
        return spelled is None or (envelope.space, spelled) in known

    def put(self, pointer: tuple[str, ...], value: Any) -> Any:
        """Return the body with another value at a place; ABSENT takes the member out."""
        return replaced(self.one.body, pointer, value)

    def fault(
        self,
        body: Any = ABSENT,
        *,
        data: bytes | None = None,
        status: int | None = None,
        headers: Pairs | None = None,
    ) -> Fault:
        """Return the documented error with something changed; `data` are the bytes themselves."""
        one = self.one if body is ABSENT else self.one._replace(body=body)
        one = one if status is None else one._replace(status=status)
        one = one if headers is None else one._replace(headers=headers)
        content = encoded(one.body) if data is None else data
        return Fault(self.kind, one.status, one.headers, content, one.carries)

    def header(self, name: str, *values: str) -> Pairs:
        """Return the headers with these values, or none, of one name."""
        others = tuple(pair for pair in self.one.headers if pair[0].lower() != name.lower())
        return (*others, *((name, value) for value in values))


@dataclass(frozen=True, slots=True)
class Line:
    """
    One kind of a ring before it meets a catalog.

    `of` says which documented errors it can be made of: a catalog without one has not the kind.
    `rule` is what the check must report, asked once a catalog is known where it depends on it.
    """

    name: str
    doc: str
    make: Callable[[Making], Fault]
    of: Callable[[Composed], bool] = lambda _: True
    rule: Rule | Callable[[Subjects, tuple[Composed, ...]], Rule | None] | None = None
    carries: tuple[Carried, ...] = EVERYTHING
    expect: Expect = "error"


def meet(ring: Ring, lines: Iterable[Line], subjects: Subjects) -> Iterator[Kind]:
    """Yield the kinds of a ring for one catalog."""
    for line in lines:
        fitting = subjects.where(line.of)
        if not fitting:
            continue
        yield Kind(
            name=line.name,
            ring=ring,
            doc=line.doc,
            expect=line.expect,
            carries=line.carries,
            make=partial(_make, line, fitting, subjects),
            rule=line.rule(subjects, fitting) if callable(line.rule) else line.rule,
            catalog=subjects.catalog,
        )


def _make(line: Line, fitting: tuple[Composed, ...], subjects: Subjects, pick: Pick) -> Fault:
    made = line.make(Making(line.name, pick.one(fitting), pick, subjects))
    carries = {name: value for name, value in made.carries.items() if name in line.carries}
    # dataclasses.replace() takes longer than all the rest.
    return Fault(
        made.kind,
        made.status,
        made.headers,
        made.body,
        carries,
        line.expect,
        made.steps,
        made.exact,
    )


def replaced(body: Any, pointer: tuple[str, ...], value: Any) -> Any:
    """Return a body with another value at a place; ABSENT takes the member out."""
    body = copy.deepcopy(body)
    holder = resolve(body, pointer[:-1])
    key: Any = int(pointer[-1]) if isinstance(holder, list) else pointer[-1]
    if value is ABSENT:
        del holder[key]
    else:
        holder[key] = value
    return body
