"""A catalog with probes, and a real server over TLS that answers as a test says."""

import json
import socket
import ssl
import threading
from contextlib import suppress

CATALOG = {
    "title": "Acme",
    "sources": {
        "page": {"kind": "page", "url": "https://docs.acme.test", "read": "2026-07-14"},
        "capture": {"kind": "capture", "url": "https://docs.acme.test/seen"},
    },
    "error": {"status": ["4xx", "5xx"], "source": "page"},
    "envelopes": {
        "error": {
            "source": "page",
            "identify": {"/code": "string"},
            "schema": {
                "type": "object",
                "properties": {"code": {"type": "string"}, "token": {"type": "string"}},
                "required": ["code"],
                "additionalProperties": False,
            },
            "code": {"pointer": "/code"},
        }
    },
    "errors": {
        key: {
            "code": key,
            "status": [status],
            "source": "page",
            "example": {"kind": "printed", "body": {"code": key}},
        }
        for key, status in (("unauthorized", 401), ("expired", 401), ("gone", 404), ("no", 405))
    },
    "probes": [
        {
            "name": "no-credentials",
            "method": "GET",
            "path": "/account?x=1",
            "headers": {"Accept": "application/json"},
            "expect": {"entries": ["unauthorized"]},
            "source": "page",
        },
        {
            "name": "unknown-path",
            "method": "GET",
            "path": "/none",
            "expect": {"status": [404]},
            "source": "page",
        },
        {
            "name": "wrong-method",
            "method": "DELETE",
            "path": "/none",
            "expect": {"status": [405]},
            "harmless": "there is nothing to delete",
            "source": "capture",
        },
    ],
}

GET = {
    "name": "one",
    "method": "GET",
    "path": "/none",
    "expect": {"status": [404]},
    "source": "page",
}


def answer(status, body=b"", *headers):
    """Return an answer as it stands on the wire."""
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} X", "Content-Type: application/json", *headers]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


FINE = {
    "/account": answer(401, {"code": "unauthorized"}),
    "/none": answer(404, {"code": "gone"}),
    "DELETE /none": answer(405, {"code": "no"}),
}


class Server:
    """A server on the loopback interface; `answers` maps paths to bytes or to functions."""

    def __init__(self, authority, *, tls=True, host="127.0.0.1", names=("localhost", "127.0.0.1")):
        self.answers = dict(FINE)
        self.requests = []
        self.connections = 0
        self.problems = []
        self._done = threading.Event()
        self._context = None
        if tls:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert(*names).configure_cert(self._context)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, 0), family=family)
        self.port = self._socket.getsockname()[1]
        self.url = f"http{'s' if tls else ''}://localhost:{self.port}"
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._one, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _one(self, connection):
        with suppress(OSError):
            connection.settimeout(10)
            if self._context is not None:
                with connection:
                    connection = self._context.wrap_socket(connection, server_side=True)
            with connection:
                self._answer(connection)

    def _answer(self, connection):
        head = b""
        while b"\r\n\r\n" not in head:
            part = connection.recv(4096)
            if not part:
                return
            head += part
        self.requests.append(head.decode())
        method, target, _ = head.decode().split(" ", 2)
        path = target.partition("?")[0]
        found = self.answers.get(f"{method} {path}", self.answers.get(path, answer(500)))
        if callable(found):
            found(connection, self._done)
        else:
            connection.sendall(found)
        connection.shutdown(socket.SHUT_WR)

    def close(self):
        self._done.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join(10)
