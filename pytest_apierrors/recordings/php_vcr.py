"""Cassettes of PHP-VCR: a list, in YAML or in JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pytest_apierrors.recordings import fields, jsonitems, parts
from pytest_apierrors.recordings.fields import Body
from pytest_apierrors.recordings.outline import outline
from pytest_apierrors.recordings.reader import Reader, Source, Unreadable
from pytest_apierrors.recordings.sent import Sent
from pytest_apierrors.recordings.shapes import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Response

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
    yield from _SHAPE.responses(source, items)


def _sent(request: dict[str, Any]) -> Sent:
    return Sent(request.get("headers"), request.get("body") or request.get("post_fields"))


def _body(answer: dict[str, Any], _source: Source) -> Body:
    """Return the body; some of those that are no text stand in base64."""
    value = answer.get("body")
    headers = fields.headers_of(answer.get("headers"))
    if isinstance(value, str) and value.startswith(_CIPHER):
        return Body(value.encode(errors="replace"), ENCRYPTED, lost=True)
    coded = "application/x-gzip" in (headers.get("Content-Type") or "").lower()
    if isinstance(value, str) and (coded or headers.get("Content-Transfer-Encoding") == "binary"):
        try:
            return Body(parts.base64_bytes("body", value))
        except Unreadable:
            pass  # recorded before PHP-VCR did so
    return fields.body_of("body", value, whole=True)


_SHAPE = Shape("recording", _body, "url", sent=_sent)
READER = Reader("php-vcr", "PHP-VCR cassette (YAML, JSON)", recognise, read)
