"""Examples in OpenAPI 3 and Swagger 2: what an API declares to answer, not what it answered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_apierrors.recordings import jsonitems
from pytest_apierrors.recordings.reader import Reader, Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Response

_VERSION = rb"""["']?(?:3\.[0-9]|2\.0)"""
_YAML = re.compile(rb"""(?:\A|\n)["']?(?:openapi|swagger)["']?[ \t]*:[ \t]*""" + _VERSION)
# where the keys are sorted, the version comes behind the largest part
_PARTS = re.compile(rb"(?:\xef\xbb\xbf)?(?:---\s*\n)?components:[ \t]*\n(?:.*\n)*?  schemas:")
_JSON = re.compile(rb"""["'](?:openapi|swagger)["']\s*:\s*""" + _VERSION)


def recognise(head: bytes, _path: Path) -> bool:
    """Tell whether a file says at its top which version of OpenAPI or Swagger it is."""
    if jsonitems.is_json(head):
        keys = set(jsonitems.top_keys(head))
        if {"openapi", "swagger"} & keys:
            return _JSON.search(head) is not None
        return keys == {"components"} and b'"schemas"' in head
    named = b"openapi" in head or b"swagger" in head  # far quicker than to look for it in a line
    return (named and _YAML.search(head) is not None) or _PARTS.match(head) is not None


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield a response for each example, and for each status that is declared without one."""
    from pytest_apierrors.recordings import openapi_examples  # noqa: PLC0415 - only here

    return openapi_examples.read(source)


READER = Reader(
    "openapi",
    "OpenAPI and Swagger, declared responses (JSON, YAML)",
    recognise,
    read,
    (b"openapi", b"swagger", b"components"),
)
