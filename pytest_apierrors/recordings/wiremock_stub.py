"""One stub of WireMock, and the response in it."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from pytest_apierrors.recordings import fields, parsed, parts
from pytest_apierrors.recordings.contenttype import charset_of
from pytest_apierrors.recordings.exchanges import listed, maybe_mapping
from pytest_apierrors.recordings.fields import Answer, Body, Call
from pytest_apierrors.recordings.har_files import Attachments
from pytest_apierrors.recordings.reader import Source, Unreadable
from pytest_apierrors.recordings.sent import Sent
from pytest_apierrors.response import Headers

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_apierrors.response import Origin, Response

TEMPLATE: Final = "altered by the recorder: a template, filled in when it is served"
_TEMPLATE = re.compile(r"\{\{[^{}]")
_FILLED = re.compile(rb"\{\{[^{}\"]")
_FILES: Final = "__files"


class Stubs:
    """The stubs of one file: they share the folder of their bodies."""

    def __init__(self, source: Source) -> None:
        self.files = Attachments(_beside(source.path))

    def response(self, stub: dict[str, Any], origin: Origin, source: Source) -> Response | None:
        """Return the response of a stub, None where it has none of its own."""
        answer = maybe_mapping("response", stub.get("response"))
        if "response" not in stub:
            raise Unreadable("stub has no response")
        if answer.get("fault") is not None or answer.get("proxyBaseUrl") is not None:
            return None
        request = maybe_mapping("request", stub.get("request"))
        headers = Headers(parts.header_pairs(answer.get("headers")))
        body = self._body(answer, headers, source)
        templated = any(_TEMPLATE.search(value) for _, value in headers)
        if templated and body.altered is None:
            body = Body(body.data, TEMPLATE)
        call = Call(_method(request), _url(request), Sent(_headers(request), _sent_body(request)))
        status = parts.status(answer.get("status", 200))
        known = None if templated else headers
        return fields.response_of(Answer(status, known, body), call, origin, source)

    def _body(self, answer: dict[str, Any], headers: Headers, source: Source) -> Body:
        coded = parts.text("base64Body", answer.get("base64Body"))
        if coded is not None:
            return Body(parts.base64_bytes("base64Body", coded))
        name = parts.text("bodyFileName", answer.get("bodyFileName"))
        if name is not None:
            body = Body(self._file(name, source))
        elif answer.get("jsonBody") is not None:
            data = parsed.as_json("jsonBody", answer["jsonBody"], source.limits)
            body = Body(data, parsed.PARSED)
        else:
            body = fields.body_of("body", answer.get("body"), charset_of(headers), whole=True)
        if _FILLED.search(body.data) and _templated(answer):
            return Body(body.data, TEMPLATE, lost=True)
        return body

    def _file(self, name: str, source: Source) -> bytes:
        if _TEMPLATE.search(name):
            raise Unreadable(f"file {parts.shown(name)} has a name that is a template")
        if self.files.folder.is_symlink():
            raise Unreadable(f"file {parts.shown(name)} is not read: {_FILES} is a link")
        return self.files.content(name.removeprefix("/"), source.limits)


def _beside(path: Path) -> Path:
    """Return the folder of the bodies: beside the nearest `mappings`, else beside the file."""
    for folder in path.absolute().parents:
        if folder.name == "mappings":
            return folder.parent / _FILES
    return path.parent / _FILES


def _templated(answer: dict[str, Any]) -> bool:
    """Whether templates are filled in: for this stub, or for all where no stub says so."""
    return "response-template" in listed("transformers", answer.get("transformers", [])) or (
        "transformers" not in answer
    )


def _method(request: dict[str, Any]) -> str | None:
    method = parts.text("method", request.get("method"))
    return None if method in (None, "ANY") else method


def _url(request: dict[str, Any]) -> str | None:
    """Return the URL, as far as the stub wants a certain one and no pattern of URLs."""
    path = parts.text("url", request.get("url")) or parts.text("urlPath", request.get("urlPath"))
    if path is None:
        return None
    asked = [
        (name, value)
        for name, matcher in _members(request.get("queryParameters"))
        for value in _wanted(matcher)
    ]
    if asked:
        path += f"{'&' if '?' in path else '?'}{urlencode(asked, quote_via=quote)}"
    hosts = _wanted(request.get("host"))
    if not hosts or not path.startswith("/"):
        return path
    scheme, port = request.get("scheme"), request.get("port")
    at = f":{port}" if type(port) is int else ""
    return f"{scheme if isinstance(scheme, str) else 'https'}://{hosts[0]}{at}{path}"


def _wanted(matcher: Any) -> list[str]:
    """Return the values that a matcher wants literally."""
    if not isinstance(matcher, dict):
        return []
    inner = matcher.get("hasExactly") or matcher.get("includes")
    matchers = inner if isinstance(inner, list) else [matcher]
    values = (one.get("equalTo") for one in matchers if isinstance(one, dict))
    return [value for value in values if isinstance(value, str)]


def _members(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, dict) else []


def _headers(request: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the headers that a request has to have; its credentials may be among them."""
    sent = [
        (name, value)
        for name, matcher in _members(request.get("headers"))
        for value in (*_wanted(matcher), *_contained(matcher))
    ]
    for name, matcher in _members(request.get("cookies")):
        sent += [("Cookie", f"{name}={value}") for value in _wanted(matcher)]
    basic = request.get("basicAuthCredentials") or request.get("basicAuth")
    if isinstance(basic, dict):
        pair = f"{basic.get('username', '')}:{basic.get('password', '')}"
        coded = b64encode(pair.encode(errors="replace")).decode()
        sent.append(("Authorization", f"Basic {coded}"))
    return sent


def _contained(matcher: Any) -> list[str]:
    value = matcher.get("contains") if isinstance(matcher, dict) else None
    return [value] if isinstance(value, str) else []


def _sent_body(request: dict[str, Any]) -> str | None:
    """Return the body that a request has to have, where a pattern gives it whole."""
    patterns = request.get("bodyPatterns")
    for pattern in patterns if isinstance(patterns, list) else ():
        wanted = (
            pattern.get("equalToJson", pattern.get("equalTo"))
            if isinstance(pattern, dict)
            else None
        )
        if isinstance(wanted, str):
            return wanted
        if isinstance(wanted, dict | list):
            return json.dumps(wanted)
    return None
