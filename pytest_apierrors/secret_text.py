"""Secrets taken out of any text: by their shape, and by the name that they stand beside."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from pytest_apierrors.secret_names import SECRET_WORDS, WORDS, is_secret, looks_secret, secrecy

PLACEHOLDER: Final = "[redacted]"

_ROUNDS: Final = 8
_SHORT: Final = 64  # names, places, media types: there are few, and they come over and over

# A token may be glued to an escape: `\n`, `"`, `%20`.
_START: Final = r"(?:(?<![A-Za-z0-9_-])|(?<=%[0-9A-Fa-f]{2})|(?<=\\[nrtbf])|(?<=\\u[0-9A-Fa-f]{4}))"
_SHAPES = re.compile(
    rf"""
    -----BEGIN\ [A-Z0-9\ ]{{1,40}}-----(?:[A-Za-z0-9+/=\s:,.]|-(?!----)|\\[nr])*+
        (?:-----END\ [A-Z0-9\ ]{{1,40}}-----)?
    | {_START}(?:
        eyJ[\w-]{{5,}}+\.[\w-]{{5,}}+(?:\.[\w-]*+){{0,3}}
        | [prs]k_(?:live|test)_\w{{3,}}+ | [prs]k_[A-Za-z0-9]{{16,}}+
        | sk-(?=[A-Za-z_-]{{0,60}}[0-9])[\w-]{{16,}}+
        | gh[oprsu]_\w{{3,}}+ | github_pat_\w{{3,}}+ | glpat-[\w-]{{8,}}+
        | xox[abeoprs]-[\w-]{{3,}}+ | xapp-[\w-]{{8,}}+
        | A(?:KIA|SIA)[A-Z0-9]{{12,}}+ | (?:AC|SK)[0-9a-f]{{32}}(?![0-9A-Za-z])
        | AIza[\w-]{{30,}}+ | ya29\.[\w-]{{8,}}+ | whsec_[\w+/=]{{8,}}+
        | SG\.[\w-]{{16,}}+\.[\w-]{{16,}}+ | npm_\w{{30,}}+ | pypi-[\w-]{{30,}}+ | hf_\w{{20,}}+
        | shp(?:at|ca|pa|ss)_[0-9a-fA-F]{{16,}}+ | do[opr]_v1_[0-9a-f]{{16,}}+
        | bot[0-9]{{6,}}+:[\w-]{{30,}}+
    )
    """,
    re.VERBOSE | re.ASCII,
)
_SHAPE_HINT = re.compile(
    "eyJ|k_|k-|gh|gl|github_|xox|xapp|A[CIKS]|SK|ya29|whs|SG|npm_|pypi|hf_|shp|_v1_|bot|-----B"
)
_PAIR_HINT = re.compile("[=:]| is | was ", re.IGNORECASE)
SCHEMES: Final = r"(?:Bearer|Basic|Digest|Token|ApiKey|Negotiate|NTLM|Hawk|AWS4-HMAC-SHA256)"
_SCHEME = re.compile(
    rf"(?<!\w)({SCHEMES}[\s,:]{{1,4}})([\w.~+/-]{{6,}}={{0,2}})(?![\w=\"'])", re.IGNORECASE
)
_USERINFO = re.compile(r"((?:\A|:)//)[^\s/?#\"'<>]*@")
_ELEMENT = re.compile(r"(<([A-Za-z][\w:.-]{0,80})(?:\s[^<>]{0,400})?>)([^<]+)")
_CREDENTIAL_LINE = re.compile(
    r"""(^[ \t]*|["'])((?:(?:Proxy-)?Authorization|(?:Set-)?Cookie):[ \t]*)([^\r\n]+)""",
    re.IGNORECASE | re.MULTILINE,
)
_PAIR = re.compile(
    r"""
    (?:(?<![\w.-])|(?<=\\[nrtbf]))
    (?P<name>[A-Za-z][\w.\[\]-]{0,80}+(?:\ [A-Za-z][\w-]{0,40}+)?)
    (?P<separator>\\{0,15}["']?\s{0,3}(?:=>|:=|[=:])\s{0,3}|\ (?:is|was)\ )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# A bare value ends at white space, a quote, or where the next name begins.
_VALUE = re.compile(
    r"""
    (?P<quote>\\{0,15}["'])
    | (?P<bracket>(?!\[redacted\])[\[{])
    | (?:SCHEME\s{1,4})?(?=[^\s"'&<>])[^\s"'&<>;,]*+(?:[;,](?![\w.-]{1,40}=)[^\s"'&<>;,]*+)*+
    """.replace("SCHEME", SCHEMES),
    re.VERBOSE | re.IGNORECASE,
)
_LONGEST_GUESS: Final = 256
_BRACKETS = re.compile(r"""[\[{]|[\]}]|"(?:[^"\\]|\\.)*+"?|\\.""", re.DOTALL)
_LONG = re.compile(r"(?<![\w+/=.~-])[\w+/=~-][\w+/=.~-]{15,}+", re.ASCII)
_CLAUSE = re.compile(r"[;,&\n{}]|\.\s")
_NEAR: Final = SECRET_WORDS | {"key", "keys"}
_NOT_NEAR: Final = frozenset(
    {"correlation", "idempotency", "message", "public", "reference", "request", "trace"}
)
_CLOSERS: Final = ")]},;.:!?"


def redact_text(text: str) -> str:
    """Take secrets out of any text: by their shape, and by the name that they stand beside."""
    return _redact_short(text) if len(text) <= _SHORT else _redact(text)


def _redact(text: str) -> str:
    for _ in range(_ROUNDS):
        # What is taken out can bring a name and a value together: again, until all is quiet.
        before, text = text, _redact_once(text)
        if text == before:
            break
    return text


_redact_short = lru_cache(maxsize=4096)(_redact)


def _redact_once(text: str) -> str:
    # Most texts hold nothing: what is quick to see is asked before what is slow to search.
    if _SHAPE_HINT.search(text):
        text = _SHAPES.sub(PLACEHOLDER, text)
    if ":" in text:
        text = _CREDENTIAL_LINE.sub(_hide_line, text)
    text = _SCHEME.sub(_hide_credentials, text)
    if "//" in text:
        text = _USERINFO.sub(rf"\1{PLACEHOLDER}@", text)
    text = _ELEMENT.sub(_hide_element, text)
    if _PAIR_HINT.search(text):
        text = _redact_pairs(text)
    return _redact_neighbours(text)


def _hide_line(match: re.Match[str]) -> str:
    opening, head, value = match.groups()
    _, quote, rest = value.partition(opening) if opening in ("'", '"') else ("", "", "")
    return f"{opening}{head}{PLACEHOLDER}{quote}{rest}"


def _hide_credentials(match: re.Match[str]) -> str:
    scheme, value = match.groups()
    telling = re.search(r"[0-9=]|[a-z][A-Z]", value) or len(value) >= 20
    return f"{scheme}{PLACEHOLDER}" if telling else match[0]


def _hide_element(match: re.Match[str]) -> str:
    tag, name, value = match.groups()
    return f"{tag}{PLACEHOLDER}" if is_secret(name, value) else match[0]


def _redact_pairs(text: str) -> str:
    shown: list[str] = []
    done = at = 0
    while match := _PAIR.search(text, at):
        start, end = _secret_value(text, match)
        if start == end:
            # The second word of a name may be the first one of the next.
            at = match.start() + 1
            continue
        shown += (text[done:start], PLACEHOLDER)
        done = at = end
    return f"{''.join(shown)}{text[done:]}"


def _secret_value(text: str, name: re.Match[str]) -> tuple[int, int]:
    """Return where the secret stands that a `name: value` holds; an empty range if it is none."""
    # The name is asked first: where a value ends is looked for only if it can be a secret.
    names = _names(name["name"])
    known = {secrecy(one) for one in names}
    certain = "always" in known
    if not certain and "perhaps" not in known:
        return 0, 0
    # What may turn out to be no secret is looked at again: not from afar each time.
    reach = len(text) if certain else min(len(text), name.end() + _LONGEST_GUESS)
    match = _VALUE.match(text, name.end(), reach)
    if match is None:
        return 0, 0
    start, end = match.span()
    if match["bracket"]:
        return (start, _closing_bracket(text, start)) if certain else (0, 0)
    if match["quote"]:
        start, end = end, _closing_quote(text, end, match["quote"])
    else:
        end = start + (_bare_length(match[0]) or len(match[0]))
    value = text[start:end]
    if value == PLACEHOLDER or not any(is_secret(one, value) for one in names):
        return 0, 0
    if not match["quote"] and _is_prose(text, name, value):
        return 0, 0
    return start, _end_of_run(text, end) if end == reach else end


@lru_cache(maxsize=4096)
def _names(name: str) -> tuple[str, ...]:
    """Return what a name can be: `api key`, `key`; `Bearer realm` is a scheme and a name."""
    first, _, last = name.rpartition(" ")
    return (last,) if not first or re.fullmatch(SCHEMES, first, re.IGNORECASE) else (name, last)


def _end_of_run(text: str, start: int) -> int:
    match = re.compile(r"""[^\s"'&<>]*+""").match(text, start)
    return start if match is None else match.end()


def _bare_length(value: str) -> int:
    if value.startswith(PLACEHOLDER):
        rest = value[len(PLACEHOLDER) :]
        return len(PLACEHOLDER) + len(rest.rstrip(_CLOSERS))
    return len(value.rstrip(_CLOSERS))


def _is_prose(text: str, match: re.Match[str], value: str) -> bool:
    """Tell `Invalid token: expired` and `The PIN is wrong` from `password: hunter2`."""
    separator = match["separator"]
    if separator.strip().isalpha():
        return len(value) < 4 or re.search("[0-9]", value) is None
    if not separator.startswith(":") or separator == ":" or not value.isalpha():
        return False
    begins_line = match.start() == 0 or text[match.start() - 1] in "\r\n"
    return " " in match["name"] or not begins_line


def _closing_quote(text: str, start: int, opening: str) -> int:
    """Return where a quoted value ends; inside quoted text the quotes are escaped, and deeper."""
    escapes = len(opening) - 1
    for match in re.compile(rf"(?<!\\)(\\*+){opening[-1]}").finditer(text, start):
        # With each level of escaping the run in front of a quote doubles, and grows by one.
        if len(match[1]) % (2 * (escapes + 1)) == escapes:
            return match.end() - 1 - escapes
    return len(text)


def _closing_bracket(text: str, start: int) -> int:
    depth = 0
    for match in _BRACKETS.finditer(text, start):
        depth += (match[0] in "[{") - (match[0] in "]}")
        if depth == 0:
            return match.end()
    return len(text)


def _redact_neighbours(text: str) -> str:
    return _LONG.sub(lambda match: PLACEHOLDER if _is_neighbour(text, match) else match[0], text)


def _is_neighbour(text: str, match: re.Match[str]) -> bool:
    if not looks_secret(match[0]):
        return False
    before = _CLAUSE.split(text[max(0, match.start() - 60) : match.start()])[-1]
    after = _CLAUSE.split(text[match.end() : match.end() + 60])[0]
    words = [word.lower() for word in WORDS.findall(before)[-3:] + WORDS.findall(after)[:7]]
    return not _NEAR.isdisjoint(words) and _NOT_NEAR.isdisjoint(words)
