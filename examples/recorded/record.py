"""
Make the cassettes anew: the providers' real clients and vcrpy, against a local stand-in.

    pip install sinch==1.1.4 neutrino-api-client-requests==4.7.1 vcrpy==9.4.2 trustme
    python record.py [FOLDER]

The stand-in speaks TLS on a local port. Connections are led there below the client's URLs, so
that the cassettes name the providers' true hosts; the credentials are made up.
"""

from __future__ import annotations

import os
import ssl
import sys
import tempfile
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import trustme
import urllib3.util.connection
import vcr
from answers import KEY, NEUTRINO, SIGNED, SINCH, Answer
from neutrino_api.neutrino_api_client import NeutrinoAPIClient
from sinch import SinchClient

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTS = ("calling.api.sinch.com", "callingapi.sinch.com", "neutrinoapi.net")
# A signature and a time would differ from one recording to the next.
FIXED = [
    ("authorization", SIGNED),
    ("x-timestamp", "2026-11-22T08:00:00+00:00"),
]


class StandIn(BaseHTTPRequestHandler):
    """Answers every request with what the server holds ready."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        answer: Answer = self.server.answer
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response_only(answer.status)
        self.send_header("Date", "Sun, 22 Nov 2026 08:00:00 GMT")
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer  # noqa: N815 - the base class calls them so

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def stand_in() -> Iterator[ThreadingHTTPServer]:
    """Serve on a local port, and lead every connection of this process there."""
    authority = trustme.CA()
    server = ThreadingHTTPServer(("127.0.0.1", 0), StandIn)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*HOSTS).configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    connect = urllib3.util.connection.create_connection

    def to_the_stand_in(address: tuple[str, int], *args: object, **kwargs: object) -> object:
        if address[0] not in HOSTS:
            raise ConnectionError(f"not led to the stand-in: {address[0]}")
        return connect(server.server_address, *args, **kwargs)

    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.object(urllib3.util.connection, "create_connection", to_the_stand_in),
        mock.patch.dict(os.environ, REQUESTS_CA_BUNDLE=f"{folder}/authority.pem"),
    ):
        authority.cert_pem.write_to_path(f"{folder}/authority.pem")
        try:
            yield server
        finally:
            server.shutdown()
            server.server_close()


def record(
    server: ThreadingHTTPServer, client: object, answers: list[Answer], folder: Path
) -> None:
    """Record one cassette per answer, and print what the client made of it."""
    folder.mkdir(parents=True, exist_ok=True)
    recorder = vcr.VCR(record_mode="all", filter_headers=FIXED)
    for answer in answers:
        server.answer = answer
        cassette = folder / f"{answer.name}.yaml"
        cassette.unlink(missing_ok=True)
        with recorder.use_cassette(str(cassette)):
            try:
                returned = answer.call(client)
                outcome = f"returned {type(returned).__name__} {vars(returned)}"
            except Exception as error:  # noqa: BLE001 - clients raise what they like
                outcome = f"raised {type(error).__name__}: {error}"
        print(f"{answer.name:26} {outcome}")


def main(folder: Path) -> None:
    """Record both providers."""
    sinch = SinchClient(application_key="00000000-fake", application_secret="ZmFrZSBzZWNyZXQ=")
    neutrino = NeutrinoAPIClient("fake-user", KEY)
    with stand_in() as server:
        record(server, sinch, SINCH, folder / "sinch")
        record(server, neutrino, NEUTRINO, folder / "neutrino")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).with_name("cassettes")))
