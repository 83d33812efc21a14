"""Content codings (gzip, deflate, br, zstd) undone one at a time, under a limit."""

from __future__ import annotations

import zlib
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Protocol

import msgspec

from pytest_apierrors.inert import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST: Final = 8 * 2**20
# What a body may always grow to; above it, growing more than RATIO times is a bomb.
FREE: Final = 2**20
RATIO: Final = 200

GZIP: Final = b"\x1f\x8b"

_MAGIC: Final = {"gzip": GZIP, "zstd": b"\x28\xb5\x2f\xfd"}
_MOST_MEMBERS: Final = 16


class Decoded(msgspec.Struct, frozen=True):
    """
    A body after its content codings were undone, and why that failed if it did.

    With a problem, `data` is as much as there is: the beginning, or the bytes as they came.
    """

    data: bytes
    problem: str | None = None


def undo(coding: str, data: bytes, cap: int) -> Decoded:
    """Undo one content coding; the result is at most `cap` bytes."""
    if coding == "gzip":
        # Whatever does not begin as gzip does fails here with zlib's reason.
        return _expand("gzip", partial(zlib.decompressobj, 31), zlib.error, data, cap)
    if coding == "deflate":
        wrapped = _expand("deflate", zlib.decompressobj, zlib.error, data, cap)
        if wrapped.problem is None or wrapped.data != data:
            return wrapped
        # Some servers leave the wrapper out, and browsers have always read that.
        raw = _expand("deflate", partial(zlib.decompressobj, -15), zlib.error, data, cap)
        return wrapped if raw.problem else raw
    if coding == "br":
        return _brotli(data, cap)
    if coding == "zstd":
        return _zstd(data, cap)
    return Decoded(data, f"coded with {one_line(coding, 40)}, which is not known")


class _Stream(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def _expand(
    coding: str,
    begin: Callable[[], _Stream],
    damage: type[Exception],
    data: bytes,
    cap: int,
) -> Decoded:
    """Decompress no more than the cap; the end mark and the checksum must be there."""
    whole = b""
    rest = data
    for _ in range(_MOST_MEMBERS):
        stream = begin()
        try:
            whole += stream.decompress(rest, cap + 1 - len(whole))
        except damage as error:
            return Decoded(data, f"damaged {coding} stream ({_reason(error)})")
        if len(whole) > cap:
            return _bomb(coding, whole, cap)
        if not stream.eof:
            return Decoded(whole, f"{coding} stream cut short after {len(data)} bytes")
        rest = stream.unused_data
        if not rest.strip(b"\0"):
            return Decoded(whole)
        if not rest.startswith(_MAGIC.get(coding, b"\0")):
            break
    return Decoded(whole, f"{len(rest)} bytes after the end of the {coding} stream")


def _bomb(coding: str, whole: bytes, cap: int) -> Decoded:
    return Decoded(whole[:cap], f"{coding} stream expands to more than {cap} bytes")


def _reason(error: Exception) -> str:
    return one_line(str(error).rpartition(": ")[2], 80)[1:-1] or type(error).__name__


def _module(*names: str) -> Any:
    for name in names:
        try:
            return import_module(name)
        except ImportError:
            continue
    return None


def _brotli(data: bytes, cap: int) -> Decoded:
    brotli = _module("brotli", "brotlicffi")
    if brotli is None:
        return Decoded(data, "br stream cannot be read: brotli is not installed")
    stream = brotli.Decompressor()
    whole, rest = b"", data
    try:
        while not stream.is_finished():
            # The limit is a rough one, so that the steps are small.
            part = stream.process(rest, output_buffer_limit=FREE)
            whole, rest = whole + part, b""
            if len(whole) > cap:
                return _bomb("br", whole, cap)
            if not part and stream.can_accept_more_data():
                return Decoded(whole, f"br stream cut short after {len(data)} bytes")
    except TypeError:
        return Decoded(data, "br stream cannot be read safely: brotli is older than 1.2")
    except brotli.error as error:
        return Decoded(data, f"damaged br stream ({_reason(error)})")
    return Decoded(whole)


def _zstd(data: bytes, cap: int) -> Decoded:
    zstd = _module("compression.zstd", "backports.zstd")
    if zstd is not None:
        window = {zstd.DecompressionParameter.window_log_max: LARGEST.bit_length() - 1}
        begin = partial(zstd.ZstdDecompressor, options=window)
        return _expand("zstd", begin, zstd.ZstdError, data, cap)
    zstandard = _module("zstandard")
    if zstandard is None:
        return Decoded(data, "zstd stream cannot be read: zstandard is not installed")
    return _expand("zstd", partial(_Zstandard, zstandard), zstandard.ZstdError, data, cap)


class _Zstandard:
    """The zstandard package with the limit that the standard library's module has."""

    # A block of 4 bytes can stand for 128 KiB.
    _STEP: Final = 256

    def __init__(self, zstandard: Any) -> None:
        self._stream = zstandard.ZstdDecompressor(max_window_size=LARGEST).decompressobj()
        self.eof = False
        self.unused_data = b""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        whole = bytearray()
        for start in range(0, len(data), self._STEP):
            whole += self._stream.decompress(data[start : start + self._STEP])
            if self._stream.eof:
                self.eof = True
                self.unused_data = self._stream.unused_data + data[start + self._STEP :]
            if self.eof or len(whole) >= max_length:
                break
        return bytes(whole)
