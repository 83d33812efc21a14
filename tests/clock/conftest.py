"""The tests of virtual time are quick."""

import time

import pytest


@pytest.fixture(autouse=True)
def quick():
    """None of these tests may really sleep."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < 8
