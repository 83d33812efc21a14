"""Which names carry a secret, and which values look like one."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal

# Names are split into words, so that `author`, `keyword`, `monkey` and `tokenizer` stay.
WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

_WORD_LIST: Final = """
    token tokens secret secrets password passwords passwd pwd passphrase passcode authorization
    session cookie cookies signature sig hmac credential credentials otp totp pin bearer jwt csrf
    xsrf cvv cvc assertion
"""
_PAIR_LIST: Final = """
    access-key access-keys account-key account-sid api-key api-keys app-key application-key
    auth-code auth-header auth-key code-verifier connect-sid consumer-key encryption-key
    license-key master-key private-key private-keys service-key shared-key signing-key ssh-key
    storage-key subscription-key user-key
"""
# `token_type`, `password_policy`, `max_tokens`, `x-ratelimit-tokens-reset` tell about a secret.
_ABOUT_LIST: Final = """
    algorithm count endpoint error expiration expires expiry length limit method missing policy
    required reset status ttl type uri url valid version
"""

SECRET_WORDS: Final = frozenset(_WORD_LIST.split())
_SECRET_PAIRS: Final = frozenset(tuple(pair.split("-")) for pair in _PAIR_LIST.split())
_SECRET_ALONE: Final = frozenset({("pass",), ("sid",)})
_SECRET_LAST: Final = frozenset({"auth"})
_SECRET_ENDINGS: Final = (
    *("token", "secret", "password", "passwd", "apikey", "accesskey", "privatekey", "secretkey"),
    *("sessionid", "sessid"),
)
# `nextPageToken` and its kin say where in a list one is.
_POSITION = re.compile(
    ".*(?:continuation|cursor|next|page|pagination|prev|previous|starting|sync)tokens?"
)
_ABOUT_LAST: Final = frozenset(_ABOUT_LIST.split())
_ABOUT: Final = frozenset({"max", "min", "ratelimit", "remaining", "total"})
# They carry a secret in some APIs and a harmless word in most: the value has to look like one.
_UNDECIDED: Final = frozenset({("key",), ("code",)})
_HARMLESS: Final = frozenset({"", "true", "false", "null", "none"})
# What people put in place of a secret, and what messages about one are made of.
_COMMON_LIST: Final = """
    access account address anonymous api-key apikey application authenticate authentication
    authorization bearer canceled changeme client client_id client_secret content credential
    credentials customer default denied disabled enabled example expired failed forbidden header
    headers invalid message method missing number object optional parameter params passcode
    password permission phrase placeholder private public quota redacted refresh_token request
    required resource response sample sandbox secret server service session signature status string
    success system test-key testing token tokens unauthorized undefined unknown username
"""
_COMMON: Final = frozenset(_COMMON_LIST.split())

_LONGEST_NAME: Final = 200


def is_secret(name: str, value: str) -> bool:
    """Tell whether a value of this name must not be shown."""
    known = secrecy(name[-_LONGEST_NAME:])
    if known != "always":
        return known == "perhaps" and looks_secret(value, 8)
    if value.strip().lower() in _HARMLESS:
        return False
    return not (value.isdecimal() and name.lower().endswith("tokens"))


def is_common(value: str) -> bool:
    """Tell whether a secret is no more than a word, one that error messages are full of."""
    return value.strip().lower() in _COMMON


@lru_cache(maxsize=4096)
def secrecy(name: str) -> Literal["never", "perhaps", "always"]:
    """Tell whether the values of this name are secrets; perhaps: those that look like one."""
    words = tuple(word.lower() for word in WORDS.findall(name))
    if words in _UNDECIDED:
        return "perhaps"
    return "always" if _is_secret(words) else "never"


def looks_secret(value: str, least: int = 16) -> bool:
    """Tell whether a value looks random: letters and digits mixed, as no word of prose is."""
    if len(value) < least:
        return False
    parts = [part for part in re.split(r"[^A-Za-z0-9]+", value) if len(part) >= min(least, 8)]
    return any(
        (re.search("[0-9]", part) and re.search("[A-Za-z]", part))
        or (len(part) >= 16 and re.search("[a-z][A-Z]", part) and re.search("[A-Z]{2}", part))
        for part in parts
    )


def _is_secret(words: tuple[str, ...]) -> bool:
    if not words or words[-1] in _ABOUT_LAST or not _ABOUT.isdisjoint(words):
        return False
    if _is_position(words):
        return False
    return (
        words in _SECRET_ALONE
        or words[-1] in _SECRET_LAST
        or not SECRET_WORDS.isdisjoint(words)
        or not _SECRET_PAIRS.isdisjoint(pairwise(words))
        or any(word.endswith(_SECRET_ENDINGS) for word in words)
    )


def _is_position(words: tuple[str, ...]) -> bool:
    """Tell a place in a list of pages from a secret, whichever way its words are written."""
    return _POSITION.fullmatch("".join(words[-2:])) is not None
