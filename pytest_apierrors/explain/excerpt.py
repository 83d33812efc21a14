"""The body of a response as a message shows it: whole where it is short, else its size."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pytest_apierrors import body
from pytest_apierrors.check.content import content_of
from pytest_apierrors.inert import inert
from pytest_apierrors.redact import redact_json, redact_text

if TYPE_CHECKING:
    from pytest_apierrors.check.content import Content
    from pytest_apierrors.response import Response

MOST_LINES = 20
MOST_BYTES = 1024

_ONE_LINE = 100
_written = json.JSONEncoder(ensure_ascii=False).encode
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
        return ["not known" if response.lost else "nothing"]
    content = content_of(response)
    if content.kind in ("binary", "undecodable") or len(content.data) > MOST_BYTES:
        return [_size(content)]
    if content.usable and not content.defects:
        lines = _json(response.cleaned(content.value))
    else:
        text, _ = body.text(content.data, response.header("Content-Type"))
        lines = [inert(line) for line in redact_text(response.scrubbed(text)).splitlines()]
    return lines if len(lines) <= MOST_LINES else [_size(content)]


def _json(value: Any) -> list[str]:
    value = redact_json(value)
    line = inert(_written(value))
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


def _size(content: Content) -> str:
    digest = sha256(content.data).hexdigest()[:12]
    return f"{len(content.data)} bytes {_KINDS[content.kind]}, sha256 {digest}"
