"""Responses of test clients and of tools: werkzeug (Flask), Django, Playwright, botocore."""

from __future__ import annotations

import inspect
from typing import Any

from pytest_apierrors.clients.parts import (
    attribute,
    bytes_of,
    head_of,
    headers_of,
    kind,
    read,
    status_of,
    url_of,
    word,
)
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.response import Response

PARSED = "botocore keeps the answer as it has parsed it; the body itself is lost"


def werkzeug_head(response: Any) -> Response:
    """Read what a response of werkzeug, and so of Flask, says before its body."""
    request = attribute(response, "request")
    url = None if request is None else url_of(request)
    return head_of(response, response.status_code, attribute(request, "method"), url)


def werkzeug_body(response: Any) -> bytes:
    """Return its body; werkzeug itself keeps what it streamed."""
    return read(response, response.get_data)


def werkzeug_here(response: Any) -> bool:
    """Whether it is no stream."""
    return not attribute(response, "is_streamed")


def django_head(response: Any) -> Response:
    """Read what a response of Django says before its body; its cookies stand apart."""
    request = attribute(response, "wsgi_request") or attribute(response, "asgi_request")
    pairs = list(headers_of(response.headers) or ())
    cookies = attribute(response, "cookies")
    if cookies:
        pairs += [("Set-Cookie", one.OutputString()) for one in cookies.values()]
    whole = attribute(request, "build_absolute_uri")
    return Response(
        status_of(response, response.status_code),
        b"",
        headers_of(pairs),
        word(attribute(request, "method")),
        str(whole()) if callable(whole) else None,
    )


def django_body(response: Any) -> bytes:
    """Return its body; what was streamed is put back."""
    if not attribute(response, "streaming"):
        return bytes_of(response, response.content)
    if attribute(response, "is_async"):
        raise UsageProblem(
            f"the body of this {kind(response)} is an asynchronous stream: "
            "pass (body, status=, headers=)"
        )
    body = read(response, response.getvalue)
    response.streaming_content = [body]
    return body


def django_here(response: Any) -> bool:
    """Whether it is no stream."""
    return not attribute(response, "streaming")


def playwright_head(response: Any) -> Response:
    """Read what Playwright's `APIResponse`, or a page's `Response`, says before its body."""
    found = response.headers_array
    pairs = _pairs(found() if callable(found) else found)
    method = attribute(response, "request", "method")
    return Response(
        status_of(response, response.status), b"", headers_of(pairs), word(method), url_of(response)
    )


def _pairs(found: Any) -> list[tuple[str, str]]:
    """Return headers that are listed as names and values."""
    return [(str(one["name"]), str(one["value"])) for one in found]


def playwright_body(response: Any) -> bytes:
    """Return its body, as often as wanted until it is disposed of."""
    if inspect.iscoroutinefunction(type(response).body):
        raise UsageProblem(
            f"this {kind(response)} answers asynchronously: pass (await response.body(), "
            "status=response.status, headers=response.headers)"
        )
    return read(response, response.body)


def is_parsed(obj: object) -> bool:
    """Tell the parsed answer that botocore's `ClientError` carries by what each of them has."""
    return isinstance(obj, dict) and isinstance(_metadata(obj).get("HTTPStatusCode"), int)


def _metadata(parsed: dict[str, Any]) -> dict[str, Any]:
    found = parsed.get("ResponseMetadata")
    return found if isinstance(found, dict) else {}


def parsed_head(parsed: Any) -> Response:
    """Read what botocore has parsed."""
    metadata = _metadata(parsed)
    return Response(
        int(metadata["HTTPStatusCode"]),
        b"",
        headers_of(metadata.get("HTTPHeaders")),
        altered=PARSED,
        lost=True,
    )


def parsed_body(_: Any) -> bytes:
    """Return nothing: the body is lost."""
    return b""
