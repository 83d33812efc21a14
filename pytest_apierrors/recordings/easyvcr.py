"""Cassettes of EasyVCR: JSON, with names as C# writes them or as Java does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_apierrors.recordings import exchanges, fields, jsonitems, parsed
from pytest_apierrors.recordings.fields import Body
from pytest_apierrors.recordings.outline import outline
from pytest_apierrors.recordings.reader import Reader, Source
from pytest_apierrors.recordings.sent import Sent
from pytest_apierrors.recordings.shapes import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Headers, Response


def recognise(head: bytes, _path: Path) -> bool:
    """Tell whether a file is a list of exchanges with the names of C# or those of Java."""
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        return False
    names = outline(head)
    if "[].Request" in names or "[].Response" in names:
        return "[].Request.Uri" in names or "[].RecordedAt" in names
    return "[].request.uri" in names and not names.isdisjoint(
        ("[].recordedAt", "[].duration", "[].response.httpVersion", "[].response.uri")
    )


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the responses of a cassette."""
    yield from _SHAPE.responses(source, jsonitems.values(source, ()))


def _lowered(value: Any) -> Any:
    """Return a mapping with its names in lower case: `StatusCode` and `statusCode` are one."""
    return {name.lower(): one for name, one in value.items()} if isinstance(value, dict) else value


def _sent(request: dict[str, Any]) -> Sent:
    return Sent(_all_headers("request", request), request.get("body"))


def _headers(answer: dict[str, Any], _status: int) -> Headers:
    return fields.headers_of(_all_headers("response", answer))


def _all_headers(side: str, message: dict[str, Any]) -> dict[str, Any]:
    """Return the headers, which C# keeps in two mappings; Java has the status line among them."""
    found: dict[str, Any] = {}
    for name in ("headers", f"{side}headers", "contentheaders"):
        found |= exchanges.maybe_mapping("headers", message.get(name))
    found.pop("null", None)
    return found


def _body(answer: dict[str, Any], source: Source) -> Body:
    """Return the body; Java keeps that of an error apart, and writes JSON anew."""
    body = answer.get("body")
    if isinstance(body, dict | list):
        return Body(parsed.as_json("body", body, source.limits), parsed.PARSED)
    if body is None and answer.get("errors") is not None:
        errors = answer["errors"]
        if not isinstance(errors, str):
            return Body(parsed.as_json("errors", errors, source.limits), parsed.PARSED)
        kept = fields.body_of("errors", errors)
        return Body(kept.data, kept.altered or parsed.PARSED, kept.lost)
    return fields.body_of("body", body)


_SHAPE = Shape("interaction", _body, headers=_headers, sent=_sent, named=_lowered)
READER = Reader("easyvcr", "EasyVCR cassette (JSON)", recognise, read)
