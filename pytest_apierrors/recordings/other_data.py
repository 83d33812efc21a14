"""Data of a folder that could be a recording by its name and is none: known by what it lacks."""

from __future__ import annotations

import re
from typing import IO, Final

import msgspec

from pytest_apierrors.recordings.outline import outline

_HEAD: Final = 1 << 16
_MOST: Final = 1 << 23  # what is larger is read, and said to be none
# a name such as "response", "httpRequest" or "interactions" with more than a plain value
_EXCHANGE = re.compile(
    rb"""(?:request|response|interaction)[\w-]*["']?[ \t]*:[ \t]*+(?:[\[{&!]|\r?\n|\Z)""",
    re.IGNORECASE,
)


def is_other(stream: IO[bytes], *, is_json: bool) -> bool:
    """
    Tell whether an open file is sound data in which nothing looks like an exchange.

    What is empty, damaged or no data at all is not: it could have been a recording.
    """
    data = stream.read(_HEAD)
    if _EXCHANGE.search(data):
        return False
    if not is_json:
        return b"\0" not in data and bool(outline(data))
    data += stream.read(_MOST)
    if len(data) > _MOST or _EXCHANGE.search(data, _HEAD - 100):
        return False
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return isinstance(value, dict | list) and bool(value)
