"""Which patterns a catalog may use, and what its formats mean."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_apierrors.catalog import patterns
from pytest_apierrors.catalog.formats import CHECKS


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "^$",
        "^a$",
        "a|b",
        "^(?:a|b)$",
        "^[0-9]{1,3}$",
        "^[^a-z]+$",
        "a?b*c+",
        "\\.",
        "\\\\",
        "[\\]\\[]",
        "[\\\\]",
        "[-a]",
        "[a-]",
        "[!-~]",
        "a{3}",
        "a{1,}",
        "(?:ab){2}",
        "(a|b)?",
        "\\n\\r\\t\\f\\v",
        "^[A-Za-z0-9._%-]+$",
        "\u00e9",
        "^.*$",
        "\\$",
        "[$^]",
        "\\{\\}",
        " #",
        "x" * patterns.MAX_LENGTH,
        "a+" * patterns.MAX_CHOICES,
        "a{1000}",
    ],
)
def test_safe_patterns(pattern):
    assert patterns.problem(pattern) is None
    assert patterns.searcher(pattern)("nothing like it") in (True, False)


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("x" * (patterns.MAX_LENGTH + 1), "1001 characters"),
        ("a+" * (patterns.MAX_CHOICES + 1), "17 repetitions"),
        ("a{1001}", "repeats more than 1000"),
        ("a{3,2}", "not a regular expression"),
        ("(", "not a regular expression"),
        (")", "not a regular expression"),
        ("*", "not a regular expression"),
        ("[b-a]", "not a regular expression"),
        ("\\", "not a regular expression"),
        ("(?:" * 300, "not a regular expression"),
        ("(?=a)", "look-around"),
        ("(?!a)", "look-around"),
        ("(?<=a)", "look-around"),
        ("(?P<n>a)", "named groups"),
        ("(?i)a", "flags"),
        ("(?i:a)", "flags"),
        ("(?#a)", "flags"),
        ("(?>a)", "look-around"),
        ("(?(1)a|b)", "look-around"),
        ("(a)\\1", "\\1 differs"),
        ("\\d", "\\d differs"),
        ("[\\d]", "\\d differs"),
        ("[^\\w.]", "\\w differs"),
        ("\\bx", "\\b differs"),
        ("\\u0041", "\\u differs"),
        ("\\x41", "\\x differs"),
        ("\\<a", "\\< differs"),
        ("\\\u00e9", "differs"),
        ("[[:alpha:]]", "differs"),
        ("[a&&b]", "differs"),
        ("[a--b]", "differs"),
        ("[a~~b]", "differs"),
        ("[a||b]", "differs"),
        ("[]a]", "differs"),
        ("[^]a]", "differs"),
        ("a]", "alone differs"),
        ("a}", "alone differs"),
        ("a{", "alone differs"),
        ("a{,3}", "alone differs"),
        ("a++", "after a repetition"),
        ("a+?", "after a repetition"),
        ("a{2}{2}", "not a regular expression"),
        ("(a+)+", "for ever"),
        ("(a*)*", "for ever"),
        ("(?:a|b)*", "for ever"),
        ("(?:a?)*", "for ever"),
        ("(?:a{2}){2}", "for ever"),
        ("(?:(?:a|b)c)+", "for ever"),
        ("^(?:" + "[^a]" * 200 + "){1000}$", "too large"),
    ],
)
def test_refused_patterns(pattern, why):
    assert why in patterns.problem(pattern)


@settings(max_examples=400, deadline=None)
@given(
    st.text("ab01()[]{}|*+?^$.\\-,:=!<>&~# \n\u00e9", max_size=12), st.text("ab0\n^$]", max_size=5)
)
def test_a_pattern_that_is_accepted_means_the_same_to_every_engine(pattern, text):
    if patterns.problem(pattern) is None:
        assert patterns.searcher(pattern)(text) == patterns._search_in_python(pattern)(text)


FORMATS = {
    "date": (
        ["2024-02-29", "0001-01-01", "9999-12-31"],
        [
            "2023-02-29",
            "2024-2-29",
            "20240229",
            "2024-W01-1",
            "0000-01-01",
            "2024-02-29T00:00:00",
            "2024-02-29\n",
            "",
            "\u0662024-01-01",
        ],
    ),
    "email": (
        ["a@b", "a.b+c@d-e.test", "x" * 64 + "@a.test", "!#$%&'*+/=?^_`{|}~-@a.test"],
        [
            "a",
            "@a",
            "a@",
            "a@@b",
            "a b@c",
            ".a@b",
            "a.@b",
            "a..b@c",
            "a@b..c",
            "a@-b",
            "a@b-",
            "x" * 65 + "@a",
            "a@" + "b." * 130 + "c",
            "a@b\n",
            "a@b.",
            "\u00e9@b",
        ],
    ),
    "ipv4": (["1.2.3.4", "255.255.255.255"], ["1.2.3", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "::1"]),
    "ipv6": (
        ["::", "::1", "2001:db8::1", "::ffff:1.2.3.4"],
        ["1.2.3.4", ":::", "fe80::1%eth0", "1:2:3:4:5:6:7:8:9", "[::1]", ""],
    ),
    "uuid": (
        ["01234567-89ab-cdef-0123-456789ABCDEF"],
        [
            "0123456789abcdef0123456789abcdef",
            "{01234567-89ab-cdef-0123-456789abcdef}",
            "01234567-89ab-cdef-0123-456789abcdeg",
            "urn:uuid:01234567-89ab-cdef-0123-456789abcdef",
        ],
    ),
}


def test_every_format_has_values_here():
    assert set(FORMATS) == set(CHECKS)


@pytest.mark.parametrize(
    ("name", "text"), [(n, t) for n, (good, _) in FORMATS.items() for t in good]
)
def test_values_of_a_format(name, text):
    assert CHECKS[name](text)


@pytest.mark.parametrize(("name", "text"), [(n, t) for n, (_, bad) in FORMATS.items() for t in bad])
def test_values_of_no_format(name, text):
    assert not CHECKS[name](text)
