"""A loopback server with canned answers, for tests that need a real client's real response."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # a whole answer in one send, so that no client sees half of one
    answers: dict[str, tuple[int, list[tuple[str, str]], bytes]]

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        status, headers, body = self.answers[self.path.partition("?")[0]]
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        named = {name.lower() for name, _ in headers}
        if status != 204 and named.isdisjoint({"content-length", "transfer-encoding"}):
            self.send_header("Content-Length", str(len(body)))
        if "connection" in named:
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = answer  # noqa: N815 # http.server looks for these names

    def log_message(self, *_):
        pass


@contextmanager
def loopback(answers):
    """Serve `{path: (status, headers, body)}` and give the base URL."""
    handler = type("Handler", (Answers,), {"answers": answers})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # a client that hangs up is part of the tests
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
