"""
Make the cassettes anew: the client and vcrpy, against a stand-in for Sinch Voice.

    python record.py [FOLDER]

The cassettes name the provider's true host: what is asked of the stand-in is written so.
"""

from __future__ import annotations

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import vcr
import voice

if TYPE_CHECKING:
    from collections.abc import Callable

    from vcr.request import Request

TRUE = voice.BASE
CALL = "4f1c9a52"
ENDED = {"callId": CALL, "duration": 14, "status": "FINAL", "result": "ANSWERED"}
# Sinch documents status, errorCode and message for an error. Lately this one has another member.
UNKNOWN = {"status": "404 ResourceNotFound", "errorCode": 40400, "detail": "Call not found"}
# This code is documented under 409.
CONFLICT = {"status": "400 RequestConflict", "errorCode": 40900, "message": "A conflict"}
CASSETTES = {
    "calls": [
        (200, ENDED, lambda: voice.duration(CALL)),
        (404, UNKNOWN, lambda: voice.duration("00000000")),
    ],
    "conflict": [(400, CONFLICT, lambda: voice.say("Hello", "+46700000001"))],
}


class StandIn(BaseHTTPRequestHandler):
    """Answers every request with what is next."""

    protocol_version = "HTTP/1.1"
    next: tuple[int, dict] = (200, {})

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, answer = StandIn.next
        body = json.dumps(answer).encode()
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer  # noqa: N815 - the base class calls them so

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def as_sinch(request: Request) -> Request:
    """Write a request as if it had gone to Sinch."""
    request.uri = request.uri.replace(voice.BASE, TRUE)
    return request


def outcome(ask: Callable[[], object]) -> str:
    """Say what the client made of an answer."""
    try:
        return f"returned {ask()}"
    except voice.VoiceError as error:
        return f"raised {type(error).__name__}: {error}"


def main(folder: Path) -> None:
    """Record every cassette, and print what the client made of each answer."""
    folder.mkdir(exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), StandIn)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    voice.BASE = f"http://127.0.0.1:{server.server_port}/calling/v1"
    tapes = vcr.VCR(filter_headers=["authorization"], before_record_request=as_sinch)
    for name, exchanges in CASSETTES.items():
        cassette = folder / f"{name}.yaml"
        cassette.unlink(missing_ok=True)
        with tapes.use_cassette(str(cassette)):
            for status, answer, ask in exchanges:
                StandIn.next = (status, answer)
                print(f"{name}: {outcome(ask)}")
    server.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("cassettes"))
