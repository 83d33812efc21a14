"""How a text may spell a secret: as it is, and as URLs, JSON and HTML write it, also twice."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

LITERAL: Final = re.compile(r"[A-Za-z0-9_.~-]+")
"""What every one of them leaves alone."""

_LONG: Final = 512
"""Of a longer secret this much is looked for, and then followed as far as the text has it."""

_UNITS = re.compile(r"(?P<literal>[A-Za-z0-9_.~-]+)|(?P<slashes>\\+)|(?s:.)")
_AFTER_SLASHES = re.compile(r"\\*+")
_OTHERS: Final = {
    " ": (r"\+",),
    "&": ("&amp;",),
    "<": ("&lt;",),
    ">": ("&gt;",),
    '"': ("&quot;",),
    "'": ("&apos;",),
}
_NAMED: Final = {"\n": "n", "\t": "t"}


def hidden(secret: str, text: str, placeholder: str) -> str:
    """Return a text in which a placeholder stands for a secret in any spelling, in linear time."""
    if len(secret) <= _LONG:
        return spellings(secret).sub(placeholder, text)
    # A pattern of megabytes would take minutes to make.
    cut = _AFTER_SLASHES.match(secret, _LONG).end()  # type: ignore[union-attr]  # fits always
    shown: list[str] = []
    done = 0
    for match in spellings(secret[:cut]).finditer(text):
        if match.start() >= done:
            shown += (text[done : match.start()], placeholder)
            plain = text.startswith(secret, match.start())
            end = match.start() + len(secret)
            done = end if plain else _followed(secret, cut, text, match.end())
    return f"{''.join(shown)}{text[done:]}".replace(secret, placeholder)


@lru_cache(maxsize=256)
def spellings(secret: str) -> re.Pattern[str]:
    """Return what finds a secret that is not long in any spelling."""
    units = "".join(_unit(unit, escaped=escaped) for unit, escaped in _units(secret, 0))
    # A secret may itself look coded: `50%25` is no spelling of `50%` and `25`.
    return re.compile(f"{units}|{re.escape(secret)}")


@lru_cache(maxsize=1024)
def _one(unit: str, *, escaped: bool) -> re.Pattern[str]:
    code = _backslashes(len(unit)) if unit[0] == "\\" else _character(unit, escaped=escaped)
    return re.compile(code)


def _units(secret: str, start: int) -> Iterator[tuple[re.Match[str], bool]]:
    """Yield what a secret is made of, each with whether backslashes stand before it."""
    for unit in _UNITS.finditer(secret, start):
        yield unit, unit.start() > 0 and secret[unit.start() - 1] == "\\"


def _unit(unit: re.Match[str], *, escaped: bool) -> str:
    if unit["literal"]:
        return re.escape(unit[0])
    if unit["slashes"]:
        return _backslashes(len(unit[0]))
    return _character(unit[0], escaped=escaped)


def _followed(secret: str, cut: int, text: str, end: int) -> int:
    """Return how far a text goes on as a long secret does: what was cut off is one, too."""
    for unit, escaped in _units(secret, cut):
        if unit["literal"]:
            same = _begins(unit[0], text, end)
            end += same
            if same < len(unit[0]):
                break
            continue
        match = _one(unit[0], escaped=escaped).match(text, end)
        if match is None:
            break
        end = match.end()
    return end


def _backslashes(count: int) -> str:
    """Match a run of backslashes; where it is escaped, and what follows it, there are more."""
    code = _character_codes(ord("\\"))
    coded = rf"(?:%(?:25){{0,4}}5c|\\{{1,16}}+(?:u005c|x5c)|{code}){{{count}}}"
    return rf"(?>\\{{{count},{count * 64}}}+(?!u005c|x5c)|(?i:{coded}))"


def _character(char: str, *, escaped: bool) -> str:
    """Match one character; after a run of backslashes, its own may be in that run."""
    least_none = r"\\{0,16}+"
    least_one = least_none if escaped else r"\\{1,16}+"
    wide = char.encode("utf-16-be", "surrogatepass").hex()
    units = "".join(f"{least_one}u{wide[at : at + 4]}" for at in range(0, len(wide), 4))
    coded = "".join(
        rf"(?:%(?:25){{0,4}}|{least_one}x){byte:02x}"
        for byte in char.encode("utf-8", "surrogatepass")
    )
    # What begins as another way does comes first: a way once taken is kept.
    ways = (
        f"(?i:{coded}|{units}|{least_none}{_character_codes(ord(char))})",
        *(least_none + one for one in _OTHERS.get(char, ())),
        *(least_one + one for one in _NAMED.get(char, ())),
        least_none + re.escape(char),
    )
    return f"(?>{'|'.join(ways)})"


def _character_codes(number: int) -> str:
    """Match a character reference of HTML; its `&` may be escaped in turn."""
    return f"&(?:amp;)?#(?:0{{0,4}}+{number}|x0{{0,4}}+{number:x});"


def _begins(literal: str, text: str, at: int) -> int:
    """Return how many characters of a literal stand at a place of a text."""
    if text.startswith(literal, at):
        return len(literal)
    pairs = zip(literal, text[at : at + len(literal)], strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
