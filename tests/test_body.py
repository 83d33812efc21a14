from __future__ import annotations

import gzip
import importlib
import json
import sys
import time
import tracemalloc
import zlib
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_apierrors.body import decode, looks_like, text
from pytest_apierrors.codings import Decoded
from pytest_apierrors.response import Headers, Response

UNREADABLE = b"\x00\xff" * 20
BODY = json.dumps({"errorCode": 40101, "message": "größer"}).encode()
JSON = "application/json"
gzipped = partial(gzip.compress, mtime=0)  # ids of tests are made of it, the same in every worker


def coded(data, *codings, content_type=JSON):
    headers = [("content-encoding", coding) for coding in codings]
    return Response(401, data, Headers([*headers, ("Content-Type", content_type)]))


def raw_deflate(data):
    return zlib.compress(data, wbits=-15)


def zeros_in_gzip(mebibytes):
    """Pack zeros into gzip: one deflate block, repeated, without ever holding the zeros."""
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(bytes(2**20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + block * mebibytes + b"\x03\0" + bytes(8)


def zeros_in_zstd(mebibytes):
    """Pack zeros into one zstd frame of run-length blocks of 128 KiB."""
    header = b"\x28\xb5\x2f\xfd" + b"\x00" + b"\x58"
    size = 128 * 1024
    block = (size << 3 | 1 << 1).to_bytes(3, "little") + b"\0"
    last = (size << 3 | 1 << 1 | 1).to_bytes(3, "little") + b"\0"
    return header + block * (8 * mebibytes - 1) + last


@pytest.mark.parametrize(
    ("data", "codings"),
    [
        pytest.param(BODY, [], id="plain"),
        pytest.param(gzipped(BODY), ["gzip"], id="gzip"),
        pytest.param(gzipped(BODY), ["X-GZIP"], id="alias"),
        pytest.param(gzipped(BODY), [], id="gzip-without-header"),
        pytest.param(gzipped(BODY), ["br"], id="gzip-called-br"),
        pytest.param(gzipped(BODY[:9]) + gzipped(BODY[9:]), ["gzip"], id="members"),
        pytest.param(gzipped(BODY) + bytes(20), ["gzip"], id="padded"),
        pytest.param(zlib.compress(BODY), ["deflate"], id="deflate"),
        pytest.param(raw_deflate(BODY), ["deflate"], id="raw-deflate"),
        pytest.param(gzipped(zlib.compress(BODY)), ["deflate, gzip"], id="two"),
        pytest.param(gzipped(zlib.compress(BODY)), ["deflate", "gzip"], id="two-headers"),
        pytest.param(gzipped(gzipped(BODY)), ["gzip"], id="twice"),
        pytest.param(zlib.compress(BODY), ["gzip", "deflate"], id="inner-already-undone"),
        pytest.param(BODY, ["identity"], id="identity"),
    ],
)
def test_codings_are_undone(data, codings):
    decoded = decode(coded(data, *codings))

    assert (decoded.data, decoded.problem) == (BODY, None)


@pytest.mark.parametrize(
    "coding", ["gzip", "deflate", "br", "zstd", "compress", "utf-8", "gzip, br"]
)
@pytest.mark.parametrize(
    "body",
    [BODY, b"<html>502</html>", b"", b" ", b"Bad gateway", "Zugriff ungültig".encode("latin-1")],
)
def test_a_header_that_lies_over_a_decoded_body_is_harmless(coding, body):
    decoded = decode(coded(body, coding, content_type="text/plain"))

    assert (decoded.data, decoded.problem) == (body, None)


def test_deflate_is_not_guessed_without_the_header():
    packed = zlib.compress(BODY)

    assert decode(coded(packed)).data == packed


PACKED = gzipped(BODY)


@pytest.mark.parametrize(
    ("data", "coding", "problem"),
    [
        (PACKED[:-1], "gzip", f"gzip stream cut short after {len(PACKED) - 1} bytes"),
        (gzipped(BODY)[:12], "gzip", "gzip stream cut short after 12 bytes"),
        (gzipped(BODY)[:2], "gzip", "gzip stream cut short after 2 bytes"),
        (gzipped(BODY) + b"x" * 7, "gzip", "7 bytes after the end of the gzip stream"),
        (PACKED[:-8] + bytes(8), "gzip", "damaged gzip stream (incorrect data check)"),
        (b"\x1f\x8b" + bytes(30), "gzip", "damaged gzip stream (unknown compression method)"),
        (UNREADABLE, "gzip", "damaged gzip stream (incorrect header check)"),
        (zlib.compress(BODY)[:9], "deflate", "deflate stream cut short after 9 bytes"),
        (zlib.compress(BODY) + b"xx", "deflate", "2 bytes after the end of the deflate stream"),
        (UNREADABLE, "deflate", "damaged deflate stream (incorrect header check)"),
        (UNREADABLE, "compress", 'coded with "compress", which is not known'),
        (UNREADABLE, "x\x1b[31m", r'coded with "x\u001b[31m", which is not known'),
        (gzipped(gzipped(gzipped(BODY))), "gzip", "coded more than 2 times"),
        (b"x" * (8 * 2**20 + 1), "identity", "larger than 8388608 bytes"),
    ],
)  # fmt: skip
def test_what_cannot_be_undone_is_a_problem(data, coding, problem):
    assert decode(coded(data, coding)).problem == problem


def test_what_there_is_of_a_cut_stream_is_kept():
    packed = gzipped(BODY * 100)

    decoded = decode(coded(packed[:-4], "gzip"))

    assert decoded.data == BODY * 100
    assert decoded.problem is not None


def test_a_cut_stream_that_could_be_text_is_still_cut():
    cut = zlib.compress(BODY)[:9]

    for label in ("text/plain", JSON):
        decoded = decode(coded(cut, "deflate", content_type=label))
        assert decoded.problem == "deflate stream cut short after 9 bytes"


def test_headers_that_nobody_knows_do_no_harm():
    assert decode(Response(401, gzipped(BODY))).data == BODY


def test_a_member_too_many_ends_the_reading():
    decoded = decode(coded(gzipped(b"") * 300_000, "gzip"))

    assert "bytes after the end of the gzip stream" in (decoded.problem or "")


def test_a_thousand_codings_cost_nothing():
    start = time.process_time()
    decode(coded(b"\x00\xff" * 2**20, ",".join(["deflate", "nonsense"] * 5000)))

    assert time.process_time() - start < 2


def peak_of(response):
    tracemalloc.start()
    start = time.process_time()
    decoded = decode(response)
    seconds = time.process_time() - start
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return decoded, peak / 2**20, seconds


GIBIBYTE = zeros_in_gzip(1024)
TWICE = gzipped(GIBIBYTE)
THRICE = gzipped(TWICE)
SMALL = zlib.compress(bytes(3 * 2**20))
LARGER = zlib.compress(bytes(6 * 2**20))
BOMBS = {
    "gzip": ("gzip", GIBIBYTE, 8 * 2**20),
    "twice": ("gzip", TWICE, 2**20),
    "thrice": ("gzip", THRICE, 2**20),
    "deflate": ("deflate", SMALL, 2**20),
    "ratio": ("deflate", LARGER, 200 * len(LARGER)),
}


@pytest.mark.parametrize(("coding", "bomb", "limit"), BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_defused(coding, bomb, limit):
    decoded, mebibytes, seconds = peak_of(coded(bomb, coding))

    assert decoded.problem == f"{coding} stream expands to more than {limit} bytes"
    assert len(decoded.data) <= 8 * 2**20
    assert mebibytes < 64
    assert seconds < 5


def test_eight_mebibytes_at_an_honest_ratio_are_read():
    honest = b"".join(f"{n:07}\n".encode() for n in range(2**20))

    assert decode(coded(gzipped(honest), "gzip")) == Decoded(honest)
    assert decode(coded(honest)).problem is None


OPTIONAL = {
    "brotli": "br",
    "brotlicffi": "br",
    "compression.zstd": "zstd",
    "backports.zstd": "zstd",
    "zstandard": "zstd",
}


@pytest.fixture(params=OPTIONAL)
def optional(request, monkeypatch):
    """One of the optional modules, the others hidden."""
    try:
        module = importlib.import_module(request.param)
    except ImportError:
        pytest.skip(f"{request.param} is not installed")
    for name in set(OPTIONAL) - {request.param}:
        monkeypatch.setitem(sys.modules, name, None)
    return OPTIONAL[request.param], pack_with(module)


def pack_with(module):
    if hasattr(module, "compress"):
        return module.compress
    return module.ZstdCompressor().compress


def test_optional_codings_are_undone(optional):
    coding, pack = optional

    assert decode(coded(pack(BODY), coding)).data == BODY
    assert decode(coded(pack(BODY * 10_000), coding)).data == BODY * 10_000


def test_optional_codings_that_are_cut_or_damaged(optional):
    coding, pack = optional
    packed = pack(BODY * 3)

    assert (decode(coded(packed[:-3], coding)).problem or "").startswith(
        f"{coding} stream cut short"
    )
    assert decode(coded(packed + b"\xff\x00", coding)).problem is not None
    assert (decode(coded(b"\x00\xff\x01" * 99, coding)).problem or "").startswith("damaged")


def test_optional_bombs_are_defused(optional):
    coding, pack = optional
    bomb = zeros_in_zstd(1024) if coding == "zstd" else pack(bytes(64 * 2**20))

    decoded, mebibytes, seconds = peak_of(coded(bomb, coding))

    assert "expands to more than" in (decoded.problem or "")
    assert mebibytes < 64
    assert seconds < 5


@pytest.mark.parametrize("coding", ["br", "zstd"])
def test_a_missing_module_is_named_only_where_it_is_needed(monkeypatch, coding):
    for name in OPTIONAL:
        monkeypatch.setitem(sys.modules, name, None)

    assert (decode(coded(UNREADABLE, coding)).problem or "").endswith("is not installed")
    assert decode(coded(BODY, coding)).problem is None


@settings(deadline=None)
@given(st.binary(), st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, deflate", "x"]))
def test_decoding_never_raises(data, coding):
    decode(coded(data, coding))


@settings(deadline=None)
@given(st.binary(min_size=1), st.integers(0))
def test_no_cut_of_a_gzip_stream_passes(body, at):
    packed = gzipped(body)
    cut = packed[: 2 + at % (len(packed) - 2)]

    assert decode(coded(cut, "gzip")).problem is not None


@pytest.mark.parametrize(
    ("data", "charset", "expected", "problem"),
    [
        (b"caf\xc3\xa9", "utf-8", "café", None),
        (b"caf\xc3\xa9", "UTF8", "café", None),
        (b"caf\xc3\xa9", None, "café", None),
        (b"\xef\xbb\xbf{}", None, "{}", None),
        (b"caf\xe9", "iso-8859-1", "café", None),
        (b"caf\xe9", "ISO_8859-1", "café", None),
        (b"\x80", '"windows-1252"', "€", None),
        (b"abc", "us-ascii", "abc", None),
        ("é".encode("utf-16-le"), "utf-16", "é", None),
        ("é".encode("utf-16-be"), "utf-16be", "é", None),
        ("é".encode("utf-16"), "utf-16", "é", None),
        (b"\xfe\xff\x00e", "utf-16", "e", None),
        (b"\xff\xfee\x00", None, "e", None),
        ("é".encode("utf-32-be"), "utf-32be", "é", None),
        (b"\xff\xfe\x00\x00e\x00\x00\x00", "utf-32", "e", None),
        (b"caf\xe9", "utf-8", "caf\ufffd", "not valid utf-8 at byte 3"),
        (b"caf\xe9", "us-ascii", "caf\ufffd", "not valid ascii at byte 3"),
        (b"\x81", "cp1252", "\ufffd", "not valid charmap at byte 0"),
        (b"a\x00b", "utf-16le", "a\ufffd", "not valid utf-16-le at byte 2"),
        (b"+AGE-", "utf-7", "+AGE-", 'unknown charset "utf-7", read as utf-8'),
        (b"x", "undefined", "x", 'unknown charset "undefined", read as utf-8'),
        (b"x", "utf-8\0", "x", r'unknown charset "utf-8\u0000", read as utf-8'),
    ],
)
def test_text_in_the_charset_that_is_named(data, charset, expected, problem):
    content_type = None if charset is None else f"text/plain; charset={charset}"

    assert text(data, content_type) == (expected, problem)


def test_a_codec_that_takes_a_minute_is_not_looked_up():
    start = time.process_time()
    _, problem = text(b"a-" * 400_000, "text/plain; charset=punycode")

    assert problem == 'unknown charset "punycode", read as utf-8'
    assert time.process_time() - start < 0.5


@settings(deadline=None)
@given(st.binary(), st.text())
def test_text_never_raises(data, charset):
    text(data, f"text/plain;charset={charset}")


@pytest.mark.parametrize(
    ("data", "content_type", "looks"),
    [
        (b"", None, "empty"),
        (b" \r\n\t", JSON, "empty"),
        (b"\xef\xbb\xbf  ", JSON, "empty"),
        (b'{"a": 1}', None, "json"),
        (b' \n["a"]', "text/html", "json"),
        (b'\xef\xbb\xbf{"a": 1}', None, "json"),
        ('{"a": 1}'.encode("utf-16"), None, "json"),
        (b'{"a": "\xff"}', JSON, "json"),
        (b"{broken", "text/plain", "json"),
        (b" " * 5000 + b"{", None, "json"),
        (b'"a string"', JSON, "json"),
        (b'"a string"', "text/plain", "text"),
        (b"404", "application/problem+json; charset=utf-8", "json"),
        (b"404", None, "text"),
        (b"null", "text/json", "json"),
        (b"Bad gateway", JSON, "json"),
        (b"caf\xe9", JSON, "json"),
        (b"Bad gateway", "application/jsonp", "text"),
        (b"Bad gateway", None, "text"),
        (b"caf\xe9", "text/plain", "text"),
        (b"caf\xe9", None, "binary"),
        (b"\x1b[31mred", None, "text"),
        (b"<!DOCTYPE html><p>x", None, "html"),
        (b"  <HTML lang=en>", JSON, "html"),
        (b"<head><title>502</title>", None, "html"),
        (b"<body>x", None, "html"),
        (b"<!-- a comment -->\n<!-- another --><html>", None, "html"),
        (b'<?xml version="1.0"?><!DOCTYPE html>', None, "html"),
        (b"<center>nginx</center>", "text/html", "html"),
        (b"<table>", "text/html", "html"),
        (b"plain", "text/html", "text"),
        (b"<header>x</header>", None, "xml"),
        (b'<?xml version="1.0"?><Error/>', "application/xml", "xml"),
        (b"<Error><Code>1</Code></Error>", None, "xml"),
        (b"<Error/>", JSON, "json"),
        (b"< 5 items", None, "text"),
        (b"\x89PNG\r\n\x1a\n\x00", "image/png", "binary"),
        (b"\x00\x01", JSON, "binary"),
        (b'"\x7f"', JSON, "json"),
        (gzipped(b"x"), "text/html", "binary"),
        (b"a" * 4095 + "é".encode() + b"b", None, "text"),
    ],
)
def test_what_a_body_looks_like(data, content_type, looks):
    assert looks_like(data, content_type) == looks


@pytest.mark.parametrize("piece", [b"<!--", b"<!---->", b"<?", b"<??>", b" ", b"<"])
def test_sniffing_hostile_beginnings_is_quick(piece):
    start = time.process_time()
    looks_like(piece * (2**20 // len(piece)), "text/html")

    assert time.process_time() - start < 0.5


@settings(deadline=None)
@given(st.binary(), st.none() | st.sampled_from([JSON, "text/html", "text/plain", "x"]))
def test_sniffing_never_raises(data, content_type):
    looks_like(data, content_type)
