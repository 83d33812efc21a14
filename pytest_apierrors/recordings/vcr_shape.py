"""One interaction of a VCR cassette, in any of the shapes that vcrpy has written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_apierrors.recordings import parsed, parts
from pytest_apierrors.recordings.reader import Source, Unreadable
from pytest_apierrors.recordings.sent import Sent
from pytest_apierrors.response import Headers, Origin, Response

if TYPE_CHECKING:
    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.recordings.limits import Limits


def shaped(source: Source, index: int, line: int, item: Any) -> Response | RecordingError | None:
    """Turn one interaction into a response, a problem, or nothing where the call got no answer."""
    try:
        if isinstance(item, Unreadable):
            raise item
        return response_of(item, Origin(source.name, index, line), source.limits)
    except Unreadable as problem:
        return source.problem(problem.reason, index, problem.line or line)


def response_of(item: Any, origin: Origin, limits: Limits) -> Response | None:
    """Return the response of an interaction, None where the call got none."""
    if not isinstance(item, dict):
        raise Unreadable(f"interaction is {parts.shown(item)}, not a mapping")
    if "response" not in item:
        raise Unreadable("interaction has no response")
    response = item["response"]
    if response is None:
        return None
    if not isinstance(response, dict):
        raise Unreadable(f"response is {parts.shown(response)}, not a mapping")
    request = item.get("request")
    if not isinstance(request, dict):
        raise Unreadable(f"request is {parts.shown(request)}, not a mapping")
    body, altered = _body(response, limits)
    return Response(
        _status(response),
        parts.within(body, limits),
        Headers(parts.header_pairs(response.get("headers"))),
        parts.text("method", request.get("method")),
        parts.text("uri", request.get("uri")) or parts.text("url", response.get("url")),
        origin,
        altered,
        Sent(request.get("headers"), request.get("body")),
    )


def _status(response: dict[str, Any]) -> int:
    """Find the status: `{code, message}`, a number, or httpx's name for it before vcrpy 6."""
    value = response.get("status", response.get("status_code"))
    if isinstance(value, dict):
        value = value.get("code")
    return parts.status(value)


def _body(response: dict[str, Any], limits: Limits) -> tuple[bytes, str | None]:
    """Return the body and what the recorder did to it."""
    body = response.get("body")
    if body is None and "parsed_body" in response:
        return parsed.written("parsed_body", response["parsed_body"], limits), parsed.PARSED
    if body is None:
        body = response.get("content")
    if isinstance(body, dict):
        coded = body.get("base64_string")
        if isinstance(coded, str) and coded:
            return parts.base64_bytes("base64_string", coded), None
        if coded is None and "string" not in body and body:
            raise Unreadable(f"body has {parts.shown(next(iter(body)))} in place of a string")
        body = body.get("string")
    if body is None:
        return b"", None
    if isinstance(body, bytes):
        return body, None
    if isinstance(body, str):
        return parts.encoded("body", body), None
    raise Unreadable(f"body is {parts.shown(body)}, not a text")
