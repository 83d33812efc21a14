"""The credentials of a request, literally: in its headers, its URL and its body."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, quote_plus, unquote, unquote_plus

import msgspec

from pytest_apierrors.secret_names import is_common, is_secret, looks_secret
from pytest_apierrors.secret_text import PLACEHOLDER, SCHEMES, redact_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_SHORTEST: Final = 6  # a shorter secret stands in too many innocent words to be taken out
_SHORTEST_PASSWORD: Final = 8  # a shorter one stands beside a key, which is the user then
_LONGEST_BODY: Final = 1 << 20  # a longer body is an upload, and would take long to look through
_PROOFS: Final = frozenset({"response", "signature", "mac", "oauth_signature", "oauth_token"})
_HOLDERS: Final = (dict, list)
_PARAMETER = re.compile(r'([\w-]+)="?([^",\s]+)')
_PART = re.compile(
    r"^Content-Disposition:([^\r\n]*+)\r?\n(?:[\w-]++:[^\r\n]*+\r?\n){0,8}+\r?\n(.+)",
    re.IGNORECASE | re.MULTILINE,
)
_NAME = re.compile(r'\bname="?([^"\r\n;]{1,200})')
_ELEMENT = re.compile(r"<([A-Za-z][\w:.-]{0,80})(?:\s[^<>]{0,400})?>([^<>]+)<")


def secrets_of(
    request_headers: Iterable[tuple[str, str]], url: str | None, body: object = None
) -> frozenset[str]:
    """
    Return the credentials of a request, literally, in every spelling they may come back in.

    `body` is text, bytes or parsed JSON.
    """
    found = {part for name, value in request_headers for part in _header_secrets(name, value)}
    if url:
        found.update(_url_secrets(url))
    if body:
        found.update(_body_secrets(body))
    return _spelled(frozenset(found))


@lru_cache(maxsize=256)  # most recordings ask for few URLs many times
def secrets_in_url(url: str) -> frozenset[str]:
    """Return the credentials that a URL holds, in every spelling."""
    return _spelled(frozenset(_url_secrets(url)))


def is_usable(secret: str) -> bool:
    """Tell whether a secret can be taken out wherever it stands without harm to other words."""
    return len(secret) >= _SHORTEST and secret not in PLACEHOLDER and not is_common(secret)


@lru_cache(maxsize=256)  # one client sends the same ones again and again
def _spelled(found: frozenset[str]) -> frozenset[str]:
    usable = [secret for secret in found if is_usable(secret)]
    spelled = {
        spelling
        for secret in usable
        for spelling in (
            secret,
            _quoted(secret, quote),
            _quoted(secret, quote_plus),
            _in_json(secret),
        )
    }
    return frozenset(filter(is_usable, spelled))


def _quoted(secret: str, quoting: Callable[..., str]) -> str:
    return quoting(secret, safe="", errors="surrogatepass")


def _in_json(secret: str) -> str:
    return json.dumps(secret, ensure_ascii=False)[1:-1]


def _header_secrets(name: str, value: str) -> Iterator[str]:
    if name.lower() == "cookie":
        for piece in value.split(";"):
            key, _, cookie = piece.strip().partition("=")
            if is_secret(key, cookie) or looks_secret(cookie, 8):
                yield cookie.strip('"')
    elif is_secret(name, value):
        value = value.strip()
        yield value
        scheme, _, rest = value.partition(" ")
        if "authorization" in name.lower() or re.fullmatch(SCHEMES, scheme, re.IGNORECASE):
            yield from _proofs(rest.strip())
            yield from _basic_secrets(rest) if scheme.lower() == "basic" else ()


def _proofs(rest: str) -> Iterator[str]:
    """Yield what stands behind a scheme: a token, `key:signature`, or parameters."""
    yield rest
    yield rest.rstrip("=")
    identity, colon, proof = rest.partition(":")
    if colon and not re.search(r'[\s,"]', rest):
        yield from _user_secrets(identity, proof)
        yield proof.rstrip("=")
    for name, value in _PARAMETER.findall(rest):
        if name.lower() in _PROOFS or is_secret(name, value):
            yield value


def _basic_secrets(coded: str) -> Iterator[str]:
    try:
        user, _, password = b64decode(coded).decode().partition(":")
    except ValueError:
        return
    yield from _user_secrets(user, password)


def _user_secrets(user: str, password: str) -> Iterator[str]:
    yield password
    yield f"{user}:{password}"
    # Some APIs take their key as the user, and anything as the password.
    if not password or (looks_secret(user) and len(password) < _SHORTEST_PASSWORD):
        yield user


def _url_secrets(url: str) -> Iterator[str]:
    rest, _, fragment = url.partition("#")
    base, _, query = rest.partition("?")
    authority, _, path = base.partition("//")[2].partition("/")
    if "@" in authority:
        user, _, password = authority.rpartition("@")[0].partition(":")
        yield from _user_secrets(user, password)
        yield from _user_secrets(unquote(user), unquote(password))
    yield from _path_secrets(path)
    yield from _pair_secrets(f"{query}&{fragment}")


def _path_secrets(path: str) -> Iterator[str]:
    """Yield the segments that look like a secret or stand behind the name of one."""
    before = ""
    for segment in path.split("/"):
        plain = unquote(segment)
        named = looks_secret(plain, 8) and is_secret(before, plain)
        if named or (looks_secret(plain) and redact_text(plain) != plain):
            yield from (segment, plain)
            # A bot's token stands behind its number.
            yield plain.partition(":")[2]
        yield from _pair_secrets(segment) if "=" in segment else ()
        before = plain


def _pair_secrets(text: str) -> Iterator[str]:
    """Yield the secrets of a query or a form."""
    for piece in re.split("[&;]", text):
        name, _, value = piece.partition("=")
        if value and is_secret(unquote_plus(name), unquote_plus(value)):
            yield value
            yield unquote_plus(value)


def _body_secrets(body: object) -> Iterator[str]:
    if isinstance(body, _HOLDERS):
        yield from _json_secrets(body)
        return
    text = body.decode("utf-8", "replace") if isinstance(body, bytes | bytearray) else body
    if not isinstance(text, str) or not text or len(text) > _LONGEST_BODY:
        return
    if text.lstrip()[:1] in ("{", "["):
        try:
            yield from _json_secrets(_parsed(text))
        except (ValueError, RecursionError):
            pass
        else:
            return
    parts = ((_NAME.search(head[:400]), value) for head, value in _PART.findall(text))
    named = [(found[1], value) for found, value in parts if found]
    for name, value in (*named, *_ELEMENT.findall(text)):
        if is_secret(name, value):
            yield value.strip()
    yield from _pair_secrets(text)


def _parsed(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return json.loads(text)  # which is slower, but takes NaN and half of a surrogate pair


def _json_secrets(value: Any) -> Iterator[str]:
    """Yield what stands under key-like names, however deep; a loop, so that depth does no harm."""
    waiting: list[tuple[str, Any, bool]] = [("", value, False)]
    while waiting:
        name, holder, hidden = waiting.pop()
        hidden = hidden or is_secret(name, PLACEHOLDER)
        members = holder.items() if isinstance(holder, dict) else ((name, one) for one in holder)
        for key, one in members:
            if isinstance(one, str):
                if hidden or is_secret(str(key), one):
                    yield one
            elif isinstance(one, _HOLDERS):
                waiting.append((str(key), one, hidden))
            elif type(one) is int and (hidden or is_secret(str(key), _digits(one))):
                yield _digits(one)


def _digits(number: int) -> str:
    # Python refuses to write integers of more than 4300 digits.
    return "" if number.bit_length() > 4096 else str(number)
