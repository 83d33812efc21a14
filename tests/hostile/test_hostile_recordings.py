"""Recordings that are made to hurt: each is named with its reason, and nothing else is lost."""

from __future__ import annotations

import gzip
import json
import re
import zlib

import pytest
from hostile_run import GOOD, check, entry, exchange, har

NODES = r"over the limit of 2000000 \(--max-nodes\)"
DEEP = r"over the limit of 64 \(--max-depth\)"
ITEM = (
    "- request: {method: GET, uri: 'http://h/a', body: null, headers: {}}\n"
    "  response: {status: {code: 404, message: x}, headers: {A: [b]}, body: {string: %s}}\n"
)
GOOD_ITEM = ITEM % "x"
LAYOUT = "interactions:\n"
OTHER = "version: 1\ninteractions:\n"


def yaml_item(value, before=GOOD_ITEM, top=LAYOUT, after=GOOD_ITEM):
    return f"{top}{before}{ITEM % value}{after}"


def laughs(levels=9):
    lines = ["- a: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines).replace("- a:", "- a0:") + "\n"


def merges():
    lines = ["- a0: &a0 {x: 1}"]
    lines += [f"  a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 25)]
    return "\n".join(lines) + "\n"


def line(text):
    """Return an exchange log whose second line has this text in place of its status."""
    return GOOD + json.dumps(exchange("@")).replace('"@"', text).encode() + b"\n" + GOOD


def har_of(text):
    return har(entry(), entry(status="@"), entry()).replace(b'"@"', text.encode())


def vcr_json(text):
    item = {"request": {"method": "GET", "uri": "http://h/a", "headers": {}, "body": ""}}
    item["response"] = {"status": {"code": 404, "message": ""}, "headers": {}, "body": {}}
    whole = json.dumps({"interactions": [item, "@", item], "version": 1})
    return whole.replace(
        '"@"', json.dumps(item).replace("404", text.replace("status", "code"))
    ).encode()


ODD_JSON = {
    "nan": ("NaN", "NaN is no JSON number|not a HAR entry: JSON is malformed"),
    "infinity": ("-Infinity", "Infinity is no JSON number|not a HAR entry: JSON is malformed"),
    "overflow": ("1e400", "(?i:number out of range)|too large"),
    "digits": ("4" * 5000, "integer of more than 400 digits|Integer value out of range"),
    "more-digits": ("4" * 5_000_000, "integer of more than 400 digits|Integer value out of range"),
    "zero": ("0404", "number"),
    "deep": ("[" * 100_000 + "]" * 100_000, "nested deeper than 64 levels"),
    "twice": ('404, "status": 200', "key .*(status|code).* (came before|twice|repeated)"),
    "surrogate": (r'404, "y": "\ud800"', "surrogate"),
    "control": ('404, "y": "a\x01b"', "control character|unexpected"),
}
YAML = {
    "laughs": (
        lambda top: f"{top}{GOOD_ITEM}{laughs()}",
        rf":\d+( #1)?: nodes behind aliases are {NODES}",
    ),
    "merges": (
        lambda top: f"{top}{GOOD_ITEM}{merges()}{GOOD_ITEM}",
        rf":\d+( #1)?: nodes behind aliases are {NODES}",
    ),
    "merge": (lambda top: yaml_item("{<<: {a: b}}", top=top), r":\d+ #1: merge keys are not read"),
    "brackets": (lambda top: yaml_item("[" * 100_000, top=top), rf":\d+( #1)?: nesting is {DEEP}"),
    "dashes": (
        lambda top: f"{top}{GOOD_ITEM}- a:\n    " + "- " * 20_000 + f"x\n{GOOD_ITEM}",
        rf":\d+( #1)?: nesting is {DEEP}",
    ),
    "maps": (lambda top: yaml_item("{a: " * 20_000, top=top), rf":\d+( #1)?: nesting is {DEEP}"),
    "twice": (lambda top: yaml_item("x, string: y", top=top), r":\d+ #1: key 'string' came before"),
    "object": (
        lambda top: yaml_item("!!python/object/apply:os.system ['touch owned']", top=top),
        r":\d+ #1: tag !!python/object/apply:os.system is not allowed",
    ),
    "module": (
        lambda top: yaml_item("!!python/name:os.system ''", top=top),
        r":\d+ #1: tag !!python/name:os.system is not allowed",
    ),
    "ruby": (
        lambda top: yaml_item("!ruby/object:Gem::Installer {a: b}", top=top),
        r":\d+ #1: tag !ruby/object:Gem::Installer is not allowed",
    ),
    "itself": (lambda top: yaml_item("&a [*a]", top=top), r":\d+ #1: alias 'a' names nothing"),
    "unknown": (lambda top: yaml_item("*nothing", top=top), r":\d+ #1: alias 'nothing' names"),
    "binary": (lambda top: yaml_item("!!binary '####'", top=top), r":\d+ #1: .*base64"),
    "digits": (
        lambda top: (
            (f"{top}{GOOD_ITEM}{GOOD_ITEM}{GOOD_ITEM}")
            .replace("404", "4" * 5000, 2)
            .replace("4" * 5000, "404", 1)
        ),
        r":\d+ #1: .*status",
    ),
    "control": (lambda top: yaml_item('"a\x07b"', top=top), r":\d+( #1)?: not YAML: .*not allow"),
    "invalid": (
        lambda top: yaml_item("a@b", top=top).encode().replace(b"@", b"\xff"),
        r":\d+( #1)?: not YAML: ",
    ),
    "scalars": (lambda top: yaml_item("[=, 2026-99-99, 12:30:45]", top=top), r":\d+ #1: .*body"),
}


def yaml_files():
    for top_name, top in (("layout", LAYOUT), ("other", OTHER)):
        for name, (content, expected) in YAML.items():
            made = content(top)
            data = made if isinstance(made, bytes) else made.encode()
            yield f"yaml-{name}-{top_name}.yaml", data, expected


def json_files():
    for name, (text, expected) in ODD_JSON.items():
        yield f"log-{name}.ndjson", line(text), rf":2 #1: .*({expected})"
        yield f"har-{name}.har", har_of(text), rf":1 #1: .*({expected})"
        yield f"vcr-{name}.json", vcr_json(text), rf":1 #1: .*({expected})"


def other_files():
    yield "utf16.ndjson", GOOD.decode().encode("utf-16"), ": not a recording of a known format"
    yield "utf16.json", har(entry()).decode().encode("utf-16"), ": not a recording of a known"
    yield "empty.har", b"", ": empty file"
    yield "spaces.yaml", b" \n\t\r\n" * 1000, ": empty file"
    yield "zeros.har", b"\0" * 100_000, ": not a recording of a known format"
    yield "flow.mitm", b"9:4:hello;5:world,}" * 10, ": not a recording of a known format"
    cut = har(entry(), entry())
    yield "cut.har", cut[:-40], ":1( #1)?: cut short: the file ends within JSON"
    yield (
        "long-line.ndjson",
        GOOD + b'{"a":"' + b"a" * (17 << 20) + b'"}\n' + GOOD,
        (r":2 #1: line is over the limit of 16 MiB \(--max-line-bytes\)"),
    )
    big = json.dumps(exchange(body="a" * (9 << 20))).encode()
    yield (
        "big-body.ndjson",
        GOOD + big + b"\n" + GOOD,
        (r":2 #1: body of 9437184 bytes is over the limit of 8 MiB \(--max-body-bytes\)"),
    )
    yield "wrapped.har.gz.zz", zlib.compress(gzip.compress(har(entry()))), ": not a recording"
    yield (
        "cut.har.gz",
        gzip.compress(har(entry()))[:-12],
        (":1: cut short: the (compressed data has no end|file ends within JSON)"),
    )
    dotted = (
        b'version = 1\n[[interactions]]\nrecorded_at = "a"\n'
        b"[interactions.request]\n"
        b'method = "GET"\nuri = "http://h/a"\nbody_type = "none"\n' + b"a." * 10_000 + b"a = 1\n"
    )
    yield "dots.toml", dotted, rf":2( #0)?: nesting is {DEEP}"


FILES = {
    name: (data, expected)
    for make in (yaml_files, json_files, other_files)
    for name, data, expected in make()
}


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    for name, (data, _) in FILES.items():
        (folder / name).write_bytes(data)
    (folder / "zz-good.ndjson").write_bytes(GOOD * 3)
    ran = check(folder, "--all", *FILES, "zz-good.ndjson")
    assert not (folder / "owned").exists()
    return ran


def test_all_of_them_together_cost_what_one_may(checked):
    checked.sound()

    assert checked.err == ""
    assert len(checked.lines_on("zz-good.ndjson")) == 3


@pytest.mark.parametrize("name", FILES)
def test_each_is_named_with_place_and_reason(checked, name):
    lines = checked.lines_on(name)

    problems = [one for one in lines if ": http 404: " not in one]
    assert len(problems) == 1, lines
    assert re.match(FILES[name][1], problems[0]), problems[0]
    assert all(len(one) < 400 for one in lines)
    assert "\\n" not in problems[0][:300]


@pytest.mark.parametrize(
    "name", [name for name in FILES if re.match("log-|har-|vcr-|yaml-(twice|object|ruby)", name)]
)
def test_the_exchanges_beside_are_checked(checked, name):
    lines = checked.lines_on(name)

    assert sum(": http 404: " in one for one in lines) == 2, lines
