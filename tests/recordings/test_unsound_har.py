"""HAR that is not sound: entries and files, cut, nested deeply, over a limit."""

from __future__ import annotations

import json

import pytest
from har_texts import har_entry, har_text

from pytest_apierrors.recordings import Limits, jsonitems


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"status": 404', '"status": 404, "status": 200', 'key "status" came before'),
        ('"status": 404', '"st\\u0061tus": 200, "status": 404', 'key "status" came before'),
        (
            '"response": {',
            '"response": {"status": 200}, "response": {',
            'key "response" came before',
        ),
        ('"request": {', '"request": {"method": "PUT"}, "request": {', 'key "request" came before'),
        ('"text": "y"', '"text": "x", "text": "y"', 'key "text" came before'),
        (
            '"text": "y"',
            '"text": "x", "text": "y", "comment": "content"',
            'key "text" came before',
        ),
        ('"encoding": "e"', '"encoding": "base64", "encoding": "e"', 'key "encoding" came before'),
        ('"status": 404', '"status": 0404', "not sound JSON: number that JSON does not allow"),
        ('"text": "y"', '"text": "\\ud800"', "not sound JSON: half of a surrogate pair"),
        ('"text": "y"', '"text": "\t"', "not sound JSON: raw control character 0x09 in a string"),
        ('"text": "y"', '"text": "y",', "not sound JSON: trailing comma"),
    ],
)
def test_entries_that_are_not_sound_json(items, old, new, reason):
    entry = har_entry({"encoding": "e", "text": "y"})
    text = har_text(har_entry({"text": "first"}), entry, har_entry({"text": "last"}))
    start = text.rindex("startedDateTime", 0, text.index('"y"'))
    broken = text[:start] + text[start:].replace(old, new, 1)
    assert broken != text

    first, error, last = items(broken)

    assert (first.body, last.body) == (b"first", b"last")
    assert (error.reason, error.index) == (reason, 1)


def test_bytes_that_are_not_utf8_are_that_entry_s_problem(items):
    text = har_text(
        har_entry({"text": "a"}), har_entry({"text": "FF"}), har_entry({"text": "b"})
    ).encode()

    _, error, last = items(text.replace(b'"FF"', b'"\xff"'))

    assert error.reason == "not sound JSON: byte 0xff is not UTF-8"
    assert last.body == b"b"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"log": {}}', 'has no "entries"'),
        ('{"log": []}', '"log" is not a mapping'),
        ('{"log": {"entries": {}}}', '"entries" is not a list'),
        ('{"log": {"entries": []}, "log": {"entries": []}}', 'key "log" came before'),
        ('{"log": {"entries": [], "entries": []}}', 'key "entries" came before'),
        ('{"log": {"entries": []}', "cut short: the file ends within JSON"),
        ('{"log": {"entries": [', "cut short: the file ends within JSON"),
        ('{"log": {"entries": [[', "cut short: the file ends within JSON"),
        ('{"log": {"pages": ', "cut short: the file ends within JSON"),
        ('{"log": {"pages": "', "cut short: the file ends within JSON"),
        ('{"log": {"pages": nope, "entries": []}}', "not JSON: unexpected 'n'"),
        ('{"log": {"pages": ?', "not JSON: unexpected 'n'"),
        ('{"log": {"entries": []}} {}', "something follows the JSON object"),
        ('{"log": {"entries": [,]}}', "not JSON: unexpected ','"),
        (
            '{"log": {"pages": [' + "[" * 100_000 + "]" * 100_000 + "]}}",
            "not JSON: nested deeper than 64 levels",
        ),
        ('{"log": {"\\x": 1}}', "not JSON: a key that is no string"),
        ('{"log": {a: 1}}', "not JSON: unexpected 'a'"),
        ('{"log" {}}', "not JSON: unexpected '{'"),
    ],
)
def test_files_that_are_not_sound_json(items, text, reason):
    [error] = items(text, reader="har")

    assert error.index is None
    if "?" not in text:
        assert error.reason == reason


@pytest.mark.parametrize("depth", [100, 100_000])
def test_deep_nesting_in_an_entry(items, depth):
    deep = json.dumps(har_entry()).replace(
        '"headers": []', '"headers": ' + "[" * depth + "]" * depth
    )

    first, error, last = items(
        har_text().replace("[]", f"[{json.dumps(har_entry())}, {deep}, {json.dumps(har_entry())}]")
    )

    assert (first.status, last.status) == (404, 404)
    assert "headers" in error.reason or "deep" in error.reason


def test_a_cut_har_gives_what_it_has(items):
    text = har_text(*[har_entry({"text": str(n)}) for n in range(5)])

    *responses, error = items(text[: text.index('"text": "3"')])

    assert [one.body for one in responses] == [b"0", b"1", b"2"]
    assert error.reason == "cut short: the file ends within JSON"


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("piece", [1, 7, 64, 1000, 1 << 20])
def test_pieces_of_any_size_give_the_same(items, monkeypatch, indent, piece):
    nasty = '"}],{"startedDateTime": "\\'
    entries = [har_entry({"text": nasty * n, "size": n}) for n in range(20)]
    entries[7] = {"response": entries[7]["response"], "request": {}}
    text = har_text(*entries, indent=indent, comment="x" * 3000)
    monkeypatch.setattr(jsonitems, "PIECE", piece)

    found = items(text)

    assert [one.body.decode() for one in found] == [nasty * n for n in range(20)]
    lines = text.split("\n")
    starts = [n for n, line in enumerate(lines, 1) if line == "      {"][1:] if indent else [1] * 20
    assert [one.origin.line for one in found] == starts


def test_limits(items):
    text = har_text(
        har_entry({"text": "x" * 50}), har_entry({"text": "y" * 5000}), har_entry({"text": "z"})
    )

    _, error, last = items(text, limits=Limits(max_body_bytes=100))
    assert error.reason == "body of 5000 bytes is over the limit of 100 (--max-body-bytes)"
    assert last.body == b"z"
    [error] = items(text, limits=Limits(max_json_bytes=100))
    assert error.reason == "file is over the limit of 100 (--max-json-bytes)"


def test_one_entry_over_the_limit(items, monkeypatch):
    monkeypatch.setattr(jsonitems, "PIECE", 100)
    text = har_text(har_entry({"text": "x"}), har_entry({"text": "y" * 5000}))

    first, error = items(text, limits=Limits(max_exchange_bytes=1000))

    assert first.body == b"x"
    assert error.reason == "one value is over the limit of 1000 (--max-exchange-bytes)"


def test_names_that_stand_twice_in_a_sound_entry(items):
    """What looks like a repetition is looked at again, and only what is read counts."""
    sound = har_entry({"text": "a", "x": {"text": "b"}}, comment="\\u0041")
    other = json.dumps(har_entry({"text": "c", "x": {"text": "d"}})).replace(
        "{", '{"y": 1, "y": 2, '
    )

    first, second = items(
        har_text().replace('"entries": []', f'"entries": [{json.dumps(sound)}, {other}]')
    )

    assert (first.body, second.body) == (b"a", b"c")


def test_entries_that_are_not_apart_by_a_comma(items):
    text = har_text(har_entry({"text": "a"}), har_entry({"text": "b"}), har_entry({"text": "c"}))

    first, second, error = items(
        text.replace('"c"', '"C"').replace("}}, {", "}}; {").replace("}}; {", "}}, {", 1)
    )

    assert (first.body, second.body) == (b"a", b"b")
    assert error.reason == "not JSON: unexpected ';'"
