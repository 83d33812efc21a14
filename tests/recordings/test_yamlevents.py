"""Hostile YAML: bounded, refused in a sentence, never executed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import Limits, yamlevents

HEAD = "version: 1\ninteractions:\n"
GOOD = "- request: {method: GET}\n  response: {status: 404}\n"
LAUGHS = "".join(
    f"  {x}: &{x} [{', '.join([f'*{y}'] * 9)}]\n"
    for x, y in zip("bcdefghi", "abcdefgh", strict=True)
)


@pytest.fixture(params=["libyaml", "pure"])
def either(request, monkeypatch):
    """Read with the parser in C and with the one in Python."""
    if request.param == "pure":
        monkeypatch.setattr(yamlevents, "Parser", yaml.SafeLoader)


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        (HEAD + "- " + "[" * 1_000_000, "nesting is over the limit of 64 (--max-depth)", 3),
        (HEAD + "- " * 20_000 + "x\n", "nesting is over the limit of 64 (--max-depth)", 3),
        (HEAD + "- " + "{a: " * 70 + "}" * 70, "nesting is over the limit of 64 (--max-depth)", 3),
        (
            HEAD + "- x: &a [1,1,1,1,1,1,1,1,1]\n" + LAUGHS,
            "nodes behind aliases are over the limit of 2000000 (--max-nodes)",
            9,
        ),
        ("? [a]\n: 1\n" + HEAD, "not a mapping at its top", None),
        (HEAD + "  x: 1\n", "exchanges are not a list", 3),
        (HEAD, "exchanges are not a list", 2),
        (HEAD + GOOD + "version: 2\n", "key 'version' came before", 5),
        (HEAD + GOOD + "---\na: 1\n", "a second document", 5),
        ("version: {a: 1, a: 2}\ninteractions: []\n", "key 'a' came before", 1),
        ("version: !!set {}\ninteractions: []\n", "tag !!set is not allowed", 1),
        (HEAD + "- \x00\n", "not YAML: ", 3),
        (HEAD + "- \x1b\n", "not YAML: ", 3),
        (b"version: 1\ninteractions:\n- \xff\n", "not YAML: ", None),
        (HEAD + "- 'unclosed\n", "not YAML: ", None),
        (HEAD + "- [1, 2\n", "not YAML: ", None),
        (HEAD + "-\t- a\n", "not YAML: ", 3),
        (HEAD + "- *a b\n- %", "not YAML: ", None),
    ],
)
def test_a_file_that_cannot_be_read_on(items, text, reason, line):
    start = time.process_time()
    found = items(text, reader="vcrpy")

    assert isinstance(found[-1], RecordingError)
    if reason != "not a mapping at its top":
        assert found[-1].reason.startswith(reason)
        assert line is None or found[-1].line == line
    assert time.process_time() - start < 5


@pytest.mark.usefixtures("either")
@pytest.mark.parametrize(
    ("item", "reason", "line"),
    [
        ("- {a: 1, a: 2, <<: 3}\n", "key 'a' came before", 3),
        ("- {a: 1, a: 2}\n", "key 'a' came before", 3),
        ("- a: 1\n  b: 2\n  a: 3\n", "key 'a' came before", 5),
        ("- <<: {a: 1}\n", "merge keys are not read", 3),
        ("- {[a]: 1}\n", "a key that is not a text", 3),
        ("- {{a: 1}: 1}\n", "a key that is not a text", 3),
        ("- *nobody\n", "alias 'nobody' names nothing before it", 3),
        ("- &a [*a]\n", "alias 'a' names nothing before it", 3),
        (
            "- x: !!python/object/apply:os.system [touch x]\n",
            "tag !!python/object/apply:os.system is not allowed",
            3,
        ),
        ("- x: !!binary '='\n", "!!binary is not base64", 3),
        ("- x\n", "interaction is 'x', not a mapping", 3),
        ("-\n", "interaction is None, not a mapping", 3),
    ],
)
def test_an_item_that_is_spoiled_leaves_the_others(items, item, reason, line):
    error, good = items(HEAD + item + GOOD)

    assert (error.reason, error.index, error.line) == (reason, 0, line)
    assert (good.status, good.origin.index) == (404, 1)


@pytest.mark.usefixtures("either")
def test_small_aliases_and_quoted_merge_keys_are_fine(items):
    text = (
        "- request: &r {method: &m GET}\n  response: {status: 404, headers: &h {'<<': [x, *m]}}\n"
    )
    text += "- request: *r\n  response: {status: 405, headers: *h}\n"
    text += "- {*m : 1, request: *r, response: {status: 406}}\n"

    first, second, third = items(HEAD + text)

    assert (first.method, second.method, third.method) == ("GET", "GET", "GET")
    assert second.headers.pairs == (("<<", "x"), ("<<", "GET"))


def test_nodes_are_counted_per_exchange(items):
    many = "- request: {}\n  response: {status: 404, x: [" + "1," * 60 + "]}\n"

    assert len(items(HEAD + many * 5, limits=Limits(max_nodes=80))) == 5
    first, error = items(HEAD + GOOD + many.replace("1,", "[1],"), limits=Limits(max_nodes=80))
    assert first.status == 404
    assert error.reason == "nodes are over the limit of 80 (--max-nodes)"


def test_a_file_over_the_limit_is_not_held(items):
    [error] = items(HEAD + GOOD, limits=Limits(max_file_bytes=30))

    assert error.reason == "file is over the limit of 30 (--max-file-bytes)"


def test_nothing_is_executed(items, tmp_path):
    mark = tmp_path / "executed"
    items(f"{HEAD}- !!python/object/apply:os.system ['touch {mark}']\n")
    items(f"interactions:\n- !!python/object/apply:os.system ['touch {mark}']\n")

    assert not mark.exists()


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 50_000, "{a: " * 50_000])
def test_the_process_survives(tmp_path, text):
    """In a process of its own: the loaders of PyYAML end here in a crash."""
    file = tmp_path / "cassette.yaml"
    file.write_text(f"{HEAD}- {text}")
    code = "import sys; from pytest_apierrors.recordings import read; print(*read(sys.argv[1]))"
    root = str(Path(__file__).parents[2])

    done = subprocess.run(
        [sys.executable, "-c", code, str(file)],
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "--max-depth" in done.stdout


def test_numbers_are_what_both_versions_of_yaml_take_for_one():
    from pytest_apierrors.recordings.yamlscalar import resolved

    values = {
        "": None,
        "~": None,
        "null": None,
        "NULL": None,
        "nULL": "nULL",
        "true": True,
        "FALSE": False,
        "yes": "yes",
        "1": 1,
        "-1": -1,
        "+1": 1,
        "01": "01",
        "0": 0,
        "0x1F": 31,
        "0o17": "0o17",
        "1_000": "1_000",
        "1.5": 1.5,
        "1.": 1.0,
        ".5": 0.5,
        "1e5": "1e5",
        "1.5e+3": 1500.0,
        "1.5e3": "1.5e3",
        "-.inf": float("-inf"),
        ".Inf": float("inf"),
        ".": ".",
        "-": "-",
        "9" * 400: int("9" * 400),
        "9" * 401: "9" * 401,
        "12:30:45": "12:30:45",
        "2001-12-14": "2001-12-14",
        "=": "=",
        "<<": "<<",
    }

    assert {text: resolved(text) for text in values} == values
    assert [type(resolved(text)) for text in values] == [type(value) for value in values.values()]
    assert str(resolved(".NaN")) == "nan"


def test_half_a_surrogate_pair_has_no_bytes(items, monkeypatch):
    """The parser in Python lets it pass, libyaml does not."""
    monkeypatch.setattr(yamlevents, "Parser", yaml.SafeLoader)

    [error] = items(HEAD + '- request: {}\n  response: {status: 404, body: {string: "\\ud800"}}\n')

    assert error.reason == "body has half of a surrogate pair"
