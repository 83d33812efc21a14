"""What the recorder of the library `responses` writes: YAML, or TOML as its manual shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pytest_apierrors.recordings import exchanges, fields, jsonitems, tomlitems
from pytest_apierrors.recordings.fields import Body
from pytest_apierrors.recordings.reader import Reader, Source
from pytest_apierrors.recordings.sent import Sent
from pytest_apierrors.recordings.shapes import Shape
from pytest_apierrors.response import Headers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Origin, Response

PATH: Final = ("responses",)
INVENTED: Final = "headers altered by the recorder: it may have invented the content type"
_START: Final = rb"(?:\A(?:\xef\xbb\xbf)?|\n)"
_YAML = re.compile(
    _START + rb"responses:[ \t]*\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*+"
    rb"[ ]*-[ ]+response:"
)
_TOML = re.compile(_START + rb"\[\[responses\]\]\s*\[responses\.response\]")
_TOML_INLINE = re.compile(_START + rb"responses[ \t]*=[ \t]*\[\s*\{[ \t]*response[ \t]*=")
_DEFAULT: Final = "text/plain"  # what the library says where a response has no type
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)


def recognise(head: bytes, _path: Path) -> bool:
    """Tell whether a file has a list of responses at its top."""
    return _is_toml(head) or (not jsonitems.is_json(head) and _YAML.search(head) is not None)


def _is_toml(head: bytes) -> bool:
    return _TOML.search(head) is not None or _TOML_INLINE.search(head) is not None


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the responses of a file."""
    head = source.stream.read(1 << 16)
    source.stream.seek(0)
    if _is_toml(head):
        items = tomlitems.items(source, PATH[0])
    else:
        from pytest_apierrors.recordings import yamlevents  # noqa: PLC0415 - costs 15 ms

        items = yamlevents.items(source, PATH)
    yield from exchanges.responses(source, items, _response, "entry")


def _response(item: dict[str, Any], origin: Origin, source: Source) -> Response | None:
    """Return the response of an entry, which knows of the request but method and URL."""
    entry = exchanges.mapping("response", item.get("response"))
    return _SHAPE.response({"request": entry, "response": entry}, origin, source)


def _media(answer: dict[str, Any]) -> str | None:
    return fields.text_of("content_type", answer.get("content_type"))


def _headers(answer: dict[str, Any], _status: int) -> Headers | None:
    """Return the headers, None where the type of a body may be an invention."""
    headers = fields.headers_of(answer.get("headers"))
    media = _media(answer)
    if media == _DEFAULT:
        return None if answer.get("body") else headers
    if media is None or headers.get("Content-Type") is not None:
        return headers
    return Headers([*headers, ("Content-Type", media)])


def _body(answer: dict[str, Any], _source: Source) -> Body:
    media = _media(answer)
    body = _text(answer.get("body"), media)
    if media != _DEFAULT or not body.data:
        return body
    return Body(body.data, body.altered or INVENTED, body.lost)


def _text(value: Any, media: str | None) -> Body:
    """
    Return the body; what was kept is the text that requests made of it.

    Without a charset requests takes text for Latin-1 and guesses the charset of anything else.
    """
    charset = _CHARSET.search(media or "")
    if charset:
        return fields.body_of("body", value, charset[1])
    plain = fields.body_of("body", value)
    text = value if isinstance(value, str) else ""
    if plain.lost or text.isascii() or not (media or "").startswith("text/"):
        return plain
    narrow = fields.body_of("body", value, "latin-1").data
    if media == _DEFAULT and not _is_utf_8(narrow):
        return Body(plain.data, fields.CHARSET_UNKNOWN, lost=True)
    return Body(narrow)


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


_SHAPE = Shape("entry", _body, "url", headers=_headers, sent=lambda _: Sent())
READER = Reader(
    "responses", "recorder of `responses` (YAML, TOML)", recognise, read, (b"responses",)
)
