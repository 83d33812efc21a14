"""Contracts of Pact, v2 to v4: what a consumer declares to expect, not what it got."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from pytest_apierrors.recordings import fields, jsonitems, parts
from pytest_apierrors.recordings.declared import declared_bytes
from pytest_apierrors.recordings.fields import Body
from pytest_apierrors.recordings.reader import Reader, Source, Unreadable
from pytest_apierrors.recordings.sent import Sent
from pytest_apierrors.response import Headers, Response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Origin

_OF_V4 = frozenset({"content", "contentType", "encoded", "contentTypeHint"})
UNSAID = "the contract says nothing of the body"


def recognise(head: bytes, _path: Path) -> bool:
    """Tell whether a file names a consumer and has interactions with its provider."""
    keys = set(jsonitems.top_keys(head))
    return "consumer" in keys and bool({"interactions", "provider", "messages"} & keys)


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the response of each interaction over HTTP."""
    from pytest_apierrors.recordings import exchanges  # noqa: PLC0415 - only here

    items = jsonitems.values(source, ("interactions",))
    return exchanges.responses(source, items, _response, "interaction")


def _response(item: dict[str, Any], origin: Origin, source: Source) -> Response | None:
    from pytest_apierrors.recordings.exchanges import mapping, maybe_mapping  # noqa: PLC0415

    kind = parts.text("type", item.get("type"))
    if kind is not None and kind != "Synchronous/HTTP":
        return None  # a message
    answer = mapping("response", item.get("response"))
    request = maybe_mapping("request", item.get("request"))
    headers = Headers(parts.header_pairs(answer.get("headers")))
    body = _body(answer, headers, source)
    return Response(
        parts.status(answer.get("status", 200)),
        parts.within(body.data, source.limits),
        headers,
        fields.method_of(request.get("method")),
        _url(request),
        origin,
        body.altered,
        Sent(request.get("headers"), _content(request.get("body"))),
        body.lost,
        declared=True,
    )


def _url(request: dict[str, Any]) -> str | None:
    """Return path and query; a contract knows no host."""
    path, query = parts.text("path", request.get("path")), request.get("query")
    if isinstance(query, dict):
        query = urlencode(query, doseq=True)
    query = parts.text("query", query)
    return path if path is None or not query else f"{path}?{query}"


def _body(answer: dict[str, Any], headers: Headers, source: Source) -> Body:
    """Return the body: of v4 `content`, otherwise the value itself."""
    if "body" not in answer:
        return Body(b"", UNSAID, lost=True)
    body = answer["body"]
    if body is None:
        return Body()
    media = headers.get("Content-Type") or "application/json"
    if isinstance(body, dict) and "content" in body and body.keys() <= _OF_V4:
        media = parts.text("contentType", body.get("contentType")) or media
        coded = body.get("encoded")
        body = body["content"]
        if coded is True or (isinstance(coded, str) and coded.lower() == "base64"):
            return Body(parts.base64_bytes("content", parts.text("content", body) or ""))
        if coded not in (None, False, "json", "JSON"):
            raise Unreadable(f"content is encoded as {parts.shown(coded)}")
        if isinstance(body, str) and coded:
            return Body(parts.encoded("content", body))
    return Body(declared_bytes("body", body, media, source.limits))


def _content(body: Any) -> Any:
    if isinstance(body, dict) and "content" in body and body.keys() <= _OF_V4:
        return body["content"]
    return body


READER = Reader("pact", "Pact contracts, declared responses (JSON)", recognise, read)
