"""Cassettes of go-vcr, format 1 and 2 (its versions 1 to 4): YAML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pytest_apierrors.recordings import fields, jsonitems
from pytest_apierrors.recordings.outline import outline
from pytest_apierrors.recordings.reader import Reader, Source
from pytest_apierrors.recordings.sent import Sent
from pytest_apierrors.recordings.shapes import Shape, status_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.recordings.fields import Body
    from pytest_apierrors.response import Response

PATH: Final = ("interactions",)
_YAML = re.compile(rb"""(?:\A|\n)["']?interactions["']?[ \t]*:[ \t]*\r?\n""")
_URL: Final = re.compile(rb"\n[ \t]+url:")


def recognise(head: bytes, _path: Path) -> bool:
    """Tell whether a file has interactions whose requests have a `url`, where vcrpy has `uri`."""
    if b" url:" not in head or b"\n    uri:" in head or jsonitems.is_json(head):
        return False
    if not (_URL.search(head) and _YAML.search(head)):
        return False
    names = outline(head)
    return "interactions[].request.url" in names and "interactions[].request.uri" not in names


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the responses of a cassette."""
    from pytest_apierrors.recordings import yamlevents  # noqa: PLC0415 - costs 15 ms

    yield from _SHAPE.responses(source, yamlevents.items(source, PATH))


def _status(answer: dict[str, Any]) -> Any:
    return status_in(answer, "code")


def _sent(request: dict[str, Any]) -> Sent:
    return Sent(request.get("headers"), request.get("body") or request.get("form"))


def _body(answer: dict[str, Any], _source: Source) -> Body:
    return fields.body_of("body", answer.get("body"), whole=True)


_SHAPE = Shape("interaction", _body, "url", _status, sent=_sent)
READER = Reader("go-vcr", "go-vcr cassette (YAML)", recognise, read)
