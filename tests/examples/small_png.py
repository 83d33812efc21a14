"""Makes a screenshot small: a palette instead of true colours. Reads what Chromium writes."""

import struct
import zlib
from collections import Counter

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MOST = 256


def chunks(data):
    """Yield (kind, content) of each chunk."""
    at = len(SIGNATURE)
    while at < len(data):
        (size,) = struct.unpack_from(">I", data, at)
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        at += 12 + size


def with_palette(data, about):
    """Return a picture of 8-bit RGB with 256 colours at most, and a text that says what it is."""
    found = list(chunks(data))
    width, _, depth, colours = struct.unpack(">IIBB", dict(found)[b"IHDR"][:10])
    if (depth, colours) != (8, 2):
        raise ValueError("8-bit RGB is needed")
    packed = b"".join(content for kind, content in found if kind == b"IDAT")
    lines = [_pixels(line) for line in _lines(zlib.decompress(packed), width * 3)]
    palette = [one for one, _ in Counter(one for line in lines for one in line).most_common(MOST)]
    index = _Nearest(palette)
    rows = b"".join(b"\0" + bytes(index[one] for one in line) for line in lines)
    head = struct.pack(">IIBBBBB", width, len(lines), 8, 3, 0, 0, 0)
    written = [
        (b"IHDR", head),
        (b"tEXt", b"Description\0" + about.encode("latin-1")),
        (b"PLTE", b"".join(palette)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    ]
    return SIGNATURE + b"".join(map(_chunk, *zip(*written, strict=True)))


def about(data):
    """Return the text that says what a picture is of."""
    return dict(chunks(data))[b"tEXt"].partition(b"\0")[2].decode("latin-1")


class _Nearest(dict):
    """The number of each colour in a palette, or of the one that is nearest to it."""

    def __init__(self, palette):
        super().__init__((one, number) for number, one in enumerate(palette))
        self._palette = palette

    def __missing__(self, colour):
        def distance(number):
            return sum((a - b) ** 2 for a, b in zip(self._palette[number], colour, strict=True))

        self[colour] = min(range(len(self._palette)), key=distance)
        return self[colour]


def _chunk(kind, content):
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def _pixels(line):
    return [bytes(line[at : at + 3]) for at in range(0, len(line), 3)]


def _lines(data, size):
    """Yield each line as it was before it was filtered."""
    above = bytearray(size)
    for start in range(0, len(data), size + 1):
        line = bytearray(data[start + 1 : start + 1 + size])
        for at in range(size):
            left, corner = (line[at - 3], above[at - 3]) if at >= 3 else (0, 0)
            guess = (0, left, above[at], (left + above[at]) // 2, _paeth(left, above[at], corner))
            line[at] = (line[at] + guess[data[start]]) & 255
        yield line
        above = line


def _paeth(left, up, corner):
    whole = left + up - corner
    return min((left, up, corner), key=lambda one: abs(whole - one))
