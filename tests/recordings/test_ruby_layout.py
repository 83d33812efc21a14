"""The quick way through a recording of VCR for Ruby gives what the parser gives."""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from yaml_texts import EDITS, NAMES, SETTINGS, TEXT

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.recordings import (
    Limits,
    Source,
    layout_scalars,
    read,
    ruby_layout,
    yamlevents,
)
from pytest_apierrors.recordings.http_interactions import SHAPE
from pytest_apierrors.recordings.layout import ASCII_TEXT, Reading
from pytest_apierrors.recordings.yamlevents import Anchors, listed
from pytest_apierrors.response import Headers, Origin, Response

UNKNOWN = replace(ruby_layout.LAYOUT, start=re.compile(rb"(?!)"))
DATA = Path(__file__).parent / "data"
CORPUS = Path(os.environ.get("APIERRORS_CORPUS", DATA)) / "vcr-ruby"
REAL = sorted(path for path in (*DATA.rglob("*.y*ml"), *CORPUS.rglob("*.y*ml")))


class Psych(yaml.CSafeDumper):
    """Writes texts in the styles that Ruby's YAML chooses between."""


class Styled(str):
    """A text with the style in which it is written."""

    __slots__ = ("style",)


def _represented(dumper, text):
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style=text.style)


def _bytes(dumper, data):
    return dumper.represent_scalar("!binary", base64.b64encode(data).decode(), style="|")


Psych.add_representer(Styled, _represented)
Psych.add_representer(bytes, _bytes)


def _styled(pair):
    text = Styled(pair[0])
    text.style = pair[1]
    return text


STYLED = st.tuples(TEXT, st.sampled_from([None, None, "'", '"', "|", "|", ">"])).map(_styled)
CONTENT = st.fixed_dictionaries(
    {"encoding": st.sampled_from(["UTF-8", "US-ASCII", "ASCII-8BIT", "ISO-8859-1", "odd", "1"])}
).flatmap(
    lambda start: st.one_of(
        (STYLED | st.binary(max_size=60)).map(lambda text: {**start, "string": text}),
        st.binary(max_size=90).map(
            lambda data: {**start, "base64_string": base64.b64encode(data).decode()}
        ),
        st.binary(max_size=90).map(
            lambda data: {**start, "base64_string": base64.encodebytes(data).decode()}
        ),
        st.binary(max_size=60).map(lambda data: {**start, "base64_string": base64.b64encode(data)}),
        STYLED.map(lambda text: {**start, "base64_string": text}),
    )
)
HEADERS = st.dictionaries(NAMES, st.lists(STYLED, min_size=1, max_size=3), max_size=3)
METHODS = st.sampled_from(["get", "post", "options", "GET", "null"])
INTERACTION = st.fixed_dictionaries(
    {
        "request": st.fixed_dictionaries(
            {
                "method": METHODS,
                "uri": st.sampled_from(["http://h/a?token=s3cret-1#d", "http://h/" + "x" * 90])
                | STYLED,
                "body": CONTENT,
                "headers": HEADERS,
            }
        ),
        "response": st.fixed_dictionaries(
            {
                "status": st.fixed_dictionaries(
                    {"code": st.integers(100, 599), "message": st.none() | STYLED}
                ),
                "headers": HEADERS,
                "body": CONTENT,
            },
            optional={"http_version": st.none() | STYLED},
        ),
        "recorded_at": st.just("Sun, 22 Nov 2026 10:00:00 GMT") | STYLED,
    }
)


def _written(interactions):
    value = {"http_interactions": interactions, "recorded_with": "VCR 6.1.0"}
    text = yaml.dump(value, Dumper=Psych, sort_keys=False, width=80)
    return "---\n" + text.replace(" !binary |\n", " !binary |-\n").replace(": null\n", ":\n")


def _facts(found):
    """What came out; the parser of a whole file cannot say which exchange it stumbled over."""
    return [
        (one.reason, one.line)
        if isinstance(one, RecordingError)
        else (one, one.credentials(), one.secrets())
        for one in found
    ]


def _by_parser(path):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ruby_layout, "LAYOUT", UNKNOWN)
        return list(read(path))


@SETTINGS
@given(st.lists(INTERACTION, min_size=1, max_size=3))
def test_the_quick_way_agrees_with_the_parser(tmp_path_factory, interactions):
    path = tmp_path_factory.mktemp("fuzz") / "recording.yml"
    path.write_text(_written(interactions), "utf-8")

    assert _facts(read(path)) == _facts(_by_parser(path))


def _with_usual_names(interaction):
    for side in ("request", "response"):
        texts = [text for texts in interaction[side]["headers"].values() for text in texts]
        interaction[side]["headers"] = {f"X-{n}": [text] for n, text in enumerate(texts)}
    interaction["request"]["method"] = "get"
    return interaction


@settings(SETTINGS, max_examples=250)
@given(INTERACTION.map(_with_usual_names), st.just([]) | EDITS)
def test_an_item_is_taken_only_as_the_parser_takes_it(interaction, edits):
    text = _written([interaction]).split("\n", 2)[2].removesuffix("recorded_with: VCR 6.1.0\n")
    for place, inserted in edits:
        at = place % (len(text) + 1)
        text = text[:at] + inserted + text[at:]
    found = ruby_layout.LAYOUT.item.match(text)
    if found is None or found.end() != len(text) or found[0].encode().translate(None, ASCII_TEXT):
        return
    source = Source("f", None, None, 0, Limits())
    taken = ruby_layout.LAYOUT.take(found, Reading(source, ruby_layout.LAYOUT))
    if taken is None:
        return

    [(line, value)] = listed(text.encode(), Limits(), 1, Anchors.none())

    assert _facts([SHAPE.response(value, Origin("f", 0, line), source)]) == _facts([taken])


@pytest.mark.parametrize("path", REAL, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_real_recordings(path):
    assert _facts(read(path)) == _facts(_by_parser(path))


@given(
    st.lists(TEXT | st.sampled_from(["a", "  b", "", " ", "#c", "- d"]), min_size=1).map("\n".join),
    st.sampled_from(["|", "|-"]),
)
def test_literal_blocks_stand_for_what_the_parser_says(text, header):
    raw = header + "".join(f"\n{' ' * 4 if line else ''}{line}" for line in text.split("\n"))
    if not re.fullmatch(layout_scalars.block(4), raw) or raw.encode().translate(None, ASCII_TEXT):
        return

    assert layout_scalars.scalar(raw) == yaml.load(f"k:\n  s: {raw}\n", yaml.CSafeLoader)["k"]["s"]


RECORDING = """\
---
http_interactions:
- request:
    method: post
    uri: http://h/a
    body:
      encoding: UTF-8
      string: client_secret=body-s3cret
    headers:
      Authorization:
      - Basic Ym9iOnBhc3N3MHJkLTE=
      Accept:
      - "*/*"
  response:
    status:
      code: 429
      message: Too Many Requests
    headers:
      Retry-After:
      - '7'
      Set-Cookie:
      - a=1
      - b=2
    body:
      encoding: UTF-8
      string: |-
        {
          "a": 1
        }
    http_version:
  recorded_at: Sun, 22 Nov 2026 10:00:00 GMT
- request:
    method: get
    uri: http://h/b
    body:
      encoding: US-ASCII
      string: ''
    headers: {}
  response:
    status:
      code: 404
      message: ''
    headers: {}
    body:
      encoding: ASCII-8BIT
      string: !binary |-
        Y2Fm6Q==
  recorded_at: Sun, 22 Nov 2026 10:00:00 GMT
recorded_with: VCR 6.1.0
"""


def test_the_usual_layout_does_not_need_the_parser(items, monkeypatch):
    def refuse(*_):
        raise AssertionError

    monkeypatch.setattr(yamlevents, "YamlReading", refuse)

    first, second = items(RECORDING)

    assert (first.status, first.method, first.url) == (429, "POST", "http://h/a")
    assert first.body == b'{\n  "a": 1\n}'
    assert first.headers.pairs == (
        ("Retry-After", "7"),
        ("Set-Cookie", "a=1"),
        ("Set-Cookie", "b=2"),
    )
    assert {"body-s3cret", "passw0rd-1"} <= first.credentials()
    assert (second.status, second.body, second.headers) == (404, b"caf\xe9", Headers())
    assert [one.origin.line for one in (first, second)] == [3, 32]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("string: ''", "string:"),
        ("string: ''", "string: 5"),
        ("string: ''", 'string: "\\q"'),
        ("string: ''", "string: !binary |-\n        AP8"),
        ("string: ''", "string: !binary |-\n        AP8="),
        ("string: ''", "string: !ruby/object:Gem::Version a"),
        ("string: ''", "string: &b it"),
        ("encoding: US-ASCII", "encoding: 5"),
        ("encoding: UTF-8\n      string: |-", "encoding: 5\n      string: |-"),
        ("string: |-", "string: |"),
        ("string: |-", "string: |+"),
        ("string: |-", "string: |2-"),
        ("string: |-", "string: >-"),
        ("string: |-\n        {", "string: |-\n\n        {"),
        ("        }\n", "        }\n\n"),
        ("        }\n", "        }\n          \n"),
        ("        }\n", "        }\n        \n"),
        ("        }\n", "        }\n      \n"),
        ("        }\n", "        }\n      # no comment\n"),
        ("        }\n", "        }\n        # no comment\n"),
        ("        }\n", "\n        }\n"),
        ("        }\n", "        é}\n"),
        ("        }\n", "        \t}\n"),
        ("http_version:", "http_version: '1.1'"),
        ("http_version:", "http_version: "),
        ("    http_version:\n", "    adapter_metadata: {}\n"),
        ("message: ''", "message:"),
        ("message: ''", "message: 'a\n\n        b'"),
        ("message: ''", "message: &m a"),
        ("code: 404", "code: 0"),
        ("code: 404", "code: '404'"),
        ("uri: http://h/b", "uri: ''"),
        ("uri: http://h/b", "uri: 5"),
        ("uri: http://h/b", "uri: http://h/b\n    method: put"),
        ("method: get", "method: :get"),
        ("- a=1", "-"),
        ("- a=1", "- 5"),
        ("- a=1", "- 'a\n      - b'"),
        ("Set-Cookie:", "Retry-After:"),
        ("      - '7'", "      - 7\n      - 8"),
        ("Retry-After:\n      - '7'", "Retry-After: '7'"),
        ("Accept:", "Authorization:"),
        ("      string: !binary |-\n        Y2Fm6Q==", "      base64_string: Y2Fm6Q"),
        (
            "      string: !binary |-\n        Y2Fm6Q==",
            "      base64_string: |\n        Y2Fm\n        6Q==",
        ),
        (
            "      string: !binary |-\n        Y2Fm6Q==",
            "      base64_string: !binary |-\n        WTJGbTZRPT0=",
        ),
        ("      string: !binary |-\n        Y2Fm6Q==", "      base64_string: H4sIAAAA<TOKEN>"),
        ("      string: !binary |-\n        Y2Fm6Q==", "      base64_string: H4sIAAAAAAAAAAAAAAAA"),
        ("Sun, 22 Nov 2026 10:00:00 GMT\n- ", "2026-11-22\n- "),
        ("  recorded_at: Sun, 22 Nov 2026 10:00:00 GMT\n- ", "- "),
        ("\n", "\r\n"),
        ("---\n", ""),
        ("---\n", "--- \n# comment\n"),
        ("---\n", "---\n---\n"),
        ("recorded_with: VCR 6.1.0\n", ""),
        ("recorded_with: VCR 6.1.0\n", "recorded_with: me\nrecorded_with: you\n"),
        ("recorded_with: VCR 6.1.0\n", "recorded_with: VCR 6.1.0\n...\n"),
    ],
)
def test_other_layouts_give_what_the_parser_gives(items, monkeypatch, old, new):
    text = RECORDING.replace(old, new)
    assert text != RECORDING

    by_layout = items(text, "f.yml")
    monkeypatch.setattr(ruby_layout, "LAYOUT", UNKNOWN)

    assert _facts(by_layout) == _facts(items(text, "f.yml"))


def test_one_broken_exchange_leaves_the_others(items):
    broken, good = items(RECORDING.replace("string: |-", "string: 'x"))

    assert isinstance(broken, RecordingError)
    assert (broken.index, good.status, good.origin) == (
        0,
        404,
        Origin(good.origin.file, 1, 32),
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("        }\n", "        }\n       x\n"),
        ("http_version:", "http_version: a: b"),
        ("recorded_with: VCR 6.1.0\n", "http_interactions: []\n"),
    ],
)
def test_what_is_no_yaml_or_comes_twice_is_an_error_either_way(items, monkeypatch, old, new):
    text = RECORDING.replace(old, new)

    by_layout = items(text)
    monkeypatch.setattr(ruby_layout, "LAYOUT", UNKNOWN)

    for found in (by_layout, items(text)):
        [error] = [one for one in found if isinstance(one, RecordingError)]
        assert "came before" in error.reason or "not YAML" in error.reason


def test_a_body_over_the_limit_is_refused(items):
    first, second = items(RECORDING, limits=Limits(max_body_bytes=5))

    assert isinstance(first, RecordingError)
    assert "(--max-body-bytes)" in first.reason
    assert isinstance(second, Response)
