"""The loopback fault server: any answer, and any way to break one, on a real socket."""

from __future__ import annotations

from pytest_apierrors.server.answers import Answer
from pytest_apierrors.server.limits import Limits
from pytest_apierrors.server.rules import Route
from pytest_apierrors.server.running import FaultServer
from pytest_apierrors.server.seen import Event, Seen, Transcript

__all__ = ["Answer", "Event", "FaultServer", "Limits", "Route", "Seen", "Transcript"]
