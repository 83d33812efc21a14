"""Rows about seams: one fault through requests, from a client's call to its parsed error."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, contextmanager, nullcontext
from statistics import median
from typing import TYPE_CHECKING

import requests
import responses
from table import Goal, Row, micro

from pytest_apierrors.faults.model import Fault
from pytest_apierrors.seams import inject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Example = Callable[[Callable[[], None]], None]
    Candidate = Callable[[], AbstractContextManager[Example]]

URL = "https://api.acme.test/v1/messages"
JSON = "application/json"
BODY = b'{"status": 429, "errorCode": "42900", "message": "Slow down", "reference": "7f1c"}'
SENT = {"Retry-After": "0"}
FAULT = Fault("limited", 429, (("Content-Type", JSON), *SENT.items()), BODY)
AGAIN = "one fault through requests: restart() beside reset() and add()"
WHOLE = "the same, begun and ended for each example"


def rows(*, quick: bool) -> Iterator[Row]:
    """Measure two ways to use a seam, each beside the same way to use `responses`."""
    count, rounds = (50, 5) if quick else (150, 41)
    with requests.Session() as session:

        def post() -> None:
            if session.post(URL, json={"to": "+46700000000"}).json()["errorCode"] != "42900":
                raise SystemExit("the fault did not arrive")

        yield _row(AGAIN, (_restart, _reset), post, (count, rounds), Goal(1, 1.2))
        yield _row(WHOLE, (_inject, _activate), post, (count, rounds), Goal(1))


@contextmanager
def _restart() -> Iterator[Example]:
    with inject(FAULT) as injected:

        def example(call: Callable[[], None]) -> None:
            injected.restart(FAULT)
            call()

        yield example


@contextmanager
def _reset() -> Iterator[Example]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:

        def example(call: Callable[[], None]) -> None:
            mock.reset()
            mock.add("POST", URL, BODY, status=429, headers=SENT, content_type=JSON)
            call()

        yield example


def _inject() -> AbstractContextManager[Example]:
    def example(call: Callable[[], None]) -> None:
        with inject(FAULT):
            call()

    return nullcontext(example)


def _activate() -> AbstractContextManager[Example]:
    def example(call: Callable[[], None]) -> None:
        with responses.RequestsMock() as mock:
            mock.add("POST", URL, BODY, status=429, headers=SENT, content_type=JSON)
            call()

    return nullcontext(example)


def _row(
    work: str,
    candidates: tuple[Candidate, Candidate],
    post: Callable[[], None],
    effort: tuple[int, int],
    goal: Goal,
) -> Row:
    """Let both take turns: only one of them may be in force at a time."""
    count, rounds = effort
    taken: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for candidate, times in zip(candidates, taken, strict=True):
            with candidate() as example:
                start = time.process_time()
                for _ in range(count):
                    example(post)
                spent = (time.process_time() - start) / count * 1e6
            if number:  # the first round compiles and fills caches
                times.append(spent)
    ratio = median(theirs / ours for ours, theirs in zip(*taken, strict=True))
    ours, theirs = map(median, taken)
    return Row(work, micro(ours), "responses", micro(theirs), ratio, goal)
