"""Record the server's answers with one client; runs in the venv of the version to be recorded."""

from __future__ import annotations

import asyncio
import sys
import urllib.error
import urllib.request
from pathlib import Path

import server
import vcr

BASE = f"http://127.0.0.1:{server.PORT}"
CALLS = [
    ("POST", "/rate?token=fake"),
    ("GET", "/gzip"),
    ("GET", "/latin"),
    ("GET", "/empty"),
    ("GET", "/nothing"),
    ("HEAD", "/rate"),
    ("GET", "/redirect"),
    ("GET", "/binary"),
]
# what the JSON serializer can hold whatever the client
TEXT_CALLS = [("POST", "/rate?token=fake"), ("GET", "/empty"), ("GET", "/redirect")]


def with_requests(calls):
    """Call with requests."""
    import requests

    with requests.Session() as session:
        for method, path in calls:
            data = b'{"a": "it\'s"}' if method == "POST" else None
            session.request(method, BASE + path, data=data, allow_redirects=True)


def with_httpx(calls):
    """Call with httpx."""
    import httpx

    with httpx.Client(follow_redirects=True) as session:
        for method, path in calls:
            session.request(method, BASE + path, content=b"{}" if method == "POST" else None)


def with_aiohttp(calls):
    """Call with aiohttp."""
    import aiohttp

    async def run():
        async with aiohttp.ClientSession() as session:
            for method, path in calls:
                data = b"{}" if method == "POST" else None
                async with session.request(method, BASE + path, data=data) as response:
                    await response.read()

    asyncio.run(run())


def with_urllib(calls):
    """Call with urllib."""
    for method, path in calls:
        data = b"{}" if method == "POST" else None
        request = urllib.request.Request(BASE + path, data=data, method=method)
        try:
            with urllib.request.urlopen(request) as response:
                response.read()
        except urllib.error.HTTPError as error:
            error.read()


CLIENTS = {
    "requests": with_requests,
    "httpx": with_httpx,
    "aiohttp": with_aiohttp,
    "urllib": with_urllib,
}


def main(folder: str) -> None:
    """Write one cassette per client and serializer."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    running = server.start()
    for name, call in CLIENTS.items():
        for serializer, calls in (("yaml", CALLS), ("json", TEXT_CALLS)):
            path = target / f"{name}.{serializer}"
            path.unlink(missing_ok=True)
            try:
                with vcr.use_cassette(str(path), serializer=serializer, record_mode="all"):
                    call(calls)
            except Exception as error:  # noqa: BLE001 - a combination that does not work is left out
                path.unlink(missing_ok=True)
                print(f"  {path.parent.name}/{path.name}: {type(error).__name__}: {error}")
    running.shutdown()


if __name__ == "__main__":
    main(sys.argv[1])
