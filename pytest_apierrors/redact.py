"""Secrets taken out of everything that is shown or written."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from pytest_apierrors.secret_names import is_secret, looks_secret
from pytest_apierrors.secret_text import PLACEHOLDER, SCHEMES, redact_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = [
    "PLACEHOLDER",
    "redact_headers",
    "redact_json",
    "redact_text",
    "redact_url",
    "scrub",
    "secrets_of",
]

_DEEPEST: Final = 100
_SHORTEST: Final = 6  # a shorter secret stands in too many innocent words to be scrubbed
_URL_HEADERS: Final = frozenset({"location", "content-location", "referer"})
_NAME_MEMBERS: Final = ("name", "key", "field", "header", "param", "parameter")
_VALUE_MEMBERS: Final = frozenset({"value", "values"})


def redact_json(value: Any) -> Any:
    """Take secrets out of a JSON value: under key-like names everything, elsewhere by shape."""
    return _redact_value(value, "", _DEEPEST, hidden=False)


def redact_headers(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Take secrets out of headers; an authentication scheme stays readable."""
    return [(name, _redact_header(name, value)) for name, value in pairs]


def redact_url(url: str) -> str:
    """Take secrets out of a URL: user and password, path, query and fragment."""
    rest, mark, fragment = url.partition("#")
    base, question, query = rest.partition("?")
    if mark:
        fragment = _redact_query(fragment) if "=" in fragment else redact_text(fragment)
    return f"{redact_text(base)}{question}{_redact_query(query)}{mark}{fragment}"


def secrets_of(request_headers: Iterable[tuple[str, str]], url: str | None) -> frozenset[str]:
    """Return the credentials of a request, literally, in every spelling they may come back in."""
    found = {part for name, value in request_headers for part in _header_secrets(name, value)}
    found.update(_url_secrets(url or ""))
    spelled = {
        spelling
        for secret in found
        for spelling in (
            secret,
            _quoted(secret, quote),
            _quoted(secret, quote_plus),
            _in_json(secret),
        )
    }
    return frozenset(one for one in spelled if len(one) >= _SHORTEST and one not in PLACEHOLDER)


def scrub(text: str, secrets: Iterable[str]) -> str:
    """Take these literal values out of a text, wherever they stand."""
    usable = {one for one in secrets if len(one) >= _SHORTEST and one not in PLACEHOLDER}
    longest_first = sorted(usable, key=lambda one: (-len(one), one))
    if not longest_first:
        return text
    return re.sub("|".join(map(re.escape, longest_first)), PLACEHOLDER, text)


def _redact_value(value: Any, name: str, levels: int, *, hidden: bool) -> Any:
    if isinstance(value, dict | list | tuple):
        if not levels:
            return PLACEHOLDER
        hidden = hidden or is_secret(name, PLACEHOLDER)
        if isinstance(value, dict):
            return _redact_object(value, levels - 1, hidden=hidden)
        return [_redact_value(item, name, levels - 1, hidden=hidden) for item in value]
    if value is None or isinstance(value, bool):
        return value
    shown = value if isinstance(value, str) else _number(value)
    if (hidden and shown) or is_secret(name, shown):
        return PLACEHOLDER
    return redact_text(value) if isinstance(value, str) else value


def _redact_object(value: dict[Any, Any], levels: int, *, hidden: bool) -> dict[Any, Any]:
    titles = [value.get(member) for member in _NAME_MEMBERS]
    titled = any(isinstance(title, str) and is_secret(title, PLACEHOLDER) for title in titles)
    redacted: dict[Any, Any] = {}
    for name, member in value.items():
        shown = redact_text(name) if isinstance(name, str) else name
        under = hidden or (titled and name in _VALUE_MEMBERS)
        redacted[shown] = _redact_value(member, str(name), levels, hidden=under)
    return redacted


def _number(value: Any) -> str:
    # Python refuses to write integers of more than 4300 digits.
    giant = isinstance(value, int) and value.bit_length() > 4096
    return "0" if giant else str(value)


def _redact_header(name: str, value: str) -> str:
    if is_secret(name, value):
        scheme = re.match(rf"{SCHEMES}(?=\s)", value.lstrip(), re.IGNORECASE)
        kept = f"{scheme[0]} " if scheme and "authorization" in name.lower() else ""
        return f"{kept}{PLACEHOLDER}"
    return redact_url(value) if name.lower() in _URL_HEADERS else redact_text(value)


def _redact_query(query: str) -> str:
    pieces = re.split("([&;])", redact_text(query))
    return "".join(_redact_parameter(piece) for piece in pieces)


def _redact_parameter(piece: str) -> str:
    name, equals, value = piece.partition("=")
    plain = unquote_plus(value)
    hidden = is_secret(unquote_plus(name), plain)
    if hidden or ("%" in value and redact_text(plain) != plain):
        value = PLACEHOLDER
    return f"{name}{equals}{value}"


def _header_secrets(name: str, value: str) -> Iterator[str]:
    if name.lower() == "cookie":
        for piece in value.split(";"):
            key, _, cookie = piece.strip().partition("=")
            if is_secret(key, cookie) or looks_secret(cookie, 8):
                yield cookie
    elif is_secret(name, value):
        scheme, _, rest = value.strip().partition(" ")
        yield value.strip()
        yield rest.strip() if re.fullmatch(SCHEMES, scheme, re.IGNORECASE) else ""
        yield from _basic_secrets(rest) if scheme.lower() == "basic" else ()
        yield from re.findall(r'(?:response|signature|mac)="?([^",\s]+)', value, re.IGNORECASE)


def _basic_secrets(coded: str) -> Iterator[str]:
    try:
        user, _, password = b64decode(coded).decode().partition(":")
    except ValueError:
        return
    yield from _user_secrets(user, password)


def _user_secrets(user: str, password: str) -> Iterator[str]:
    yield password
    yield f"{user}:{password}"
    # Some APIs take their key as the user.
    if not password or looks_secret(user):
        yield user


def _url_secrets(url: str) -> Iterator[str]:
    rest, _, fragment = url.partition("#")
    base, _, query = rest.partition("?")
    authority = base.partition("//")[2].partition("/")[0]
    if "@" in authority:
        user, _, password = authority.rpartition("@")[0].partition(":")
        yield from _user_secrets(user, password)
        yield from _user_secrets(unquote(user), unquote(password))
    for piece in re.split("[&;]", f"{query}&{fragment}"):
        name, _, value = piece.partition("=")
        if is_secret(unquote_plus(name), unquote_plus(value)):
            yield value
            yield unquote_plus(value)


def _quoted(secret: str, quoting: Callable[..., str]) -> str:
    return quoting(secret, safe="", errors="surrogatepass")


def _in_json(secret: str) -> str:
    return json.dumps(secret, ensure_ascii=False)[1:-1]
