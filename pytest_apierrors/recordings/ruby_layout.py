"""YAML recordings in the layout that VCR for Ruby writes, in its versions since 2."""

from __future__ import annotations

import re
from typing import Any, Final

from pytest_apierrors.recordings import fields, http_interactions, layout, layout_scalars, sent
from pytest_apierrors.recordings.layout import Layout, Reading, SentAsLaidOut
from pytest_apierrors.recordings.reader import Unreadable
from pytest_apierrors.recordings.yamlscalar import resolved
from pytest_apierrors.response import Headers, Origin, Response

_TEXT_4, _TEXT_6, _TEXT_8 = map(layout_scalars.value, (4, 6, 8))
_CONTENT: Final = f"{_TEXT_8}|{layout_scalars.block(8)}|{layout_scalars.binary(8)}"
_BODY: Final = (
    rf"      encoding: ({_TEXT_8})",
    rf"      ((?:base64_)?string): ({_CONTENT})",
)
_HEADERS: Final = rf"    headers:(?: \{{\}}|({layout.HEADERS}))"
_ASCII_IS_ITSELF: Final = frozenset({"UTF-8", "US-ASCII", "ASCII-8BIT", "ISO-8859-1"})
_LINES: Final = (
    r"- request:",
    r"    method: (get|post|put|patch|delete|head|options)",
    rf"    uri: ({_TEXT_6})",
    r"    body:",
    *_BODY,
    _HEADERS,
    r"  response:",
    r"    status:",
    r"      code: ([1-9][0-9]{2})",
    rf"      message:(?: {_TEXT_8}| ?)",
    _HEADERS,
    r"    body:",
    *_BODY,
    rf"(?:    http_version:(?: {_TEXT_6}| ?)\n)?  recorded_at: {_TEXT_4}",
)


class _Sent(SentAsLaidOut, gc=False):
    """A request whose body is a name of VCR's with a text as it stands in the file."""

    def content(self) -> Any:
        """Return the body out of what VCR wraps it in."""
        name, raw = self.body
        value = layout_scalars.scalar(raw)
        return sent.content({name: resolved(raw) if value is None else value})


def _taken(found: re.Match[str], reading: Reading) -> Response | None:
    """Return the response of an item in the known layout, None where something is unusual."""
    method, raw_uri, _, sent_name, sent_body, sent_headers, *answer = found.groups()
    code, header_lines, encoding, name, string = answer
    if sent_body[0] == "!" and layout_scalars.scalar(sent_body) is None:
        return None
    if sent_headers and not reading.header_lines.sound(sent_headers):
        return None
    uri = layout_scalars.scalar(raw_uri)
    headers = reading.header_lines.headers(header_lines) if header_lines else Headers()
    body = _body(name, string, encoding)
    if body is None or headers is None or not isinstance(uri, str) or not uri:
        return None
    if len(body.data) > reading.source.limits.max_body_bytes:
        return None
    origin = Origin(reading.source.name, reading.index, reading.line)
    request = _Sent(sent_headers, (sent_name, sent_body))
    told = (method.upper(), uri, origin, body.altered, request)
    return Response(int(code), body.data, headers, *told, lost=body.lost)


def _body(name: str, raw: str, encoding: str) -> fields.Body | None:
    """Return the body out of its text and its encoding, None where something is unusual."""
    value = layout_scalars.scalar(raw)
    if encoding in _ASCII_IS_ITSELF and name == "string" and type(value) is str and value.isascii():
        return fields.Body(value.encode())
    charset = layout_scalars.scalar(encoding)
    if value is None or charset is None:
        return None
    try:
        return http_interactions.text_or_bytes({name: value, "encoding": charset})
    except Unreadable:
        return None


LAYOUT: Final = Layout(
    "http_interactions",
    re.compile(rb"(?:---\n)?http_interactions:\n(?=- request:\n    method: )"),
    layout.of_tool(_LINES),
    re.compile(rb"recorded_with: VCR [0-9.]++\n"),
    _taken,
    http_interactions.SHAPE.made,
)
