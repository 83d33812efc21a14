"""Bodies that a HAR keeps in files of their own: beside it, or in the same zip."""

from __future__ import annotations

import re
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from pytest_apierrors.codings import RATIO
from pytest_apierrors.recordings.parts import shown
from pytest_apierrors.recordings.reader import Source, Unreadable, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_apierrors.recordings.limits import Limits

_MOST_MEMBERS = 100_000
_SUFFIX = ".har"
_LONGEST = 200
_OF_FIDDLER = re.compile(r"raw[/\\][0-9]+_s\.txt").fullmatch
_METHODS = {zipfile.ZIP_BZIP2: "bzip2", zipfile.ZIP_LZMA: "lzma"}
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    UnicodeDecodeError,  # a name that says it is UTF-8
)


class Attachments(msgspec.Struct, frozen=True):
    """Where the named files of one HAR are."""

    folder: Path
    archive: zipfile.ZipFile | None = None

    @classmethod
    def beside(cls, source: Source) -> Attachments:
        """Look beside the HAR."""
        return cls(source.path.parent)

    def content(self, name: str, limits: Limits) -> bytes:
        """Return the bytes of a named file; it has to stay where the HAR is."""
        named = shown(name, _LONGEST)
        pure = PurePosixPath(name)
        safe = not pure.is_absolute() and ".." not in pure.parts and name.isprintable()
        if not safe or "\\" in name or ":" in name or not pure.parts:
            raise Unreadable(f"file {named} is not beside the recording")
        try:
            with self._open(name, pure) as stream:
                data = stream.read(limits.max_body_bytes + 1)
        except Unreadable as problem:
            raise Unreadable(f"file {named} {problem.reason}") from None
        except KeyError:
            raise Unreadable(f"file {named} is not in the archive") from None
        except (OSError, *_BROKEN) as error:
            raise Unreadable(f"file {named} cannot be read: {_why(error)}") from None
        if len(data) > limits.max_body_bytes:
            raise Unreadable(f"file {named} is {limits.over('max_body_bytes')}")
        return data

    @contextmanager
    def _open(self, name: str, pure: PurePosixPath) -> Iterator[IO[bytes]]:
        if self.archive is not None:
            with _member(self.archive, name) as member:
                yield member
            return
        path = self.folder / pure
        root = self.folder.resolve()
        if not path.resolve().is_relative_to(root):
            raise Unreadable("leads out of the recording's folder")
        with opened(path) as (stream, _):
            yield stream


def may_hold_har(stream: IO[bytes]) -> bool:
    """Whether a zip has a HAR or what Fiddler keeps in it; a damaged one is read to say so."""
    try:
        names = zipfile.ZipFile(stream).namelist()
        return any(name.endswith(_SUFFIX) or _OF_FIDDLER(name) for name in names)
    except (OSError, *_BROKEN):
        return True


@contextmanager
def zipped(source: Source) -> Iterator[tuple[Source, Attachments]]:
    """Open the HAR in a zip, with its neighbours as attachments."""
    try:
        archive = zipfile.ZipFile(source.stream)
        names = archive.namelist()
        hars = [name for name in names if name.endswith(_SUFFIX)]
        if len(names) > _MOST_MEMBERS:
            raise Unreadable(f"a zip of more than {_MOST_MEMBERS} files")
        if not hars and any(map(_OF_FIDDLER, names)):
            raise Unreadable("an archive of Fiddler; export it as HAR (HTTP Archive)")
        if len(hars) != 1:
            raise Unreadable(f"a zip with {len(hars) or 'no'} .har in it, not one")
        _expands(archive.getinfo(hars[0]), source.limits)
        with _member(archive, hars[0]) as stream:
            inner = replace(source, stream=stream)
            yield inner, Attachments(source.path.parent, archive)
    except _BROKEN as error:
        raise Unreadable(f"not a sound zip: {_why(error)}") from None


def _member(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """Open a file of a zip, if it can be read in pieces: the others are expanded at once."""
    method = archive.getinfo(name).compress_type
    if method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        known = _METHODS.get(method, f"method {method}")
        raise Unreadable(f"was compressed by {known} in the zip; only deflate is read")
    return archive.open(name)


def _expands(info: zipfile.ZipInfo, limits: Limits) -> None:
    most = max(limits.max_file_bytes, RATIO * info.compress_size)
    if info.file_size > most:
        raise Unreadable(f"decompressed file is {limits.over('max_file_bytes')}")


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)[:80] or type(error).__name__
