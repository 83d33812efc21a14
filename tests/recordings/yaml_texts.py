"""Texts that are easily misread in YAML, and edits that make others of them."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

SETTINGS = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NASTY = [
    "",
    " ",
    "  lead",
    "trail ",
    "\n",
    "\n\n",
    "a\nb",
    "a\n\nb\n",
    "\n a",
    "a \n b",
    "a\n  b\n",
    "- item\n- item",
    "key: value",
    "a #b",
    "#",
    "a: ",
    "'",
    "''",
    '"',
    "it's",
    "\\",
    "\\n",
    "%",
    "null",
    "~",
    "true",
    "no",
    "yes",
    "on",
    "=",
    "<<",
    "1",
    "1.5",
    "1e5",
    "0o17",
    "017",
    "0189",
    "0x1F",
    "1_000",
    "12:30:45",
    "2001-12-14",
    ".5",
    "5.",
    ".inf",
    "-",
    "--- a",
    "...",
    "\n---\n",
    "\n...\n",
    "&a",
    "*a",
    "!!str a",
    "!a",
    "|",
    ">",
    "@",
    "`",
    "{a: b}",
    "[a]",
    ",",
    "?",
    "? a",
    "\t",
    "a\tb",
    "\r",
    "a\r\nb",
    "\0",
    "\x07",
    "\x1b[31m",
    "\x7f",
    "\x85",
    "\xa0",
    "é",
    "\u2028",
    "\ufeff",
    "\U0001f600",
    "word " * 40,
    "x" * 300,
    ("word " * 20 + "\n") * 3,
    "    method: EVIL",
    "x\n    method: EVIL\n    uri: evil\n  response:\n",
    "a" * 79 + "  b",
    ("é " * 60),
    " " * 200,
    '{"a": "b: c", "d": "it\'s #1"}',
    '{\n  "a": 1\n}\n',
    "\\ " * 60,
    "a  " * 60,
]
TEXT = (
    st.sampled_from(NASTY)
    | st.lists(st.sampled_from(NASTY), max_size=4).map("".join)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
)
NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,12}", fullmatch=True) | st.sampled_from(
    ["null", "no", "1", "true", "x: y", "é", "<<", "="]
)
EDITS = st.lists(
    st.tuples(
        st.integers(0, 400),
        st.sampled_from(
            ["", "'", '"', "\n", " ", "\n      ", "\n    ", "\n- ", "#", ": ", "\\", "&a ", "*a"]
        ),
    ),
    min_size=1,
    max_size=3,
)
