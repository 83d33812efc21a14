"""Ring 6: what happens on the wire where no proper response comes, as plans of steps."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING, Literal, TypeAlias

from pytest_apierrors.faults.model import Carried, Fault, Kind, Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_apierrors.faults.model import Pick

Start = Literal["connect", "accept", "hello", "certificate"]
"""When a fault strikes that does not wait for a request."""

STARTS: dict[str, Start] = {}
"""
The kinds that strike before a request is read.

`connect`: nothing listens; `accept`: as soon as the connection stands; `hello`: after the client's
first TLS record, which is not answered as TLS; `certificate`: in the certificate that is shown.
"""

_KINDS: list[Kind] = []
_Wire: TypeAlias = tuple[int | None, tuple[Step, ...]]
_BODY = b'{"error": {"message": "the service is not available"}}'
_PHRASES = {
    200: b"OK",
    429: b"Too Many Requests",
    500: b"Internal Server Error",
    502: b"Bad Gateway",
    503: b"Service Unavailable",
}
_ERRORS = (503, 500, 502, 429)
_ANY = (200, *_ERRORS)
_END = Step("half-close")


def _kind(
    name: str,
    doc: str,
    *,
    exact: bool = True,
    start: Start | None = None,
    carries: tuple[Carried, ...] = (),
) -> Callable[[Callable[[Pick], _Wire]], None]:
    """Register a kind whose plan a function makes, with the status that a client gets to see."""

    def register(plan: Callable[[Pick], _Wire]) -> None:
        def make(pick: Pick) -> Fault:
            status, steps = plan(pick)
            known: dict[Carried, object] = {"status": status} if "status" in carries else {}
            body = b"" if status is None else _BODY
            return Fault(name, status, body=body, carries=known, steps=steps, exact=exact)

        if start is not None:
            STARTS[name] = start
        _KINDS.append(Kind(name, "transport", doc, "error", carries, make))

    return register


def _always(
    name: str, doc: str, steps: tuple[Step, ...], *, exact: bool = True, start: Start | None = None
) -> None:
    """Register a kind in which there is nothing to choose, and no status to see."""
    _kind(name, doc, exact=exact, start=start)(lambda _: (None, steps))


def _head(status: int, *lines: bytes) -> bytes:
    """Return a head that says JSON, and these lines."""
    first = b"HTTP/1.1 %d %b" % (status, _PHRASES.get(status, b"Unknown"))
    return b"\r\n".join([first, b"Content-Type: application/json", *lines, b"", b""])


def _whole(status: int, *lines: bytes, body: bytes = _BODY) -> bytes:
    """Return a proper response."""
    return _head(status, b"Content-Length: %d" % len(body), *lines) + body


def _send(*parts: bytes) -> tuple[Step, ...]:
    return tuple(Step("send", part) for part in parts)


_always("connection-refused", "Nothing listens: the connection is refused.", (), start="connect")
_always(
    "reset-on-connect",
    "The connection is reset as soon as it stands, while the request is on its way.",
    (Step("reset"),),
    start="accept",
    exact=False,
)
_always(
    "reset-before-headers",
    "The connection is reset after the request, before any answer.",
    (Step("reset"),),
)
_always(
    "closed-without-answer",
    "The connection closes after the request, without a byte of answer.",
    (_END,),
)
_always("stalled-before-headers", "The request is read, and no answer ever comes.", (Step("hold"),))


@_kind("closed-in-status-line", "The connection closes inside the status line.")
def _closed_in_status_line(pick: Pick) -> _Wire:
    line = b"HTTP/1.1 503"
    return None, (*_send(line[: pick.number(1, len(line))]), _END)


@_kind("closed-in-headers", "The connection closes inside the headers of an error.")
def _closed_in_headers(pick: Pick) -> _Wire:
    status = pick.one(_ERRORS)
    whole = _head(status, b"Content-Length: %d" % len(_BODY))
    start = whole.index(b"\n") + 1
    return status, (*_send(whole[: pick.number(start, len(whole) - 3)]), _END)


@_kind("stalled-in-headers", "The headers begin and never end.")
def _stalled_in_headers(pick: Pick) -> _Wire:
    status = pick.one(_ANY)
    whole = _head(status, b"Content-Length: %d" % len(_BODY))
    return status, (*_send(whole[: pick.number(1, len(whole) - 3)]), Step("hold"))


@_kind("reset-after-headers", "The connection is reset where the body should begin.")
def _reset_after_headers(pick: Pick) -> _Wire:
    status = pick.one(_ANY)
    return status, (*_send(_head(status, b"Content-Length: %d" % len(_BODY))), Step("reset"))


@_kind("reset-in-body", "The connection is reset inside the body.")
def _reset_in_body(pick: Pick) -> _Wire:
    status = pick.one(_ANY)
    whole = _whole(status)
    cut = pick.number(len(whole) - len(_BODY) + 1, len(whole) - 1)
    return status, (*_send(whole[:cut]), Step("reset"))


@_kind("closed-in-body", "The connection closes inside the body.")
def _closed_in_body(pick: Pick) -> _Wire:
    status = pick.one(_ANY)
    whole = _whole(status)
    cut = pick.number(len(whole) - len(_BODY), len(whole) - 1)
    return status, (*_send(whole[:cut]), _END)


@_kind("stalled-in-body", "The body begins and never ends.")
def _stalled_in_body(pick: Pick) -> _Wire:
    status = pick.one(_ANY)
    whole = _whole(status)
    cut = pick.number(len(whole) - len(_BODY), len(whole) - 1)
    return status, (*_send(whole[:cut]), Step("hold"))


@_kind("dripping-body", "An error comes whole, but a few bytes at a time.", carries=("status",))
def _dripping_body(pick: Pick) -> _Wire:
    status = pick.one(_ERRORS)
    pause = Step("wait", seconds=pick.number(2, 20) / 1000)
    whole = _whole(status)
    at = len(whole) - len(_BODY)
    pieces = [whole[:at], *(whole[i : i + 8] for i in range(at, len(whole), 8))]
    return status, tuple(step for piece in pieces for step in (*_send(piece), pause))


@_kind(
    "length-too-long", "Content-Length promises more bytes than come before the connection closes."
)
def _length_too_long(pick: Pick) -> _Wire:
    status = pick.one(_ANY)
    length = b"Content-Length: %d" % (len(_BODY) + pick.number(1, 1_000_000))
    return status, (*_send(_head(status, length) + _BODY), _END)


@_kind("length-too-short", "Content-Length cuts the body of an error short.")
def _length_too_short(pick: Pick) -> _Wire:
    status = pick.one(_ERRORS)
    length = b"Content-Length: %d" % pick.number(1, len(_BODY) - 1)
    return status, (*_send(_head(status, length) + _BODY), _END)


@_kind("length-negative", "Content-Length of an error is negative.")
def _length_negative(pick: Pick) -> _Wire:
    status = pick.one(_ERRORS)
    length = b"Content-Length: -%d" % pick.number(1, 10_000)
    return status, (*_send(_head(status, length) + _BODY), _END)


@_kind("length-garbage", "Content-Length of an error is no number.")
def _length_garbage(pick: Pick) -> _Wire:
    status = pick.one(_ERRORS)
    length = b"Content-Length: " + pick.one((b"abc", b"", b"1e3", b"0x36", b"54 bytes", b"NaN"))
    return status, (*_send(_head(status, length) + _BODY), _END)


@_kind("length-twice", "Two lengths of an error contradict each other.")
def _length_twice(pick: Pick) -> _Wire:
    status = pick.one(_ERRORS)
    right, wrong = len(_BODY), pick.number(1, len(_BODY) - 1)
    lengths = [b"Content-Length: %d" % one for one in pick.one(((right, wrong), (wrong, right)))]
    return status, (*_send(_head(status, *lengths) + _BODY), _END)


@_kind("length-and-chunked", "An error has a length and comes in chunks.")
def _length_and_chunked(pick: Pick) -> _Wire:
    status = pick.one(_ERRORS)
    length = b"Content-Length: %d" % pick.number(1, len(_BODY))
    head = _head(status, length, b"Transfer-Encoding: chunked")
    return status, (*_send(head + _chunk(_BODY) + b"0\r\n\r\n"), _END)


@_kind("chunk-size-bad", "The size of a chunk is no number.")
def _chunk_size_bad(pick: Pick) -> _Wire:
    status = pick.one(_ANY)
    size = pick.one((b"zz", b"", b"-1", b"0x10", b"3 6", b"1" * 5000))
    return status, (*_send(_chunked(status) + size + b"\r\n" + _BODY + b"\r\n0\r\n\r\n"), _END)


@_kind("closed-in-chunk", "The connection closes inside a chunk.")
def _closed_in_chunk(pick: Pick) -> _Wire:
    status = pick.one(_ANY)
    chunk = _chunk(_BODY)
    return status, (*_send(_chunked(status) + chunk[: pick.number(5, len(chunk) - 3)]), _END)


@_kind("closed-before-last-chunk", "The connection closes after a chunk that is not the last.")
def _closed_before_last_chunk(pick: Pick) -> _Wire:
    status = pick.one(_ANY)
    cut = pick.number(1, len(_BODY))
    return status, (*_send(_chunked(status) + _chunk(_BODY[:cut])), _END)


@_kind("gzip-bad", "Content-Encoding says gzip, and the body is none.")
def _gzip_bad(pick: Pick) -> _Wire:
    status = pick.one(_ERRORS)
    body = pick.one((_BODY, b"\x1f\x8b\x08\x00" + b"\xff" * 40, b"\x00" * 40))
    return status, _send(_whole(status, b"Content-Encoding: gzip", body=body))


@_kind("gzip-cut", "A gzip body is cut short, with a length that says it is whole.")
def _gzip_cut(pick: Pick) -> _Wire:
    status = pick.one(_ERRORS)
    packed = gzip.compress(_BODY, mtime=0)
    cut = packed[: pick.number(len(packed) // 2, len(packed) - 1)]
    return status, _send(_whole(status, b"Content-Encoding: gzip", body=cut))


@_kind(
    "coding-wrong",
    "Content-Encoding names another coding than the body has, or one that nobody knows.",
)
def _coding_wrong(pick: Pick) -> _Wire:
    status = pick.one(_ERRORS)
    name = pick.one((b"x-unknown", b"br", b"zstd", b"deflate", b"utf-8"))
    body = pick.one((_BODY, gzip.compress(_BODY, mtime=0), zlib.compress(_BODY)))
    return status, _send(_whole(status, b"Content-Encoding: " + name, body=body))


@_kind("header-flood", "An error comes with hundreds of headers.")
def _header_flood(pick: Pick) -> _Wire:
    status = pick.one(_ERRORS)
    flood = [b"X-Flood-%d: %d" % (number, number) for number in range(pick.number(500, 900))]
    return status, _send(_whole(status, *flood))


@_kind("header-huge", "An error comes with one header of a hundred kilobytes.")
def _header_huge(pick: Pick) -> _Wire:
    status = pick.one(_ERRORS)
    return status, _send(_whole(status, b"X-Huge: " + b"x" * pick.number(100_000, 200_000)))


@_kind(
    "header-broken",
    "A header of an error has a NUL, no colon, a space before the colon or no name.",
)
def _header_broken(pick: Pick) -> _Wire:
    status = pick.one(_ERRORS)
    line = pick.one((b"X-Nul: a\x00b", b"X-Space : a", b"no colon at all", b": no name"))
    return status, (*_send(_whole(status, line)), _END)


@_kind(
    "closed-after-answer",
    "An error comes whole on a connection that is to stay open, and then closes.",
    carries=("status",),
)
def _closed_after_answer(pick: Pick) -> _Wire:
    status = pick.one(_ERRORS)
    return status, (*_send(_whole(status, b"Connection: keep-alive")), _END)


@_kind("early-hints", "Informational answers come before the error.")
def _early_hints(pick: Pick) -> _Wire:
    status = pick.one(_ERRORS)
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
    return status, (*_send(hints * pick.number(1, 20) + _whole(status)), _END)


@_kind("not-http", "What answers does not speak HTTP.")
def _not_http(pick: Pick) -> _Wire:
    garbage = (
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"220 mail.example ESMTP\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46",
        b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64",
        b"\xff" * 64,
    )
    return None, (*_send(pick.one(garbage)), _END)


@_kind("http-09", "A body comes without status line and headers, as in HTTP/0.9.")
def _http_09(pick: Pick) -> _Wire:
    return None, (*_send(pick.one((_BODY, b"<html>no</html>", b"no\r\n\r\n"))), _END)


@_kind("status-line-bad", "The status line has no usable status or version.")
def _status_line_bad(pick: Pick) -> _Wire:
    line = pick.one(
        (b"HTTP/1.1 abc No", b"HTTP/1.1", b"HTTP/1.1 5030 No", b"HTTP/9.9 503 No", b"HTTPS 503")
    )
    return None, (*_send(line + b"\r\nContent-Length: %d\r\n\r\n%b" % (len(_BODY), _BODY)), _END)


@_kind("second-response", "A success that nobody asked for follows the error at once.")
def _second_response(pick: Pick) -> _Wire:
    status = pick.one(_ERRORS)
    return status, (*_send(_whole(status) + _whole(200, body=b"{}")), _END)


@_kind("tls-plain-http", "The port for TLS answers with plain HTTP.", start="hello")
def _tls_plain_http(pick: Pick) -> _Wire:
    return None, (*_send(_whole(pick.one((400, *_ERRORS)), b"Connection: close")), _END)


@_kind(
    "tls-cut-handshake",
    "The connection closes inside the first record of the TLS handshake.",
    start="hello",
)
def _tls_cut_handshake(pick: Pick) -> _Wire:
    hello = b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03" + b"\x5a" * 32
    return None, (*_send(hello[: pick.number(1, len(hello))]), _END)


@_kind("tls-alert", "The TLS handshake is refused with an alert.", start="hello")
def _tls_alert(pick: Pick) -> _Wire:
    return None, (*_send(b"\x15\x03\x03\x00\x02\x02" + pick.one((b"\x28", b"\x46", b"\x50"))), _END)


_always(
    "tls-stalled-handshake", "The TLS handshake is never answered.", (Step("hold"),), start="hello"
)
_always(
    "tls-untrusted-certificate",
    "The certificate is from an authority that nobody trusts; who goes on is told 200.",
    _send(_whole(200, body=b"{}")),
    start="certificate",
)
_always(
    "tls-wrong-host",
    "The certificate is somebody else's; who goes on is told 200.",
    _send(_whole(200, body=b"{}")),
    start="certificate",
)
_always(
    "tls-expired-certificate",
    "The certificate is out of date; who goes on is told 200.",
    _send(_whole(200, body=b"{}")),
    start="certificate",
)


@_kind(
    "tls-no-goodbye",
    "TLS ends without its goodbye inside a body without a length: it may have been cut.",
)
def _tls_no_goodbye(pick: Pick) -> _Wire:
    status = pick.one(_ERRORS)
    cut = pick.number(1, len(_BODY) - 1)
    return status, (*_send(_head(status) + _BODY[:cut]), Step("close"))


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _chunked(status: int) -> bytes:
    return _head(status, b"Transfer-Encoding: chunked")


KINDS = tuple(_KINDS)
"""Every transport kind, in the order of how far a client gets."""

NEED_TLS = frozenset(kind.name for kind in KINDS if kind.name.startswith("tls-"))
"""The kinds that only a server with TLS can produce."""
