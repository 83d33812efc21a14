"""ReplayData of PyGithub's tests: ten lines an exchange, headers as Python writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pytest_apierrors.recordings import fields, parts
from pytest_apierrors.recordings.reader import Reader, Source, Unreadable
from pytest_apierrors.recordings.sent import Sent
from pytest_apierrors.response import Headers, Origin, Response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError

_STARTS = re.compile(
    rb"(?:\A|\n\n)(?=https?\r?\n[A-Z]+\r?\n[^\s/]+\r?\n(?:None|[0-9]+)\r?\n[^\s][^\n]*\n\{)"
)
# a text, or what does not end as one; a bare word; a mark; nothing else
_TOKEN = re.compile(
    r"""([bu]?(?:'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'|"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"))"""
    r"""|([A-Za-z0-9_.+-]++)(?!['"])|([\[\](){},:])|\s++|(.[^\n]*+)""",
    re.DOTALL,
)
_LIST = re.compile(rb"\[(?:\(v,v\),?)*+\]|\{(?:v:v,?)*+\}")
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "r": "\r", "t": "\t"}
_TAKEN_OUT: Final = ("''", '""')
_LINES: Final = 9
_PAIR_NODES: Final = 4
"""A text with its marks takes as much memory as several values."""


def recognise(head: bytes, _path: Path) -> bool:
    """Tell whether a file starts with the six lines of a request."""
    return _STARTS.match(head.replace(b"\r\n", b"\n").lstrip(b"\n")) is not None


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the response of each block of lines."""
    data = source.whole("max_file_bytes").replace(b"\r\n", b"\n")
    starts = [found.end() for found in _STARTS.finditer(data)] or [0]
    line, counted = 1, 0
    for index, (start, end) in enumerate(zip(starts, [*starts[1:], len(data)], strict=True)):
        line += data.count(b"\n", counted, start)
        counted = start
        try:
            yield _response(data[start:end], Origin(source.name, index, line), source)
        except Unreadable as problem:
            yield source.problem(problem.reason, index, line)


def _response(block: bytes, origin: Origin, source: Source) -> Response:
    lines = block.split(b"\n", _LINES)
    if len(lines) <= _LINES:
        raise Unreadable(f"cut short: {len(lines)} of {_LINES + 1} lines")
    body = lines.pop().rstrip(b"\n")
    scheme, method, host, port, path, sent, given, status, headers = (
        one.decode("utf-8", "replace") for one in lines
    )
    at = "" if port == "None" else f":{port}"
    lost = "\ufffd".encode() in body
    url = path if path.startswith(("http:", "https:")) else f"{scheme}://{host}{at}{path}"
    return Response(
        parts.status(status),
        parts.within(body, source.limits),
        None if headers in _TAKEN_OUT else Headers(_pairs("headers", headers, source)),
        method,
        url,
        origin,
        fields.REPLACED if lost else None,
        Sent(_pairs("request headers", sent, source), None if given == "None" else given),
        lost,
    )


def _pairs(what: str, text: str, source: Source) -> list[tuple[str, str]]:
    """Return the pairs of a list or a mapping of texts; nothing is evaluated."""
    if text.count(",") * _PAIR_NODES > source.limits.max_nodes:
        raise Unreadable(f"nodes of the {what} are {source.limits.over('max_nodes')}")
    values: list[str] = []
    shape = bytearray()
    for found in _TOKEN.finditer(text):
        literal, word, mark, other = found.groups()
        if literal or word:
            values.append(_plain(literal) if literal else word)
            shape += b"v"
        else:
            shape += (mark or (other and "?") or "").encode()
    if not _LIST.fullmatch(shape):
        raise Unreadable(f"{what} are {parts.shown(text)}, no pairs of texts")
    return list(zip(values[::2], values[1::2], strict=True))


def _plain(literal: str) -> str:
    """Return the text that a literal of Python stands for."""
    return _ESCAPE.sub(_escaped, literal.lstrip("bu")[1:-1])


def _escaped(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code is None:
        return _ESCAPED.get(match[4], match[4])
    number = int(code, 16)
    sound = number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    return chr(number) if sound else "\ufffd"


READER = Reader("pygithub", "PyGithub ReplayData", recognise, read)
