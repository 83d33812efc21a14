"""Where a host is: looked up within a deadline, and each address held against the allow-list."""

from __future__ import annotations

import socket
import threading
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from pytest_apierrors.live.deadline import SLICE, Deadline, NoAnswer

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_apierrors.live.hosts import Address, AllowList, Origin

Lookup = Any
"""What `socket.getaddrinfo` is."""


def addresses_of(
    origin: Origin,
    allowed: AllowList,
    deadline: Deadline,
    lookup: Callable[..., Lookup] | None = None,
) -> list[Address]:
    """
    Return the addresses of a host, in the system's order. Raises NoAnswer.

    One address that is not permitted spoils them all: a host that is both public and private is
    somebody's trick.
    """
    if origin.address is not None:
        return [origin.address]
    found = _looked_up(origin, deadline, lookup or socket.getaddrinfo)
    for address in found:
        if not allowed.permits_address(origin, address):
            inside = origin._replace(host=str(address)).url
            raise NoAnswer(
                f"{origin.host} leads to {address}, which is not public: not asked "
                f"(if it is meant, add --allow {inside})"
            )
    return found


def _looked_up(origin: Origin, deadline: Deadline, lookup: Callable[..., Lookup]) -> list[Address]:
    """Look a name up in a thread, for the system's resolver knows neither deadline nor Ctrl-C."""
    results: list[Any] = []

    def look() -> None:
        try:
            results.append(lookup(origin.host, origin.port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            results.append(error)

    thread = threading.Thread(target=look, name="apierrors-lookup", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(min(SLICE, deadline.left("looking up the host")))
    found = results[0] if results else OSError("the look-up failed")
    if isinstance(found, Exception):
        reason = getattr(found, "strerror", None) or str(found)
        raise NoAnswer(f"the host {origin.host} was not found: {reason}")
    texts = dict.fromkeys(str(one[4][0]).partition("%")[0] for one in found)
    if not texts:
        raise NoAnswer(f"the host {origin.host} has no address")
    return [ip_address(text) for text in texts]
