"""Which request gets which answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, TypeAlias

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.faults.model import Fault
from pytest_apierrors.faults.transport import STARTS
from pytest_apierrors.response import Response
from pytest_apierrors.server.answers import Answer, refuse_unsendable

if TYPE_CHECKING:
    from typing import Self

    from pytest_apierrors.server.seen import Seen

Answers: TypeAlias = Answer | Sequence[Answer] | Callable[["Seen"], Answer]
"""One answer, several in turn of which the last repeats, or a function of the request."""


class Script:
    """Answers in turn; the last one repeats."""

    def __init__(self, answers: Answers) -> None:
        self._make: Callable[[Seen], Answer] | None = None
        self._turn = 0
        self._answers: tuple[Answer, ...] = ()
        if isinstance(answers, Fault | Response):
            self._answers = (answers,)
        elif isinstance(answers, Sequence):
            self._answers = tuple(answers)
        elif callable(answers):
            self._make = answers
            return
        if not self._answers:
            raise UsageProblem(
                "a fault server needs at least one answer, a sequence of them or a function"
            )
        refuse_unsendable(self._answers)

    def take(self, seen: Seen) -> Answer:
        """Return the answer to a request, and go on to the next one."""
        if self._make is None:
            return self._next()
        answer = self._make(seen)
        refuse_unsendable([answer])
        if start_of(answer) is not None:
            raise UsageProblem(_too_late(answer))
        return answer

    def coming(self) -> Fault | None:
        """Return the next answer if it strikes before any request is read."""
        if self._make is not None:
            return None
        answer = self._answers[self._turn]
        return answer if isinstance(answer, Fault) and start_of(answer) else None

    def strike(self) -> Fault | None:
        """Return what is coming, and go on to the next one."""
        if (fault := self.coming()) is not None:
            self._next()
        return fault

    def faults(self) -> list[Fault]:
        """Return the faults that strike before any request is read."""
        return [one for one in self._answers if isinstance(one, Fault) and start_of(one)]

    def _next(self) -> Answer:
        answer = self._answers[self._turn]
        self._turn = min(self._turn + 1, len(self._answers) - 1)
        return answer


class Route:
    """
    The answers to the requests of one method and one pattern of paths.

    As a context manager it is removed at the end; `calls` are the requests that it answered.
    """

    def __init__(self, rules: Rules, method: str | None, pattern: str) -> None:
        self.method = method
        self.pattern = pattern
        self.calls: list[Seen] = []
        self._rules = rules
        self._script: Script | None = None

    def answer(self, answers: Answers) -> Self:
        """
        Set the answers: one, several in turn of which the last repeats, or a function.

        Raises UsageProblem for what cannot be sent.
        """
        script = Script(answers)
        if early := script.faults():
            raise UsageProblem(_too_late(early[0]))
        self._script = script
        return self

    def remove(self) -> None:
        """Answer no more."""
        self._rules.remove(self)

    def script_for(self, seen: Seen) -> Script | None:
        """Return the answers if this route is about a request."""
        if self.method is not None and self.method != seen.method:
            return None
        path = seen.path if "?" in self.pattern else seen.path.partition("?")[0]
        return self._script if fnmatchcase(path, self.pattern.replace("?", "[?]")) else None

    def __enter__(self) -> Self:
        """Return the route."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the route."""
        self.remove()


class Rules:
    """
    The routes, the latest first, and the answers to all the rest.

    Tests set them while the server's thread reads them: a list is replaced, never changed.
    """

    def __init__(self) -> None:
        self.rest: Script | None = None
        self._routes: tuple[Route, ...] = ()

    def on(self, method: str | None, pattern: str) -> Route:
        """Return a new route before those that stand. Raises UsageProblem for what is no path."""
        if not pattern.startswith(("/", "*")):
            raise UsageProblem(f"the pattern {pattern!r} is no path: it begins with / or *")
        route = Route(self, None if method in (None, "*") else method, pattern)
        self._routes = (route, *self._routes)
        return route

    def remove(self, route: Route) -> None:
        """Take a route away."""
        self._routes = tuple(one for one in self._routes if one is not route)

    def clear(self) -> None:
        """Take every rule away."""
        self.rest = None
        self._routes = ()

    def take(self, seen: Seen) -> Answer | None:
        """Return the answer to a request; None if no rule is about it."""
        for route in self._routes:
            if (script := route.script_for(seen)) is not None:
                route.calls.append(seen)
                return script.take(seen)
        return None if self.rest is None else self.rest.take(seen)

    def coming(self) -> Fault | None:
        """Return what is to strike the next connection before it sends a request."""
        return None if self.rest is None else self.rest.coming()

    def strike(self) -> Fault | None:
        """Return what strikes the connection that has just been made."""
        return None if self.rest is None else self.rest.strike()


def start_of(answer: Answer) -> str | None:
    """Return when an answer strikes, None if it waits for a request as answers do."""
    return STARTS.get(answer.kind) if isinstance(answer, Fault) else None


def _too_late(answer: Answer) -> str:
    kind = answer.kind if isinstance(answer, Fault) else ""
    return (
        f"{kind!r} strikes before a request is read, so no request can be given it: "
        f"set it with answer_with(), alone or in a sequence"
    )
