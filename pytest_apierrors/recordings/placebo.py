"""Responses that placebo keeps of botocore: what botocore made of them, not what came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pytest_apierrors.recordings import jsonitems, parsed, parts
from pytest_apierrors.recordings.reader import Reader, Source
from pytest_apierrors.response import Headers, Response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Origin

PARSED_BY_BOTOCORE: Final = "body altered by the recorder: it kept what botocore parsed of it"
_KEYS: Final = frozenset({"status_code", "data"})


def recognise(head: bytes, _path: Path) -> bool:
    """Tell whether a file has a status and data of botocore at its top, and nothing else."""
    keys = set(jsonitems.top_keys(head))
    return keys == _KEYS or (keys == {"data"} and b'"ResponseMetadata"' in head)


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield the one response of a file."""
    from pytest_apierrors.recordings import exchanges  # noqa: PLC0415 - only here
    from pytest_apierrors.recordings.document import document  # noqa: PLC0415 - only here

    found = document(source)
    items = [(found.line(found.top) or 1, found.top)]
    return exchanges.responses(source, items, _response, "response")


def _response(answer: dict[str, Any], origin: Origin, source: Source) -> Response:
    """Make a response of it: headers only where botocore left them."""
    from pytest_apierrors.recordings.exchanges import maybe_mapping  # noqa: PLC0415 - as above

    data = maybe_mapping("data", answer.get("data"))
    metadata = maybe_mapping("ResponseMetadata", data.get("ResponseMetadata"))
    kept = metadata.get("HTTPHeaders")
    rest = {name: value for name, value in data.items() if name != "ResponseMetadata"}
    return Response(
        parts.status(answer.get("status_code")),
        parsed.as_json("data", rest, source.limits),
        None if kept is None else Headers(parts.header_pairs(kept)),
        origin=origin,
        altered=PARSED_BY_BOTOCORE,
        lost=True,
    )


READER = Reader("placebo", "placebo responses of botocore (JSON)", recognise, read)
