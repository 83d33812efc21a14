"""One entry of a HAR, typed, and the response in it."""

from __future__ import annotations

import binascii
import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pytest_apierrors import strictjson
from pytest_apierrors.recordings import parts
from pytest_apierrors.recordings.fields import REPLACED
from pytest_apierrors.recordings.reader import Unreadable
from pytest_apierrors.recordings.sent import Sent
from pytest_apierrors.response import Headers, Origin, Response

if TYPE_CHECKING:
    from pytest_apierrors.recordings.har_files import Attachments
    from pytest_apierrors.recordings.limits import Limits

NOT_RECORDED = "the body was not recorded"


_NOTHING = msgspec.Raw()


class _Header(msgspec.Struct, gc=False):
    name: str
    value: str | int | float | bool | None = ""


class _Content(msgspec.Struct, gc=False):
    text: str | None = None
    encoding: str | None = None
    size: Any = None
    file: str | None = msgspec.field(default=None, name="_file")
    binary: bool | None = msgspec.field(default=None, name="_isBinary")
    comment: Any = None


class _Response(msgspec.Struct, gc=False):
    status: int | float | str | None = None
    headers: list[_Header] | None = []
    content: _Content | None = None
    body_size: Any = msgspec.field(default=None, name="bodySize")


class _Request(msgspec.Struct, gc=False):
    method: str | None = None
    url: str | None = None
    headers: msgspec.Raw = _NOTHING
    post: msgspec.Raw = msgspec.field(default=_NOTHING, name="postData")

    def sent(self) -> Sent:
        """Return what was sent, as the JSON that it stands in but without the rest of it."""
        return Sent(self.headers.copy(), self.post.copy())


class _BuiltRequest(msgspec.Struct, gc=False):
    """A request out of values that are built already."""

    method: str | None = None
    url: str | None = None
    headers: Any = None
    post: Any = msgspec.field(default=None, name="postData")

    def sent(self) -> Sent:
        """Return what was sent."""
        return Sent(self.headers, self.post)


class Entry(msgspec.Struct, gc=False):
    """The parts of an entry that matter."""

    request: _Request | _BuiltRequest
    response: _Response | None = None


class _JsonEntry(Entry, gc=False):
    request: _Request


class _BuiltEntry(Entry, gc=False):
    request: _BuiltRequest


_decode = msgspec.json.Decoder(_JsonEntry).decode
_NO_BODY: Final = frozenset({204, 205, 304})
# members that a second one of the same name would hide; each group stands behind the last name
# of the one before it
_ONCE: Final = ((b'"response"',), (b'"status"', b'"content"'), (b'"text"', b'"encoding"'))
_BACKSLASH: Final = ord("\\")
_ESCAPED_LETTER = re.compile(rb"\\u00[4-7]")
_READ: Final = ("request", "response", "status", "headers", "content", "text", "encoding")


def decoded(item: bytes) -> Entry:
    """Decode one entry, or say what is wrong with it."""
    try:
        entry = _decode(item)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _refusal(item, error) from None
    if _may_repeat(item):
        _refuse_repeated(item)
    return entry


def converted(value: Any) -> Entry:
    """Make an entry of a value that is already built."""
    try:
        return msgspec.convert(value, _BuiltEntry)
    except msgspec.ValidationError as error:
        raise Unreadable(_worded(error)) from None


def _may_repeat(item: bytes) -> bool:
    """Tell whether a name that is read could stand twice in the text, cheaply."""
    find = item.rfind  # which is twice as fast as looking from the start
    if find(b'"request"', 0, find(b'"request"')) >= 0:
        return True
    start = last = 0
    for names in _ONCE:
        start = max(last, start)
        for name in names:
            last = find(name, start)
            if last >= 0 and find(name, start, last) >= 0:
                return True
    escape = item.find(_BACKSLASH)
    return escape >= 0 and _ESCAPED_LETTER.search(item, escape) is not None


def _refuse_repeated(item: bytes) -> None:
    try:
        strictjson.decode_fast(item)
    except strictjson.NotPlain:
        pass
    else:
        return
    for problem in strictjson.loads(item).problems:
        if problem.kind == "duplicate-key" and any(f'"{name}"' in problem.reason for name in _READ):
            raise Unreadable(problem.reason, item.count(b"\n", 0, problem.offset))


def _refusal(item: bytes, error: Exception) -> Unreadable:
    """Word why an entry does not decode: its types, or its JSON."""
    problems = strictjson.loads(item).problems
    for problem in problems:
        if problem.kind in ("syntax", "depth", "encoding", "surrogate"):
            line = item.count(b"\n", 0, problem.offset)
            return Unreadable(f"not sound JSON: {problem.reason}", line)
    return Unreadable(_worded(error))


def _worded(error: Exception) -> str:
    return f"not a HAR entry: {error}".replace("`", '"')


def response_of(
    entry: Entry, origin: Origin, limits: Limits, attachments: Attachments
) -> Response | None:
    """Return the response of an entry; None where a network failure left none."""
    response = entry.response
    if response is None or response.status in (0, "0", None, "", -1):
        return None
    status = parts.status(_whole(response.status))
    method = entry.request.method
    body, altered = _body(response.content, limits, attachments)
    if altered and (method == "HEAD" or status in _NO_BODY or response.body_size == 0):
        altered = None
    return Response(
        status,
        parts.within(body, limits),
        _headers(response.headers),
        method,
        entry.request.url,
        origin,
        altered,
        entry.request.sent(),
        altered is not None,
    )


def _whole(number: float | str | None) -> object:
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _headers(headers: list[_Header] | None) -> Headers | None:
    if headers is None:
        return None
    return Headers(
        [(one.name, one.value if type(one.value) is str else _text(one)) for one in headers]
    )


def _text(header: _Header) -> str:
    return "" if header.value is None else parts.header_value(header.name, header.value)


def _body(
    content: _Content | None, limits: Limits, attachments: Attachments
) -> tuple[bytes, str | None]:
    """Return the body, and what is lost of it."""
    if content is None:
        return b"", NOT_RECORDED
    if content.file is not None:
        return attachments.content(content.file, limits), None
    if content.text is None:
        return b"", None if content.size == 0 else NOT_RECORDED
    return _decoded(content), _damage(content, content.text)


def _damage(content: _Content, text: str) -> str | None:
    """Say what the writer did to a body: schemathesis cuts it, others keep bytes as a text."""
    comment = content.comment
    if type(comment) is str and comment.startswith("Body truncated"):
        return "body altered by the recorder: it kept a part"
    return REPLACED if content.encoding is None and "\ufffd" in text else None


def _decoded(content: _Content) -> bytes:
    """Return the bytes of a body that is there."""
    text = content.text or ""
    if content.binary:
        return _hexadecimal(text)
    if content.encoding is not None and content.encoding.lower() == "base64":
        return _from_base64(text)
    return parts.encoded("text", text)


def _from_base64(text: str) -> bytes:
    """
    Decode base64, where that is what it is.

    Polly says base64 over plain JSON, and writes compressed bodies as a JSON list of chunks.
    """
    parsed = strictjson.loads(text.encode(errors="replace"))
    if not parsed.usable:
        try:
            return parts.base64_bytes("text", text)
        except Unreadable:
            return parts.encoded("text", text)
    chunks = _chunks(parsed.value)
    if chunks:
        try:
            return b"".join(parts.base64_bytes("chunk", chunk) for chunk in chunks)
        except Unreadable:
            pass
    return parts.encoded("text", text)


def _hexadecimal(text: str) -> bytes:
    """Decode hexadecimal digits, in one piece or as a JSON list of chunks."""
    chunks = _chunks(strictjson.loads(text.encode(errors="replace")).value) or [text]
    try:
        return b"".join(binascii.unhexlify(chunk) for chunk in chunks)
    except (binascii.Error, ValueError):
        return parts.encoded("text", text)


def _chunks(value: Any) -> list[str]:
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return value
    return []
