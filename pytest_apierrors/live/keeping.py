"""Exchanges as they are kept: one line each of an exchange log, with secrets taken out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_apierrors import body, strictjson
from pytest_apierrors.recordings.exchangelog import exchange_line
from pytest_apierrors.redact import redact_headers, redact_json, redact_text, redact_url
from pytest_apierrors.response import Headers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_apierrors.response import Response

_OF_THE_WIRE = frozenset({"content-encoding", "content-length", "transfer-encoding"})


def kept_line(response: Response, sent: Iterable[tuple[str, str]]) -> str:
    """Return the line that keeps an exchange."""
    headers = dict(redact_headers(sent))
    return exchange_line(redacted(response), request_headers=headers).decode()


def redacted(response: Response) -> Response:
    """Return a response without secrets; what had none stays as it came, to the byte."""
    decoded = body.decode(response)
    clean = _clean(decoded.data) if decoded.problem is None else decoded.data
    headers = response.headers or Headers()
    # A body that cannot be decoded says so again when it is read.
    changed = decoded.problem is None and clean != response.body
    kept = [pair for pair in headers if not (changed and pair[0].lower() in _OF_THE_WIRE)]
    return replace(
        response,
        body=clean if changed else response.body,
        headers=Headers(redact_headers(kept)),
        url=None if response.url is None else redact_url(response.url),
    )


def _clean(data: bytes) -> bytes:
    if data.lstrip()[:1] in (b"{", b"[") and not strictjson.loads(data).problems:
        value = json.loads(data)
        shown = redact_json(value)
        return data if shown == value else json.dumps(shown, ensure_ascii=False).encode()
    # Latin-1 takes every byte there and back.
    text = data.decode("latin-1")
    shown = redact_text(text)
    return data if shown == text else shown.encode("latin-1", "replace")
