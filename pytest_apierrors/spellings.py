"""How a text may spell a secret: as it is, and as URLs, JSON and HTML write it, also twice."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

LITERAL: Final = re.compile(r"[A-Za-z0-9_.~-]+")
"""What every one of them leaves alone."""

_UNITS = re.compile(r"(?P<literal>[A-Za-z0-9_.~-]+)|(?P<slashes>\\+)|(?s:.)")
_OTHERS: Final = {
    " ": (r"\+",),
    "&": ("&amp;",),
    "<": ("&lt;",),
    ">": ("&gt;",),
    '"': ("&quot;",),
    "'": ("&apos;",),
}
_NAMED: Final = {"\n": "n", "\t": "t"}


@lru_cache(maxsize=256)
def spellings(secret: str) -> re.Pattern[str]:
    """Return what finds a secret in any spelling, in linear time."""
    units: list[str] = []
    escaped = False
    for unit in _UNITS.finditer(secret):
        if unit["literal"]:
            units.append(re.escape(unit[0]))
        elif unit["slashes"]:
            units.append(_backslashes(len(unit[0])))
        else:
            units.append(_character(unit[0], escaped=escaped))
        escaped = unit["slashes"] is not None
    # A secret may itself look coded: `50%25` is no spelling of `50%` and `25`.
    return re.compile(f"{''.join(units)}|{re.escape(secret)}")


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
