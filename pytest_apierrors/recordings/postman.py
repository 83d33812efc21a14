"""Saved examples in collections of Postman, v2.0 and v2.1."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_apierrors.recordings import jsonitems
from pytest_apierrors.recordings.reader import Reader, Source, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.recordings.document import Document
    from pytest_apierrors.response import Response

_SCHEMA = re.compile(rb'"schema"\s*:\s*"https?:\\?/\\?/schema\.(?:get)?postman\.com')
_ID = b'"_postman_id"'


def recognise(head: bytes, _path: Path) -> bool:
    """Tell whether a file is a collection, alone or as the API of Postman wraps it."""
    keys = set(jsonitems.top_keys(head))
    if keys == {"collection"} or {"info", "item"} & keys:
        return _SCHEMA.search(head) is not None or (_ID in head and b'"item"' in head)
    return False


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the saved examples, folder by folder."""
    from pytest_apierrors.recordings import exchanges, postman_example  # noqa: PLC0415 - only here
    from pytest_apierrors.recordings.document import document  # noqa: PLC0415 - only here

    found = document(source)
    top = found.top.get("collection", found.top)
    if not isinstance(top, dict) or not isinstance(top.get("item"), list):
        raise Unreadable("collection has no list of items")
    examples = postman_example.Examples(top.get("variable"))
    return exchanges.responses(source, _examples(top, found), examples.response, "example")


def _examples(top: dict[str, Any], found: Document) -> Iterator[tuple[int, Any]]:
    """Yield line and value of each example, the request that it is filed under put in."""
    waiting: list[Any] = [top]
    line = 1
    while waiting:
        item = waiting.pop()
        if not isinstance(item, dict):
            yield line, Unreadable("an item of the collection is no mapping")
            continue
        line = found.line(item) or line
        saved = item.get("response")
        for example in saved if isinstance(saved, list) else ():
            at = found.line(example) or line
            if isinstance(example, dict) and example.get("originalRequest") is None:
                example = {**example, "originalRequest": item.get("request")}  # noqa: PLW2901
            yield at, example
        inner = item.get("item")
        waiting.extend(reversed(inner) if isinstance(inner, list) else ())


READER = Reader("postman", "Postman collections, saved examples (JSON)", recognise, read)
