"""Bodies that come as the user reads them, of which no more is heard than was read."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from http.client import IncompleteRead
from operator import methodcaller

import aiohttp
import httpx
import pytest
import requests
import urllib3
from server_answers import BODY

from pytest_apierrors.observe import copies, observing


class TestStreams:
    """Nothing is read that its user has not read; then only status and headers are known."""

    def test_of_requests(self, base, heard):
        with requests.get(f"{base}/json", stream=True, timeout=5) as response:
            lost = heard[0].response()
            assert response.raw.tell() == 0
            assert b"".join(response.iter_content(7)) == BODY
        assert (lost.status, lost.body, lost.lost) == (401, b"", True)
        assert heard[0].response().lost

    def test_of_requests_read_after_all(self, base, heard):
        with requests.get(f"{base}/json", stream=True, timeout=5) as response:
            assert response.content == BODY
        assert heard[0].response().body == BODY

    def test_of_httpx(self, base, heard):
        with httpx.Client() as client, client.stream("GET", f"{base}/json") as response:
            assert heard[0].response().lost
            assert not response.is_stream_consumed
            assert b"".join(response.iter_bytes()) == BODY
        assert heard[0].response().lost

    def test_of_httpx_read_after_all(self, base, heard):
        with httpx.Client() as client, client.stream("GET", f"{base}/json") as response:
            response.read()
        assert heard[0].response().body == BODY

    def test_of_aiohttp(self, base, heard):
        async def ask():
            async with aiohttp.ClientSession() as session, session.get(f"{base}/json") as response:
                lost = heard[0].response()
                return lost, await response.content.read()

        lost, body = asyncio.run(ask())
        assert (lost.lost, body) == (True, BODY)
        assert heard[0].response().lost

    def test_of_urllib3(self, base, heard):
        with urllib3.PoolManager() as pool:
            response = pool.request("GET", f"{base}/json", preload_content=False)
            assert heard[0].response().lost
            assert response.tell() == 0
            assert b"".join(response.stream(7)) == BODY
            response.release_conn()
        assert heard[0].response().lost

    @pytest.mark.parametrize(
        "read",
        [
            methodcaller("read"),
            lambda file: b"".join(iter(lambda: file.read(5), b"")),
            b"".join,
            lambda file: b"".join(iter(lambda: file.read1(5), b"")),
            lambda file: json.dumps(json.load(file)).encode(),
        ],
        ids=["read", "parts", "lines", "read1", "json"],
    )
    @pytest.mark.parametrize("path", ["/json", "/ok", "/chunked"])
    def test_of_urllib(self, base, heard, read, path):
        try:
            file = urllib.request.urlopen(base + path)
        except urllib.error.HTTPError as error:
            file = error
        unread = heard[0].response()
        with file:
            body = read(file)

        assert unread.lost
        assert body == {"/json": BODY, "/ok": b"{}", "/chunked": b"{}"}[path]
        assert heard[0].response().body == body
        assert not heard[0].response().lost

    def test_of_urllib_left_half_read(self, base, heard):
        with pytest.raises(urllib.error.HTTPError) as raised:
            urllib.request.urlopen(f"{base}/long")
        with raised.value as error:
            assert error.read(3) == b'"xx'
        assert heard[0].response().lost

    def test_of_urllib_cut_short(self, base, heard):
        with pytest.raises(urllib.error.HTTPError) as raised:
            urllib.request.urlopen(f"{base}/short")
        with raised.value as error, pytest.raises(IncompleteRead):
            error.read()
        assert heard[0].response().lost

    def test_of_urllib_longer_than_any_error(self, base, heard, monkeypatch):
        monkeypatch.setattr(copies, "_MOST", 10)
        with pytest.raises(urllib.error.HTTPError) as raised:
            urllib.request.urlopen(f"{base}/long")
        with raised.value as error:
            assert len(error.read()) == 300_002
        assert heard[0].response().lost

    def test_of_urllib_into_a_buffer(self, base, heard):
        with urllib.request.urlopen(f"{base}/ok") as response:
            buffer = bytearray(9)
            assert response.readinto(buffer) == 2
        assert heard[0].response().body == b"{}"


def test_nothing_is_left_on_a_response_of_urllib(base):
    with observing(lambda _: None):
        with urllib.request.urlopen(f"{base}/ok") as read:
            assert "read" in vars(read)
            read.read()
        unread = urllib.request.urlopen(f"{base}/ok")
        assert "read" in vars(unread)
        assert "read" not in vars(read)

    assert not {"read", "read1", "readinto", "readline"} & {*vars(read), *vars(unread)}
    with unread:
        assert unread.read() == b"{}"


def test_what_urllib_opens_besides_is_not_heard(tmp_path, heard):
    (tmp_path / "x.json").write_bytes(BODY)
    with urllib.request.urlopen((tmp_path / "x.json").as_uri()) as file:
        assert file.read() == BODY
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen((tmp_path / "y.json").as_uri())

    assert heard == []
