"""Cassettes of ExVCR (Elixir): JSON; a body that is no text stands as a term of Erlang."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

from pytest_apierrors.recordings import fields, jsonitems, parts
from pytest_apierrors.recordings.fields import Body
from pytest_apierrors.recordings.outline import outline
from pytest_apierrors.recordings.reader import Reader, Source, Unreadable
from pytest_apierrors.recordings.sent import Sent, pairs
from pytest_apierrors.recordings.shapes import Shape, status_in
from pytest_apierrors.response import Headers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Response

_NAMES: Final = ("[].response.status_code", "[].response.binary", "[].request.options")
_BINARY_TERM: Final = b"\x83m"  # version 131 of the format, and the tag of a binary
_TERM_HEAD: Final = 6


def recognise(head: bytes, _path: Path) -> bool:
    """Tell whether a file is a list of exchanges with the names of Elixir's structs."""
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        return False
    names = outline(head)
    return "[].request.url" in names and not names.isdisjoint(_NAMES)


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the responses of a cassette."""
    yield from _SHAPE.responses(source, jsonitems.values(source, ()))


def _status(answer: dict[str, Any]) -> Any:
    """Return the status, which httpc has between protocol and reason; a call may have failed."""
    if answer.get("type") == "error":
        return None  # the reason stands where the body would
    value = status_in(answer, "status_code")
    return value[1] if isinstance(value, list) and len(value) == 3 else value


def _sent(request: dict[str, Any]) -> Sent:
    """Return what was sent, with the header that hackney made of an option."""
    headers, options = request.get("headers"), request.get("options")
    user = options.get("basic_auth") if isinstance(options, dict) else None
    if isinstance(user, list) and len(user) == 2:
        coded = base64.b64encode(f"{user[0]}:{user[1]}".encode(errors="replace")).decode()
        headers = [*pairs(headers), ("Authorization", f"Basic {coded}")]
    return Sent(headers, request.get("request_body") or request.get("body"))


def _headers(answer: dict[str, Any], _status: int) -> Headers:
    """Return headers, a mapping or a list of pairs."""
    value = answer.get("headers")
    if isinstance(value, list) and all(isinstance(one, list) and len(one) == 2 for one in value):
        return Headers(pair for name, one in value for pair in fields.headers_of({str(name): one}))
    return fields.headers_of(value)


def _body(answer: dict[str, Any], _source: Source) -> Body:
    body = answer.get("body")
    if answer.get("binary") is not True or body is None:
        return fields.body_of("body", body, whole=True)
    term = parts.base64_bytes("body", parts.text("body", body) or "")
    data = term[_TERM_HEAD:]
    if not term.startswith(_BINARY_TERM) or int.from_bytes(term[2:_TERM_HEAD]) != len(data):
        raise Unreadable("body is not a binary of Erlang")
    return Body(data)


_SHAPE = Shape("exchange", _body, "url", _status, _headers, _sent)
READER = Reader("exvcr", "ExVCR cassette (JSON)", recognise, read)
