"""Reports of schemathesis: its cassettes and its events; its HAR is one like any other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pytest_apierrors.recordings import fields, http_interactions, parts
from pytest_apierrors.recordings.document import json_value
from pytest_apierrors.recordings.exchangelog import lines
from pytest_apierrors.recordings.fields import Answer, Body, Call
from pytest_apierrors.recordings.reader import Reader, Source, Unreadable
from pytest_apierrors.recordings.sent import Sent
from pytest_apierrors.response import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.recordings.limits import Limits
    from pytest_apierrors.response import Response

_CASSETTE = re.compile(
    rb"""\A(?:(?:command|seed):[^\n]*\n)*+recorded_with: *['"]?Schemathesis [^\n]*\n"""
    rb"(?:seed:[^\n]*\n)?http_interactions:"
)
_EVENT = re.compile(
    rb'\A\s*\{"(?:Initialize|ScenarioFinished|[A-Z][A-Za-z]+(?:Started|Finished))":'
)
_HAS_EXCHANGES: Final = b'"interactions"'


def _is_cassette(head: bytes, _path: Path) -> bool:
    return _CASSETTE.match(head) is not None


def _is_events(head: bytes, _path: Path) -> bool:
    return _EVENT.match(head) is not None and (
        b'"schemathesis_version"' in head or b'"recorder"' in head or b'"LoadingStarted"' in head
    )


def _events(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the responses of all scenarios, in the order in which these ended."""
    index = 0
    limits = source.limits
    for number, line in enumerate(lines(source.stream, limits.max_line_bytes), 1):
        if line is None:
            yield source.problem(f"line is {limits.over('max_line_bytes')}", index, number)
            index += 1
            continue
        if line.isspace():
            continue
        for item in _interactions(line, limits):
            try:
                response = _response(item, Origin(source.name, index, number), source)
            except Unreadable as problem:
                yield source.problem(problem.reason, index, number)
            else:
                if response is not None:
                    yield response
            index += 1


def _interactions(line: bytes, limits: Limits) -> list[Any]:
    """Return the exchanges of one event, or what is wrong with it; most events have none."""
    if _HAS_EXCHANGES not in line and line.rstrip().endswith(b"}"):
        return []
    try:
        value = json_value(line, limits)
    except Unreadable as problem:
        return [Unreadable(problem.reason)]
    for name in ("ScenarioFinished", "recorder", "interactions"):
        value = value.get(name) if isinstance(value, dict) else None
    if value is None or isinstance(value, dict):
        return list((value or {}).values())
    return [Unreadable(f"interactions are {parts.shown(value)}, not a mapping")]


def _response(item: Any, origin: Origin, source: Source) -> Response | None:
    from pytest_apierrors.recordings.exchanges import mapping, maybe_mapping  # noqa: PLC0415

    if isinstance(item, Unreadable):
        raise item
    exchange = mapping("interaction", item)
    answer = exchange.get("response")
    if answer is None:
        return None
    answer = mapping("response", answer)
    request = maybe_mapping("request", exchange.get("request"))
    url = parts.text("uri", request.get("uri"))
    sent = Sent(request.get("headers"), _plain(request.get("body")))
    call = Call(fields.method_of(request.get("method")), url, sent)
    headers = fields.headers_of(answer.get("headers"))
    status = parts.status(answer.get("status_code"))
    return fields.response_of(Answer(status, headers, _body(answer)), call, origin, source)


def _body(answer: dict[str, Any]) -> Body:
    coded = _plain(answer.get("content"))
    if coded is None:
        return Body()
    data = coded if isinstance(coded, bytes) else parts.encoded("content", coded)
    return fields.cut(Body(data), answer.get("content_size"))


def _plain(value: Any) -> str | bytes | None:
    """Return what was sent or came: bytes in base64."""
    if isinstance(value, dict) and isinstance(value.get("$base64"), str):
        return parts.base64_bytes("content", value["$base64"])
    return parts.text("content", value)


CASSETTE = Reader(
    "schemathesis", "schemathesis cassette (YAML)", _is_cassette, http_interactions.read
)
EVENTS = Reader("schemathesis-events", "schemathesis events (NDJSON)", _is_events, _events)
