"""The README says what the code says: generated tables, one heading per rule and outcome."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from pytest_apierrors._cli import main
from pytest_apierrors._options import OPTIONS
from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.check.verdict import OUTCOMES, RULES
from pytest_apierrors.faults.kinds import kinds_of

README = Path(__file__).parents[1] / "README.md"
REWRITE = "APIERRORS_REWRITE_README"


def options_markdown() -> str:
    rows = ["| option | ini | marker | what it does |", "|---|---|---|---|"]
    for option in OPTIONS:
        flag = f"{option.flag} {option.metavar}".strip()
        marker = f"`{option.name}=`" if option.marker else ""
        rows.append(f"| `{flag}` | `{option.ini}` | {marker} | {option.help} |")
    return "\n".join(rows)


def kinds_markdown() -> str:
    """Every kind but the documented errors, which are as many as a catalog has."""
    rows = ["| kind | ring | what comes | expected | the check reports |", "|---|---|---|---|---|"]
    for kind in kinds_of(Catalogs().get("sinch")):
        if kind.ring != "documented":
            rule = f"`{kind.rule}`" if kind.rule else ""
            row = f"| `{kind.name}` | {kind.ring} | {kind.doc} | {kind.expect} | {rule} |"
            rows.append(row)
    return "\n".join(rows)


def providers_markdown(capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["list", "--markdown"]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("part", ["options", "providers", "kinds"])
def test_generated_tables_are_current(part: str, capsys: pytest.CaptureFixture[str]) -> None:
    tables = {
        "options": options_markdown,
        "providers": lambda: providers_markdown(capsys),
        "kinds": kinds_markdown,
    }
    table = tables[part]()
    begin, end = f"<!-- {part} -->\n", f"<!-- /{part} -->"
    before, _, rest = README.read_text(encoding="utf-8").partition(begin)
    found, _, after = rest.partition(end)

    if REWRITE in os.environ:
        README.write_text(f"{before}{begin}{table.strip()}\n{end}{after}", encoding="utf-8")
        return
    assert found.strip() == table.strip(), f"run: {REWRITE}=1 python -m pytest tests/test_readme.py"


def test_every_rule_has_a_heading_and_every_heading_a_rule() -> None:
    text = README.read_text(encoding="utf-8").partition("## Rules")[2].partition("\n## ")[0]

    assert re.findall(r"^### (.+)$", text, re.MULTILINE) == list(RULES)


def test_every_outcome_is_in_the_table() -> None:
    text = README.read_text(encoding="utf-8").partition("## Outcomes")[2].partition("\n## ")[0]

    assert re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE) == list(OUTCOMES)
