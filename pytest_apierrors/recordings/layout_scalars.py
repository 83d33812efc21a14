"""
The YAML scalars that PyYAML and Psych write: how each looks, and what it stands for.

The patterns are a strict part of YAML's own rules, for text of printable ASCII and line ends.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from pytest_apierrors.recordings.parts import base64_bytes
from pytest_apierrors.recordings.reader import Unreadable
from pytest_apierrors.recordings.yamlscalar import resolved

_SINGLE: Final = r"'[^'\n]*+(?:(?:''|\n(?![-.]))[^'\n]*+)*+'"
_NO_SURROGATE: Final = "(?![dD][89a-fA-F])[0-9a-fA-F]{4}"
_ESCAPE: Final = (
    r'\\(?:[0abtnvfre "/\\N_LP]|x[0-9a-fA-F]{2}'
    rf"|u{_NO_SURROGATE}|U0000{_NO_SURROGATE}|U00(?:0[1-9a-fA-F]|10)[0-9a-fA-F]{{4}})"
)
_DOUBLE: Final = rf'"[^"\\\n]*+(?:(?:{_ESCAPE}|\\?\n(?![-.]))[^"\\\n]*+)*+"'
# no ": ", no " #", no ":" or space at the end of a line
_REST: Final = r"[^\n:#]*+(?:(?::(?![ \n])|(?<! )#)[^\n:#]*+)*+(?<! )"
_PLAIN: Final = r"[A-Za-z0-9/_(.<=]" + _REST
_FOLDS = re.compile(r"(?<! ) *+\n(?: *+\n)*+ *+")
_JSON_LIKE = re.compile(r'"(?:[^"\\\n]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+"')
_ESCAPES = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(\n *+(?![ \n]))|([\s\S]))"
    r"|((?:(?<! )|(?<=\\ )) *+\n(?: *+\n)*+ *+)"
)
_NAMED: Final = dict(
    zip('0abtnvfre "/\\N_LP', '\0\a\b\t\n\v\f\r\x1b "/\\\x85\xa0\u2028\u2029', strict=True)
)


def value(indent: int) -> str:
    """Return the pattern of a text, a plain one going on in lines of this indent."""
    more = rf"(?:\n {{{indent}}}(?![ #\n:]){_REST})*+"
    return rf"(?:{_SINGLE}|{_DOUBLE}|{_PLAIN}{more})"


def binary(indent: int) -> str:
    """Return the pattern of base64 in a literal block."""
    return rf"!!?binary \|-?(?:\n {{{indent}}}[A-Za-z0-9+/=]++)++"


def block(indent: int) -> str:
    """Return the pattern of a text in a literal block that begins and ends with a line of text."""
    return rf"\|-?\n {{{indent}}}(?! )[^\n]++(?:\n++ {{{indent}}}[^\n]*+)*+"


def scalar(raw: str) -> str | bytes | None:
    """Return what a text of these patterns stands for, None where that is no text or not sure."""
    first = raw[0]
    if first == "'":
        inner = raw[1:-1]
        if "\n" in inner:
            inner = _unfolded(inner)
        return inner.replace("''", "'") if "'" in inner else inner
    if first == '"':
        return _double(raw)
    if first == "|":
        return _literal(raw)
    if first == "!":
        try:
            return base64_bytes("!!binary", raw.partition("\n")[2])
        except Unreadable:
            return None
    if "\n" in raw:
        raw = _unfolded(raw)
    plain = resolved(raw)
    return plain if type(plain) is str else None


def _literal(raw: str) -> str:
    """Return what a literal block stands for: its lines without their indent."""
    header, _, text = raw.partition("\n")
    indent = len(text) - len(text.lstrip(" "))
    inner = (text[indent:]).replace("\n" + " " * indent, "\n").rstrip("\n")
    return inner if header == "|-" else inner + "\n"


def _unfolded(text: str) -> str:
    """Join lines: a line end is a space, and the spaces around it do not count."""
    first, *middle, last = text.split("\n")
    lines = [line.strip(" ") for line in middle]
    if "" in lines:
        return _FOLDS.sub(_folded, text)
    return " ".join((first.rstrip(" "), *lines, last.lstrip(" ")))


def _folded(found: re.Match[str]) -> str:
    """Fold line ends: one is a space, several are one less."""
    return "\n" * (found[0].count("\n") - 1) or " "


def _double(raw: str) -> str | None:
    """Return what a double-quoted text stands for."""
    if _JSON_LIKE.fullmatch(raw):
        text: str = msgspec.json.decode(raw, type=str)
        return text
    try:
        return _ESCAPES.sub(_escaped, raw[1:-1])
    except KeyError:
        return None


def _escaped(found: re.Match[str]) -> str:
    two, four, eight, joined, other, fold = found.groups()
    if fold:
        return "\n" * (fold.count("\n") - 1) or " "
    if joined:
        return ""
    if other:
        return _NAMED[other]
    return chr(int(two or four or eight, 16))
