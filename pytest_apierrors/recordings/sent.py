"""What a recording says was sent: looked through for credentials when an output is written."""

from __future__ import annotations

from base64 import b64decode
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from pytest_apierrors.credentials import secrets_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_WRAPPING = frozenset(
    {"string", "base64_string", "encoding", "base64", "mimeType", "text", "params", "comment"}
)


class Sent(msgspec.Struct, gc=False):
    """
    Headers and body of a recorded request, as the recording spells them, in any shape.

    It is what `Response.secrets` wants: called, it returns the credentials in them.
    """

    headers: Any = None
    body: Any = None
    found: frozenset[str] | None = None

    def __call__(self) -> frozenset[str]:
        """Return the credentials of the request, except for those in its URL."""
        if self.found is None:
            self.found = self.look()
        return self.found

    def __repr__(self) -> str:
        """Show nothing: all of it may be secret."""
        return f"{type(self).__name__}()"

    def look(self) -> frozenset[str]:
        """Find the credentials."""
        sent = self.headers
        raw = isinstance(sent, msgspec.Raw)
        in_headers = _in_headers(bytes(sent)) if raw else secrets_of(pairs(sent), None)
        return in_headers | secrets_of((), None, content(plain(self.body)))


@lru_cache(maxsize=64)  # one client sends the same headers again and again
def _in_headers(raw: bytes) -> frozenset[str]:
    return secrets_of(pairs(plain(msgspec.Raw(raw))), None)


def plain(value: Any) -> Any:
    """Return a value, decoded if it was left as the JSON that it stood in."""
    if not isinstance(value, msgspec.Raw):
        return value
    try:
        return msgspec.json.decode(value) if bytes(value) else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def pairs(headers: Any) -> Iterator[tuple[str, str]]:
    """Yield names and values of headers: a mapping, pairs, or objects with `name` and `value`."""
    if isinstance(headers, dict):
        for name, value in headers.items():
            for one in value if isinstance(value, list | tuple) else (value,):
                yield str(name), _text(one)
    elif isinstance(headers, list | tuple):
        for one in headers:
            if isinstance(one, dict):
                yield str(one.get("name", "")), _text(one.get("value"))
            elif isinstance(one, list | tuple) and len(one) == 2:
                yield str(one[0]), _text(one[1])


def content(body: Any) -> Any:
    """Return a request's body out of what recorders wrap it in."""
    if not isinstance(body, dict) or not _WRAPPING.issuperset(body):
        return body
    for name in ("base64_string", "base64"):
        coded = body.get(name)
        if isinstance(coded, str):
            try:
                return b64decode(coded)
            except ValueError:
                return coded
    for name in ("string", "text"):
        if isinstance(body.get(name), str | bytes):
            return body[name]
    if isinstance(body.get("params"), list):
        return dict(pairs(body["params"]))
    return body


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
