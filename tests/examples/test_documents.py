import documents
import pytest

DOCUMENT = """
<!-- file: test_a.py -->
```python
a = 1
```

`folder/b.json`:

```json
{}
```

```console
$ pytest  -q
.F
1 failed
$ pytest --version
```

`pytest -q`: 1 failed, 1 passed
- `pytest-apierrors check x`: exit status 1, as it should

| name | what |
|---|---|
| `a` | `b` and c |
"""


def test_a_block_knows_the_name_before_it():
    found = documents.blocks(DOCUMENT)

    assert [(one.language, one.file) for one in found] == [
        ("python", "test_a.py"),
        ("json", "folder/b.json"),
        ("console", None),
    ]


def test_commands_come_with_their_lines():
    shown = documents.commands(documents.blocks(DOCUMENT)[2])

    assert [(one.command, one.lines) for one in shown] == [
        ("pytest  -q", [".F", "1 failed"]),
        ("pytest --version", []),
    ]


def test_outcomes_and_tables_are_found():
    assert documents.stated(DOCUMENT) == [
        ("pytest -q", "1 failed, 1 passed"),
        ("pytest-apierrors check x", "exit status 1"),
    ]
    assert documents.table(DOCUMENT) == [["`a`", "`b` and c"]]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["one", "three"], None),
        (["...", "two  2"], None),
        (["t... 2", "== 1 failed in 0.01s =="], None),
        (["three", "one"], "one"),
        (["one", "one"], "one"),
        (["tw"], "tw"),
        (["2 failed in 0.01s"], "2 failed in 0.01s"),
    ],
)
def test_promised_lines_are_looked_for_in_their_order(lines, expected):
    output = "one\ntwo 2\nthree\n== 1 failed in 3.25s ==\n"

    assert documents.missing(lines, output) == expected
