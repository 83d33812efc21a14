from __future__ import annotations

import json
import math
import sys
import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_apierrors.strictjson import NotPlain, Parsed, Problem, decode_fast, loads, nested_over

REFUSED = [
    (b"", "syntax", 0),
    (b" \n", "syntax", 2),
    (b"[1,]", "syntax", 3),
    (b'{"a":1,}', "syntax", 7),
    (b"{,}", "syntax", 1),
    (b"[,]", "syntax", 1),
    (b"[1 2]", "syntax", 3),
    (b"[}", "syntax", 1),
    (b"{]", "syntax", 1),
    (b"[1}", "syntax", 2),
    (b'{"a":1]', "syntax", 6),
    (b"{1:2}", "syntax", 1),
    (b"{a:2}", "syntax", 1),
    (b'{"a" 1}', "syntax", 5),
    (b'{"a":}', "syntax", 5),
    (b'{"a":1 "b":2}', "syntax", 7),
    (b'["a":1]', "syntax", 4),
    (b'{"a"', "syntax", 4),
    (b"[", "syntax", 1),
    (b"1 2", "syntax", 2),
    (b'{"a":1}}', "syntax", 7),
    (b"01", "syntax", 0),
    (b"-01", "syntax", 0),
    (b"-", "syntax", 0),
    (b"1.", "syntax", 0),
    (b".5", "syntax", 0),
    (b"+1", "syntax", 0),
    (b"1e", "syntax", 0),
    (b"1e+", "syntax", 0),
    (b"[0x1F]", "syntax", 1),
    (b"--1", "syntax", 0),
    (b"tru", "syntax", 0),
    (b"true1", "syntax", 0),
    (b"True", "syntax", 0),
    (b"nan", "syntax", 0),
    (b"{'a':1}", "syntax", 1),
    (b'"abc', "syntax", 0),
    (b'"abc\\"', "syntax", 0),
    (b'["a\tb"]', "syntax", 3),
    (b'["a\nb"]', "syntax", 3),
    (b'"a\x00b"', "syntax", 2),
    (b'"a\\x41"', "syntax", 2),
    (b'"\\u12G4"', "syntax", 1),
    (b"\x00", "syntax", 0),
    (b"[1]\x00", "syntax", 3),
    (b"/* c */ 1", "syntax", 0),
    (b"[1]\x0b", "syntax", 3),
    (b"\xc2\xa0[1]", "syntax", 0),
    (b'"a\xff"', "encoding", 2),
    (b'"\xc0\x80"', "encoding", 1),
    (b'"\xed\xa0\x80"', "encoding", 1),
    (b'"\xe2\x82"', "encoding", 1),
    (b'"\xf4\x90\x80\x80"', "encoding", 1),
    ('{"a":1}'.encode("utf-16"), "encoding", 0),
    ('{"a":1}'.encode("utf-16-le"), "encoding", 0),
    ('{"a":1}'.encode("utf-16-be"), "encoding", 0),
    ('{"a":1}'.encode("utf-32"), "encoding", 0),
    ('{"a":1}'.encode("utf-32-le"), "encoding", 0),
    ('{"a":1}'.encode("utf-32-be"), "encoding", 0),
    ("1".encode("utf-16-le"), "encoding", 0),
    (b"[" * 1_000, "depth", 64),
    (b"[" * 1_000_000, "depth", 64),
    (b'{"a":' * 1_000_000, "depth", 64 * 5),
    (b'{"a":[' * 33 + b"1" + b"]}" * 33, "depth", 32 * 6),
]


@pytest.mark.parametrize(("text", "kind", "offset"), REFUSED, ids=lambda v: repr(v)[:24])
def test_no_value_can_be_made(text, kind, offset):
    parsed = loads(text)

    assert not parsed.usable
    assert parsed.value is None
    assert [(one.kind, one.offset) for one in parsed.problems] == [(kind, offset)]
    with pytest.raises(NotPlain):
        decode_fast(text)


READABLE_WITH_PROBLEMS = [
    (b'{"a":1,"a":2}', {"a": 2}, [("duplicate-key", 7)]),
    (b'{"a":1,"b":{"c":1,"\\u0063":2}}', {"a": 1, "b": {"c": 2}}, [("duplicate-key", 18)]),
    (b'[{"a":1,"a":2,"a":3}]', [{"a": 3}], [("duplicate-key", 8), ("duplicate-key", 14)]),
    (b'{"a":"x:y","a":2}', {"a": 2}, [("duplicate-key", 11)]),
    (b'{"a":"","a":"\\u003a"}', {"a": ":"}, [("duplicate-key", 8)]),
    (b'{"a":"","a":"\\u003A"}', {"a": ":"}, [("duplicate-key", 8)]),
    (b"[NaN]", [math.nan], [("number", 1)]),
    (b"[Infinity, -Infinity]", [math.inf, -math.inf], [("number", 1), ("number", 11)]),
    (b"1e400", math.inf, [("number", 0)]),
    (b"[-1e400]", [-math.inf], [("number", 1)]),
    (b'{"a":' + b"9" * 401 + b"}", {"a": math.inf}, [("number", 5)]),
    (b"[-" + b"9" * 5000 + b"]", [-math.inf], [("number", 1)]),
    (b'"\\ud800"', "�", [("surrogate", 1)]),
    (b'["\\udc00\\ud800x\\ud83d\\ude00"]', ["��x\U0001f600"], [("surrogate", 2), ("surrogate", 8)]),
    (b'"\\ud800\\ud83d\\ude00"', "�\U0001f600", [("surrogate", 1)]),
    (b'"\\ud83dx\\ude00"', "�x�", [("surrogate", 1), ("surrogate", 8)]),
    (b'{"\\ud800":1}', {"�": 1}, [("surrogate", 2)]),
    (b'\xef\xbb\xbf{"a":1}', {"a": 1}, [("encoding", 0)]),
]


@pytest.mark.parametrize(
    ("text", "value", "problems"), READABLE_WITH_PROBLEMS, ids=lambda v: repr(v)[:24]
)
def test_a_value_with_its_problems(text, value, problems):
    parsed = loads(text)

    assert parsed.usable
    assert repr(parsed.value) == repr(value)
    assert [(one.kind, one.offset) for one in parsed.problems] == problems
    with pytest.raises(NotPlain):
        decode_fast(text)


SOUND = [
    b"{}",
    b"[]",
    b' {"a" : [ 1 , 2 ] } ',
    b'"\\ud83d\\ude00"',
    b'"\\\\ud800"',
    b"-0",
    b"-0.0",
    b"1e5",
    b"1E-400",
    b"18446744073709551616",
    b"9" * 400,
    b"0." + b"9" * 5000,
    b'"\x7f\xc2\x85"',
    b'{"url":"https://a.test:80/","at":"10:00:00"}',
    b'{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}',
    b'{"\\u003a":1}',
    b"[" * 64 + b"]" * 64,
    b'["' + b"[" * 1000 + b'", "' + b'\\"{' * 1000 + b'"]',
    b"[" + b"[[]]," * 1000 + b"1]",
]


@pytest.mark.parametrize("text", SOUND, ids=lambda v: repr(v)[:24])
def test_sound_texts_have_no_problem_in_either_way(text):
    sys.set_int_max_str_digits(4300)
    careful = loads(text, max_depth=65)

    assert careful == Parsed(json.loads(text), usable=True)
    assert loads(text) == careful
    assert repr(loads(text).value) == repr(careful.value)


@pytest.mark.parametrize(
    "text",
    [text for text in SOUND if text not in (b"0." + b"9" * 5000, b'{"\\u003a":1}')],
    ids=lambda v: repr(v)[:24],
)
def test_the_fast_way_takes_what_is_sound(text):
    assert decode_fast(text) == json.loads(text)


def test_the_reason_names_what_is_wrong():
    assert loads(b'{"a": 1, "a": 2}').problems == (
        Problem("duplicate-key", 'key "a" came before', 9),
    )
    assert loads('{"a":1}'.encode("utf-16-le")).problems[0].reason == "UTF-16, not UTF-8"
    assert loads('{"a":1}'.encode("utf-32")).problems[0].reason == "UTF-32, not UTF-8"
    assert loads(b"[1,]").problems[0].reason == "trailing comma"
    assert loads(b"{'a': 1}").problems[0].reason == "single quotes"
    assert loads(b'"a\tb"').problems[0].reason == "raw control character 0x09 in a string"
    assert loads(b"[[1]]", max_depth=1).problems[0].reason == "nested deeper than 1 levels"


def test_bytes_like_objects_are_read():
    assert loads(bytearray(b"[1]")).value == [1]
    assert loads(memoryview(b"x[1]")[1:]).value == [1]


@pytest.mark.parametrize(
    "text", [b"[" * 64 + b"]" * 64, b'{"a":' * 60 + b'["b:c"]' + b"}" * 60, b'{"a":[' * 40]
)
def test_the_result_does_not_depend_on_the_depth_of_the_call(text):
    expected = loads(text)
    seen = []

    def deep():
        seen.append(loads(text))
        deep()

    with pytest.raises(RecursionError):
        deep()

    assert len(seen) > 500
    assert all(parsed == expected for parsed in seen)


def test_many_problems_are_cut():
    assert len(loads(b"[" + b"NaN," * 5000 + b"1]").problems) == 100


@pytest.mark.parametrize(
    "text",
    [
        b'"' + b"a" * 10_000_000 + b'"',
        b'"' + b"\\n" * 5_000_000 + b'"',
        b'"' + b"\\n" * 5_000_000,
        b'"' + b"\\ud800" * 500_000 + b'"',
        b"[" * 1_000_000,
        b'{"a":' * 1_000_000,
        b"-" * 5_000_000,
        b"9" * 5_000_000,
        b" " * 5_000_000,
    ],
    ids=lambda v: repr(v[:8]),
)
def test_big_texts_are_read_in_linear_time(text):
    start = time.process_time()
    loads(text)

    assert time.process_time() - start < 5


def test_nesting_is_counted_outside_strings_only():
    assert not nested_over(b'["[[[[", "]\\"[[[["]', 1)
    assert nested_over(b"[[]]", 1)
    assert not nested_over(b"[[]]", 2)
    assert nested_over(b'["]", ["]", ["]"]]]', 2)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text('ab:\\"é'), inner),
    max_leaves=20,
)


@given(VALUES, st.booleans(), st.sampled_from([None, 2]))
def test_plain_values_come_back(value, ascii_only, indent):
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()

    assert loads(text) == Parsed(json.loads(text), usable=True)
    assert repr(loads(text, max_depth=63).value) == repr(json.loads(text))


FRAGMENTS = st.sampled_from(
    rb'{ } [ ] , : "a" "b:c" "\u003a" "\ud800" 1 01 1.5 - true null NaN " \ 1e999'.split()
) | st.sampled_from([b" ", b"\n", b"\xff", b"\xc3\xa9"])


@given(st.lists(FRAGMENTS, max_size=14).map(b"".join) | st.binary(max_size=8))
def test_the_fast_way_and_the_slow_way_agree(text):
    careful = loads(text, max_depth=63)
    try:
        value = decode_fast(text)
    except NotPlain:
        assert loads(text) == careful or "nan" in repr(careful)
    else:
        assert careful == Parsed(value, usable=True)
        assert repr(careful.value) == repr(value)
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        assert careful.problems


def test_a_long_key_is_not_cut_for_half_of_a_secret_would_be_missed():
    key = "k" * 61

    assert loads(f'{{"{key}": 1, "{key}": 2}}'.encode()).problems[0].reason == (
        "a key of 61 characters came before"
    )
    assert loads(f'{{"{key[1:]}": 1, "{key[1:]}": 2}}'.encode()).problems[0].reason == (
        f'key "{key[1:]}" came before'
    )


@pytest.mark.parametrize("start", range(41))
def test_a_giant_number_is_found_wherever_it_stands(start):
    text = b" " * start + b'{"a": [' + b"9" * 401 + b"]}"

    with pytest.raises(NotPlain):
        decode_fast(text)
    assert decode_fast(text.replace(b"9" * 401, b"9" * 400)) == {"a": [int("9" * 400)]}
