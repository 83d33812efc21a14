"""Catalogs that are made to hurt: refused in one line, and nothing is fetched for them."""

from __future__ import annotations

import json
import socket
import threading

import pytest
from hostile_run import ACME, GOOD, run

PATTERN = {"type": "object", "properties": {"error": {"type": "string", "pattern": "^(a+)+$"}}}


@pytest.fixture
def canary():
    """A port, and how many connections it had."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        seen = []

        def answer():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                seen.append(1)
                connection.close()

        threading.Thread(target=answer, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", seen
        server.shutdown(socket.SHUT_RDWR)


def with_schema(schema):
    catalog = json.loads(ACME.read_text(encoding="utf-8"))
    catalog["envelopes"]["error"]["schema"] = schema
    return json.dumps(catalog)


def nested(schema, levels, wrap):
    for _ in range(levels):
        schema = wrap(schema)
    return schema


def objects(inner):
    return {"type": "object", "properties": {"a": inner}, "required": ["a"]}


def doubling():
    parts = {f"a{n}": {"allOf": [{"$ref": f"#/$defs/a{n - 1}"}] * 2} for n in range(1, 26)}
    return {"type": "object", "$ref": "#/$defs/a25", "$defs": {"a0": {"type": "object"}, **parts}}


SCHEMAS = {
    "loop": {"$ref": "#"},
    "chain": {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}},
    "doubling": doubling(),
    "any-of": nested({"type": "object"}, 14, lambda one: {"anyOf": [one, {"allOf": [one, one]}]}),
    "deep": nested({"type": "string"}, 40, objects),
    "deeper": nested({"type": "string"}, 25, objects),
    "wide": {"type": "object", "properties": {f"a{n}": {"type": "string"} for n in range(5000)}},
    "typo": {"type": "object", "requird": ["a"]},
    "nothing": {},
    "true": True,
    "format": {"type": "object", "properties": {"a": {"type": "string", "format": "emial"}}},
    "backreference": {
        "type": "object",
        "properties": {"a": {"type": "string", "pattern": r"(a)\1"}},
    },
    "lookahead": {"type": "object", "properties": {"a": {"type": "string", "pattern": "(?=a)a"}}},
    "repeats": {
        "type": "object",
        "properties": {"a": {"type": "string", "pattern": "((a{1,1000}){1,1000}){1,1000}"}},
    },
    "unique": {"type": "object", "properties": {"a": {"type": "array", "uniqueItems": True}}},
}
MAY_BE_TAKEN = {"deeper", "unique", "wide"}
REFERENCES = (
    "{canary}/x",
    "file:///etc/passwd",
    "//127.0.0.1/x",
    "other.json",
    "urn:x",
    "/etc/passwd",
)


def refused(ran, name):
    """Check that the catalog is refused in one line that names it."""
    ran.sound()
    told = (ran.err or ran.out).strip().split("\n")
    assert name in told[0], told
    assert len(told) <= 3, told
    assert all(len(one) < 1500 for one in told)


def checked(folder, text, name="acme.json"):
    (folder / name).write_text(text, encoding="utf-8", errors="surrogatepass")
    (folder / "good.ndjson").write_bytes(GOOD)
    return run("check", "good.ndjson", "--provider", "acme", "--catalogs", name, folder=folder)


@pytest.mark.parametrize("name", SCHEMAS)
def test_schemas(tmp_path, name):
    ran = checked(tmp_path, with_schema(SCHEMAS[name]))

    if name in MAY_BE_TAKEN and ran.status != 2:
        ran.sound(ran.status)
    else:
        refused(ran, "acme.json")


def test_references_are_not_followed(tmp_path, canary):
    url, seen = canary
    for number, reference in enumerate(REFERENCES):
        for key in ("$ref", "$schema", "$id", "$dynamicRef"):
            schema = {"type": "object", key: reference.format(canary=url)}
            place = tmp_path / f"{number}-{key[1:]}"
            place.mkdir()
            if key == "$schema" or number % 3 == 0:  # the way is the same for all of a kind
                ran = checked(place, with_schema(schema))
                refused(ran, "acme.json")
    catalog = json.loads(ACME.read_text(encoding="utf-8"))
    catalog["$schema"] = f"{url}/schema"
    ran = checked(tmp_path, json.dumps(catalog))

    assert ran.status in (0, 1)
    assert seen == []


def test_a_pattern_takes_linear_time(tmp_path):
    (tmp_path / "acme.json").write_text(with_schema(PATTERN), encoding="utf-8")
    body = json.dumps({"error": "a" * 50_000 + "!"})
    line = {"request": {}, "response": {"status": 404, "headers": {}, "body": body}}
    (tmp_path / "log.ndjson").write_text(json.dumps(line), encoding="utf-8")

    ran = run(
        *("check", "log.ndjson", "--provider", "acme", "--catalogs", "acme.json"), folder=tmp_path
    )

    ran.sound(ran.status)
    assert ran.status in (1, 2)


TEXTS = {
    "deep": "[" * 100_000,
    "closed": '{"errors": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "twice": '{"title": "a", "title": "b"}',
    "nan": '{"title": NaN}',
    "digits": f'{{"title": {"9" * 5000}}}',
    "surrogate": '{"title": "\\ud800"}',
    "list": "[]",
    "text": '"x"',
    "empty": "",
    "zeros": "\0" * 1_000_000,
    "yaml": "title: x\n",
    "large": '{"title": "' + "a" * 17_000_000 + '"}',
    "values": '{"title": [' + "{}," * 5_000_000 + "{}]}",
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts(tmp_path, name):
    refused(checked(tmp_path, TEXTS[name]), "acme.json")


def test_lint_says_the_same_of_each(tmp_path):
    for name, text in TEXTS.items():
        if len(text) < 2_000_000:
            (tmp_path / f"{name}.json").write_text(text, encoding="utf-8")
    for name, schema in SCHEMAS.items():
        (tmp_path / f"s-{name}.json").write_text(with_schema(schema), encoding="utf-8")
    files = sorted(one.name for one in tmp_path.iterdir())

    ran = run("lint", *files, folder=tmp_path).sound()

    said = ran.out + ran.err
    assert [name for name in files if name not in said and name[2:-5] not in MAY_BE_TAKEN] == []
