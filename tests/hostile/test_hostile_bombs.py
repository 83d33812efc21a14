"""Small files that would become large: refused early, one process each, within time and memory."""

from __future__ import annotations

import base64
import gzip
import json
import re
import shutil
import zipfile
import zlib

import pytest
from hostile_run import ACME, GOOD, check, entry, exchange, har

brotli = pytest.importorskip("brotli")
MIB = 1 << 20
NODES = r"nodes are over the limit of 2000000 \(--max-nodes\)"
FILE = r"decompressed file is over the limit of 64 MiB \(--max-file-bytes\)"


def packed(start, wbits=31, mib=256):
    """Compress a start and this much white space."""
    engine = zlib.compressobj(6, zlib.DEFLATED, wbits)
    pieces = [engine.compress(start), *(engine.compress(b" " * MIB) for _ in range(mib))]
    return b"".join([*pieces, engine.flush()])


def brotli_bomb(mib=1024):
    engine = brotli.Compressor(quality=3, lgwin=24)
    return b"".join([*(engine.process(b"\0" * MIB) for _ in range(mib)), engine.finish()])


def zstd_bomb(mib=1024):
    """Write a frame of blocks that repeat one byte 128 KiB times."""
    block = ((128 * 1024) << 3 | 1 << 1).to_bytes(3, "little") + b"\0"
    last = (1 << 3 | 1 << 1 | 1).to_bytes(3, "little") + b"\0"
    return b"\x28\xb5\x2f\xfd\x00\x50" + block * (8 * mib) + last


def zipped(folder, method, mib, content=b'{"log":{"entries":["'):
    with (
        zipfile.ZipFile(folder / "made.zip", "w", method) as archive,
        archive.open("x.har", "w", force_zip64=True) as member,
    ):
        member.write(content)
        for _ in range(mib):
            member.write(b"a" * MIB)
    return (folder / "made.zip").read_bytes()


def objects(before, after):
    return before + b"{}," * (4 * MIB) + b"{}" + after


LIST = b'{"interactions":[{"a":['
YAML = b"version: 1\ninteractions:\n"
WIRE = b"HTTP/1.1 404 Not Found\r\n"
FILES = {
    "gzip.har.gz": (lambda _: packed(b'{"log":{"entries":['), rf": {FILE}"),
    "zlib.zz": (lambda _: packed(b"---\nhttp_interactions:\n", 15), rf": {FILE}"),
    "deflated.zip": (lambda folder: zipped(folder, zipfile.ZIP_DEFLATED, 200), rf": {FILE}"),
    "bzip2.zip": (lambda folder: zipped(folder, zipfile.ZIP_BZIP2, 200), rf": {FILE}"),
    "lzma.zip": (
        lambda folder: zipped(folder, zipfile.ZIP_LZMA, 1),
        ": was compressed by lzma in the zip; only deflate is read",
    ),
    "values.json": (lambda _: objects(LIST, b"]}]}"), rf":1: {NODES}"),
    "entry.har": (lambda _: objects(b'{"log":{"entries":[{"a":[', b"]}]}}"), rf":1: {NODES}"),
    "aside.har": (lambda _: objects(b'{"log":{"a":[', b'],"entries":[]}}'), rf":1: {NODES}"),
    "numbers.har": (
        lambda _: b'{"log":{"entries":[{"a":[' + b"1," * (4 * MIB) + b"1]}]}}",
        rf":1 #0: {NODES}",
    ),
    "line.ndjson": (
        lambda _: GOOD + b'{"request":{"a":[' + b"{}," * (4 * MIB) + b'1]},"response":{}}\n',
        rf":2 #1: {NODES}",
    ),
    "document.json": (
        lambda _: b'{"openapi":"3.0.0","paths":{},"x":[' + b'["a"],' * MIB + b"1]}",
        rf": {NODES}",
    ),
    "document.yaml": (
        lambda _: b"openapi: 3.0.0\npaths: {}\nx: [" + b"{}," * (2 * MIB) + b"1]\n",
        rf"(:\d+)?: {NODES}",
    ),
    "brackets.json": (lambda _: b'{"interactions":[' + b"[" * (8 * MIB), rf":1: {NODES}"),
    "scalars.yaml": (
        lambda _: YAML + b"- [" + b"a," * (3 * MIB) + b"]\n",
        rf":3( #0)?: {NODES}|:3: nodes of the file are over the limit of 3000000",
    ),
    "items.yaml": (
        lambda _: YAML + (b"- [" + b"a," * 400_000 + b"]\n") * 10,
        r":\d+: nodes of the file are over the limit of 3000000 \(--max-file-nodes\)",
    ),
    "layout.yaml": (
        lambda _: b"interactions:\n" + (b"- [" + b"a," * 400_000 + b"]\n") * 40,
        r":41 #39: nodes of the file are over the limit of 3000000 \(--max-file-nodes\)",
    ),
    "large.yaml": (
        lambda _: YAML + b"- '" + b"a" * (65 * MIB) + b"'\n",
        r": file is over the limit of 64 MiB \(--max-file-bytes\)",
    ),
    "large.toml": (
        lambda _: (
            b'version = 1\n[[interactions]]\n[interactions.request]\nmethod = "GET"\n'
            b'uri = "http://h/"\nbody_type = "none"\n#' + b"a" * (9 * MIB)
        ),
        r": file is over the limit of 8 MiB \(--max-toml-bytes\)",
    ),
    "headers.http": (
        lambda _: WIRE + b"A: b\r\n" * (2 * MIB) + b"\r\n",
        r":\d+ #0: nodes of the headers are over the limit of 2000000 \(--max-nodes\)",
    ),
    "chunks.http": (
        lambda _: WIRE + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * (3 * MIB),
        r":1 #0: chunks are over the limit of 2000000 \(--max-nodes\)",
    ),
    "body.http": (
        lambda _: WIRE + b"\r\n" + b"a" * (9 * MIB),
        r":1 #0: body of 9437184 bytes is over the limit of 8 MiB \(--max-body-bytes\)",
    ),
    "pairs.txt": (
        lambda _: (
            b"https\nGET\nh\nNone\n/a\n{'A': 'b'}\nNone\n404\n["
            + b"('a','b')," * MIB
            + b"]\n{}\n\n"
        ),
        r":1 #0: nodes of the headers are over the limit of 2000000 \(--max-nodes\)",
    ),
}
MANY = {
    "many.ndjson": GOOD + b"1\n" * MIB,
    "many.har": b'{"log":{"entries":[' + b"1," * MIB + b"1]}}",
    "many.json": b'{"http_interactions":[' + b"{}," * MIB + b'{}],"recorded_with":"betamax/1"}',
    "many.yaml": YAML + b"- a\n" * MIB,
}


@pytest.mark.parametrize("name", FILES)
def test_it_is_refused_with_its_limit(tmp_path, name):
    content, expected = FILES[name]
    (tmp_path / name).write_bytes(content(tmp_path))
    (tmp_path / "good.ndjson").write_bytes(GOOD)

    ran = check(tmp_path, "--all", name, "good.ndjson").sound()

    problems = [one for one in ran.lines_on(name) if ": http 404: " not in one]
    assert len(problems) <= 40
    assert re.match(expected, problems[-1]), problems[-1]
    assert len(ran.lines_on("good.ndjson")) == 1


@pytest.mark.parametrize("name", MANY)
def test_a_flood_of_unreadable_exchanges_ends(tmp_path, name):
    (tmp_path / name).write_bytes(MANY[name])
    (tmp_path / "good.ndjson").write_bytes(GOOD)

    ran = check(tmp_path, "--all", name, "good.ndjson").sound()

    *_, last = ran.lines_on(name)
    assert re.match(
        r":\d+: exchanges that cannot be read are over the limit of 10000 \(--max-problems\), the "
        "rest was not looked at",
        last,
    )
    assert len(ran.lines_on("good.ndjson")) == 1


def test_a_limit_can_be_raised_and_lowered(tmp_path):
    (tmp_path / "log.ndjson").write_bytes(GOOD + b"1\n" * 30 + GOOD)

    low = check(tmp_path, "--max-problems", "29", "log.ndjson").sound()
    high = check(tmp_path, "--max-problems", "30", "log.ndjson").sound()

    assert "over the limit of 29 (--max-problems)" in low.out
    assert "limit" not in high.out


def coded(data, coding, content_type="application/json"):
    body = {"base64": base64.b64encode(data).decode()}
    headers = {"Content-Type": content_type, "Content-Encoding": coding}
    return exchange(401, body, headers=headers)


def thrice(mib=64):
    return gzip.compress(gzip.compress(packed(b"", mib=mib)))


BODIES = {
    "gzip": (lambda: coded(packed(b""), "gzip"), "gzip stream expands to more than"),
    "deflate": (lambda: coded(packed(b"", 15), "deflate"), "deflate stream expands to more than"),
    "br": (lambda: coded(brotli_bomb(), "br"), "br stream expands to more than"),
    "zstd": (lambda: coded(zstd_bomb(), "zstd"), "zstd stream (expands to more|cannot be read)"),
    "thrice": (lambda: coded(thrice(), "gzip, gzip, gzip"), "coded more than 2 times|expands to"),
    "unsaid": (lambda: coded(packed(b""), "identity"), "gzip stream expands to more than"),
    "cut": (lambda: coded(gzip.compress(b"{}" * 500)[:-9], "gzip"), "gzip stream cut short"),
    "sum": (lambda: coded(gzip.compress(b"{}")[:-5] + b"\0" * 5, "gzip"), "damaged gzip stream"),
    "many-names": (
        lambda: coded(gzip.compress(b"\x00\x01"), ", ".join(["gzip"] * 100_000)),
        "",
    ),
}
CHARSETS = ("punycode", "utf-7", "idna", "unicode_escape", "undefined", "utf-8\0", "rot13", "hex")


def test_bodies_that_expand_are_violations_of_their_exchange(tmp_path):
    shutil.copy(ACME, tmp_path / "acme.json")
    lines = [json.dumps(make()) for make, _ in BODIES.values()]
    (tmp_path / "log.ndjson").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "log.har").write_bytes(
        har(
            *(
                entry(
                    one["response"]["body"]["base64"],
                    401,
                    [{"name": n, "value": v} for n, v in one["response"]["headers"].items()],
                    encoding="base64",
                )
                for one in map(json.loads, lines)
            )
        )
    )
    words = ["--provider", "acme", "--catalogs", "acme.json"]

    ran = check(tmp_path, *words, "log.ndjson", "log.har").sound(1)

    for name, (_, expected) in BODIES.items():
        index = list(BODIES).index(name)
        for file in ("log.ndjson", "log.har"):
            found = [one for one in ran.lines_on(file) if f" #{index}: " in one]
            if expected:
                assert any("body-encoding" in one for one in found), (name, found)
                assert any(re.search(expected, one) for one in found), (name, found)
    assert all(len(one) < 3000 for one in ran.out.split("\n"))


def test_a_charset_is_looked_up_in_a_list(tmp_path):
    text = "a-" * 400_000
    lines = [
        json.dumps(exchange(401, text, headers={"Content-Type": f"text/plain; charset={charset}"}))
        for charset in CHARSETS
    ]
    (tmp_path / "log.ndjson").write_text("\n".join(lines), encoding="utf-8")

    ran = check(tmp_path, "--all", "log.ndjson").sound(1)

    assert len({one.split(":", 2)[1] for one in ran.lines_on("log.ndjson")}) == len(CHARSETS)
