"""Connections made before, meanwhile or in a way of their own lead to the server."""

import asyncio
import http.client
import inspect
import socket
import ssl
import subprocess
import sys
import urllib.error
from urllib.request import urlopen

import aiohttp
import pytest
import requests
from requests.adapters import HTTPAdapter
from seam_clients import LIMITED, URL

from pytest_apierrors.faults.model import Fault
from pytest_apierrors.seams import inject


def test_a_class_that_connects_in_its_own_way_is_led_to_the_server():
    class Own(http.client.HTTPConnection):
        def connect(self):
            raise AssertionError("went to the network")

    with inject(LIMITED) as injected:
        connection = Own("api.acme.test")
        connection.request("GET", "/v1")
        response = connection.getresponse()
        assert (response.status, response.read()) == (429, b'{"code": "slow"}')
        connection.close()

    assert injected.calls[0].url == "http://api.acme.test/v1"


class Connecting(http.client.HTTPSConnection):
    def connect(self):
        raise AssertionError("went to the network")


def test_a_class_that_connects_in_its_own_way_does_not_even_if_told_to():
    """Some libraries connect first, and then ask."""

    class Late(http.client.HTTPConnection):
        def connect(self):
            raise AssertionError("went to the network")

    early = Connecting("api.acme.test")
    before = Connecting.connect, Late.connect, http.client.HTTPConnection.__init__
    with inject(LIMITED, match="*/v1") as injected:

        class Later(http.client.HTTPConnection):
            connect = Late.connect

        for connection in (early, Connecting("api.acme.test"), Late("a.test"), Later("b.test")):
            for _ in range(2):
                connection.connect()
                connection.request("GET", "/v1")
                assert connection.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
                response = connection.getresponse()
                assert (response.status, response.read()) == (429, b'{"code": "slow"}')
                connection.close()

    assert [call.url for call in injected.calls][::2] == [
        "https://api.acme.test/v1",
        "https://api.acme.test/v1",
        "http://a.test/v1",
        "http://b.test/v1",
    ]
    assert before == (Connecting.connect, Late.connect, http.client.HTTPConnection.__init__)


def test_a_connection_from_before_is_not_used():
    """Else the call would go to the network, where the connection leads."""
    from loopback import loopback

    with loopback({"/": (200, [], b"real")}) as url:
        connection = http.client.HTTPConnection(url.partition("://")[2])
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"real"
        with inject(LIMITED):
            connection.request("GET", "/")
            assert connection.getresponse().read() == b'{"code": "slow"}'
        connection.close()


def test_a_connection_of_aiohttp_from_before_is_not_used():
    from loopback import loopback

    async def calls(url):
        async with aiohttp.ClientSession() as session:
            async with session.get(url) as response:
                real = await response.read()
            with inject(LIMITED):
                async with session.get(url) as response:
                    return real, await response.read()

    with loopback({"/": (200, [], b"real")}) as url:
        assert asyncio.run(calls(f"{url}/")) == (b"real", b'{"code": "slow"}')


def test_a_connection_made_meanwhile_is_not_used_afterwards():
    from loopback import loopback

    with loopback({"/": (200, [], b"real")}) as url, requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=1))
        with inject(LIMITED):
            assert session.get(f"{url}/").content == b'{"code": "slow"}'
        assert session.get(f"{url}/").content == b"real"


def test_the_loopback_server_is_trusted_meanwhile_only():
    dial = {}
    with inject(Fault("limited", 429)):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urlopen("https://api.acme.test/", timeout=30)
        dial["address"] = caught.value.fp.fp.raw._sock.getpeername()
        caught.value.close()
    context = ssl.create_default_context()

    assert dial["address"][0] == "127.0.0.1"
    assert "wrap_socket" in vars(ssl.SSLContext)
    assert inspect.getsourcefile(type(context).wrap_socket) == ssl.__file__


def test_what_is_imported_meanwhile_is_caught():
    code = (
        "import sys\n"
        "from pytest_apierrors.faults.model import Fault\n"
        "from pytest_apierrors.seams import active, inject\n"
        "with inject(Fault('limited', 429)) as injected:\n"
        "    assert 'requests' not in sys.modules and 'httpx' not in sys.modules\n"
        "    import requests, httpx, aiohttp.connector\n"
        f"    assert requests.get({URL!r}).status_code == 429\n"
        f"    assert httpx.get({URL!r}).status_code == 429\n"
        "    assert {'requests', 'httpx', 'aiohttp', 'urllib3'} <= set(active())\n"
        "assert [call.seam for call in injected.calls] == ['requests', 'httpx']\n"
        "assert not hasattr(requests.adapters.HTTPAdapter.send, '__wrapped__')\n"
        "assert type(requests.adapters.__loader__).__name__ == 'SourceFileLoader'\n"
    )

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
