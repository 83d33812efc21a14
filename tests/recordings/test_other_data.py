"""What is told to be no recording at all, though its name could be that of one."""

from __future__ import annotations

import io
import json

import pytest

from pytest_apierrors.recordings import other_data
from pytest_apierrors.recordings.other_data import is_other
from pytest_apierrors.results import NoRecording, found_in

JSON = [
    b'{"name": "x", "devDependencies": {"request": "^2.88.2", "responses": "1"}}',
    b'{"errors": [{"message": "Bad request: x"}]}',
    b"[1, 2]",
    b'{"a": "' + b"x" * 100_000 + b'"}',
]
YAML = [
    b"request: 1\nresponse: no\n",
    b"---\n# data\nerrors:\n- message: Bad request\n",
    b"- a: b\n",
    b"a: " + b"x" * 65531 + "\u00e9\n".encode(),
]
NO_JSON = [
    b"",
    b" \n",
    b"{}",
    b"[]",
    b"7",
    b'"a"',
    b"no recording at all",
    b'{"a": ',
    b'{"a": "\xff"}',
    b"[" * 100_000,
    b"\0\0",
    '{"a": 1}'.encode("utf-16"),
    b'{"request": {"method": 1}}',
    b'{"httpResponse": [1]}',
    b'{"ResponseMetadata": {}}',
    b'{"request":',
    b'{"a": "' + b"x" * 100_000 + b'", "response" : {}}',
    b'{"a": "' + b"x" * 65519 + b'", "response": {"a": 1}}',
]
NO_YAML = [
    b"",
    b"no cassette either",
    b"[[",
    b"a: \0",
    b"- interactions:\n",
    b"responses: !ruby/hash\n",
    b"Request :\r\n",
    b"'response': &a {}\n",
    b"a: b\nrequest:",
]


@pytest.mark.parametrize("data", JSON)
def test_other_json(data):
    assert is_other(io.BytesIO(data), is_json=True)


@pytest.mark.parametrize("data", YAML)
def test_other_yaml(data):
    assert is_other(io.BytesIO(data), is_json=False)


@pytest.mark.parametrize("data", NO_JSON)
def test_json_that_is_or_was_a_recording_or_nothing(data):
    assert not is_other(io.BytesIO(data), is_json=True)


@pytest.mark.parametrize("data", NO_YAML)
def test_yaml_that_is_or_was_a_recording_or_nothing(data):
    assert not is_other(io.BytesIO(data), is_json=False)


def test_what_is_too_large_to_look_at_is_read(monkeypatch):
    monkeypatch.setattr(other_data, "_MOST", 10)

    assert is_other(io.BytesIO(b"[1, 2, 34]"), is_json=True)
    assert not is_other(io.BytesIO(b"[1, 2, 345]"), is_json=True)


@pytest.mark.parametrize("name", ["a.json", "a.yaml", "a.YML"])
def test_in_a_folder_it_is_none_and_by_its_name_it_is_read(tmp_path, name):
    here = tmp_path / name
    here.write_text('{"a": 1}')

    assert list(found_in([str(tmp_path)])) == [NoRecording(str(here))]
    assert list(found_in([str(here)])) == [str(here)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.har", '{"a": 1}'),
        ("a.jsonl", '{"a": 1}'),
        ("a.ndjson", "1"),
        ("a.json", ""),
        ("a.json", '{"request": {}}'),
        ("a.yaml", "log:\n  entries: []\n"),
        (
            "a.json",
            json.dumps([{"scope": "http://h", "method": "GET", "response": "", "path": "/"}]),
        ),
    ],
)
def test_in_a_folder_what_is_or_should_be_a_recording_is_read(tmp_path, name, content):
    here = tmp_path / name
    here.write_text(content)

    assert list(found_in([str(tmp_path)])) == [str(here)]
