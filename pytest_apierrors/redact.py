"""Secrets taken out of everything that is shown or written."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_plus

from pytest_apierrors.credentials import is_usable, secrets_of
from pytest_apierrors.secret_names import is_secret
from pytest_apierrors.secret_text import PLACEHOLDER, SCHEMES, redact_text
from pytest_apierrors.spellings import LITERAL, hidden

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "PLACEHOLDER",
    "redact_headers",
    "redact_json",
    "redact_text",
    "redact_url",
    "scrub",
    "scrub_json",
    "secrets_of",
]

_DEEPEST: Final = 100
_URL_HEADERS: Final = frozenset({"location", "content-location", "referer"})
_HOLDERS: Final = (dict, list, tuple)
_NAME_MEMBERS: Final = ("name", "key", "field", "header", "param", "parameter")
_VALUE_MEMBERS: Final = frozenset({"value", "values"})


def redact_json(value: Any, *names: str) -> Any:
    """
    Take secrets out of a JSON value: under key-like names everything, elsewhere by shape.

    `names` are the members that it stands in, from the outside.
    """
    hidden = False
    for name in names[:-1]:
        hidden = hidden or is_secret(name, PLACEHOLDER)
    own = names[-1] if names else ""
    return _redact_value(value, own, max(_DEEPEST - len(names), 0), hidden=hidden)


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


def scrub(text: str, secrets: Iterable[str]) -> str:
    """Take these literal values out of a text, wherever they stand and however they are escaped."""
    for core, secret in _longest_first(frozenset(secrets)):
        if core in text:
            text = hidden(secret, text, PLACEHOLDER)
    return text


def scrub_json(value: Any, secrets: Iterable[str]) -> Any:
    """Take these literal values out of a JSON value: names, texts and numbers."""
    known = frozenset(secrets)
    if not known:
        return value
    return scrub(value, known) if type(value) is str else _scrub_value(value, known, _DEEPEST)


def _scrub_value(value: Any, secrets: frozenset[str], levels: int) -> Any:
    if isinstance(value, str):
        return scrub(value, secrets)
    if isinstance(value, _HOLDERS):
        if not levels:
            return PLACEHOLDER
        if isinstance(value, dict):
            return {
                _scrub_value(name, secrets, 0): _scrub_value(member, secrets, levels - 1)
                for name, member in value.items()
            }
        return [_scrub_value(item, secrets, levels - 1) for item in value]
    if value is None or isinstance(value, bool):
        return value
    shown = _number(value)
    return value if scrub(shown, secrets) == shown else PLACEHOLDER


@lru_cache(maxsize=256)  # most requests of a run carry the same credentials
def _longest_first(secrets: frozenset[str]) -> list[tuple[str, str]]:
    """Return usable secrets, each after a part of it that no spelling changes."""
    usable = sorted(filter(is_usable, secrets), key=lambda one: (-len(one), one))
    return [(max(LITERAL.findall(one), key=len, default=""), one) for one in usable]


def _redact_value(value: Any, name: str, levels: int, *, hidden: bool) -> Any:
    if isinstance(value, _HOLDERS):
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
    titled = not _VALUE_MEMBERS.isdisjoint(value) and _is_titled(value)
    redacted: dict[Any, Any] = {}
    for name, member in value.items():
        shown = redact_text(name) if isinstance(name, str) else name
        under = hidden or (titled and name in _VALUE_MEMBERS)
        redacted[shown] = _redact_value(member, str(name), levels, hidden=under)
    return redacted


def _is_titled(value: dict[Any, Any]) -> bool:
    """Tell whether an object that holds a value says itself that it is a secret."""
    titles = [value.get(member) for member in _NAME_MEMBERS]
    return any(isinstance(title, str) and is_secret(title, PLACEHOLDER) for title in titles)


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
