"""Recordings with `http_interactions`: those of betamax, and of VCR for Ruby and R."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pytest_apierrors import codings
from pytest_apierrors.recordings import fields, jsonitems, parts, r_bodies
from pytest_apierrors.recordings.fields import Body
from pytest_apierrors.recordings.outline import outline
from pytest_apierrors.recordings.reader import Reader, Source, Unreadable
from pytest_apierrors.recordings.shapes import Shape, status_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Response

PATH: Final = ("http_interactions",)
_START: Final = rb"\A(?:\xef\xbb\xbf)?(?:---\s*\n|#[^\n]*\n|\s*\n|recorded_with:[^\n]*\n)*+"
_YAML = re.compile(_START + rb"""["']?http_interactions["']?[ \t]*:""")
# what VCR 1 wrote: a list of structs of its own
_STRUCTS = re.compile(_START + rb"-[ \t]+(?:&\w+[ \t]+)?!ruby/struct:VCR::\w")
DAMAGED: Final = "body altered by the recorder: its compressed data is damaged"
_STEP: Final = 1 << 16
_USUAL: Final = b"---\nhttp_interactions:\n- request:\n    method: "
_MOST_STEPS: Final = codings.LARGEST // _STEP
_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*+\{\s*+"http_interactions"\s*+:\s*+\[\s*+(?=\{)')
_RUBY = re.compile(rb'"recorded_with"[ \t\n]*+:[ \t\n]*+"(?:VCR[ -]|vcr/)')


class _Answer(msgspec.Struct):
    url: str = ""


class _First(msgspec.Struct):
    """The first exchange of a file, as far as betamax is known by it."""

    response: _Answer


def _is_ruby(head: bytes, _path: Path) -> bool:
    """Tell whether VCR for Ruby or R wrote a file: YAML, or JSON that betamax did not write."""
    if not jsonitems.is_json(head):
        return _YAML.match(head) is not None or _STRUCTS.match(head) is not None
    return _has_list(head) and not _is_betamax(head, _path)


def _is_betamax(head: bytes, _path: Path) -> bool:
    """Tell whether betamax wrote a file: JSON whose responses know their URL."""
    return (
        jsonitems.is_json(head)
        and _has_list(head)
        and not _RUBY.search(head)
        and "http_interactions[].response.http_version" not in outline(head)
    )


def _has_list(head: bytes) -> bool:
    return b'"http_interactions"' in head and "http_interactions" in jsonitems.top_keys(head)


def _is_certainly_ruby(head: bytes) -> bool:
    """Tell whether a file starts as VCR 2 and its successors write it."""
    return head.startswith((_USUAL, _USUAL[4:]))


def _is_certainly_betamax(head: bytes) -> bool:
    """Tell whether the first response of a file knows its URL."""
    start = _JSON.match(head)
    if start is None:
        return False
    end = jsonitems.end_of(head, start.end())
    if end is None:
        return False
    try:
        first = msgspec.json.decode(head[start.end() : end], type=_First)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return first.response.url != ""


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the responses of a recording."""
    head = source.stream.read(4096)
    source.stream.seek(0)
    if jsonitems.is_json(head):
        yield from SHAPE.responses(source, jsonitems.values(source, PATH))
        return
    from pytest_apierrors.recordings import ruby_layout  # noqa: PLC0415 - costs 15 ms

    if ruby_layout.LAYOUT.start.match(head):
        yield from ruby_layout.LAYOUT.read(source)
        return
    from pytest_apierrors.recordings import yamlevents  # noqa: PLC0415 - costs 15 ms

    path = () if _STRUCTS.match(head) else PATH
    yield from SHAPE.responses(source, yamlevents.items(source, path))


def _status(answer: dict[str, Any]) -> Any:
    return status_in(
        answer, "status_code" if "status" not in answer and "status_code" in answer else "status"
    )


def _named(value: Any) -> Any:
    """Return a mapping with its plain names; Ruby's structs had symbols for names once."""
    if not isinstance(value, dict) or ":" not in "".join(value):
        return value
    return {name.removeprefix(":"): one for name, one in value.items()}


def _body(answer: dict[str, Any], source: Source) -> Body:
    """Return the body; schemathesis says where it kept only a part."""
    body = answer.get("body")
    known = r_bodies.body_of(body, source.limits) if isinstance(body, dict) else None
    return fields.cut(known or text_or_bytes(body), answer.get("truncated_from"))


def text_or_bytes(body: Any) -> Body:
    """Return the body: bytes in base64 before a text in the encoding that stands beside it."""
    if not isinstance(body, dict):
        return fields.body_of("body", body)
    coded = fields.text_of("base64_string", body.get("base64_string"))
    if coded:
        return _whole(Body(parts.base64_bytes("base64_string", coded)))
    if coded is None and "string" not in body and set(body) - {"encoding"}:
        raise Unreadable(f"body has {parts.shown(next(iter(body)))} in place of a string")
    encoding = fields.text_of("encoding", body.get("encoding"))
    return _whole(fields.body_of("string", body.get("string"), encoding))


def _whole(body: Body) -> Body:
    """Return a body, lost if placeholders for secrets were put into what is compressed."""
    if not body.data.startswith(codings.GZIP):
        return body
    engine = zlib.decompressobj(zlib.MAX_WBITS | 16)
    left = body.data
    try:
        for _ in range(_MOST_STEPS):
            engine.decompress(left, _STEP)
            left = engine.unconsumed_tail
            if engine.eof or not left:
                break
    except zlib.error:
        return Body(body.data, DAMAGED, lost=True)
    return body


SHAPE = Shape("interaction", _body, status=_status, named=_named)
BETAMAX = Reader(
    "betamax", "betamax cassette (JSON)", _is_betamax, read, certain=_is_certainly_betamax
)
RUBY_VCR = Reader(
    "vcr-ruby", "VCR for Ruby and R (YAML, JSON)", _is_ruby, read, certain=_is_certainly_ruby
)
