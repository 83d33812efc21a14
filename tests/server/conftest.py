"""Servers for tests, which fail where a test leaves complaints behind."""

import pytest

from pytest_apierrors.server import FaultServer, Limits


@pytest.fixture
def server():
    with FaultServer(limits=Limits(seconds=5, linger=1)) as running:
        yield running
        assert running.complaints() == []


@pytest.fixture
def tls_server():
    with FaultServer(tls=True, limits=Limits(seconds=5, linger=1)) as running:
        yield running
        assert running.complaints() == []


@pytest.fixture
def small():
    """Return a server with limits that a test can reach."""
    limits = Limits(connections=3, head=2000, body=5000, kept=20_000, seconds=0.3, linger=0.3)
    with FaultServer(limits=limits) as running:
        yield running
