"""The quick way through a cassette gives what was recorded, and what the parser gives."""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from vcr.serialize import deserialize
from vcr.serializers import yamlserializer
from yaml_texts import EDITS, NAMES, SETTINGS, TEXT

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import (
    Limits,
    Source,
    layout,
    layout_scalars,
    read,
    vcr_layout,
    vcr_shape,
    yamlevents,
)
from pytest_apierrors.recordings.layout import ASCII_TEXT, Reading
from pytest_apierrors.recordings.yamlevents import Anchors, listed
from pytest_apierrors.response import Headers, Origin, Response

UNKNOWN = replace(vcr_layout.LAYOUT, start=re.compile(rb"(?!)"))
INTERACTION = st.fixed_dictionaries(
    {
        "request": st.fixed_dictionaries(
            {
                "body": st.none() | TEXT | st.binary(max_size=60),
                "headers": st.dictionaries(
                    NAMES, st.lists(TEXT, min_size=1, max_size=2), max_size=2
                ),
                "method": st.sampled_from(["GET", "POST", "get", "M-SEARCH", "NO"]),
                "uri": st.sampled_from(["http://h/a?b=c#d", "https://h/" + "x" * 120]) | TEXT,
            }
        ),
        "response": st.fixed_dictionaries(
            {
                "body": st.fixed_dictionaries({"string": TEXT | st.binary(max_size=90)}),
                "headers": st.dictionaries(
                    NAMES, st.lists(TEXT, min_size=1, max_size=3), max_size=3
                ),
                "status": st.fixed_dictionaries(
                    {"code": st.integers(100, 599), "message": st.none() | TEXT}
                ),
            },
            optional={"url": TEXT},
        ),
    }
)


def _expected(item):
    body = item["response"]["body"]["string"]
    return (
        item["response"]["status"]["code"],
        body if isinstance(body, bytes) else body.encode(),
        tuple((k, v) for k, vs in sorted(item["response"]["headers"].items()) for v in vs),
        item["request"]["method"],
        item["request"]["uri"] or item["response"].get("url"),
    )


def _got(response):
    assert isinstance(response, Response), response
    pairs = tuple(sorted(response.headers, key=lambda pair: pair[0]))
    return (response.status, response.body, pairs, response.method, response.url)


@SETTINGS
@given(st.lists(INTERACTION, min_size=1, max_size=4))
def test_what_vcrpy_writes_comes_back(tmp_path_factory, interactions):
    """Also where a text looks like a number to one YAML and not to the other."""
    path = tmp_path_factory.mktemp("fuzz") / "cassette.yaml"
    text = yamlserializer.serialize({"version": 1, "interactions": interactions})
    path.write_bytes(text.encode())

    responses = list(read(path, reader="vcrpy"))

    assert [_got(one) for one in responses] == [_expected(item) for item in interactions]
    assert [one.origin for one in responses] == [
        Origin(str(path), index, number)
        for index, number in enumerate(
            n for n, line in enumerate(text.split("\n"), 1) if line == "- request:"
        )
    ]


@SETTINGS
@given(st.lists(INTERACTION, min_size=1, max_size=3))
def test_the_quick_way_agrees_with_the_parser(tmp_path_factory, interactions):
    path = tmp_path_factory.mktemp("fuzz") / "cassette.yaml"
    path.write_text(yamlserializer.serialize({"version": 1, "interactions": interactions}), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vcr_layout, "LAYOUT", UNKNOWN)
        by_parser = list(read(path))

    assert list(read(path)) == by_parser


def _with_usual_names(interaction):
    interaction["request"] |= {"method": "GET", "headers": {"Accept": ["*/*"]}}
    texts = [text for texts in interaction["response"]["headers"].values() for text in texts]
    interaction["response"] |= {"headers": {f"X-{n}": [text] for n, text in enumerate(texts)}}
    interaction["response"].pop("url", None)
    return interaction


@settings(SETTINGS, max_examples=250)
@given(INTERACTION.map(_with_usual_names), EDITS)
def test_an_edited_item_is_taken_only_as_the_parser_takes_it(interaction, edits):
    text = yamlserializer.serialize({"interactions": [interaction]}).split("\n", 1)[1]
    for place, inserted in edits:
        at = place % (len(text) + 1)
        text = text[:at] + inserted + text[at:]
    found = vcr_layout.LAYOUT.item.match(text)
    if found is None or found.end() != len(text) or found[0].encode().translate(None, ASCII_TEXT):
        return
    source = Source("f", None, None, 0, Limits())
    taken = vcr_layout._taken(found, Reading(source, vcr_layout.LAYOUT))
    if taken is None:
        return

    [(line, value)] = listed(text.encode(), Limits(), 1, Anchors.none())

    assert vcr_shape.response_of(value, Origin("f", 0, line), Limits()) == taken


@given(TEXT, st.sampled_from([None, "'", '"']))
def test_scalars_stand_for_what_the_parser_says(text, style):
    dumped = yaml.dump({"k": {"string": text}}, Dumper=yaml.CDumper, default_style=style)
    raw = re.split("string['\"]?: ", dumped, maxsplit=1)[1].removesuffix("\n")
    if not re.fullmatch(layout_scalars.value(4), raw) or raw.encode().translate(None, ASCII_TEXT):
        return

    assert layout_scalars.scalar(raw) == text


CASSETTE = """interactions:
- request:
    body: null
    headers:
      Accept:
      - '*/*'
    method: GET
    uri: http://h/a
  response:
    body:
      string: 'one'
    headers:
      X-Long:
      - one two
        three
      Set-Cookie:
      - a=1
      - b=2
    status:
      code: 429
      message: Too Many Requests
- request:
    body: ''
    headers: {}
    method: GET
    uri: http://h/b
  response:
    body:
      string: two
    headers: {}
    status:
      code: 404
      message: ''
version: 1
"""


def test_the_usual_layout_does_not_need_the_parser(items, monkeypatch):
    def refuse(*_):
        raise AssertionError

    monkeypatch.setattr(yamlevents, "YamlReading", refuse)

    first, second = items(CASSETTE)

    assert (first.status, first.body, first.url) == (429, b"one", "http://h/a")
    assert first.headers == Headers(
        [("X-Long", "one two three"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    )
    assert (second.status, second.body, second.headers) == (404, b"two", Headers())
    assert [one.origin.line for one in (first, second)] == [2, 22]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("body: null", 'body: "x\n    method: EVIL\n    uri: evil"'),
        ("- '*/*'", "- 'a\n      - b'"),
        ("- '*/*'", '- "a\n    method: EVIL"'),
        ("- a=1", "- 'a\n      - b'"),
        ("string: 'one'", "string: 'one'  # comment"),
        ("string: 'one'", "string: 'n\u00e9'"),
        ("string: 'one'", "string: 'n\t\n\t    m'"),
        ("- a=1", "- 5"),
        ("- one two\n        three", "- 'a\n      - b'"),
        ("- one two\n        three", "- 'a\n      B:\n      - c'"),
        ("- a=1", "- null"),
        ("string: two", "string: |\n        - request:\n        two"),
        ("string: two", 'string: "t\\x77o\\\n        \\ x"'),
        ("- '*/*'", "- a\n      Accept:\n      - b"),
        ("Set-Cookie:", "X-Long:"),
        ("body: null", "body: !!binary |\n      AP8"),
        ("body: null", "body: !!binary |\n      AP8="),
        ("string: two", "string: !!binary |\n        AP8"),
        ("string: two", "string: !!binary |\n        AP8=\n        AP8="),
        ("string: two", 'string: "a\\\n\n        b"'),
        ("string: two", 'string: "t\\ \n        wo"'),
        ("message: ''", r'message: "\q"'),
        ("message: ''", r'message: "\ud800"'),
        ("message: ''", r'message: "\U00110000"'),
        ("message: ''", "message: 'a\n\n        b'"),
        ("message: ''", "message: a: b"),
        ("message: ''", "message: a #b"),
        ("message: ''", "message: a\n        b: c"),
        ("message: ''", "message: a\n        #b"),
        ("message: ''", "message: &a b"),
        ("string: two", "string: >-\n        two\n        three"),
        ("string: two", "string: 2"),
        ("string: two", "string:"),
        ("string: two", "string: two\n      # comment"),
        ("      Set-Cookie:\n", "# comment in the first column\n      Set-Cookie:\n"),
        ("- a=1", "- 1.50"),
        ("- a=1", "- é"),
        ("method: GET\n    uri: http://h/b", "method: &m GET\n    uri: http://h/b"),
        ("headers: {}\n    method: GET", "headers: &h {}\n    method: GET"),
        ("code: 404", "code: 0x194"),
        ("code: 404", "code: '404'"),
        ("message: ''", "message: ''\n    url: http://h/c"),
        ("\n", "\r\n"),
        ("interactions:", "# comment\ninteractions:"),
        ("interactions:", "---\ninteractions:"),
        ("version: 1\n", "version: 1\nmetadata:\n  run: abc\n"),
        ("version: 1\n", ""),
        ("version: 1\n", "version: 1\n..."),
    ],
)
def test_other_layouts_give_what_the_parser_gives(items, monkeypatch, old, new):
    text = CASSETTE.replace(old, new)
    assert text != CASSETTE

    by_layout = items(text)
    monkeypatch.setattr(vcr_layout, "LAYOUT", UNKNOWN)

    assert _facts(by_layout) == _facts(items(text))


def _facts(found):
    """What came out; the parser of a whole file cannot say which exchange it stumbled over."""
    return [(one.reason, one.line) if isinstance(one, RecordingError) else one for one in found]


def test_an_alias_may_name_an_earlier_interaction(items):
    first, second = items(
        CASSETTE.replace("body: null", "body: &b it").replace("string: two", "string: *b")
    )

    assert (first.body, second.body) == (b"one", b"it")


def test_one_broken_interaction_leaves_the_others(items):
    broken, good = items(CASSETTE.replace("string: 'one'", "string: 'one"))

    assert isinstance(broken, RecordingError)
    assert (broken.index, good.origin.index, good.status) == (0, 1, 404)
    assert broken.line is not None
    assert good.origin.line == 22


def test_a_document_mark_ends_even_a_quoted_text(items):
    first, *errors = items(CASSETTE.replace("message: ''", "message: 'a\n--- b'"))

    assert first.status == 429
    assert [one.reason for one in errors] == [
        "not YAML: found unexpected end of stream",
        "not a mapping",
    ]


def test_a_second_list_of_interactions_is_an_error(items):
    *_, last = items(CASSETTE + "interactions:\n- request: {}\n")

    assert isinstance(last, RecordingError)
    assert "interactions" in last.reason


@pytest.mark.parametrize(
    ("tail", "reason"),
    [
        ("a: 1\na: 2\n", "key 'a' came before"),
        ("[1]\n", "not a mapping"),
        ("a: 1\n--- 2\n", "a second document"),
        ("a: !!python/name:os.system x\n", "tag"),
        ("x: [\n", "not YAML"),
    ],
)
def test_what_follows_the_interactions_is_checked(items, tail, reason):
    *responses, last = items(CASSETTE.removesuffix("version: 1\n") + tail)

    assert [one.status for one in responses] == [429, 404]
    assert isinstance(last, RecordingError)
    assert reason in last.reason


def test_files_longer_than_a_piece(items):
    one = CASSETTE.partition("\n")[2].removesuffix("version: 1\n")
    text = "interactions:\n" + one * 2000 + "version: 1\n"

    found = items(text)

    assert len(text) > 2 * layout._PIECE
    assert [one.origin.index for one in found] == list(range(4000))
    assert found[-1].origin.line == text[: text.rindex("- request:")].count("\n") + 1
    assert len({one.body for one in found}) == 2


def test_an_exchange_over_the_limit_is_named(items):
    limits = Limits(max_exchange_bytes=100_000)
    text = CASSETTE.replace("string: two", "string: " + "x" * 400_000)

    [first, error] = items(text, limits=limits)

    assert first.status == 429
    assert error.reason == "one exchange is over the limit of 100000 (--max-exchange-bytes)"


def test_a_body_over_the_limit_is_that_exchange_s_problem(items):
    first, second = items(CASSETTE, limits=Limits(max_body_bytes=2))

    assert (
        first.reason == second.reason == "body of 3 bytes is over the limit of 2 (--max-body-bytes)"
    )
    assert (first.index, first.line, second.index, second.line) == (0, 2, 1, 22)


def test_vcrpy_reads_the_same():
    responses = deserialize(CASSETTE, yamlserializer)[1]

    assert [one["body"]["string"] for one in responses] == [b"one", b"two"]


def test_a_tail_longer_than_a_piece(items):
    tail = "- request: {}\n  response: {status: 200}\n" * 20_000
    whole = CASSETTE + "others:\n" + tail

    first, second = items(whole)
    *_, error = items(whole, limits=Limits(max_exchange_bytes=400_000))

    assert (first.status, second.status) == (429, 404)
    assert (
        error.reason
        == "what follows the interactions is over the limit of 400000 (--max-exchange-bytes)"
    )


def test_an_exchange_longer_than_a_piece(items):
    long = "x" * 1_000_000

    _, second = items(CASSETTE.replace("string: two", f"string: {long}"))

    assert second.body == long.encode()


def test_what_is_remembered_of_headers_is_bounded(items, monkeypatch):
    one = CASSETTE.partition("\n")[2].removesuffix("version: 1\n")
    expected = items(CASSETTE)
    monkeypatch.setattr(layout, "_MOST_SEEN", 1)

    again = items("interactions:\n" + one.replace("'*/*'", "a") + one)

    assert [response.headers for response in again] == [
        response.headers for response in expected
    ] * 2


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ('"a\\\n  b"', "ab"),
        ('"a\\\n\n  b"', None),
        ('"\\x41\\U0001F600\\e\\_"', "A\U0001f600\x1b\xa0"),
        ('"\\u0041\\"\\/"', 'A"/'),
        ("5", None),
        ("null", None),
        ("1e5", "1e5"),
        ("!!binary |\n  AP8=", b"\0\xff"),
        ("!!binary |\n  AP8", None),
    ],
)
def test_single_scalars(raw, value):
    assert layout_scalars.scalar(raw) == value
