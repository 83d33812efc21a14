"""`list`, `show`, `export`, `lint`: what catalogs say."""

import json
import re
from pathlib import Path

import pytest
from acme_exchanges import ACME


def test_list_names_every_catalog(run):
    status, out, _ = run("list", "--catalogs", ACME)

    names = [line.split()[0] for line in out.splitlines()]
    assert status == 0
    assert names[0] == "provider"
    assert {"acme", "http", "sinch"} <= set(names)
    assert names[1:] == sorted(names[1:])


def test_list_as_json_and_as_markdown(run):
    _, text, _ = run("list", "--format", "json", "--catalogs", ACME)
    _, table, _ = run("list", "--markdown", "--catalogs", ACME)

    facts = {one["name"]: one for one in json.loads(text)["providers"]}
    assert facts["acme"] == {
        "name": "acme",
        "title": "Acme Messages",
        "errors": 8,
        "codes": 5,
        "statuses": 7,
        "read": "2026-07-14",
        "extends": "http",
        "hosts": ["api.acme.test"],
        "file": ACME,
    }
    assert facts["sinch"]["file"] == "schemas/sinch.json"
    rows = table.splitlines()
    assert rows[1] == "|---|---|---|---|---|---|"
    assert "| `acme` | Acme Messages | 8 | 5 | 7 | 2026-07-14 |" in rows
    assert len(rows) == len(facts) + 2


def test_list_goes_on_behind_a_catalog_that_cannot_be_read(run, tmp_path):
    (tmp_path / "broken.json").write_text("{")

    status, out, err = run("list", "--catalogs", tmp_path)

    assert status == 2
    assert "sinch" in out
    assert "broken.json" in err


def test_show_prints_what_a_catalog_says(run):
    status, out, _ = run("show", "acme", "--catalogs", ACME)

    assert status == 0
    assert out.startswith("acme, 8 errors, read 2026-07-14 (")
    assert re.search(r"rate_limited +429 +error +after +resource_exhausted +-", out)
    assert re.search(r"unauthorized +401 +error +never +unauthenticated +Unauthorized", out)
    assert "page: page, https://docs.acme.test/errors (revision 7, read 2026-07-14)" in out


def test_show_names_a_catalog_s_own_sources_and_counts_those_of_http(run):
    _, out, _ = run("show", "telephony-io")

    lines = out[out.index("  source  ") :].splitlines()
    told = [line.strip() for line in lines if line.startswith(("  source  ", " " * 13))]
    assert "errors: page, https://www.telephony.io/docs/errors" in told[0]
    assert re.fullmatch(r"and \d+ sources of what it extends: .* show http", told[-1])
    assert not any("rfc9110.15" in line for line in told)


def test_show_prints_what_can_be_probed(run):
    _, out, _ = run("show", "sinch")

    line = "probe  no-credentials  GET /calling/v1/calls/id/no-such-call  expects 40100  voice-a, "
    assert out.splitlines()[-1].strip() == f"{line}sdk-python"


def test_show_prints_an_entry_with_everything_and_its_sources(run):
    _, out, _ = run("show", "acme", "rate_limited", "--catalogs", ACME)

    for fact in (
        "code       rate_limited",
        "status     429",
        "means      More than ten requests in a second.",
        "category   resource_exhausted",
        "retry      after what the header Retry-After says (source page)",
        'message    "Wait {seconds} seconds" (template)',
        "header     Retry-After (must): seconds",
        "example    printed",
        "Retry-After: 3",
        '"message": "Wait 3 seconds"',
        "source     page: page, https://docs.acme.test/errors (revision 7, read 2026-07-14)",
    ):
        assert fact in out


def test_show_prints_every_claim_with_its_source(run):
    _, out, _ = run("show", "acme", "bad_request", "--catalogs", ACME)

    assert re.search(r'claim  code  "invalid_request"  live  page: page, https://docs', out)


@pytest.mark.parametrize(
    ("code", "entries"),
    [
        ("duplicate", ["duplicate"]),
        ("405", ["not_allowed"]),
        ("409", ["duplicate", "duplicate_name"]),
    ],
)
def test_show_finds_entries_by_key_code_or_status(run, code, entries):
    _, out, _ = run("show", "acme", code, "--catalogs", ACME)

    found = [line.split()[1] for line in out.splitlines() if line.startswith("acme ")]
    assert found == entries


@pytest.mark.parametrize("code", ["2", "02"])
def test_show_takes_a_code_in_every_spelling(run, code):
    assert run("show", "neutrino", code)[1].startswith("neutrino 02 ")


@pytest.mark.parametrize("name", ["http", "neutrino", "sinch", "telephony-io", "toku"])
def test_every_entry_of_every_catalog_can_be_shown(run, name):
    _, text, _ = run("export", name)
    _, out, _ = run("show", name)
    table = out[out.index("\n  entry ") :].split("\n\n")[0]
    keys = [line.split()[0] for line in table.splitlines()[2:]]

    assert json.loads(text)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert len(keys) > 5
    for key in keys:
        assert run("show", name, key)[0] == 0


def test_export_writes_a_file(run, tmp_path):
    target = tmp_path / "sinch.schema.json"

    assert run("export", "sinch", "--output", target) == (0, "", "")
    assert json.loads(target.read_text()) == json.loads(run("export", "sinch")[1])


def test_lint_is_silent_but_for_the_sums_where_nothing_is_wrong(run):
    status, out, _ = run("lint", ACME)

    assert status == 0
    assert re.fullmatch(
        rf"{re.escape(ACME)}: 0 findings; \d+ of \d+ mutants of its examples noticed\n", out
    )


def test_lint_prints_findings_and_goes_on_behind_a_broken_file(run, tmp_path):
    raw = json.loads(Path(ACME).read_text())
    raw["errors"]["frozen"]["example"] = None
    del raw["errors"]["frozen"]["no_example"]
    odd, broken = tmp_path / "odd.json", tmp_path / "broken.json"
    odd.write_text(json.dumps(raw))

    status, out, _ = run("lint", odd)
    broken.write_text("{")
    both, text, _ = run("lint", broken, odd)

    assert status == 1
    assert f"{odd}: $.errors.frozen: no-example: " in out
    assert both == 2
    assert text.splitlines()[0].startswith(f"{broken}: ")
    assert "no-example" in text
