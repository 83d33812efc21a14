"""A loopback server, and each client in turn."""

import loopback
import pytest
from adapted_clients import ANSWERS, CLIENTS


@pytest.fixture(scope="module")
def base():
    with loopback.loopback(ANSWERS) as url:
        yield url


@pytest.fixture(params=CLIENTS)
def client(request):
    return CLIENTS[request.param]
