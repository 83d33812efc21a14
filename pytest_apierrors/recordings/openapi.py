"""Examples in OpenAPI 3 and Swagger 2: what an API declares to answer, not what it answered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_apierrors.recordings import jsonitems
from pytest_apierrors.recordings.outline import outline
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
_TOP_PATHS = re.compile(rb"""(?:\A|\n)["']?paths["']?:[ \t]*\n""")
_OPERATION = re.compile(r"paths\./.*\.(?:get|put|post|delete|options|head|patch|trace)\.responses")
_JSON = re.compile(rb"""["'](?:openapi|swagger)["']\s*:\s*""" + _VERSION)


def recognise(head: bytes, _path: Path) -> bool:
    """Tell whether a file says at its top which version of OpenAPI or Swagger it is."""
    if jsonitems.is_json(head):
        keys = set(jsonitems.top_keys(head))
        if {"openapi", "swagger"} & keys:
            return _JSON.search(head) is not None
        return (keys == {"components"} and b'"schemas"' in head) or _has_paths(head)
    named = b"openapi" in head or b"swagger" in head  # far quicker than to look for it in a line
    if (named and _YAML.search(head) is not None) or _PARTS.match(head) is not None:
        return True
    return _TOP_PATHS.search(head) is not None and _has_paths(head)


def _has_paths(head: bytes) -> bool:
    """Tell whether operations under paths declare responses."""
    if b"paths" not in head or b"responses" not in head:
        return False
    return any(_OPERATION.fullmatch(name) for name in outline(head))


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield a response for each example, and for each status that is declared without one."""
    from pytest_apierrors.recordings import openapi_examples  # noqa: PLC0415 - only here

    return openapi_examples.read(source)


READER = Reader(
    "openapi",
    "OpenAPI and Swagger, declared responses (JSON, YAML)",
    recognise,
    read,
    (b"openapi", b"swagger", b"components", b"paths"),
)
