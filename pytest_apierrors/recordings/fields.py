"""The fields of an exchange in the shapes that several recorders share."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pytest_apierrors.recordings import parts
from pytest_apierrors.recordings.exchanges import mapping
from pytest_apierrors.recordings.reader import Source, Unreadable
from pytest_apierrors.response import Headers, Origin, Response

if TYPE_CHECKING:
    from pytest_apierrors.recordings.sent import Sent

REPLACED: Final = "body altered by the recorder: bytes that were no text are lost"
CHARSET_UNKNOWN: Final = "body altered by the recorder: its charset is not known"
_REPLACEMENT: Final = "\ufffd"
# Python has codecs that are no charsets or take a minute: only charsets are looked up
_CHARSET = re.compile(
    r"utf[-_]?8|us[-_]ascii|ascii|latin[-_]?1|utf[-_]?(?:16|32)(?:[-_]?[bl]e)?"
    r"|iso[-_]?8859[-_]?[0-9]{1,2}|(?:windows|cp)[-_]?125[0-8]|koi8[-_][ru]"
    r"|gb(?:2312|k|18030)|big5|shift[-_]?jis|euc[-_](?:jp|kr)",
    re.IGNORECASE,
)
_BYTES: Final = frozenset({"ascii-8bit", "binary"})


class Body(msgspec.Struct, frozen=True):
    """The bytes of a body, and what the recorder did to them; `lost` as in a response."""

    data: bytes = b""
    altered: str | None = None
    lost: bool = False


class Answer(msgspec.Struct, frozen=True):
    """What came back; `headers` is None where nothing is known of them."""

    status: int
    headers: Headers | None
    body: Body


class Call(msgspec.Struct, frozen=True):
    """What is known of a request."""

    method: str | None
    url: str | None
    sent: Sent


def response_of(answer: Answer, call: Call, origin: Origin, source: Source) -> Response:
    """Put a response together."""
    body = answer.body
    data = parts.within(body.data, source.limits)
    told = (call.method, call.url, origin, body.altered, call.sent)
    return Response(answer.status, data, answer.headers, *told, lost=body.lost)


def status_of(value: Any) -> int | None:
    """Return a status that may stand in a mapping with its reason; None where there was none."""
    if isinstance(value, dict):
        name = "status_code" if "status_code" in value else "code"
        if name not in value:
            raise Unreadable("status has no code")
        value = value[name]
    if value is None or value == "0" or (type(value) is int and value == 0):
        return None
    return parts.status(value)


def headers_of(value: Any) -> Headers:
    """Return headers; no mapping at all and an empty list, as PHP writes it, have none."""
    if value is None or value == []:
        return Headers()
    filled = mapping("headers", value)
    if any(one is None or (type(one) is list and None in one) for one in filled.values()):
        filled = {name: _filled(one) for name, one in filled.items()}
    return Headers(parts.header_pairs(filled))


def _filled(value: Any) -> Any:
    if type(value) is list:
        return ["" if one is None else one for one in value]
    return "" if value is None else value


def method_of(value: Any) -> str | None:
    """Return a method in capitals; Ruby writes it as a symbol."""
    text = text_of("method", value)
    return None if text is None else text.removeprefix(":").upper()


def text_of(what: str, value: Any) -> str | None:
    """Return a text that may be absent, or stand as bytes."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return parts.text(what, value)


def body_of(what: str, value: Any, charset: str | None = None, *, whole: bool = False) -> Body:
    """
    Return the body out of a text in a charset.

    Unless the recorder keeps bytes `whole`, a replacement character shows that some were lost.
    """
    if isinstance(value, bytes):
        return Body(value)
    text = parts.text(what, value)
    if not text:
        return Body()
    plain = parts.encoded(what, text)
    if _REPLACEMENT in text and not whole:
        return Body(plain, REPLACED, lost=True)
    if not charset or charset.lower() in _BYTES:
        return Body(plain)
    return _coded(text, plain, charset)


def _coded(text: str, plain: bytes, charset: str) -> Body:
    try:
        if _CHARSET.fullmatch(charset):
            return Body(codecs.encode(text, charset))
    except UnicodeEncodeError:
        return Body(plain)
    except LookupError:  # a number of ISO 8859 that there is not
        pass
    return Body(plain) if text.isascii() else Body(plain, CHARSET_UNKNOWN, lost=True)


def cut(body: Body, size: Any) -> Body:
    """Return a body of which the recorder kept only a part, where it says how large it was."""
    if size is None:
        return body
    kept = f"body altered by the recorder: it kept {len(body.data)} of {parts.shown(size)} bytes"
    return Body(body.data, kept, lost=True)
