"""YAML cassettes in the layout that vcrpy writes."""

from __future__ import annotations

import re
from typing import Final

from pytest_apierrors.recordings import layout, layout_scalars, vcr_shape
from pytest_apierrors.recordings.layout import Layout, Reading, SentAsLaidOut
from pytest_apierrors.response import Headers, Origin, Response

_TEXT_6, _TEXT_8 = layout_scalars.value(6), layout_scalars.value(8)
_LINES: Final = (
    r"- request:",
    rf"    body: ({_TEXT_6}|{layout_scalars.binary(6)})",
    rf"    headers:(?: \{{\}}|({layout.HEADERS}))",
    r"    method: ([A-Z]++)",
    rf"    uri: ({_TEXT_6})",
    r"  response:",
    r"    body:",
    rf"      string: ({_TEXT_8}|{layout_scalars.binary(8)})",
    rf"    headers:(?: \{{\}}|({layout.HEADERS}))",
    r"    status:",
    r"      code: ([1-9][0-9]{2})",
    rf"      message: {_TEXT_8}",
)


def _taken(found: re.Match[str], reading: Reading) -> Response | None:
    """Return the response of an item in the known layout, None where something is unusual."""
    sent, sent_headers, method, raw_uri, string, header_lines, code = found.groups()
    if sent[0] == "!" and layout_scalars.scalar(sent) is None:
        return None
    if sent_headers and not reading.header_lines.sound(sent_headers):
        return None
    uri = layout_scalars.scalar(raw_uri)
    body = layout_scalars.scalar(string)
    headers = reading.header_lines.headers(header_lines) if header_lines else Headers()
    if body is None or headers is None or not isinstance(uri, str) or not uri:
        return None
    if isinstance(body, str):
        body = body.encode()
    if len(body) > reading.source.limits.max_body_bytes:
        return None
    origin = Origin(reading.source.name, reading.index, reading.line)
    request = SentAsLaidOut(sent_headers, sent)
    return Response(int(code), body, headers, method, uri, origin, None, request)


LAYOUT: Final = Layout(
    "interactions",
    re.compile(rb"(?:---\n|#[^\n]*\n)*interactions:\n(?=- )"),
    layout.of_tool(_LINES),
    re.compile(rb"version: 1\n"),
    _taken,
    vcr_shape.shaped,
)
