"""HAR in the dialects of its writers, and hostile ones."""

from __future__ import annotations

import base64
import gzip
import io
import json
import os
import zipfile

import pytest

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import Limits, har_files, jsonitems
from pytest_apierrors.recordings.fields import REPLACED
from pytest_apierrors.response import Headers

GZIPPED = gzip.compress(b'{"a": 1}', mtime=0)
NOT_RECORDED = "the body was not recorded"


def _entry(content=None, **response):
    return {
        "startedDateTime": "2026-11-22T10:00:00.000Z",
        "request": {"method": "GET", "url": "http://h/a", "postData": {"text": "x"}},
        "response": {"status": 404, "headers": [], "content": content or {}, **response},
    }


def _har(*entries, indent=None, **more):
    log = {"version": "1.2", "pages": [{"id": '{["\\'}], "entries": list(entries), **more}
    return json.dumps({"log": log}, indent=indent, ensure_ascii=False)


@pytest.mark.parametrize(
    ("content", "body", "altered"),
    [
        ({"text": "x", "size": 1}, b"x", None),
        ({"text": "é\u2028", "mimeType": "x"}, "é\u2028".encode(), None),
        ({"text": ""}, b"", None),
        ({"text": "", "encoding": "base64", "mimeType": "x-unknown"}, b"", None),
        ({"text": "AP8=", "encoding": "base64"}, b"\0\xff", None),
        ({"text": "AP\n8=", "encoding": "base64"}, b"\0\xff", None),
        ({"text": "AP8=", "encoding": "BASE64"}, b"\0\xff", None),
        ({"text": "AP8=", "encoding": "Base64", "size": "2"}, b"\0\xff", None),
        ({"text": "x", "size": {"a": []}}, b"x", None),
        ({"size": "0"}, b"", NOT_RECORDED),
        ({"text": '{"a": 1}', "encoding": "base64"}, b'{"a": 1}', None),
        ({"text": "null", "encoding": "base64"}, b"null", None),
        ({"text": "not base64!", "encoding": "base64"}, b"not base64!", None),
        (
            {"text": json.dumps([base64.b64encode(GZIPPED).decode()]), "encoding": "base64"},
            GZIPPED,
            None,
        ),
        ({"text": '["AP8=", "AP8="]', "encoding": "base64"}, b"\0\xff\0\xff", None),
        ({"text": '["not base64!"]', "encoding": "base64"}, b'["not base64!"]', None),
        ({"text": "[1]", "encoding": "base64"}, b"[1]", None),
        ({"text": "00ff", "_isBinary": True}, b"\0\xff", None),
        ({"text": '["00", "ff"]', "_isBinary": True}, b"\0\xff", None),
        ({"text": "0x", "_isBinary": True}, b"0x", None),
        ({"text": "a\ufffdb"}, "a\ufffdb".encode(), REPLACED),
        ({"text": "77+9", "encoding": "base64"}, "\ufffd".encode(), None),
        ({"text": "x", "comment": 7}, b"x", None),
        ({"size": 0}, b"", None),
        ({"size": -1}, b"", NOT_RECORDED),
        ({"size": 12.0, "compression": 3}, b"", NOT_RECORDED),
        ({}, b"", NOT_RECORDED),
    ],
)
def test_bodies(items, content, body, altered):
    [read] = items(_har(_entry(content)))

    assert (read.status, read.body, read.altered) == (404, body, altered)
    assert read.lost is (altered is not None)
    assert (read.method, read.url, read.origin.line) == ("GET", "http://h/a", 1)


@pytest.mark.parametrize("response", [{"bodySize": "7"}, {"bodySize": None}, {"status": 404.0}])
def test_numbers_that_do_not_matter(items, response):
    [read] = items(_har(_entry({"text": "x"}, **response)))

    assert (read.status, read.body) == (404, b"x")


def test_headers_that_are_null_are_not_known(items):
    [read] = items(_har(_entry({"text": "x"}, headers=None)))

    assert (read.status, read.headers) == (404, None)


@pytest.mark.parametrize("more", [{"$schema": "x"}, {"a": {"log": [1]}, "b": [{"log": 1}]}])
def test_the_log_may_come_later(items, more):
    [read] = items(json.dumps(more | json.loads(_har(_entry({"text": "x"})))))

    assert (read.status, read.body) == (404, b"x")


@pytest.mark.parametrize("value", [{"a": 1, "log": "text"}, {"a": 1, "log": {"level": "entries"}}])
def test_another_log(items, value):
    [error] = items(json.dumps(value))

    assert error.reason.startswith("not a recording of a known format")


@pytest.mark.parametrize(
    "response",
    [{"status": 204}, {"status": 304}, {"bodySize": 0}, {"status": 205, "content": None}],
)
def test_where_there_is_no_body_none_is_missed(items, response):
    [read] = items(_har(_entry(**response)))

    assert (read.body, read.altered) == (b"", None)


def test_headers_are_kept_with_repetitions_and_odd_values(items):
    names = [("A", "1"), ("a", 2), ("B", None), ("C", 1.5), ("D", True)]
    headers = [{"name": name, "value": value} for name, value in names] + [{"name": "E"}]

    [read] = items(_har(_entry({"text": ""}, headers=headers)))

    pairs = [("A", "1"), ("a", "2"), ("B", ""), ("C", "1.5"), ("D", "true"), ("E", "")]
    assert read.headers == Headers(pairs)


@pytest.mark.parametrize("status", [0, "0", -1, None, ""])
def test_a_network_failure_is_no_response(items, status):
    found = items(
        _har(_entry(status=status), {"request": {}, "response": None}, {"request": {}}, _entry())
    )

    assert [one.origin.index for one in found] == [3]


def test_a_status_as_text(items):
    [read] = items(_har(_entry(status="429")))

    assert read.status == 429


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (5, 'not a HAR entry: Expected "object", got "int"'),
        (None, 'not a HAR entry: Expected "object", got "null"'),
        ({}, 'not a HAR entry: Object missing required field "request"'),
        (_entry(status=99999), "status 99999 is not an HTTP status"),
        (_entry(status=99), "status 99 is not an HTTP status"),
        (_entry(status=-2), "status -2 is not an HTTP status"),
        (_entry(status="abc"), "status 'abc' is not an HTTP status"),
        (
            _entry(status=True),
            (
                'not a HAR entry: Expected "int | float | str | null", got "bool"'
                ' - at "$.response.status"'
            ),
        ),
        (_entry(status=10**30), None),
        (
            _entry(headers={}),
            'not a HAR entry: Expected "array | null", got "object" - at "$.response.headers"',
        ),
        (
            _entry(headers=[{"name": 1}]),
            'not a HAR entry: Expected "str", got "int" - at "$.response.headers[0].name"',
        ),
        (_entry(headers=[{"name": "a", "value": []}]), None),
        (
            _entry({"text": 5}),
            'not a HAR entry: Expected "str | null", got "int" - at "$.response.content.text"',
        ),
        (_entry({"_file": 5}), None),
        ({"request": [], "response": {}}, None),
    ],
)
def test_wrong_types_are_that_entry_s_problem(items, entry, reason):
    for indent in (None, 1):
        first, error, last = items(_har(_entry(), entry, _entry(status=500), indent=indent))

        assert (first.status, last.status, last.origin.index) == (404, 500, 2)
        assert isinstance(error, RecordingError)
        assert reason in (error.reason, None)
        height = json.dumps(_entry(), indent=indent).count("\n") + (indent is not None)
        assert (error.index, error.line) == (1, first.origin.line + height)


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
    entry = _entry({"encoding": "e", "text": "y"})
    text = _har(_entry({"text": "first"}), entry, _entry({"text": "last"}))
    start = text.rindex("startedDateTime", 0, text.index('"y"'))
    broken = text[:start] + text[start:].replace(old, new, 1)
    assert broken != text

    first, error, last = items(broken)

    assert (first.body, last.body) == (b"first", b"last")
    assert (error.reason, error.index) == (reason, 1)


def test_bytes_that_are_not_utf8_are_that_entry_s_problem(items):
    text = _har(_entry({"text": "a"}), _entry({"text": "FF"}), _entry({"text": "b"})).encode()

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
    deep = json.dumps(_entry()).replace('"headers": []', '"headers": ' + "[" * depth + "]" * depth)

    first, error, last = items(
        _har().replace("[]", f"[{json.dumps(_entry())}, {deep}, {json.dumps(_entry())}]")
    )

    assert (first.status, last.status) == (404, 404)
    assert "headers" in error.reason or "deep" in error.reason


def test_a_cut_har_gives_what_it_has(items):
    text = _har(*[_entry({"text": str(n)}) for n in range(5)])

    *responses, error = items(text[: text.index('"text": "3"')])

    assert [one.body for one in responses] == [b"0", b"1", b"2"]
    assert error.reason == "cut short: the file ends within JSON"


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("piece", [1, 7, 64, 1000, 1 << 20])
def test_pieces_of_any_size_give_the_same(items, monkeypatch, indent, piece):
    nasty = '"}],{"startedDateTime": "\\'
    entries = [_entry({"text": nasty * n, "size": n}) for n in range(20)]
    entries[7] = {"response": entries[7]["response"], "request": {}}
    text = _har(*entries, indent=indent, comment="x" * 3000)
    monkeypatch.setattr(jsonitems, "PIECE", piece)

    found = items(text)

    assert [one.body.decode() for one in found] == [nasty * n for n in range(20)]
    lines = text.split("\n")
    starts = [n for n, line in enumerate(lines, 1) if line == "      {"][1:] if indent else [1] * 20
    assert [one.origin.line for one in found] == starts


def test_limits(items):
    text = _har(_entry({"text": "x" * 50}), _entry({"text": "y" * 5000}), _entry({"text": "z"}))

    _, error, last = items(text, limits=Limits(max_body_bytes=100))
    assert error.reason == "body of 5000 bytes is over the limit of 100 (--max-body-bytes)"
    assert last.body == b"z"
    [error] = items(text, limits=Limits(max_json_bytes=100))
    assert error.reason == "file is over the limit of 100 (--max-json-bytes)"


def test_one_entry_over_the_limit(items, monkeypatch):
    monkeypatch.setattr(jsonitems, "PIECE", 100)
    text = _har(_entry({"text": "x"}), _entry({"text": "y" * 5000}))

    first, error = items(text, limits=Limits(max_exchange_bytes=1000))

    assert first.body == b"x"
    assert error.reason == "one value is over the limit of 1000 (--max-exchange-bytes)"


YAML = """log:
  _recordingName: x
  entries:
    - request: {method: GET, url: "http://h/a"}
      response:
        status: 404
        headers:
          - name: a
            value: 7
        content: {encoding: base64, text: '["AP8="]'}
    - request: {}
      response: {status: 405, status: 406}
    - request: {}
      response: {status: 407, content: {text: 5}}
  version: 1.2
"""


def test_har_in_yaml(items):
    first, second, third = items(YAML)

    assert (first.status, first.body, first.headers.pairs) == (404, b"\0\xff", (("a", "7"),))
    assert first.origin.line == 4
    assert (second.reason, second.index, second.line) == ("key 'status' came before", 1, 12)
    assert (
        third.reason
        == 'not a HAR entry: Expected "str | null", got "int" - at "$.response.content.text"'
    )
    assert (third.index, third.line) == (2, 13)


def _attached(name):
    return _har(_entry({"_file": name}), _entry({"text": "next"}))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../secret", "file '../secret' is not beside the recording"),
        ("a/../../secret", "file 'a/../../secret' is not beside the recording"),
        ("/etc/passwd", "file '/etc/passwd' is not beside the recording"),
        ("..\\secret", r"file '..\\secret' is not beside the recording"),
        ("C:x", "file 'C:x' is not beside the recording"),
        ("", "file '' is not beside the recording"),
        (".", "file '.' is not beside the recording"),
        ("a\0b", r"file 'a\x00b' is not beside the recording"),
        ("link", "file 'link' leads out of the recording's folder"),
        ("folder-link/secret", "file 'folder-link/secret' leads out of the recording's folder"),
        ("pipe", "file 'pipe' is not a regular file"),
        ("missing", "file 'missing' cannot be opened: No such file or directory"),
        ("loop", None),
        ("big", "file 'big' is over the limit of 8 (--max-body-bytes)"),
    ],
)
def test_an_attachment_stays_beside_the_recording(items, tmp_path, name, reason):
    (tmp_path / "secret").write_text("secret")
    beside = tmp_path / "har"
    beside.mkdir()
    (beside / "link").symlink_to(tmp_path / "secret")
    (beside / "folder-link").symlink_to(tmp_path)
    (beside / "loop").symlink_to(beside / "loop")
    (beside / "big").write_bytes(b"x" * 9)
    os.mkfifo(beside / "pipe")

    error, good = items(_attached(name), "har/x.har", limits=Limits(max_body_bytes=8))

    assert isinstance(error, RecordingError)
    assert reason in (error.reason, None)
    assert (error.index, good.body) == (0, b"next")


def test_an_attachment_is_read(items, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "body.bin").write_bytes(b"\0\xff")

    first, _ = items(_attached("sub/body.bin"), "x.har")

    assert first.body == b"\0\xff"


def _zip(members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def test_attachments_in_a_zip(items):
    found = items(_zip({"x.har": _attached("a.bin"), "a.bin": b"\0\xff"}))

    assert [one.body for one in found] == [b"\0\xff", b"next"]


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"x.har": _attached("missing")}, "file 'missing' is not in the archive"),
        ({"x.har": _attached("../a"), "../a": b""}, "file '../a' is not beside the recording"),
        (
            {"x.har": _attached("a"), "a": b"\0" * 10_000_000},
            "file 'a' is over the limit of 8 MiB (--max-body-bytes)",
        ),
        ({"a": b""}, "a zip with no .har in it, not one"),
        ({"a.har": b"", "b.har": b""}, "a zip with 2 .har in it, not one"),
        ({"a.har": b"hello"}, "not a JSON object at its top"),
        ({"a.har": b""}, "not a JSON object at its top"),
    ],
)
def test_hostile_zips(items, members, reason):
    error = items(_zip(members))[0]

    assert error.reason == reason


def test_an_archive_of_fiddler_is_known(items):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("[Content_Types].xml", "_index.htm", "raw/01_c.txt", "raw/01_s.txt"):
            archive.writestr(name, "x")

    [error] = items(packed.getvalue(), "a.saz")

    assert error.reason == "an archive of Fiddler; export it as HAR (HTTP Archive)"


def test_a_zip_bomb_is_bounded(items):
    bomb = _zip({"x.har": b'{"log": {"entries": [' + b" " * 50_000_000})

    [error] = items(bomb, limits=Limits(max_json_bytes=10_000_000))

    assert error.reason == "file is over the limit of 10000000 (--max-json-bytes)"


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
def test_a_broken_zip_is_one_error(items, cut):
    whole = _zip({"x.har": _attached("a"), "a": os.urandom(100)})

    [error] = items(whole[: int(len(whole) * cut)])

    assert error.reason.startswith("not a sound zip: ")


def test_a_zip_with_a_wrong_checksum(items):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("x.har", _attached("a"))
        archive.writestr("a", b"body")

    error, good = items(packed.getvalue().replace(b"body", b"BODY"))
    [broken] = items(packed.getvalue().replace(b"next", b"NEXT"))[-1:]

    assert error.reason.startswith("file 'a' cannot be read: Bad CRC-32")
    assert good.body == b"next"
    assert broken.reason.startswith("not a sound zip: Bad CRC-32")


def test_names_that_stand_twice_in_a_sound_entry(items):
    """What looks like a repetition is looked at again, and only what is read counts."""
    sound = _entry({"text": "a", "x": {"text": "b"}}, comment="\\u0041")
    other = json.dumps(_entry({"text": "c", "x": {"text": "d"}})).replace("{", '{"y": 1, "y": 2, ')

    first, second = items(
        _har().replace('"entries": []', f'"entries": [{json.dumps(sound)}, {other}]')
    )

    assert (first.body, second.body) == (b"a", b"c")


def test_an_entry_without_content_or_with_a_byte_order_mark_in_front(items):
    entry = {"request": {}, "response": {"status": 404}}

    [read] = items(b"\xef\xbb\xbf" + _har(entry).encode())

    assert (read.status, read.altered, read.headers) == (404, NOT_RECORDED, Headers())


def test_entries_that_are_not_apart_by_a_comma(items):
    text = _har(_entry({"text": "a"}), _entry({"text": "b"}), _entry({"text": "c"}))

    first, second, error = items(
        text.replace('"c"', '"C"').replace("}}, {", "}}; {").replace("}}; {", "}}, {", 1)
    )

    assert (first.body, second.body) == (b"a", b"b")
    assert error.reason == "not JSON: unexpected ';'"


def test_a_zip_of_too_many_files(items, monkeypatch):
    monkeypatch.setattr(har_files, "_MOST_MEMBERS", 2)

    [error] = items(_zip({"x.har": _har(), "a": b"", "b": b""}))

    assert error.reason == "a zip of more than 2 files"
