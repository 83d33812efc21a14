"""A loopback server that answers the way an API does on a bad day; no dependencies, Python 3.8."""

from __future__ import annotations

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = 18429
DATE = "Sun, 22 Nov 2026 10:00:00 GMT"
REFERENCE = "00000000-0000-4000-8000-000000000000"
JSON = ("Content-Type", "application/json")


def error(code: int, message: str) -> bytes:
    """Write an error body in the shape of the Sinch Voice API."""
    return json.dumps({"errorCode": code, "message": message, "reference": REFERENCE}).encode()


RATE = error(42900, "Rate limit: it's 7 requests - wait #1\nthen retry")
GZIPPED = error(40101, "Authorization signature mismatch")
LATIN = "<h1>caf\xe9</h1>".encode("latin-1")
UNICODE = (
    '{"errorCode": 40401, "message": "Förfrågan finns inte \U0001f600\u2028", "reference": "r"}'
)

# path: status, headers, body
ANSWERS = {
    "/rate": (
        429,
        [JSON, ("Retry-After", "7"), ("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "b=2; Path=/")],
        RATE,
    ),
    "/gzip": (401, [JSON, ("Content-Encoding", "gzip")], gzip.compress(GZIPPED, mtime=0)),
    "/latin": (500, [("Content-Type", "text/html; charset=iso-8859-1")], LATIN),
    "/empty": (429, [("Retry-After", "1")], b""),
    "/nothing": (204, [], b""),
    "/redirect": (302, [("Location", "/unicode")], b""),
    "/unicode": (404, [("Content-Type", "application/json; charset=utf-8")], UNICODE.encode()),
    "/binary": (400, [("Content-Type", "application/octet-stream")], bytes(range(256))),
    "/page": (200, [("Content-Type", "text/html; charset=utf-8")], b"<!doctype html><p>page</p>"),
}


class Handler(BaseHTTPRequestHandler):
    """Answer from the table."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer with status, headers and body of the path."""
        self.answer()

    def do_POST(self) -> None:
        """Answer like GET, after the request's body was read."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.answer()

    def do_HEAD(self) -> None:
        """Answer like GET, without the body."""
        self.answer()

    def answer(self) -> None:
        """Write one answer."""
        status, headers, body = ANSWERS.get(self.path.partition("?")[0], (404, [], b""))
        self.send_response_only(status)
        self.send_header("Date", DATE)
        for name, value in headers:
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


def start() -> ThreadingHTTPServer:
    """Serve in a thread."""
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
