"""Recorded traffic of any length, the same every time: half of it errors, as the README says."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from itertools import islice
from textwrap import indent
from typing import TYPE_CHECKING, Any

from contract import HOST, PATH, branches, sinch
from vcr.request import Request
from vcr.serialize import serialize
from vcr.serializers import yamlserializer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHUNK = 500
HTML = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>502</body>\r\n</html>\r\n"
CALL = {
    "method": "ttsCallout",
    "ttsCallout": {"destination": {"type": "number", "endpoint": "+46700000000"}},
}


@dataclass(frozen=True)
class Exchange:
    """One request with its response."""

    number: int
    status: int
    body: bytes
    media: str = "application/json; charset=utf-8"
    coded: bool = False

    @property
    def request_body(self) -> bytes:
        """What was sent."""
        return json.dumps({**CALL, "custom": f"order-{self.number}"}).encode()

    @property
    def request_headers(self) -> dict[str, str]:
        """Headers as `requests` sends them."""
        return {
            "Accept": "*/*",
            "Accept-Encoding": "gzip, deflate",
            "Authorization": "Basic ZmFrZTpmYWtl",
            "Connection": "keep-alive",
            "Content-Length": str(len(self.request_body)),
            "Content-Type": "application/json",
            "User-Agent": "python-requests/2.34.2",
        }

    @property
    def response_headers(self) -> dict[str, str]:
        """Headers as a small server sends them."""
        minutes, seconds = divmod(self.number, 60)
        clock = f"{minutes // 60 % 24:02}:{minutes % 60:02}:{seconds:02}"
        headers = {
            "Connection": "keep-alive",
            "Content-Type": self.media,
            "Date": f"Tue, 14 Jul 2026 {clock} GMT",
            "Server": "nginx",
            "X-Request-Id": f"{self.number:032x}",
        }
        if self.coded:
            headers["Content-Encoding"] = "gzip"
        if self.status == 401:
            headers["WWW-Authenticate"] = 'Application realm="sinch"'
        return headers

    @property
    def wire(self) -> bytes:
        """The body as it came over the wire."""
        return gzip.compress(self.body, mtime=0) if self.coded else self.body


def exchanges() -> Iterator[Exchange]:
    """Yield exchanges without end."""
    examples = [
        (branch.statuses[0], branch.example)
        for branch in branches(sinch())
        if branch.example and branch.plain
    ]
    number = 0
    while True:
        for place in range(20):
            status, body = examples[(number // 20 + place) % len(examples)]
            if place < 10:
                yield Exchange(number, 200, _success(number), coded=place == 0)
            elif place < 18:
                yield Exchange(number, status, _own(body, number), coded=place == 17)
            elif place == 18:
                yield Exchange(number, 502, HTML, "text/html")
            else:
                yield Exchange(number, status, _own(body, number).replace(b'"message"', b'"msg"'))
            number += 1


def _success(number: int) -> bytes:
    return json.dumps(
        {"callId": f"{number:016x}", "state": "INITIATED", "cost": number % 97}
    ).encode()


def _own(body: bytes, number: int) -> bytes:
    """Give an error body a reference of its own, so that no two bodies are equal."""
    return body[:-1] + f', "reference": "{number:024x}"'.encode() + b"}"


def write_cassette(path: Path, count: int) -> None:
    """Write a YAML cassette with vcrpy's own serializer, a chunk of interactions at a time."""
    source = exchanges()
    with path.open("w", encoding="utf-8") as file:
        file.write("interactions:\n")
        for start in range(0, count, CHUNK):
            chunk = list(islice(source, min(CHUNK, count - start)))
            text = serialize(as_vcr(chunk), yamlserializer)
            file.write(text.removeprefix("interactions:\n").removesuffix("version: 1\n"))
        file.write("version: 1\n")


def as_vcr(chunk: list[Exchange]) -> dict[str, Any]:
    """Return exchanges as vcrpy's serializer takes them."""
    return {
        "requests": [
            Request("POST", HOST + PATH, e.request_body, e.request_headers) for e in chunk
        ],
        "responses": [
            {
                "status": {"code": e.status, "message": "-"},
                "headers": {name: [value] for name, value in e.response_headers.items()},
                "body": {"string": e.wire},
            }
            for e in chunk
        ],
    }


def write_har(path: Path, size: int) -> None:
    """Write a HAR of at least `size` bytes, laid out as Playwright and the browsers do."""
    head = {"version": "1.2", "creator": {"name": "Playwright", "version": "1.62.0"}, "pages": []}
    start = json.dumps({"log": head}, indent=2).removesuffix("\n  }\n}") + ',\n    "entries": [\n'
    with path.open("w", encoding="utf-8") as file:
        file.write(start)
        for exchange in exchanges():
            file.write(indent(json.dumps(har_entry(exchange), indent=2), " " * 6))
            if file.tell() >= size:
                break
            file.write(",\n")
        file.write("\n    ]\n  }\n}\n")


def har_entry(exchange: Exchange) -> dict[str, Any]:
    """Return an exchange as an entry of a HAR."""
    return {
        "startedDateTime": "2026-07-14T09:00:00.000Z",
        "time": 31.25,
        "request": {
            "method": "POST",
            "url": HOST + PATH,
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _pairs(exchange.request_headers),
            "queryString": [],
            "headersSize": 310,
            "bodySize": len(exchange.request_body),
            "postData": {
                "mimeType": "application/json",
                "text": exchange.request_body.decode(),
                "params": [],
            },
        },
        "response": {
            "status": exchange.status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _pairs(exchange.response_headers),
            "content": {
                "size": len(exchange.body),
                "mimeType": exchange.media,
                "compression": 0,
                "text": exchange.body.decode(),
            },
            "headersSize": 190,
            "bodySize": len(exchange.wire),
            "redirectURL": "",
            "_transferSize": 190 + len(exchange.wire),
        },
        "cache": {},
        "timings": {
            "dns": 0.01,
            "connect": 4.2,
            "ssl": 3.1,
            "send": 0,
            "wait": 22.1,
            "receive": 0.4,
        },
        "serverIPAddress": "127.0.0.1",
        "_serverPort": 443,
    }


def _pairs(headers: dict[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def write_log(path: Path, count: int) -> None:
    """Write an NDJSON exchange log."""
    with path.open("w", encoding="utf-8") as file:
        for exchange in islice(exchanges(), count):
            response = {
                "status": exchange.status,
                "headers": exchange.response_headers,
                "body": exchange.body.decode(),
            }
            line = {"request": {"method": "POST", "url": HOST + PATH}, "response": response}
            file.write(json.dumps(line) + "\n")
