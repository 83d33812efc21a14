"""The names at the top of a text, whatever it is and wherever it ends."""

from __future__ import annotations

import time

import pytest
import yaml

from pytest_apierrors.recordings import yamlevents
from pytest_apierrors.recordings.outline import outline


@pytest.mark.parametrize(
    ("head", "names"),
    [
        (b'{"a": {"b": [{"c": 1}, {"d": []}]}, "e": "f: {"}', "a a.b a.b[].c a.b[].d e"),
        (b'[{"a": {"b": 1}}, {"c": "x', "[].a [].a.b [].c"),
        (b'\xef\xbb\xbf[{"a":[[{"b":1}]]}]', "[].a [].a[][].b"),
        (b'{"a": "\\"b\\": {", "c" : 1, "d', "a c"),
        (b'{"a": [1, {"b": 2}, "c"], "d": 1}', "a a[].b d"),
        (b"a:\n  b:\n  - c: 1\n  - d: []\ne: 'f: g'\n", "a a.b a.b[].c a.b[].d e"),
        (b"- a:\n    b: 1\n- c: 'x", "[].a [].a.b [].c"),
        (b"---\na: &x {b: 1}\nc: *x\nd: [*x, e]\n", "a a.b c d"),
        (b"{a: 1, b: {c: d}", "a b b.c"),
        (b"a: |\n  b: c\n", "a"),
        (b"a: [\x00", ""),
        (b"a:\n  b: \xc3", "a a.b"),  # a head may end within a character
        (b"\x00", ""),
        (b"", ""),
        (b"a text", ""),
        (b"[]", ""),
        (b"]}]}", ""),
        (
            b'{"a": {"b": {"c": {"d": {"e": {"f": {"g": 1}}}}}}}',
            "a a.b a.b.c a.b.c.d a.b.c.d.e a.b.c.d.e.f",
        ),
    ],
)
def test_names(head, names):
    assert outline(head) == set(names.split())


def test_without_the_library_in_c(monkeypatch):
    monkeypatch.setattr(yamlevents, "Parser", yaml.SafeLoader)

    assert outline(b"a: {b: 1}\n# a comment for this test alone\n") == {"a", "a.b"}
    assert outline(b"a: 1\n# another\nb: \x00") == set()


@pytest.mark.parametrize(
    "head",
    [
        b"[" * 65536,
        b'{"a":' * 13000,
        b"- " * 32768,
        b"{a: " * 16384,
        b'"a' * 32768,
        b'{"' + b"\\" * 65000,
        b'{"' + b'\\"' * 32000,
        b'{"a\\"' * 13000,
        b"a: &a [*a, *a]\n" * 4000,
        b"".join(b"k%d: 1\n" % number for number in range(7000)),
        b"{" + b",".join(b'"k%d": 1' % number for number in range(6000)),
    ],
)
def test_it_ends_soon(head):
    start = time.process_time()

    names = outline(head)

    assert len(names) <= 4000
    assert time.process_time() - start < 1
