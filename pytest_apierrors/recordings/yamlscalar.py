"""Plain scalars by the core schema of YAML, and the tags that recordings have."""

from __future__ import annotations

import re
from typing import Any, Final

from pytest_apierrors.recordings.parts import base64_bytes, encoded
from pytest_apierrors.recordings.reader import Unreadable

_WORDS: Final[dict[str, Any]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
# what YAML 1.1 and 1.2 both take for a number: PyYAML quotes by 1.1, so that a text such as 1e5,
# 0189 or 0o17 stands unquoted in a cassette
_NUMBER = re.compile(
    r"(?P<int>[-+]?(?:0|[1-9][0-9]{0,399}))|0x(?P<hex>[0-9a-fA-F]{1,300})"
    r"|(?P<float>(?:[-+]?[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+][0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
)
_NUMBER_STARTS: Final = frozenset("0123456789+-.")
_TEXT: Final = frozenset(
    f"tag:yaml.org,2002:{kind}" for kind in ("str", "python/str", "python/unicode")
)
_BINARY: Final = ("tag:yaml.org,2002:binary", "!binary")
_TUPLE: Final = "tag:yaml.org,2002:python/tuple"
_BYTES_IO: Final = "tag:yaml.org,2002:python/object/new:_io.BytesIO"
# what aiohttp knew an address as
_ADDRESS: Final = (
    "tag:yaml.org,2002:python/object/new:yarl.URL",
    "tag:yaml.org,2002:python/object/new:urllib.parse.SplitResult",
)
_ITERATOR: Final = "tag:yaml.org,2002:python/object/apply:builtins.iter"
# Ruby says of a text, a mapping or a list which class it was; as plain data it does no harm
_RUBY_TEXT = re.compile(r"!(?:str|ruby/string|ruby/sym|ruby/symbol)(?::[\w:]{1,80})?")
_RUBY_MAPPING = re.compile(r"!ruby/struct:VCR::\w{1,40}|!(?:map|ruby/hash):[\w:]{1,80}")
_RUBY_LIST = re.compile(r"!(?:seq|ruby/array):[\w:]{1,80}")


def resolved(text: str) -> Any:
    """Return what a plain scalar stands for: null, a truth value, a number or its own text."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    found = _NUMBER.fullmatch(text)
    if found is None:
        return text
    kind = found.lastgroup
    if kind == "float":
        special = text[-3:].lower() in ("inf", "nan")
        return float(text.replace(".", "") if special else text)
    return int(text) if kind == "int" else int(found["hex"], 16)


def tagged_text(tag: str, text: str) -> str | bytes:
    """Return what a scalar with a tag stands for."""
    if tag in _TEXT or _RUBY_TEXT.fullmatch(tag):
        return text
    if tag in _BINARY:
        return base64_bytes("!!binary", text)
    raise _refused(tag)


def tagged_container(tag: str, value: Any) -> Any:
    """Return what a list or a mapping with a tag stands for; nothing is ever executed."""
    if isinstance(value, list) and (tag == _TUPLE or _RUBY_LIST.fullmatch(tag)):
        return value
    if tag in _ADDRESS or (isinstance(value, dict) and _RUBY_MAPPING.fullmatch(tag)):
        return value
    if tag == _BYTES_IO and isinstance(value, dict):
        state = value.get("state") or [b""]
        content = state[0] if isinstance(state, list) else b""
        return encoded("a stream", content) if isinstance(content, str) else content
    if tag == _ITERATOR:
        args = value.get("args") if isinstance(value, dict) else value
        return args[0] if isinstance(args, list) and args else []
    raise _refused(tag)


def _refused(tag: str) -> Unreadable:
    short = tag.replace("tag:yaml.org,2002:", "!!", 1)[:80]
    return Unreadable(f"tag {ascii(short)[1:-1]} is not allowed")
