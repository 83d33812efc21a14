"""One response that was heard: what came, who answered, where in the user's code."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from pytest_apierrors.adapters import as_received

if TYPE_CHECKING:
    from pytest_apierrors.evidence import Evidence
    from pytest_apierrors.response import Response


class Place(NamedTuple):
    """A file as messages show it, a line (from 1), and in a recording the exchange (from 0)."""

    file: str
    line: int
    number: int | None = None

    def __str__(self) -> str:
        """Return both as compilers write them."""
        return f"{self.file}:{self.line}"


class Answer(NamedTuple):
    """Who answered instead of the API: its name, what that is evidence of, where it was told to."""

    by: str
    evidence: Evidence
    place: Place | None = None
    file: str | None = None
    """The recording that it came from."""
    number: int | None = None
    """Which exchange of it, from 0."""


_LOCAL = Answer("a server on this machine", "mocked")


class Heard(msgspec.Struct, eq=False):
    """
    One response that the user's code received, through whichever client.

    `received` is where in the test that was. The client's own object is kept: what its user has
    read of it by the end of the test is what can be checked.
    """

    obj: Any
    answer: Answer | None = None
    received: Place | None = None
    method: str | None = None
    url: str | None = None

    def response(self) -> Response | None:
        """
        Return what came, without reading anything of it; None where it is no response.

        Raises UsageProblem for one that says nothing usable.
        """
        response = as_received(self.obj)
        if response is None:
            return None
        method, url = response.method or self.method, self.url or response.url
        return msgspec.structs.replace(response, method=method, url=url)

    def answered(self, url: str | None) -> Answer | None:
        """Return who answered instead of the API; None where it was the API itself."""
        return _LOCAL if self.answer is None and is_local(url) else self.answer


def is_local(url: str | None) -> bool:
    """Whether a URL leads to this very machine."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
