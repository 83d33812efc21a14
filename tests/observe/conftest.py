"""What runs a watched test file, and what hears the answers of a real server."""

from __future__ import annotations

from pathlib import Path

import loopback
import pytest
import receiving
import vcr  # noqa: F401 - pytester drops what a test imports, and yaml cannot be loaded twice
from server_answers import ANSWERS

import pytest_apierrors.baseline  # noqa: F401 - the same for what msgspec looks up
from pytest_apierrors.observe import observing

ROOT = Path(__file__).parent
HEAD = """
import asyncio
import httpx
import pytest
import requests
import responses
from hypothesis import given, settings, strategies as st
import unittest
import threading
URL = "https://api.acme.test/v1/messages"
LIE = {"error": {"code": "rate_limited", "message": "Wait 3 seconds"}}

def lying(status=400):
    return httpx.MockTransport(lambda _: httpx.Response(status, json=LIE))
"""


@pytest.fixture
def watched(project):
    """Run a test file that begins with what all need."""

    def run(body, *args, how=None, **ini):
        project.ini(**{"apierrors_provider": "acme", "apierrors_observe": "true", **ini})
        project.test(HEAD + body)
        return (how or project.run)(*args)

    return run


@pytest.fixture(scope="module")
def base():
    with loopback.loopback(ANSWERS) as url:
        yield url


@pytest.fixture(params=receiving.RECEIVING)
def ask(request):
    return receiving.RECEIVING[request.param]


@pytest.fixture
def heard(request):
    """What is heard of the clients, as it would be in the file of the test that asks."""
    found = []
    with observing(found.append, root=ROOT, test=request.path):
        yield found
