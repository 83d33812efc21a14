"""What the tests see of an injection: the calls that a client made, and what they were told."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from pytest_apierrors.faults.model import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_apierrors.response import Headers

    Faults = Fault | Sequence[Fault]


class Clock(Protocol):
    """Whatever tells the time of calls."""

    def monotonic(self) -> float:
        """Return seconds since some moment."""
        ...

    def pass_by(self, seconds: float) -> None:
        """Let seconds pass in which somebody waited, but did not sleep."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """
    One HTTP request of a client, and the fault that answered it.

    `at` is when it was made; `seam` where it was caught. Where a connection failed before the
    request was sent, headers and body are empty, and the method may be "". Headers and body may
    hold secrets: neither is shown.
    """

    method: str
    url: str = field(repr=False)
    headers: Headers
    body: bytes = field(repr=False)
    at: float
    fault: Fault | None
    seam: str


class Endless(BaseException):
    """
    A client asked again and again, and was stopped.

    No subclass of Exception, so that a client's `except Exception` does not take it for its own.
    """

    __module__ = "pytest_apierrors"


class Injected:
    """
    What happened while faults were injected.

    `calls` are the attempts that got a fault, `auxiliary` those that got an auxiliary answer,
    `refused` those that nothing was said about; `problems` is what the loopback server says.
    `no_timeout` says that a client would have waited for ever for a stalled answer, `endless`
    that it was stopped: it wanted to go on after `most` errors of one method and URL.
    """

    most: int | None = None

    def __init__(self, begin: Callable[[Faults], None]) -> None:
        self._begin = begin
        self._clear()

    def restart(self, faults: Faults) -> None:
        """
        Forget what happened and go on with other faults.

        Faster than an injection for each of many examples: nothing is patched anew.
        """
        self._begin(faults)
        self._clear()

    def _clear(self) -> None:
        self.calls: list[Call] = []
        self.auxiliary: list[Call] = []
        self.refused: list[Call] = []
        self.problems: list[str] = []
        self.no_timeout = False
        self.endless = False

    def stop_endless(self, method: str, url: str) -> None:
        """Raise Endless where a call would be one too many."""
        if self.most is None or len(self.calls) < self.most:
            return
        asked = sum(
            _failed(call) for call in self.calls if (call.method, call.url) == (method, url)
        )
        if asked >= self.most:
            self.endless = True
            raise Endless(f"still asking after {asked} requests")


def _failed(call: Call) -> bool:
    """Whether a call got an error: who was sent on, or is content, goes on for a reason."""
    fault = call.fault
    return (
        fault is not None
        and fault.expect != "success"
        and not (fault.status is not None and 300 <= fault.status < 400)
    )


def ok(body: object = None, status: int = 200, headers: Mapping[str, str] | None = None) -> Fault:
    """
    Return a success: an auxiliary answer, or the end of a sequence.

    `body` is sent as it is if it is bytes or a string, as JSON if it is anything else; None is no
    body.
    """
    data, media_type = encoded(body)
    pairs = dict(headers or {})
    if media_type and "content-type" not in {name.lower() for name in pairs}:
        pairs = {"Content-Type": media_type, **pairs}
    return Fault("ok", status, tuple(pairs.items()), data, expect="success")


def encoded(body: Any) -> tuple[bytes, str]:
    """Return a body as bytes, with its media type if it has an obvious one."""
    if body is None:
        return b"", ""
    if isinstance(body, bytes | bytearray):
        return bytes(body), ""
    if isinstance(body, str):
        return body.encode("utf-8", "surrogatepass"), "text/plain; charset=utf-8"
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass"), "application/json"
