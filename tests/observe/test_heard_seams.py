"""Where clients are listened to: all is put back, nothing is imported, what lacks is named."""

from __future__ import annotations

import subprocess
import sys

import httpx
import pytest
import requests

from pytest_apierrors.observe import observing

SPOTS = [
    "aiohttp.client._BaseRequestContextManager.__init__",
    "httpx.Client.send",
    "httpx.AsyncClient.send",
    "httpx.MockTransport.handle_request",
    "requests.sessions.dispatch_hook",
    "responses.Response.get_response",
    "urllib.request.OpenerDirector.open",
    "urllib3.connectionpool.HTTPConnectionPool.urlopen",
    "vcr.cassette.Cassette.play_response",
]


def test_all_is_put_back_whatever_happens(base):
    import responses  # noqa: F401
    import vcr  # noqa: F401

    before = [_named(spot) for spot in SPOTS]
    meta_path = [*sys.meta_path]
    with observing(lambda _: None):
        during = [_named(spot) for spot in SPOTS]
    with pytest.raises(ZeroDivisionError), observing(lambda _: 1 / 0):
        requests.get(f"{base}/ok", timeout=5)

    assert not [spot for spot, a, b in zip(SPOTS, before, during, strict=True) if a is b]
    assert [_named(spot) for spot in SPOTS] == before
    assert sys.meta_path == meta_path


def _named(spot):
    module, *names = spot.split(".")
    found = sys.modules[module]
    for name in names:
        found = getattr(found, name)
    return found


def test_nothing_is_imported_and_what_comes_later_is_heard(base):
    code = f"""if True:
        import sys
        from pytest_apierrors.observe import Heard, copies, observing
        with observing(repr), observing(lambda one: print(one.response().status)):
            loaded = {{"requests", "httpx", "aiohttp", "urllib3"}} & {{*sys.modules}}
            import requests, httpx
            requests.get("{base}/json")
            httpx.get("{base}/ok")
        print(loaded, requests.sessions.__spec__.loader)
        requests.get("{base}/ok")
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[:2] == ["401", "200"]
    assert "SourceFileLoader" in done.stdout.splitlines()[2]
    assert done.stdout.splitlines()[2].startswith("set()")
    assert len(done.stdout.splitlines()) == 3


def test_a_seam_that_is_lacking_is_named_and_the_rest_is_heard(base, monkeypatch):
    monkeypatch.delattr("httpx.AsyncClient.send")
    found = []
    with observing(found.append) as watch:
        httpx.get(f"{base}/json")

    assert watch.lacking == ["httpx: httpx.AsyncClient.send"]
    assert len(found) == 1
