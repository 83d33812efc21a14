"""The bytes of a body: content codings undone under limits, charsets, and what it looks like."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final, Literal

from pytest_apierrors.codings import FREE, GZIP, LARGEST, RATIO, Decoded, undo
from pytest_apierrors.inert import one_line

if TYPE_CHECKING:
    from pytest_apierrors.response import Response

Looks = Literal["empty", "json", "html", "text", "xml", "binary"]

MOST_CODINGS: Final = 2

_MOST_NAMES: Final = 8
_HEAD: Final = 4096
_ALIASES: Final = {"x-gzip": "gzip"}

_BOMS: Final = (  # the longer marks first: UTF-32's begins as UTF-16's does
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BOM_STARTS: Final = frozenset(mark[:1] for mark, _ in _BOMS)
# Python has codecs that run for a minute or are no charsets at all: only these are looked up.
# Without a mark the Unicode ones are little-endian, as browsers read them.
_CHARSETS: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "latin-1",
    "iso8859-1": "latin-1",
    "latin-1": "latin-1",
    "latin1": "latin-1",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "utf-16": "utf-16-le",
    "utf-16le": "utf-16-le",
    "utf-16-le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf-16-be": "utf-16-be",
    "utf-32": "utf-32-le",
    "utf-32le": "utf-32-le",
    "utf-32-le": "utf-32-le",
    "utf-32be": "utf-32-be",
    "utf-32-be": "utf-32-be",
}

_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)
_JSON_TYPE = re.compile(r"\s*[\w.+-]+/(?:[\w.+-]*[.+-])?json\b", re.IGNORECASE | re.ASCII)
_HTML_TYPE = re.compile(r"\s*(?:text/html|application/xhtml\+xml)\b", re.IGNORECASE | re.ASCII)
_PROLOG = re.compile(r"(?>\s+|<!--(?:(?!-->).)*+-->|<\?(?:(?!\?>).)*+\?>)*+", re.DOTALL)
_HTML = re.compile(
    r"<(?:!doctype\s+html|(?:html|head|body|title|meta|script|style|center|div|p|pre|h[1-6])(?=[\s/>]))",
    re.IGNORECASE,
)
_XML = re.compile(r"<[?!/]?[A-Za-z_]")
# What no text holds; ESC is left out, as in the browsers' sniffing rules.
_BINARY = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


def decode(response: Response) -> Decoded:
    """Undo the content codings of a response, as far as its bytes bear its headers out."""
    data = response.body
    cap = min(LARGEST, max(FREE, RATIO * len(data)))
    pending = _named(response)
    undone = 0
    while pending or data.startswith(GZIP):
        sure = data.startswith(GZIP)
        coding = _take_gzip(pending) if sure else pending.pop(0)
        # Recorders and clients hand over decoded bodies under the old header.
        if not sure and _readable(data, None):
            continue
        if undone == MOST_CODINGS:
            return Decoded(data, f"coded more than {MOST_CODINGS} times")
        step = undo(coding, data, cap)
        if step.problem is None:
            data, undone = step.data, undone + 1
        elif sure or (coding != "br" and step.data != data):
            return step
        elif not _readable(data, response.header("content-type")):
            # It is coded (br alone has no mark to begin with): nothing else would explain it.
            return step
    if len(data) > LARGEST:
        return Decoded(data[:LARGEST], f"larger than {LARGEST} bytes")
    return Decoded(data)


def text(data: bytes, content_type: str | None) -> tuple[str, str | None]:
    """Return the body as text, and what was wrong with its charset if anything was."""
    name, problem = _charset(content_type)
    for mark, marked in _BOMS:
        if data.startswith(mark):
            name, data = marked, data[len(mark) :]
            break
    try:
        return data.decode(name), problem
    except UnicodeDecodeError as error:
        problem = problem or f"not valid {error.encoding} at byte {error.start}"
        return data.decode(name, "replace"), problem


def looks_like(data: bytes, content_type: str | None = None) -> Looks:
    """Say what the body is: its beginning decides, then its content type."""
    head = _head(data)
    if not head:
        return "empty"
    label = content_type or ""
    if head[0] in "{[" or (head[0] == '"' and _JSON_TYPE.match(label)):
        return "json"
    start = head[_PROLOG.match(head).end() :]  # type: ignore[union-attr] # it matches nothing, too
    if _HTML.match(start) or (_XML.match(head) and _HTML_TYPE.match(label)):
        return "html"
    if _BINARY.search(head):
        return "binary"
    if _JSON_TYPE.match(label):
        return "json"
    if "\ufffd" in head and not _is_text(label):
        return "binary"
    return "xml" if _XML.match(head) else "text"


def _head(data: bytes) -> str:
    """Return the beginning of the body as text, without its mark and leading white space."""
    name = "utf-8"
    for mark, marked in _BOMS if data[:1] in _BOM_STARTS else ():
        if data.startswith(mark):
            name, data = marked, data[len(mark) :]
            break
    data = data.lstrip() if name == "utf-8" else data
    if len(data) <= _HEAD:
        return data.decode(name, "replace").lstrip()
    # A character cut at the end of the head is no fault of the body's.
    decoder = codecs.getincrementaldecoder(name)("replace")
    return decoder.decode(data[:_HEAD]).lstrip()


def _readable(data: bytes, label: str | None) -> bool:
    head = _head(data)
    if _BINARY.search(head):
        return False
    return "\ufffd" not in head or head[0] in "{[<" or _is_text(label or "")


def _is_text(label: str) -> bool:
    return label.lstrip().lower().startswith("text/")


def _charset(content_type: str | None) -> tuple[str, str | None]:
    found = _CHARSET.search(content_type or "")
    if found is None:
        return "utf-8", None
    name = _CHARSETS.get(found[1].lower().replace("_", "-"))
    if name is None:
        return "utf-8", f"unknown charset {one_line(found[1], 40)}, read as utf-8"
    return name, None


def _named(response: Response) -> list[str]:
    """Return the codings that the headers name, the one to undo first in front."""
    values = [] if response.headers is None else response.headers.get_all("content-encoding")
    names = [name.strip().lower() for value in values for name in value.split(",")]
    names = [_ALIASES.get(name, name) for name in names if name not in ("", "identity")]
    return names[: -_MOST_NAMES - 1 : -1]


def _take_gzip(pending: list[str]) -> str:
    """Strike gzip off the codings to undo, with those that must have been undone before it."""
    del pending[: pending.index("gzip") + 1 if "gzip" in pending else 0]
    return "gzip"
