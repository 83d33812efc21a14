"""What the server of these tests answers, by path."""

from __future__ import annotations

BODY = b'{"errorCode": 40101, "message": "no"}'
JSON = ("Content-Type", "application/json")
ANSWERS = {
    "/json": (401, [JSON, ("X-Two", "a"), ("X-Two", "b")], BODY),
    "/ok": (200, [JSON], b"{}"),
    "/empty": (503, [], b""),
    "/none": (204, [], b""),
    "/moved": (302, [("Location", "/json")], b"gone"),
    "/long": (500, [JSON], b'"' + b"x" * 300_000 + b'"'),
    "/digest": (401, [("WWW-Authenticate", 'Digest realm="r", nonce="n", qop="auth"')], BODY),
    "/short": (500, [JSON, ("Content-Length", "99"), ("Connection", "close")], b"{}"),
    "/chunked": (500, [JSON, ("Transfer-Encoding", "chunked")], b"2\r\n{}\r\n0\r\n\r\n"),
}
