"""Secrets taken out of everything that is shown or written."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from pytest_apierrors.secret_names import SECRET_WORDS, WORDS, is_secret, looks_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

PLACEHOLDER: Final = "[redacted]"

_DEEPEST: Final = 100
_SHORTEST: Final = 6  # a shorter secret stands in too many innocent words to be scrubbed
_ROUNDS: Final = 8

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
_SCHEMES: Final = r"(?:Bearer|Basic|Digest|Token|ApiKey|Negotiate|NTLM|Hawk|AWS4-HMAC-SHA256)"
_SCHEME = re.compile(
    rf"(?<!\w)({_SCHEMES}[\s,:]{{1,4}})([\w.~+/-]{{6,}}={{0,2}})(?![\w=\"'])", re.IGNORECASE
)
_USERINFO = re.compile(r"((?:\A|:)//)[^\s/?#\"'<>]*@")
_ELEMENT = re.compile(r"(<([A-Za-z][\w:.-]{0,80})(?:\s[^<>]{0,400})?>)([^<]+)")
_CREDENTIAL_LINE = re.compile(
    r"""(^[ \t]*|["'])((?:Proxy-)?Authorization|(?:Set-)?Cookie)(:[ \t]*)([^\r\n]+)""",
    re.IGNORECASE | re.MULTILINE,
)
_PAIR = re.compile(
    r"""
    (?:(?<![\w.-])|(?<=\\[nrtbf]))
    (?P<name>[A-Za-z][\w.\[\]-]{0,80}+(?:\ [A-Za-z][\w-]{0,40}+)?)
    (?P<separator>\\{0,15}["']?\s{0,3}(?:=>|:=|[=:])\s{0,3}|\ (?:is|was)\ )
    (?P<value>\\{0,15}["']|\[redacted\][^\s"'&<>]*|[\[{]|(?:SCHEME\s+)?[^\s"'&<>]+)
    """.replace("SCHEME", _SCHEMES),
    re.VERBOSE | re.IGNORECASE,
)
_BRACKETS = re.compile(r"""[\[{]|[\]}]|"(?:[^"\\]|\\.)*+"?|\\.""", re.DOTALL)
_LONG = re.compile(r"(?<![\w+/=.~-])[\w+/=~-][\w+/=.~-]{15,}+", re.ASCII)
_CLAUSE = re.compile(r"[;,&\n{}]|\.\s")
_NEAR: Final = SECRET_WORDS | {"key", "keys"}
_NOT_NEAR: Final = frozenset(
    {"correlation", "idempotency", "message", "public", "reference", "request", "trace"}
)
_TELLING: Final = "a1b2c3d4e5f6a7b8"
_CLOSERS: Final = ")]},;.:!?"
_URL_HEADERS: Final = frozenset({"location", "content-location", "referer"})
_NAME_MEMBERS: Final = ("name", "key", "field", "header", "param", "parameter")
_VALUE_MEMBERS: Final = frozenset({"value", "values"})


def redact_text(text: str) -> str:
    """Take secrets out of any text: by their shape, and by the name that they stand beside."""
    for _ in range(_ROUNDS):
        # What is taken out can bring a name and a value together: again, until all is quiet.
        before, text = text, _redact_once(text)
        if text == before:
            break
    return text


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


def _redact_once(text: str) -> str:
    text = _SHAPES.sub(PLACEHOLDER, text)
    text = _CREDENTIAL_LINE.sub(_hide_line, text)
    text = _SCHEME.sub(_hide_credentials, text)
    text = _USERINFO.sub(rf"\1{PLACEHOLDER}@", text)
    text = _ELEMENT.sub(_hide_element, text)
    return _redact_neighbours(_redact_pairs(text))


def _hide_line(match: re.Match[str]) -> str:
    opening, name, colon, value = match.groups()
    rest = ""
    if opening in ("'", '"') and opening in value:
        value, _, rest = value.partition(opening)
        rest = opening + rest
    return f"{opening}{name}{colon}{_redact_header(name, value)}{rest}"


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


def _secret_value(text: str, match: re.Match[str]) -> tuple[int, int]:
    """Return where the secret stands that a `name: value` holds; an empty range if it is none."""
    opening = match["value"]
    start, end = match.span("value")
    names = (match["name"], match["name"].rpartition(" ")[2])
    # Asked first: where a value ends is looked for only if its name can be a secret's.
    if not any(is_secret(name, _TELLING) for name in names):
        return start, start
    if opening[-1] in "\"'":
        start, end = end, _closing_quote(text, end, opening)
    elif opening in "[{":
        certain = any(is_secret(name, PLACEHOLDER) for name in names)
        return start, _closing_bracket(text, start) if certain else start
    else:
        end = start + (_bare_length(opening) or len(opening))
    value = text[start:end]
    if value == PLACEHOLDER or not any(is_secret(name, value) for name in names):
        return start, start
    bare = match.start("value") == start
    return (start, start) if bare and _is_prose(text, match, value) else (start, end)


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
        scheme = re.match(rf"{_SCHEMES}(?=\s)", value.lstrip(), re.IGNORECASE)
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
        yield rest.strip() if re.fullmatch(_SCHEMES, scheme, re.IGNORECASE) else ""
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
