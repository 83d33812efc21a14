"""The clients of these tests, one after the other."""

import pytest
from seam_clients import CLIENTS, SEAMS


@pytest.fixture(params=CLIENTS)
def client(request):
    return CLIENTS[request.param]


@pytest.fixture
def seam(request):
    """The name of the seam through which the client's requests come."""
    name = request.node.callspec.params["client"]
    return SEAMS.get(name, name)
