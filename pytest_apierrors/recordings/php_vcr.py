"""Cassettes of PHP-VCR: a list, in YAML or in JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pytest_apierrors.recordings import exchanges, fields, jsonitems, parts
from pytest_apierrors.recordings.fields import Answer, Body, Call
from pytest_apierrors.recordings.outline import outline
from pytest_apierrors.recordings.reader import Reader, Source, Unreadable
from pytest_apierrors.recordings.sent import Sent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Headers, Origin, Response

ENCRYPTED: Final = "body altered by the recorder: it is encrypted"
_CIPHER: Final = "vcr:enc:"
_YAML = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:---\s*\n|#[^\n]*\n|\s*\n)*+"
    rb"""-[ \t]*+(?:\r?\n[ \t]+)?["']?request["']?:"""
)


def recognise(head: bytes, _path: Path) -> bool:
    """Tell whether a file is a list of exchanges whose responses have a `status`."""
    listed = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
    if not listed and _YAML.match(head) is None:
        return False
    names = outline(head)
    return {"[].request.url", "[].request.method"} <= names


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the responses of a cassette."""
    head = source.stream.read(4096)
    source.stream.seek(0)
    if jsonitems.is_json(head):
        items = jsonitems.values(source, ())
    else:
        from pytest_apierrors.recordings import yamlevents  # noqa: PLC0415 - costs 15 ms

        items = yamlevents.items(source, ())
    yield from exchanges.responses(source, items, _response, "recording")


def _response(item: dict[str, Any], origin: Origin, source: Source) -> Response | None:
    if "response" not in item:
        raise Unreadable("recording has no response")
    answer = fields.answered(item["response"])
    if answer is None:
        return None
    if "status" not in answer:
        raise Unreadable("response has no status")
    status = fields.status_of(answer["status"])
    if status is None:
        return None
    request = exchanges.mapping("request", item.get("request"))
    sent = Sent(request.get("headers"), request.get("body") or request.get("post_fields"))
    url = fields.text_of("url", request.get("url"))
    call = Call(fields.method_of(request.get("method")), url, sent)
    headers = fields.headers_of(answer.get("headers"))
    body = _body(answer.get("body"), headers)
    return fields.response_of(Answer(status, headers, body), call, origin, source)


def _body(value: Any, headers: Headers) -> Body:
    """Return the body; some of those that are no text stand in base64."""
    if isinstance(value, str) and value.startswith(_CIPHER):
        return Body(value.encode(errors="replace"), ENCRYPTED, lost=True)
    coded = "application/x-gzip" in (headers.get("Content-Type") or "").lower()
    if isinstance(value, str) and (coded or headers.get("Content-Transfer-Encoding") == "binary"):
        try:
            return Body(parts.base64_bytes("body", value))
        except Unreadable:
            pass  # recorded before PHP-VCR did so
    return fields.body_of("body", value, whole=True)


READER = Reader("php-vcr", "PHP-VCR cassette (YAML, JSON)", recognise, read)
