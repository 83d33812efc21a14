"""Cassettes of ExVCR (Elixir): JSON; a body that is no text stands as a term of Erlang."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

from pytest_apierrors.recordings import exchanges, fields, jsonitems, parts
from pytest_apierrors.recordings.fields import Answer, Body, Call
from pytest_apierrors.recordings.outline import outline
from pytest_apierrors.recordings.reader import Reader, Source, Unreadable
from pytest_apierrors.recordings.sent import Sent, pairs
from pytest_apierrors.response import Headers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Origin, Response

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
    items = jsonitems.values(source, ())
    yield from exchanges.responses(source, items, _response, "exchange")


def _response(item: dict[str, Any], origin: Origin, source: Source) -> Response | None:
    if "response" not in item:
        raise Unreadable("exchange has no response")
    answer = fields.answered(item["response"])
    if answer is None or answer.get("type") == "error":
        return None  # the call failed; its reason stands where the body would
    status = _status(answer)
    if status is None:
        return None
    request = exchanges.mapping("request", item.get("request"))
    sent = Sent(_sent_headers(request), request.get("request_body") or request.get("body"))
    url = fields.text_of("url", request.get("url"))
    call = Call(fields.method_of(request.get("method")), url, sent)
    headers = _headers(answer.get("headers"))
    return fields.response_of(Answer(status, headers, _body(answer)), call, origin, source)


def _sent_headers(request: dict[str, Any]) -> Any:
    """Return the headers of the request, and the one that hackney made of an option."""
    options = request.get("options")
    user = options.get("basic_auth") if isinstance(options, dict) else None
    headers = request.get("headers")
    if not isinstance(user, list) or len(user) != 2:
        return headers
    coded = base64.b64encode(f"{user[0]}:{user[1]}".encode(errors="replace")).decode()
    return [*pairs(headers), ("Authorization", f"Basic {coded}")]


def _status(answer: dict[str, Any]) -> int | None:
    """Return the status; httpc has it between protocol and reason."""
    if "status_code" not in answer:
        raise Unreadable("response has no status_code")
    value = answer["status_code"]
    if isinstance(value, list) and len(value) == 3:
        value = value[1]
    return fields.status_of(value)


def _headers(value: Any) -> Headers:
    """Return headers, a mapping or a list of pairs."""
    if isinstance(value, list) and all(isinstance(one, list) and len(one) == 2 for one in value):
        return Headers(pair for name, one in value for pair in fields.headers_of({str(name): one}))
    return fields.headers_of(value)


def _body(answer: dict[str, Any]) -> Body:
    body = answer.get("body")
    if answer.get("binary") is not True or body is None:
        return fields.body_of("body", body, whole=True)
    term = parts.base64_bytes("body", parts.text("body", body) or "")
    data = term[_TERM_HEAD:]
    if not term.startswith(_BINARY_TERM) or int.from_bytes(term[2:_TERM_HEAD]) != len(data):
        raise Unreadable("body is not a binary of Erlang")
    return Body(data)


READER = Reader("exvcr", "ExVCR cassette (JSON)", recognise, read)
