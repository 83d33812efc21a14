"""One saved example of a Postman collection, and the response in it."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pytest_apierrors.recordings import fields, parts
from pytest_apierrors.recordings.contenttype import charset_of
from pytest_apierrors.recordings.exchanges import maybe_mapping
from pytest_apierrors.recordings.fields import Answer, Call
from pytest_apierrors.recordings.reader import Source, Unreadable
from pytest_apierrors.recordings.sent import Sent
from pytest_apierrors.response import Headers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_apierrors.response import Origin, Response

_VARIABLE = re.compile(r"\{\{([^{}]{1,200})\}\}")


class Examples:
    """The examples of one collection: they share its variables."""

    def __init__(self, variables: Any) -> None:
        listed = variables if isinstance(variables, list) else ()
        self.variables = {
            str(one.get("key", one.get("id"))): one["value"]
            for one in listed
            if isinstance(one, dict) and isinstance(one.get("value"), str)
        }

    def response(self, example: dict[str, Any], origin: Origin, source: Source) -> Response | None:
        """Return the response of an example; None where it has no status."""
        if example.get("code") is None and not example.get("body"):
            return None
        asked = example.get("originalRequest")
        request = maybe_mapping("originalRequest", {"url": asked} if type(asked) is str else asked)
        headers = Headers(_headers(example.get("header")))
        body = fields.body_of("body", example.get("body"), charset_of(headers))
        method = parts.text("method", request.get("method", "GET" if request else None))
        sent = Sent([*_sent_headers(request)], _sent_body(request.get("body")))
        call = Call(method, self._url(request.get("url")), sent)
        status = parts.status(example.get("code"))
        return fields.response_of(Answer(status, headers, body), call, origin, source)

    def _url(self, url: Any) -> str | None:
        """Return the URL with the collection's variables put in."""
        if isinstance(url, dict):
            url = parts.text("raw", url.get("raw")) or _joined(url)
        text = parts.text("url", url)
        if text is None:
            return None
        return _VARIABLE.sub(lambda found: self.variables.get(found[1], found[0]), text)


def _joined(url: dict[str, Any]) -> str | None:
    """Put a URL together that was saved in pieces only."""
    host, path = _with(".", url.get("host")), _with("/", url.get("path"))
    protocol = parts.text("protocol", url.get("protocol"))
    if not host:
        return None
    asked = url.get("query")
    pairs = _headers([one for one in asked if isinstance(one, dict)] if type(asked) is list else [])
    query = "&".join(f"{name}={value}" for name, value in pairs)
    start = f"{protocol + '://' if protocol else ''}{host}/{path.lstrip('/')}"
    return f"{start}?{query}" if query else start


def _with(joint: str, pieces: Any) -> str:
    return joint.join(map(str, pieces)) if isinstance(pieces, list) else str(pieces or "")


def _headers(header: Any) -> list[tuple[str, str]]:
    """Return the headers: a list of objects or of lines, one text of lines, or none."""
    if isinstance(header, str):
        header = header.splitlines()
    if header is None:
        return []
    if not isinstance(header, list):
        raise Unreadable(f"header is {parts.shown(header)}, not a list")
    return [pair for one in header if one is not None for pair in _pairs(one)]


def _pairs(one: Any) -> Iterator[tuple[str, str]]:
    if isinstance(one, str):
        name, _, text = one.partition(":")
        if name.strip():
            yield name.strip(), text.strip()
        return
    if not isinstance(one, dict) or not isinstance(one.get("key"), str):
        raise Unreadable(f"header is {parts.shown(one)}, no key with a value")
    if one.get("disabled") is True:
        return
    value = one.get("value")
    for each in value if isinstance(value, list) else (value,):
        yield one["key"], "" if each is None else parts.header_value(one["key"], each)


def _sent_headers(request: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the headers of the request, and those that its way to log in stands for."""
    with suppress(Unreadable):
        yield from _headers(request.get("header"))
    auth = request.get("auth")
    kind = auth.get("type") if isinstance(auth, dict) else None
    held = auth.get(kind) if isinstance(auth, dict) and isinstance(kind, str) else None
    if isinstance(held, list):
        held = {one.get("key"): one.get("value") for one in held if isinstance(one, dict)}
    if isinstance(held, dict):
        for name in ("token", "password", "value", "accessToken", "secretKey", "signature"):
            if isinstance(held.get(name), str):
                yield "Authorization", f"Bearer {held[name]}"


def _sent_body(body: Any) -> Any:
    """Return the body of the request in whatever mode it was saved."""
    if not isinstance(body, dict):
        return body if isinstance(body, str) else None
    for mode in ("urlencoded", "formdata"):
        if isinstance(body.get(mode), list):
            return {
                str(one.get("key")): one.get("value") for one in body[mode] if isinstance(one, dict)
            }
    return body.get("raw")
