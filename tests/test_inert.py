from __future__ import annotations

import hashlib
import json
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_apierrors.inert import (
    github_data,
    github_property,
    inert,
    markdown_code,
    one_line,
)

TERMINAL = {
    "colour": ("\x1b[32mPASSED\x1b[0m", r"\x1b[32mPASSED\x1b[0m"),
    "title": ("\x1b]0;owned\x07", r"\x1b]0;owned\x07"),
    "c1": ("\x9b31m\x85", r"\x9b31m\x85"),
    "del": ("a\x7f", r"a\x7f"),
    "nul": ("\x00", r"\x00"),
    "backspace": ("abc\x08\x08", r"abc\x08\x08"),
    "line-ends": ("a\r\nb\tc", r"a\r\nb\tc"),
    "separators": ("a\u2028b\u2029c", r"a\u2028b\u2029c"),
    "override": ("a\u202eb\u202c", r"a\u202eb\u202c"),
    "isolate": ("\u2066a\u2069", r"\u2066a\u2069"),
    "mark": ("\u200fa\u061c", r"\u200fa\u061c"),
    "surrogate": ("a\ud800b\udfff", r"a\ud800b\udfff"),
    "invisible": ("a\u200bb\ufeff", r"a\u200bb\ufeff"),
    "tags": ("\U000e0041", r"\U000e0041"),
}


@pytest.mark.parametrize(("payload", "shown"), TERMINAL.values(), ids=TERMINAL)
def test_what_a_terminal_obeys_is_shown_as_an_escape(payload, shown):
    assert inert(payload) == shown


@pytest.mark.parametrize(
    "text",
    ["Zugriff verweigert: größer", "アクセス\u3000拒否", "👩\u200d💻", "a::b", "# 1 [x]"],
)
def test_printable_text_of_any_language_is_kept(text):
    assert inert(text) == text


@pytest.mark.parametrize(
    ("payload", "shown"),
    [
        ("::error file=a::b", r"\x3a:error file=a::b"),
        ("  \t::add-mask::x", r"  \t\x3a:add-mask::x"),
        ("\u00a0::error::x", "\u00a0\\x3a:error::x"),
        ("a\n::error::x", r"a\n\x3a:error::x"),
        ("a ::error::x", r"a \x3a:error::x"),
        ("text ##[error]x", r"text #\x23[error]x"),
        ("###[group]x", r"##\x23[group]x"),
        ("a ##vso[task.setvariable]x", r"a #\x23vso[task.setvariable]x"),
        ("##TeamCity[x]", r"#\x23TeamCity[x]"),
        ("x section_start:1:a", r"x section_start\x3a1:a"),
        ("section_end:1:a", r"section_end\x3a1:a"),
    ],
)
def test_workflow_commands_are_broken_up(payload, shown):
    assert inert(payload) == shown


def test_a_long_text_is_cut_with_its_size_and_hash():
    text = "x" * 10_485_760

    shown = inert(text)

    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    assert shown == f"{'x' * 2000}... (10485760 characters, sha256 {digest})"


def test_a_text_of_exactly_the_limit_is_whole():
    assert inert("x" * 10, 10) == "x" * 10
    assert inert("x" * 11, 10).startswith("x" * 10 + "... (11 characters, sha256 ")


@settings(deadline=None)
@given(st.text())
def test_inert_text_stays_inert_and_can_be_encoded(text):
    shown = inert(text)

    assert inert(shown) == shown
    shown.encode()
    assert len(shown.splitlines()) <= 1


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "null"),
        (True, "true"),
        (1.5, "1.5"),
        (float("nan"), "NaN"),
        (float("-inf"), "-Infinity"),
        (2**64, "18446744073709551616"),
        ('a\n\x1b"::', r'"a\n\u001b\"::"'),
        ("ö\u202e", '"ö\\u202e"'),
        ({"a": [1, {"b": None}], "c": {}, "d": []}, '{"a": [1, {"b": null}], "c": {}, "d": []}'),
        ((1, 2), "[1, 2]"),
        ({1: 2}, '{"1": 2}'),
        (b"x", "(bytes)"),
        ("##[error]x", r'"#\x23[error]x"'),
    ],
)
def test_json_values_on_one_line(value, shown):
    assert one_line(value) == shown


@settings(deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text('abc\n"\\'), st.lists))
def test_short_values_are_shown_as_json_has_them(value):
    assert json.loads(one_line(value, 10**6)) == value


def test_a_long_string_inside_a_value_is_cut_alone():
    shown = one_line({"a": "x" * 1000}, 20)

    assert shown.startswith(f'{{"a": "{"x" * 20}"... (1000 characters, sha256 ')


def test_many_members_are_cut():
    assert one_line(list(range(1000)), 10) == "[0, 1, 2, 3..."
    assert one_line({str(n): n for n in range(1000)}, 10) == '{"0": 0, "1": ...'


def test_rendering_a_huge_value_costs_little():
    value = {"list": [0] * 5_000_000, "text": "x" * 10_485_760}

    start = time.process_time()
    shown = one_line(value)

    assert len(shown) < 3000
    assert time.process_time() - start < 0.5


def test_depth_cycles_and_giant_integers_do_no_harm():
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    cycle: dict[str, object] = {}
    cycle["self"] = cycle

    assert one_line(deep) == f"{'[' * 64}...{']' * 64}"
    assert one_line(cycle).count("self") == 64
    assert one_line(10 ** (sys.get_int_max_str_digits() + 1)) == "(integer of 14288 bits)"


def test_github_data_escapes_per_cent_first_and_keeps_line_ends():
    assert github_data("50%\r\n::error::%0A\x1b") == r"50%25%0D%0A\x3a:error::%250A\x1b"
    assert github_data("x ##[error]") == r"x #\x23[error]"


def test_github_property_escapes_separators_too():
    assert github_property("a:b,c%\nd") == "a%3Ab%2Cc%25%0Ad"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "`plain`"),
        ("a ``` b", "````a ``` b````"),
        ("`x`", "`` `x` ``"),
        ("`x", "`` `x ``"),
        ("x`", "`` x` ``"),
        ("![i](http://h/x)", "`![i](http://h/x)`"),
        ("a\n\n# b", r"`a\n\n# b`"),
        ("", "(empty)"),
        ("  ", "(blank)"),
        ("a|b", "`a|b`"),
    ],
)
def test_markdown_code(text, shown):
    assert markdown_code(text) == shown


def test_markdown_code_in_a_table_does_not_split_the_row():
    assert markdown_code("a|b", table=True) == r"`a\|b`"


@settings(deadline=None)
@given(st.text("`a |\\", min_size=1))
def test_a_fence_is_longer_than_any_run_inside(text):
    shown = markdown_code(text)

    if text.strip():
        fence = shown[: len(shown) - len(shown.lstrip("`"))]
        inside = shown[len(fence) : -len(fence)]
        assert shown.endswith(fence)
        assert fence not in inside
