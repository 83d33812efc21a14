"""Where in a request a credential stands, and how little of it is shown."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from pytest_apierrors.inert import inert, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_apierrors.oracle.model import Call

_SHOWN: Final = 2
_SHORTEST_PASSWORD: Final = 8  # some APIs take their key as the user, and anything beside it
_ACCOUNT: Final = re.compile("(?:AC|SK)[0-9a-f]{32}")
"""Kept out of what is printed, but it only says who asks, as the path of such an API does."""
_DEEPEST: Final = 50


def masked(secret: str) -> str:
    """Return the beginning of a credential, by which its owner knows it."""
    return one_line(f"{secret[:_SHOWN]}***", 20)


def place_of(secret: str, calls: Sequence[Call]) -> str:
    """Return where a credential stands in the requests, in words; "" where it is not found."""
    plain = unquote(secret)
    for call in calls:
        for place, value in _places(call):
            if secret in value or plain in value:
                return inert(place, 120)
    return ""


def proving(secrets: Iterable[str], calls: Sequence[Call]) -> list[str]:
    """Return the secrets that prove who asks: beside a real password no user does."""
    values = (value for call in calls for _, value in call.headers)
    pairs = ([text for _, text in _basic(value)] for value in values)
    users = {pair[0] for pair in pairs if pair and len(pair[1]) >= _SHORTEST_PASSWORD}
    return [one for one in secrets if one not in users and not _ACCOUNT.fullmatch(one)]


def _places(call: Call) -> Iterator[tuple[str, str]]:
    """Yield every place with what stands there, the narrower before the wider."""
    for name, value in call.headers:
        yield from _basic(value)
        yield f"the header {name}", value
    yield from _url(call.url)
    yield from _body(getattr(call, "body", b""))


def _basic(value: str) -> Iterator[tuple[str, str]]:
    scheme, _, coded = value.strip().partition(" ")
    if scheme.lower() != "basic":
        return
    try:
        user, _, password = b64decode(coded).decode().partition(":")
    except ValueError:
        return
    yield "the user of Basic authentication", user
    yield "the password of Basic authentication", password
    yield "user and password of Basic authentication", f"{user}:{password}"


def _url(url: str) -> Iterator[tuple[str, str]]:
    try:
        parts = urlsplit(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        yield "the URL", url
        return
    yield "the user in the URL", unquote(parts.username or "")
    yield "the password in the URL", unquote(parts.password or "")
    for name, value in pairs:
        yield f"the query parameter {name}", value
    yield "the path of the URL", unquote(parts.path)
    yield "the URL", url


def _body(body: bytes) -> Iterator[tuple[str, str]]:
    text = body.decode("utf-8", "replace")
    try:
        yield from _members(json.loads(text), _DEEPEST)
    except (ValueError, RecursionError):
        try:
            pairs = parse_qsl(text)
        except ValueError:
            pairs = []
        for name, value in pairs:
            yield f"the body's member {name}", value
    yield "the body", text


def _members(value: Any, levels: int, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict | list) and levels:
        pairs = value.items() if isinstance(value, dict) else ((name, one) for one in value)
        for key, member in pairs:
            yield from _members(member, levels - 1, key)
    elif name and isinstance(value, str | int):
        yield f"the body's member {name}", value if isinstance(value, str) else f"{value:d}"
