"""Cassettes of cassetter, YAML or TOML: bodies have a type, and headers with secrets are gone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pytest_apierrors.recordings import fields, jsonitems, parsed, tomlitems
from pytest_apierrors.recordings.fields import Body
from pytest_apierrors.recordings.outline import outline
from pytest_apierrors.recordings.parts import shown
from pytest_apierrors.recordings.reader import Reader, Source, Unreadable
from pytest_apierrors.recordings.sent import Sent
from pytest_apierrors.recordings.shapes import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Headers, Response

PATH: Final = ("interactions",)
_YAML = re.compile(rb"""(?:\A|\n)["']?interactions["']?[ \t]*:[ \t]*\r?\n""")
_TYPE = re.compile(rb"""\n[ \t]+["']?type["']?:[ \t]+["']?(?:json|text|binary|none)\b""")
_TOML = re.compile(
    rb"(?:\A(?:\xef\xbb\xbf)?|\n)\[interactions\.(?:request|response)(?:\.headers)?\]"
)
# statuses that owe a header which cassetter leaves out, for it holds what is secret
_OWED: Final = {401: "www-authenticate", 407: "proxy-authenticate"}


def recognise(head: bytes, _path: Path) -> bool:
    """Tell whether a file has interactions whose bodies have a type."""
    if b"body_type" in head and _TOML.search(head):
        return True
    if jsonitems.is_json(head) or b"type:" not in head:
        return False
    return bool(_TYPE.search(head) and _YAML.search(head)) and _typed(head)


def _typed(head: bytes) -> bool:
    sides = ("request", "response")
    return any(f"interactions[].{side}.body.type" in outline(head) for side in sides)


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the responses of a cassette."""
    head = source.stream.read(1 << 16)
    source.stream.seek(0)
    if _TOML.search(head):
        items = tomlitems.items(source, PATH[0])
    else:
        from pytest_apierrors.recordings import yamlevents  # noqa: PLC0415 - costs 15 ms

        items = yamlevents.items(source, PATH)
    yield from _SHAPE.responses(source, items)


def _headers(answer: dict[str, Any], status: int) -> Headers | None:
    """Return the headers; none are known where one that had to come was taken out."""
    headers = fields.headers_of(answer.get("headers"))
    owed = _OWED.get(status)
    return None if owed and headers.get(owed) is None else headers


def _typed_body(side: dict[str, Any]) -> tuple[Any, Any]:
    """Return type and content of a body: a mapping in YAML, two members in TOML."""
    body = side.get("body")
    if isinstance(body, dict):
        return body.get("type"), body.get("content")
    return side.get("body_type", "none" if body is None else body), side.get("body_content")


def _sent(request: dict[str, Any]) -> Sent:
    return Sent(request.get("headers"), _typed_body(request)[1])


def _body(answer: dict[str, Any], source: Source) -> Body:
    kind, content = _typed_body(answer)
    if kind == "none":
        return Body()
    if kind == "text":
        return fields.body_of("content", content, whole=True)
    if kind == "binary":
        return Body(_hexadecimal(content))
    if kind != "json":
        raise Unreadable(f"body is of type {shown(kind)}, not json, text, binary or none")
    if "body_type" in answer:  # TOML has no null, so JSON stays a text there
        return Body(fields.body_of("content", content, whole=True).data, parsed.PARSED)
    return Body(parsed.as_json("content", content, source.limits), parsed.PARSED)


def _hexadecimal(content: Any) -> bytes:
    text = fields.text_of("content", content) or ""
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise Unreadable("content is not hexadecimal") from None


_SHAPE = Shape("interaction", _body, headers=_headers, sent=_sent)
READER = Reader("cassetter", "cassetter cassette (YAML, TOML)", recognise, read)
