"""Flow files of mitmproxy: known, so that they can be refused with what turns them into a HAR."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pytest_apierrors.recordings.reader import Reader, Source, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Response

HOW: Final = (
    "a flow file of mitmproxy, which changes with each version; "
    "make a HAR of it: mitmdump -nr FILE --set hardump=OUT.har"
)
# a mapping as a netstring: its length, then the first name with its own length and type
_FLOW = re.compile(rb"[1-9][0-9]{0,11}:([1-9][0-9]?):([a-z_]{2,40})[,;]")


def recognise(head: bytes, _path: Path) -> bool:
    """Tell whether a file starts as a flow does."""
    found = _FLOW.match(head)
    return found is not None and int(found[1]) == len(found[2])


def read(_source: Source) -> Iterator[Response | RecordingError]:
    """Refuse the file."""
    raise Unreadable(HOW)


READER = Reader("mitmproxy", "flow file of mitmproxy (to be converted)", recognise, read)
