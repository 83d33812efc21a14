"""What a fault server lets a client do: whatever connects is hostile until it is done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """
    Bounds of a fault server.

    `seconds` bounds everything that a connection waits for: a whole request, a plan with its
    waits and holds, an idle connection. `linger` bounds how long the server reads on after it
    has closed its side. `kept` bounds the bytes that the transcript holds.
    """

    connections: int = 64
    head: int = 64 * 1024
    body: int = 64 * 1024 * 1024
    kept: int = 64 * 1024 * 1024
    seconds: float = 30.0
    linger: float = 5.0
