"""Where in the client's own code something happened."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pytest_apierrors.clock.virtual import AROUND
from pytest_apierrors.oracle.model import Frame
from pytest_apierrors.watchdog import Hung

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from pytest_apierrors.watchdog import Place

# Machinery that clients are built with: what happens in it is shown where the client called it.
_MACHINERY: Final = """
aiohappyeyeballs aiohttp aiohttp_retry anyio attr attrs authlib backoff brotli cachecontrol cattrs
certifi chardet charset_normalizer dateutil defusedxml exceptiongroup frozenlist h11 h2 hishel hpack
httpcore httpcore2 httplib2 httpx httpx2 httpx_retries hyperframe idna jsonschema lxml marshmallow
msgspec multidict niquests oauthlib orjson pydantic pydantic_core requests requests_cache
requests_oauthlib requests_toolbelt responses retrying simplejson sniffio stamina tenacity treq trio
truststore ujson urllib3 urllib3_future uvloop wrapt wsproto xmltodict yarl zstandard
"""
_FOREIGN: Final = AROUND | {*_MACHINERY.split()} | sys.stdlib_module_names

_CIRCLES: Final = 20


def frame_of(error: BaseException | None) -> Frame | None:
    """
    Return the innermost place in the client's code that an exception went through.

    Where there is none, the innermost place that is not ours; None without a traceback. Of a
    recursion without end it is where it began.
    """
    if error is None:
        return None
    places = list(_places(error))
    if isinstance(error, RecursionError):
        places = _into_circle(places)
    for frame, line in reversed(places):
        if _module(frame) not in _FOREIGN:
            return _frame(frame, line)
    outside = [place for place in places if _module(place[0]) not in AROUND]
    return _frame(*outside[-1]) if outside else None


def shown(frame: Frame | None) -> str:
    """Return a place as messages show it: `VoiceClient._request (client.py:41)`."""
    if frame is None:
        return "unknown code"
    return f"{frame.function} ({Path(frame.file).name}:{frame.line})"


def _places(error: BaseException) -> Iterator[tuple[FrameType, int]]:
    trace = error.__traceback__
    while trace is not None:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next
    if isinstance(error, Hung):
        yield from error.awaiting


def _into_circle(places: list[Place]) -> list[Place]:
    """Return the places up to where a recursion began: where it ends depends on all around it."""
    often = Counter(frame.f_code for frame, _ in places)
    for number, (frame, _) in enumerate(places):
        if often[frame.f_code] > _CIRCLES:
            return places[: number + 1]
    return places


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__") or "").partition(".")[0]


def _frame(frame: FrameType, line: int) -> Frame:
    code = frame.f_code
    return Frame(code.co_filename, line, code.co_qualname.rpartition("<locals>.")[2])
