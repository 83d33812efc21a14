"""Verdicts that took the long way, kept for the same response again: failures repeat themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from pytest_apierrors.response import Headers, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_apierrors.catalog.compile import Compiled
    from pytest_apierrors.check.verdict import Policy, Verdict

MOST = 256
MOST_SEEN = 4096
LONGEST = 4096
"""Bytes of a body; of longer ones no two are equal often enough."""


class _Kept(Struct, frozen=True):
    """A verdict with all that it was asked for: it holds wherever the answers are the same."""

    verdict: Verdict
    headers: dict[str, list[str]]
    secrets: frozenset[str] | None

    def holds_for(self, response: Response) -> bool:
        if response.headers is not None:
            for name, values in self.headers.items():
                if response.headers.get_all(name) != values:
                    return False
        return self.secrets is None or self.secrets == response.credentials()


class _Memory(Struct):
    """What is kept for one catalog, under one policy."""

    policy: Policy
    kept: dict[tuple[Any, ...], _Kept]
    seen: set[int]
    """Hashes of what came once: most failures are like no other, and are not worth keeping."""


class _Asked(Headers):
    """Headers that note which of them are asked for."""

    __slots__ = ("answers",)

    def __init__(self, headers: Headers) -> None:
        super().__init__(headers.pairs)
        self.answers: dict[str, list[str]] = {}

    def get(self, name: str) -> str | None:
        values = self.get_all(name)
        return values[0] if values else None

    def get_all(self, name: str) -> list[str]:
        if name not in self.answers:
            self.answers[name] = super().get_all(name)
        return self.answers[name]


def judged(
    response: Response, form: Compiled, policy: Policy, judge: Callable[[Response], Verdict]
) -> Verdict:
    """Return the verdict that `judge` gives, or gave for what is the same to it."""
    if len(response.body) > LONGEST:
        return judge(response)
    memory: _Memory | None = form.plans.get("recall")
    if memory is None or (memory.policy is not policy and memory.policy != policy):
        memory = form.plans["recall"] = _Memory(policy, {}, set())
    key = _key(response)
    known = memory.kept.get(key)
    if known is not None and known.holds_for(response):
        return known.verdict
    if known is None and _is_new(key, memory.seen):
        return judge(response)
    new = _judged(response, judge)
    if len(memory.kept) >= MOST:
        memory.kept.clear()
    memory.kept[key] = new
    return new.verdict


def _is_new(key: tuple[Any, ...], seen: set[int]) -> bool:
    number = hash(key)
    if number in seen:
        return False
    if len(seen) >= MOST_SEEN:
        seen.clear()
    seen.add(number)
    return True


def _key(response: Response) -> tuple[Any, ...]:
    no_headers = response.headers is None
    told = (response.altered, response.lost, response.declared)
    return (response.status, response.body, response.method, no_headers, *told)


def _judged(response: Response, judge: Callable[[Response], Verdict]) -> _Kept:
    """Judge a stand-in that knows nothing beyond the key, except for what it notes."""
    headers = None if response.headers is None else _Asked(response.headers)
    noted: list[frozenset[str]] = []

    def secrets() -> frozenset[str]:
        if not noted:
            noted.append(response.credentials())
        return noted[0]

    stand_in = Response(
        response.status,
        response.body,
        headers,
        response.method,
        altered=response.altered,
        secrets=secrets,
        lost=response.lost,
        declared=response.declared,
    )
    verdict = judge(stand_in)
    answers = {} if headers is None else headers.answers
    return _Kept(verdict, answers, noted[0] if noted else None)
