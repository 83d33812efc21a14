"""Ring 3: documented errors broken on the way: bytes, JSON, members, types, headers, status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_apierrors.catalog.compile import ABSENT, json_type
from pytest_apierrors.faults.expected import (
    content_type,
    in_envelope,
    in_success,
    unless_listed,
    without_code,
)
from pytest_apierrors.faults.rings import Line, meet
from pytest_apierrors.faults.subject import has_code, has_message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_apierrors.faults.compose import Composed
    from pytest_apierrors.faults.model import Carried, Fault, Kind
    from pytest_apierrors.faults.rings import Making
    from pytest_apierrors.faults.subject import Subjects

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_STATUS: tuple[Carried, ...] = ("status", "retry_after")
_NO_CODE: tuple[Carried, ...] = ("status", "message", "retry_after")
_NO_MESSAGE: tuple[Carried, ...] = ("status", "code", "retry_after")


def kinds(subjects: Subjects) -> Iterator[Kind]:
    """Yield the kinds of this ring for one catalog."""
    return meet("broken", _LINES, subjects)


def _bytes(data: bytes) -> Callable[[Making], Fault]:
    return lambda making: making.fault(data=data)


def _whole(value: Any) -> Callable[[Making], Fault]:
    return lambda making: making.fault(value)


def _truncated(making: Making) -> Fault:
    whole = making.fault().body
    return making.fault(data=whole[: -making.pick.number(1, len(whole) - 1)])


def _not_json(making: Making) -> Fault:
    text = making.pick.one(("Internal error", "null pointer", "{'error': 'x'}", "error=1&code=2"))
    return making.fault(data=text.encode())


def _prefixed(making: Making) -> Fault:
    prefix = making.pick.one((b")]}',\n", b"callback(", b"\x00"))
    return making.fault(data=prefix + making.fault().body)


def _suffixed(making: Making) -> Fault:
    whole = making.fault().body
    return making.fault(data=whole + making.pick.one((b"}", b"<!-- -->", whole)))


def _deep(making: Making) -> Fault:
    levels = making.pick.one((200, 1_500, 20_000))
    return making.fault(data=b'{"error":' * levels + b"1" + b"}" * levels)


def _first_member(making: Making, value: bytes) -> bytes:
    """Return the body with a raw JSON value put under one more, first member."""
    rest = making.fault().body[1:]
    return b'{"extra":' + value + (b"}" if rest == b"}" else b"," + rest)


def _duplicate(making: Making) -> Fault:
    whole = making.fault().body
    name = next(iter(making.one.body)).encode()
    return making.fault(data=whole[:-1] + b',"' + name + b'":null}')


def _recoded(encoding: str) -> Callable[[Making], Fault]:
    def make(making: Making) -> Fault:
        text = making.fault().body.decode()
        return making.fault(data=text.encode(encoding))

    return make


def _bad_utf_8(making: Making) -> Fault:
    bad = making.pick.one((b"\xff", b"\xc3\x28", b"\xe9t\xe9", b"\xed\xa0\x80"))
    return making.fault(data=_first_member(making, b'"' + bad + b'"'))


def _other_type(making: Making, pointer: tuple[str, ...]) -> Fault:
    holder = making.one.body
    for part in pointer:
        holder = holder[int(part)] if isinstance(holder, list) else holder[part]
    values: tuple[Any, ...] = ([], {}, ["text"], {"text": "text"}, True)
    others = [value for value in values if json_type(value) != json_type(holder)]
    return making.fault(making.put(pointer, making.pick.one(others)))


def _wrapped(making: Making) -> Fault:
    name = making.pick.one(("response", "result", "d", "body"))
    return making.fault({name: making.one.body})


def _media(making: Making) -> Fault:
    media = making.pick.one(("text/html", "text/plain", "application/octet-stream", "json", ";"))
    return making.fault(headers=making.header("Content-Type", media))


def _is_object(one: Composed) -> bool:
    return isinstance(one.body, dict) and bool(one.body)


_BAD = in_envelope("body-unparsable")
_ENCODING = in_envelope("body-encoding")
_TYPE = in_envelope("field-type")

_LINES = (
    Line(
        "empty-body",
        "No body, typed as JSON.",
        _bytes(b""),
        rule=in_envelope("body-empty"),
        carries=_STATUS,
    ),
    Line(
        "blank-body",
        "A body of white space, typed as JSON.",
        _bytes(b" \r\n"),
        rule=in_envelope("body-empty"),
        carries=_STATUS,
    ),
    Line("truncated-body", "JSON that ends too early.", _truncated, _is_object, _BAD, _STATUS),
    Line("not-json", "Plain words, typed as JSON.", _not_json, rule=_BAD, carries=_STATUS),
    Line("prefixed-json", "Something before the JSON.", _prefixed, rule=_BAD, carries=_STATUS),
    Line("suffixed-json", "Something after the JSON.", _suffixed, rule=_BAD, carries=_STATUS),
    Line("null-body", "The JSON null.", _whole(None), rule=_TYPE, carries=_STATUS),
    Line(
        "list-body",
        "An empty JSON list.",
        _whole([]),
        rule=unless_listed("field-type", "code-missing"),
        carries=_STATUS,
    ),
    Line(
        "wrapped-in-list",
        "The error in a list.",
        lambda m: m.fault([m.one.body]),
        rule=unless_listed("field-type", None),
        carries=_STATUS,
    ),
    Line("string-body", "A JSON string.", _whole("error"), rule=_TYPE, carries=_STATUS),
    Line("number-body", "A JSON number.", _whole(0), rule=_TYPE, carries=_STATUS),
    Line("true-body", "The JSON true.", _whole(True), rule=_TYPE, carries=_STATUS),
    Line(
        "empty-object",
        "A JSON object without members.",
        _whole({}),
        has_code,
        in_envelope("code-missing"),
        _STATUS,
    ),
    Line(
        "wrapped-in-object",
        "The error one level deeper.",
        _wrapped,
        has_code,
        in_envelope("code-missing"),
        _STATUS,
    ),
    Line(
        "code-missing",
        "No code.",
        lambda m: m.fault(m.put(m.code_at, ABSENT)),
        has_code,
        without_code(ABSENT),
        _NO_CODE,
    ),
    Line(
        "code-null",
        "A code of null.",
        lambda m: m.fault(m.put(m.code_at, None)),
        has_code,
        without_code(None),
        _NO_CODE,
    ),
    Line(
        "code-type",
        "A code of another type.",
        lambda m: _other_type(m, m.code_at),
        has_code,
        "field-type",
        _NO_CODE,
    ),
    Line(
        "message-missing",
        "No message.",
        lambda m: m.fault(m.put(m.message_at, ABSENT)),
        has_message,
        "field-missing",
        _NO_MESSAGE,
    ),
    Line(
        "message-null",
        "A message of null.",
        lambda m: m.fault(m.put(m.message_at, None)),
        has_message,
        "field-type",
        _NO_MESSAGE,
    ),
    Line(
        "message-type",
        "A message of another type.",
        lambda m: _other_type(m, m.message_at),
        has_message,
        "field-type",
        _NO_MESSAGE,
    ),
    Line("deep-nesting", "JSON nested up to 20,000 levels.", _deep, rule=_BAD, carries=_STATUS),
    Line(
        "duplicate-key",
        "A member twice, the second time null.",
        _duplicate,
        _is_object,
        _BAD,
        _STATUS,
    ),
    Line(
        "huge-integer",
        "An integer of 5,000 digits.",
        lambda m: m.fault(data=_first_member(m, b"9" * 5000)),
        _is_object,
        _BAD,
        _STATUS,
    ),
    Line(
        "nan",
        "NaN or Infinity, which JSON has not.",
        lambda m: m.fault(data=_first_member(m, m.pick.one((b"NaN", b"Infinity", b"-Infinity")))),
        _is_object,
        _BAD,
        _STATUS,
    ),
    Line(
        "number-overflow",
        "A number beyond every float.",
        lambda m: m.fault(data=_first_member(m, b"1e400")),
        _is_object,
        _BAD,
        _STATUS,
    ),
    Line(
        "lone-surrogate",
        "Half a surrogate pair in a text.",
        lambda m: m.fault(data=_first_member(m, b'"\\ud800"')),
        _is_object,
        _BAD,
        _STATUS,
    ),
    Line(
        "bom",
        "A byte order mark before the JSON.",
        _recoded("utf-8-sig"),
        rule=_ENCODING,
        carries=_STATUS,
    ),
    Line("utf-16", "JSON in UTF-16.", _recoded("utf-16"), rule=_ENCODING, carries=_STATUS),
    Line("invalid-utf-8", "Bytes that are no UTF-8.", _bad_utf_8, _is_object, _ENCODING, _STATUS),
    Line(
        "wrong-content-type",
        "JSON under another media type.",
        _media,
        rule=content_type,
    ),
    Line(
        "no-content-type",
        "JSON without a media type.",
        lambda m: m.fault(headers=m.header("Content-Type")),
        rule=content_type,
    ),
    Line(
        "error-under-200",
        "A documented error under 200.",
        lambda m: m.fault(status=200),
        has_code,
        in_success,
        ("code", "message"),
    ),
    Line(
        "no-content",
        "204 and no body instead of the error.",
        lambda m: m.fault(data=b"", status=204, headers=()),
        carries=("status",),
        expect="either",
    ),
)
