"""WireMock mappings: one stub a file or many, as its recorder and its admin API write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_apierrors.recordings import exchangelog, jsonitems
from pytest_apierrors.recordings.reader import Reader, Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Response

_MANY = re.compile(rb'"mappings"\s*:\s*\[\s*(?:\]|\{)')
# what only a stub has, beside `request` and `response`
_STUB = re.compile(
    rb'"(?:urlPath|urlPattern|urlPathPattern|urlPathTemplate|bodyPatterns|bodyFileName|jsonBody'
    rb'|base64Body|fault|proxyBaseUrl|insertionIndex|mappingBuilder|scenarioName)"\s*:'
)


def recognise(head: bytes, path: Path) -> bool:
    """Tell whether a file is a stub, or a list of stubs."""
    keys = set(jsonitems.top_keys(head))
    if "mappings" in keys:
        return _MANY.search(head) is not None
    if "request" not in keys or "log" in keys or "interactions" in keys:
        return False
    if _STUB.search(head) or keys & {"uuid", "persistent"}:
        return True
    return "response" in keys and not exchangelog.recognise(head, path)


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the responses of the stubs; one that only forwards or breaks off has none."""
    from pytest_apierrors.recordings import exchanges, wiremock_stub  # noqa: PLC0415 - only here

    head = source.stream.read(1 << 16)
    source.stream.seek(0)
    one = "mappings" not in set(jsonitems.top_keys(head))
    items = _single(source) if one else jsonitems.values(source, ("mappings",))
    return exchanges.responses(source, items, wiremock_stub.Stubs(source).response, "stub")


def _single(source: Source) -> Iterator[tuple[int, Any]]:
    from pytest_apierrors.recordings.document import document  # noqa: PLC0415 - only here

    found = document(source)
    yield found.line(found.top) or 1, found.top


READER = Reader("wiremock", "WireMock mappings (JSON)", recognise, read)
