"""The exchange log: one JSON object a line, read and written."""

from __future__ import annotations

import base64
from typing import IO, TYPE_CHECKING, Any

import msgspec

from pytest_apierrors import strictjson
from pytest_apierrors.recordings import jsonitems, parts
from pytest_apierrors.recordings.jsonnodes import bounded
from pytest_apierrors.recordings.reader import Reader, Source, Unreadable
from pytest_apierrors.recordings.sent import Sent
from pytest_apierrors.response import Headers, Origin, Response

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError

_HeaderValues = dict[str, str | list[str]]


_NOTHING = msgspec.Raw()


class _Coded(msgspec.Struct, gc=False, omit_defaults=True):
    base64: str


class _Request(msgspec.Struct, gc=False, omit_defaults=True):
    method: str | None = None
    url: str | None = None
    headers: _HeaderValues | None = None
    body: msgspec.Raw = _NOTHING


class _Answer(msgspec.Struct, gc=False, omit_defaults=True):
    status: int
    headers: _HeaderValues | None = None
    body: str | _Coded | None = None


class _Exchange(msgspec.Struct, gc=False, omit_defaults=True):
    response: _Answer | None
    request: _Request | None = None


_decode = msgspec.json.Decoder(_Exchange).decode
_encode = msgspec.json.Encoder().encode
_NOBODY = _Request()
_BOM = b"\xef\xbb\xbf"


def recognise(head: bytes, _path: Path) -> bool:
    """Tell whether the first line is an object of an exchange."""
    first, newline, _ = head.removeprefix(_BOM).lstrip().partition(b"\n")
    keys = list(jsonitems.top_keys(first))
    closed = first.rstrip().endswith(b"}") or not newline
    return closed and keys[:1] in (["request"], ["response"])


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the response of each line; a bad line does not end the reading."""
    index = 0
    name, limits = source.name, source.limits
    if source.stream.read(len(_BOM)) != _BOM:
        source.stream.seek(0)
    for number, line in enumerate(lines(source.stream, limits.max_line_bytes), 1):
        if line is None:
            yield source.problem(f"line is {limits.over('max_line_bytes')}", index, number)
        elif line.isspace():
            continue
        else:
            try:
                response = _response(line, Origin(name, index, number), source)
            except Unreadable as problem:
                yield source.problem(problem.reason, index, number)
            else:
                if response is not None:
                    yield response
        index += 1


def lines(stream: IO[bytes], most: int) -> Iterator[bytes | None]:
    """Yield each line, None in place of one that is too long."""
    readline = stream.readline
    while line := readline(most + 1):
        if len(line) <= most:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = readline(most)
        yield None


def _response(line: bytes, origin: Origin, source: Source) -> Response | None:
    bounded(line, source.limits)
    try:
        exchange = _decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _refusal(line, error) from None
    # written again it has as many colons, unless a member was unknown or hidden by another
    if _encode(exchange).count(b":") != line.count(b":") or b"\\u003" in line:
        _refuse_repeated(line)
    answer = exchange.response
    if answer is None:
        return None
    request = exchange.request or _NOBODY
    return Response(
        parts.status(answer.status),
        parts.within(_body(answer.body), source.limits),
        None if answer.headers is None else _headers(answer.headers),
        request.method,
        request.url,
        origin,
        None,
        Sent(request.headers, request.body),
    )


def _headers(values: _HeaderValues) -> Headers:
    if list in map(type, values.values()):
        return Headers.of(values)
    return Headers(values.items())  # type: ignore[arg-type] # none of them is a list


def _body(body: str | _Coded | None) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return parts.base64_bytes("body", body.base64)


def _refuse_repeated(line: bytes) -> None:
    try:
        strictjson.decode_fast(line)
    except strictjson.NotPlain:
        problems = strictjson.loads(line).problems
        if problems:
            raise Unreadable(f"not sound JSON: {problems[0].reason}") from None


def _refusal(line: bytes, error: Exception) -> Unreadable:
    """Word why a line does not decode: its JSON, or its types."""
    problems = strictjson.loads(line).problems
    if problems:
        return Unreadable(f"not sound JSON: {problems[0].reason}")
    return Unreadable(f"not an exchange: {error}".replace("`", '"'))


def exchange_line(
    response: Response, *, request_headers: Mapping[str, str | Sequence[str]] | None = None
) -> bytes:
    """Write one response, and what is known of its request, as a line of an exchange log."""
    request: dict[str, Any] = {}
    if response.method is not None:
        request["method"] = response.method
    if response.url is not None:
        request["url"] = response.url
    if request_headers is not None:
        request["headers"] = dict(request_headers)
    answer: dict[str, Any] = {"status": response.status}
    if response.headers is not None:
        answer["headers"] = _written(response.headers)
    answer["body"] = _writable(response.body)
    return _encode({"request": request, "response": answer}) + b"\n"


def _written(headers: Headers) -> dict[str, str | list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in headers:
        grouped.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in grouped.items()}


def _writable(body: bytes) -> str | dict[str, str] | None:
    if not body:
        return None
    try:
        return body.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}


READER = Reader("ndjson", "exchange log (NDJSON)", recognise, read)
