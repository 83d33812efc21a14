"""Catalogs that are refused, each with its sentence: what is wrong and where, never a traceback."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pytest

from pytest_apierrors.catalog.find import Catalogs, load_file
from pytest_apierrors.catalog.load import MAX_BYTES, MAX_PROBLEMS, load_catalog
from pytest_apierrors.errors import CatalogError

BAD = Path(__file__).parent / "bad"
FILES = sorted(BAD.glob("*.json"))
LONGEST = 1.0 if sys.gettrace() is None else 20.0
"""Seconds of the processor that no refusal may take; measuring coverage takes its own."""


def refusal(file):
    started = time.process_time()
    with pytest.raises(CatalogError) as caught:
        load_file(file)
    assert time.process_time() - started < LONGEST
    return caught.value


def sentence(file):
    return str(refusal(file)).replace(str(file), file.name)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_bad_catalog_is_refused_with_its_sentence(file):
    golden = file.with_suffix(".txt")

    assert sentence(file) == golden.read_text(encoding="utf-8").rstrip("\n")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_sentence_names_the_file_and_the_place_and_is_printable(file):
    lines = sentence(file).split("\n")

    assert len(lines) <= MAX_PROBLEMS + 1
    for line in lines:
        assert line.startswith(f"{file.name}: ")
        assert line.isprintable()
        assert len(line) < 700


def test_every_sentence_belongs_to_a_catalog():
    assert {file.stem for file in BAD.glob("*.txt")} == {file.stem for file in FILES}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 100_000, "line 1, column 65: nested deeper than 64 levels"),
        ('{"title": ' * 100_000, "line 1, column 641: nested deeper than 64 levels"),
        (json.dumps({"title": "x" * MAX_BYTES}), f"{MAX_BYTES + 13} bytes; a catalog has at most"),
        (
            '{"title": "Acme", "x": ' + "9" * 5000 + "}",
            "column 24: integer of more than 400 digits",
        ),
    ],
)
def test_what_is_too_large_for_a_file_of_its_own(tmp_path, text, said):
    file = tmp_path / "acme.json"
    file.write_text(text, encoding="utf-8")

    assert said in sentence(file)


def schema_of(depth):
    schema = {"type": "string"}
    for _ in range(depth):
        schema = {"anyOf": [{"items": schema}, {"items": {"type": "null"}}]}
    return schema


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {f"m{n}": {"type": "string"} for n in range(200_000)}},
        {"properties": {f"m{n}": {"anyOf": [{"anyOf": [{"const": n}]}]} for n in range(3000)}},
        {"anyOf": [{"anyOf": [{"anyOf": [{"const": 1}] * 60}] * 60}] * 60},
        {"enum": list(range(300_000)), "requird": 1},
        {f"word{n}": 1 for n in range(2000)},
        schema_of(15),
    ],
    ids=["wide", "wide-alternatives", "cube", "long-enum", "many-words", "deep"],
)
def test_a_large_schema_is_refused_in_time(tmp_path, schema):
    raw = json.loads((BAD / "schema-keyword.json").read_text(encoding="utf-8"))
    raw["envelopes"]["error"]["schema"] = schema
    file = tmp_path / "acme.json"
    file.write_text(json.dumps(raw), encoding="utf-8")

    assert "$.envelopes.error.schema" in sentence(file)


def test_what_is_no_file_has_its_limit_too():
    with pytest.raises(CatalogError, match="a catalog has at most"):
        load_catalog(b" " * (MAX_BYTES + 1), "acme", "acme.json", Catalogs().get)


def test_two_catalogs_that_extend_each_other(tmp_path):
    for one, other in (("one", "two"), ("two", "one")):
        file = tmp_path / f"{one}.json"
        file.write_text(json.dumps({"title": one, "extends": other}), encoding="utf-8")

    with pytest.raises(CatalogError, match=r"one\.json: \$\.extends: .*extend each other"):
        Catalogs([tmp_path]).get("one")


def test_a_long_chain_of_catalogs(tmp_path):
    for number in range(12):
        file = tmp_path / f"c{number}.json"
        above = f"c{number + 1}" if number < 11 else "http"
        file.write_text(json.dumps({"title": "x", "extends": above}), encoding="utf-8")

    with pytest.raises(CatalogError, match="more than 8 catalogs extend one another"):
        Catalogs([tmp_path]).get("c0")
    assert Catalogs([tmp_path]).get("c5").extends == "c6"
