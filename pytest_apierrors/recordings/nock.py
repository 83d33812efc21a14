"""Fixtures of nock: a JSON list of calls, as its recorder writes them with `output_objects`."""

from __future__ import annotations

import binascii
from typing import TYPE_CHECKING, Any

from pytest_apierrors.recordings import fields, jsonitems, parsed, parts
from pytest_apierrors.recordings.fields import Answer, Body, Call
from pytest_apierrors.recordings.reader import Reader, Source, Unreadable
from pytest_apierrors.recordings.sent import Sent
from pytest_apierrors.response import Headers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Origin, Response

_BOM = b"\xef\xbb\xbf"


def recognise(head: bytes, _path: Path) -> bool:
    """Tell whether a file is a list whose first item has a scope and a path."""
    opened = head.removeprefix(_BOM).lstrip()
    return opened[:1] == b"[" and {"scope", "path"} <= set(jsonitems.top_keys(opened[1:]))


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the response of each call."""
    from pytest_apierrors.recordings import exchanges  # noqa: PLC0415 - only here

    return exchanges.responses(source, jsonitems.values(source, ()), _response, "call")


def _response(call: dict[str, Any], origin: Origin, source: Source) -> Response | None:
    if call.get("replyWithError") is not None:
        return None
    headers = Headers(_headers(call))
    scope, path = parts.text("scope", call.get("scope")), parts.text("path", call.get("path"))
    absolute = path is not None and path.startswith(("http:", "https:"))
    url = path if absolute else f"{scope or ''}{path or ''}" or None
    asked = Call(
        fields.method_of(call.get("method")), url, Sent(call.get("reqheaders"), call.get("body"))
    )
    status = parts.status(call.get("status", call.get("reply")))
    return fields.response_of(
        Answer(status, headers, _body(call, headers, source)), asked, origin, source
    )


def _headers(call: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the headers: names and values by turns, a list of pairs, or a mapping."""
    raw = call.get("rawHeaders", call.get("headers"))
    if not isinstance(raw, list):
        return parts.header_pairs(raw)
    if all(isinstance(one, list) and len(one) == 2 for one in raw):
        raw = [part for pair in raw for part in pair]
    if len(raw) % 2:
        raise Unreadable("rawHeaders are a name without its value")
    pairs = zip(raw[::2], raw[1::2], strict=True)
    return [(_name(name), parts.header_value(str(name), value)) for name, value in pairs]


def _name(name: Any) -> str:
    if isinstance(name, str):
        return name
    raise Unreadable(f"rawHeaders have {parts.shown(name)} in the place of a name")


def _body(call: dict[str, Any], headers: Headers, source: Source) -> Body:
    """
    Return the body.

    What was coded is a list of chunks in hexadecimal digits, what is no text one such chunk,
    JSON its own value, anything else a text.
    """
    body = call.get("response")
    if body is None:
        return Body()
    if isinstance(body, str):
        if call.get("responseIsBinary") is True:
            return Body(_digits(body))
        return fields.body_of("response", body, whole=True)
    chunked = isinstance(body, list) and body and all(isinstance(one, str) for one in body)
    if chunked and headers.get("Content-Encoding") is not None:
        return Body(b"".join(map(_digits, body)))
    return Body(parsed.as_json("response", body, source.limits), parsed.PARSED)


def _digits(chunk: str) -> bytes:
    try:
        return binascii.unhexlify(chunk)
    except (binascii.Error, ValueError):
        raise Unreadable("response is not in hexadecimal digits") from None


READER = Reader("nock", "nock fixtures (JSON)", recognise, read)
