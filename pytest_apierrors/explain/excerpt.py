"""The body of a response as a message shows it: whole where it is short, else its size."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from pytest_apierrors import body
from pytest_apierrors.check.content import content_of
from pytest_apierrors.inert import inert, one_line
from pytest_apierrors.redact import redact_json, redact_text

if TYPE_CHECKING:
    from pytest_apierrors.check.content import Content
    from pytest_apierrors.response import Response

MOST_LINES = 20
MOST_BYTES = 1024

_ONE_LINE = 100
_KINDS = {
    "none": "that should not be there",
    "empty": "of white space",
    "json": "of JSON",
    "html": "of HTML",
    "text": "of text",
    "xml": "of XML",
    "binary": "that are no text",
    "undecodable": "that cannot be decoded",
}


def excerpt(response: Response) -> list[str]:
    """Return the lines that show a body, with secrets taken out and nothing a terminal obeys."""
    if not response.body:
        return ["nothing"]
    decoded = body.decode(response)
    content = content_of(response)
    if decoded.problem is not None:
        return [_size(response.body, content)]
    if content.kind == "binary" or len(decoded.data) > MOST_BYTES:
        return [_size(decoded.data, content)]
    lines = _json(content) if content.usable and not content.defects else None
    if lines is None:
        text, _ = body.text(decoded.data, response.header("Content-Type"))
        lines = [inert(line) for line in redact_text(text).splitlines()]
    return lines if len(lines) <= MOST_LINES else [_size(decoded.data, content)]


def _json(content: Content) -> list[str]:
    value = redact_json(content.value)
    line = one_line(value)
    if len(line) <= _ONE_LINE:
        return [line]
    return [
        inert_indented(text)
        for text in json.dumps(value, indent=2, ensure_ascii=False).splitlines()
    ]


def inert_indented(line: str) -> str:
    """Make one line inert and keep its indentation."""
    text = line.lstrip(" ")
    return f"{line[: len(line) - len(text)]}{inert(text)}"


def _size(data: bytes, content: Content) -> str:
    return f"{len(data)} bytes {_KINDS[content.kind]}, sha256 {sha256(data).hexdigest()[:12]}"
