"""Answers as bytes: a response or a fault that is no plan of steps, rendered as HTTP/1.1."""

from __future__ import annotations

import http
from typing import TYPE_CHECKING, TypeAlias

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.faults.model import Fault
from pytest_apierrors.response import Response

if TYPE_CHECKING:
    from collections.abc import Iterable

Answer: TypeAlias = Fault | Response
"""What a server can answer with: a fault, or any response."""

NOTICE = "X-Apierrors"
"""The header of every answer that the server gives on its own account."""

_PHRASES = {status.value: status.phrase for status in http.HTTPStatus}


def rendered(answer: Answer, method: str, *, close: bool = False) -> bytes:
    """
    Return a whole response as bytes.

    A length is added where none is given, with `close` the header that announces the end of the
    connection. A HEAD is answered without a body, and so are 1xx, 204 and 304.
    """
    status = answer.status
    if status is None:
        raise UsageProblem(_no_status(answer))
    pairs = list(answer.headers or ())
    lines = [f"HTTP/1.1 {status:03d} {_PHRASES.get(status, 'Unknown')}".encode()]
    lines += [_header(name, value) for name, value in pairs]
    named = {name.lower(): value for name, value in pairs}
    bodiless = status < 200 or status in (204, 304)
    body = answer.body
    if "chunked" in named.get("transfer-encoding", "").lower():
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
    elif not bodiless and "content-length" not in named:
        lines.append(b"Content-Length: %d" % len(body))
    if close and "connection" not in named:
        lines.append(b"Connection: close")
    lines += [b"", b"" if bodiless or method == "HEAD" else body]
    return b"\r\n".join(lines)


def ends(answer: Answer) -> bool:
    """Whether an answer says that the connection ends with it."""
    return any(
        name.lower() == "connection" and "close" in value.lower()
        for name, value in answer.headers or ()
    )


def notice(status: int, sentence: str) -> bytes:
    """Return what the server says on its own account; nobody takes it for the API's."""
    body = f"pytest-apierrors: {sentence}\n".encode("utf-8", "backslashreplace")
    head = sentence.encode("latin-1", "backslashreplace").replace(b"\r", b" ").replace(b"\n", b" ")
    return (
        b"HTTP/1.1 %d %b\r\n%b: %b\r\n" % (status, _PHRASES[status].encode(), NOTICE.encode(), head)
        + b"Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\n"
        + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    )


def refuse_unsendable(answers: Iterable[object]) -> None:
    """Raise a sentence for what cannot be sent as it is."""
    for answer in answers:
        if not isinstance(answer, Fault | Response):
            raise UsageProblem(
                f"a fault server answers with faults and responses, not with a "
                f"{type(answer).__name__}"
            )
        if isinstance(answer, Fault) and (answer.steps or answer.status is None):
            continue
        for name, value in answer.headers or ():
            _header(name, value)


def _header(name: str, value: str) -> bytes:
    line = f"{name}: {value}"
    if "\r" in line or "\n" in line:
        raise UsageProblem(
            f"the header {name!r} holds a line break, which would end it: "
            f"what no header can hold is sent by the steps of a fault"
        )
    try:
        return line.encode("latin-1")
    except UnicodeEncodeError:
        return line.encode("utf-8", "surrogateescape")


def _no_status(answer: Answer) -> str:
    name = f"the fault {answer.kind!r}" if isinstance(answer, Fault) else "a response"
    return f"{name} has neither a status nor steps: there is nothing to send"
