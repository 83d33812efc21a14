"""Cassettes of go-vcr, format 1 and 2 (its versions 1 to 4): YAML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pytest_apierrors.recordings import exchanges, fields, jsonitems
from pytest_apierrors.recordings.fields import Answer, Call
from pytest_apierrors.recordings.outline import outline
from pytest_apierrors.recordings.reader import Reader, Source, Unreadable
from pytest_apierrors.recordings.sent import Sent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Origin, Response

PATH: Final = ("interactions",)
_YAML = re.compile(rb"""(?:\A|\n)["']?interactions["']?[ \t]*:[ \t]*\r?\n""")
_URL: Final = re.compile(rb"\n[ \t]+url:")


def recognise(head: bytes, _path: Path) -> bool:
    """Tell whether a file has interactions whose requests have a `url`, where vcrpy has `uri`."""
    if jsonitems.is_json(head) or not (_URL.search(head) and _YAML.search(head)):
        return False
    names = outline(head)
    return "interactions[].request.url" in names and "interactions[].request.uri" not in names


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the responses of a cassette."""
    from pytest_apierrors.recordings import yamlevents  # noqa: PLC0415 - costs 15 ms

    items = yamlevents.items(source, PATH)
    yield from exchanges.responses(source, items, _response, "interaction")


def _response(item: dict[str, Any], origin: Origin, source: Source) -> Response | None:
    if "response" not in item:
        raise Unreadable("interaction has no response")
    answer = fields.answered(item["response"])
    status = None if answer is None else _status(answer)
    if answer is None or status is None:
        return None
    request = exchanges.mapping("request", item.get("request"))
    sent = Sent(request.get("headers"), request.get("body") or request.get("form"))
    url = fields.text_of("url", request.get("url"))
    call = Call(fields.method_of(request.get("method")), url, sent)
    headers = fields.headers_of(answer.get("headers"))
    body = fields.body_of("body", answer.get("body"), whole=True)
    return fields.response_of(Answer(status, headers, body), call, origin, source)


def _status(answer: dict[str, Any]) -> int | None:
    if "code" not in answer:
        raise Unreadable("response has no code")
    return fields.status_of(answer["code"])


READER = Reader("go-vcr", "go-vcr cassette (YAML)", recognise, read)
