"""The command line: exit statuses, formats, mistakes, and what it costs to start."""

import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from pytest_apierrors import _cli
from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.check.verdict import RULES
from pytest_apierrors.commands import check as check_command
from pytest_apierrors.commands import progress
from pytest_apierrors.recordings import READERS, Limits
from pytest_apierrors.reports import FORMATS

ROOT = Path(__file__).parent.parent
ACME = str(ROOT / "tests" / "messages" / "acme.json")
SECRET = "s3cr3tvalue1"
HOSTILE = "\x1b[31mred\r\n::error::gotcha\n##[error]gotcha"


def exchange(status, body, headers=None, url="https://api.acme.test/v1"):
    known = {"Content-Type": "application/json", **(headers or {})}
    response = {"status": status, "headers": known, "body": json.dumps(body)}
    return {"request": {"method": "POST", "url": url}, "response": response}


def error(code, **more):
    return {"error": {"code": code, "message": "Wait 3 seconds", **more}}


FINE = exchange(200, {"id": 1})
LIMITED = exchange(429, error("rate_limited"), {"Retry-After": "3"})
WARNED = exchange(429, error("rate_limited", x=1), {"Retry-After": "3"})
BROKEN = exchange(429, error("rate_limited"))
ELSEWHERE = exchange(400, {}, url="https://nobody.test/")


@pytest.fixture
def log(tmp_path):
    def write(*exchanges, name="log.ndjson"):
        lines = [one if isinstance(one, str) else json.dumps(one) for one in exchanges]
        file = tmp_path / name
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return str(file)

    return write


@pytest.fixture
def run(capsys):
    def main(*arguments):
        status = _cli.main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return main


@pytest.fixture
def check(run):
    def main(*arguments, provider="acme"):
        chosen = [] if provider is None else ["--provider", provider]
        return run("check", "--catalogs", ACME, *chosen, *arguments)

    return main


@pytest.mark.parametrize(
    "case",
    [
        ([LIMITED], [], 0),
        ([WARNED], [], 0),
        ([FINE], [], 0),
        ([BROKEN], [], 1),
        ([LIMITED, BROKEN], [], 1),
        ([BROKEN], ["--ignore", "header-missing"], 0),
        ([BROKEN], ["--select", "field-type"], 0),
        ([BROKEN], ["--severity", "header-missing=warning"], 0),
        ([WARNED], ["--severity", "field-undocumented=error"], 1),
        ([FINE], ["--require-errors"], 1),
        ([LIMITED], ["--require-errors"], 0),
        ([LIMITED, '{"request": '], [], 2),
        ([BROKEN, '{"request": '], [], 2),
        ([ELSEWHERE], ["--only-hosts"], 2),
        ([ELSEWHERE, LIMITED], ["--only-hosts"], 0),
        ([""], [], 2),
        (["neither JSON nor YAML: ["], [], 2),
    ],
    ids=str,
)
@pytest.mark.parametrize("form", FORMATS)
def test_the_exit_status_is_that_of_the_worst_thing(check, log, case, form):
    exchanges, options, status = case

    found, out, err = check(log(*exchanges), *options, "--format", form)

    lacking = status == 1 and "--require-errors" in options
    assert found == status
    assert out
    assert err == "--require-errors: there is no error among the responses\n" * lacking


def test_findings_are_lines_and_the_last_one_sums_up(check, log):
    file = log(LIMITED, BROKEN)

    _, out, _ = check(file)

    told = "documented: seconds, found: nothing"
    assert out.splitlines() == [
        f"{file}:2 #1: acme 429: rate_limited, error header-missing Retry-After ({told})",
        "1 of 2 recorded errors breaks the contract; 1 of 8 documented errors exercised",
    ]


def test_no_errors_and_no_responses_are_said_plainly(check, log, tmp_path):
    (tmp_path / "empty").mkdir()

    assert check(log(FINE, FINE))[1] == "2 responses, no errors among them\n"
    assert check(tmp_path / "empty") == (2, "no responses\n", "")


def test_a_missing_path_costs_one_line_and_nothing_else(check, log):
    status, out, err = check("no/such.har", log(BROKEN))

    assert status == 2
    assert "no/such.har: cannot be opened: No such file or directory" in out.splitlines()
    assert "header-missing" in out
    assert not err


def test_json_counts_files_and_names_the_sole_provider(check, log):
    files = [log(LIMITED, name="a.ndjson"), log(BROKEN, FINE, name="b.ndjson")]

    _, out, _ = check(*files, "--format", "json")

    report = json.loads(out)
    assert report["provider"] == "acme"
    assert report["summary"]["files"] == 2
    assert [(one["file"], one["index"]) for one in report["responses"]] == [
        (files[0], 0),
        (files[1], 0),
    ]


def test_json_lists_everything_if_asked(check, log):
    _, out, _ = check(log(FINE, LIMITED), "--format", "json", "--all")

    assert [one["outcome"] for one in json.loads(out)["responses"]] == [
        "not-an-error",
        "documented",
    ]


def test_hosts_decide_where_no_provider_is_chosen(check, log):
    sinch = exchange(
        401,
        {"errorCode": 40101, "message": "x"},
        url="https://calling.api.sinch.com/calling/v1/callouts",
    )

    _, out, _ = check(log(LIMITED, sinch), "--format", "json", provider=None)

    report = json.loads(out)
    assert report["provider"] is None
    assert [one["provider"] for one in report["responses"]] == ["acme", "sinch"]


def test_two_providers_are_no_sole_one(check, log):
    _, out, _ = check(log(LIMITED), "--format", "json", "--provider", "sinch")

    assert json.loads(out)["provider"] is None


def test_a_host_of_nobody_names_the_ways_to_choose(check, log):
    status, out, err = check(log(LIMITED, ELSEWHERE), "--format", "json", provider=None)

    assert status == 2
    assert out == ""
    assert "#1: the host nobody.test belongs to none of the providers acme, http" in err
    assert "choose one with --provider NAME, or pass over such responses with --only-hosts" in err
    assert err.count("\n") == 1


def test_the_sole_provider_takes_every_host(check, log):
    assert check(log(ELSEWHERE))[0] == 1


MISTAKES = {
    "no-command": [],
    "unknown-command": ["chek"],
    "strange-command": ["frobnicate"],
    "no-path": ["check"],
    "unknown-option": ["check", "x", "--selct", "y"],
    "unknown-provider": ["check", "x", "--provider", "sinhc"],
    "strange-provider": ["check", "x", "--provider", "frobnicate"],
    "unknown-rule": ["check", "x", "--select", "field-mising"],
    "strange-rule": ["check", "x", "--ignore", "frobnicate"],
    "unknown-severity": ["check", "x", "--severity", "field-missing=warn"],
    "severity-without-level": ["check", "x", "--severity", "field-missing"],
    "unknown-reader": ["check", "x", "--provider", "sinch", "--reader", "vrc"],
    "unknown-format": ["check", "x", "--format", "yaml"],
    "no-such-catalogs": ["check", "x", "--catalogs", "no/such/folder"],
    "limit-is-no-number": ["check", "x", "--max-depth", "deep"],
    "limit-is-not-positive": ["check", "x", "--max-depth", "0"],
    "output-cannot-be-written": ["check", "x", "--provider", "sinch", "--output", "no/such/file"],
    "show-unknown-catalog": ["show", "sinhc"],
    "show-unknown-code": ["show", "sinch", "4010"],
    "show-strange-code": ["show", "sinch", "frobnicate"],
    "export-unknown-catalog": ["export", "neutrion"],
    "lint-missing-file": ["lint", "no/such/acme.json"],
    "probe-without-url": ["probe", "sinch"],
    "probe-nobody-allowed": ["probe", "sinch", "--base-url", "https://api.acme.test"],
    "probe-other-host": [
        *("probe", "sinch", "--base-url", "https://api.acme.test.evil.test"),
        *("--allow", "api.acme.test"),
    ],
    "probe-user-in-url": [
        *("probe", "sinch", "--base-url", "https://api.acme.test@evil.test"),
        *("--allow", "api.acme.test"),
    ],
    "probe-nothing-to-send": [
        *("probe", "toku", "--base-url", "https://api.acme.test", "--allow", "api.acme.test"),
    ],
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_one_sentence_and_status_2(run, name):
    status, out, err = run(*MISTAKES[name])

    assert status == 2
    said = out + err
    assert said.count("\n") == 1
    assert "Traceback" not in said
    assert "usage:" not in said


def test_mistakes_are_worded_as_reviewed(run):
    """All of them in one golden file: sentences are read best beside each other."""
    said = []
    for arguments in MISTAKES.values():
        _, out, err = run(*arguments)
        said += [f"$ pytest-apierrors {' '.join(arguments)}".rstrip(), *(out + err).splitlines()]
    golden = ROOT / "tests" / "messages" / "usage.txt"
    # One more catalog must not change this file.
    text = "".join(f"{line}\n" for line in said).replace(", ".join(Catalogs().names()), "...")

    if "APIERRORS_REWRITE_MESSAGES" in os.environ:
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_hostile_arguments_stay_text(run):
    for arguments in (["check", HOSTILE, "--provider", HOSTILE], ["show", "http", HOSTILE]):
        _, _, err = run(*arguments)

        assert "\x1b" not in err
        assert "##[" not in err
        assert not any(line.startswith("::") for line in err.splitlines())


def test_a_hostile_path_stays_text(check):
    _, out, _ = check(f"{HOSTILE}.har")

    assert "\x1b" not in out
    assert not any(line.startswith("::") for line in out.splitlines())


@pytest.mark.parametrize("form", FORMATS)
def test_secrets_of_requests_and_bodies_reach_no_output(check, log, form):
    recorded = exchange(
        401,
        error("unauthorized", token=SECRET),
        {"WWW-Authenticate": f'Bearer token="{SECRET}"'},
        url=f"https://u:{SECRET}@api.acme.test/?api_key={SECRET}",
    )
    recorded["request"]["headers"] = {"Authorization": f"Bearer {SECRET}"}

    _, out, err = check(log(recorded), "--format", form, "--all")

    assert "acme" in out
    assert SECRET not in out + err


def test_output_is_a_file_and_nothing_is_printed(check, log, tmp_path):
    target = tmp_path / "report.json"

    status, out, err = check(log(BROKEN), "--format", "json", "--output", target)

    assert (status, out, err) == (1, "", "")
    assert json.loads(target.read_text())["summary"]["errors"] == 1
    assert sorted(one.name for one in tmp_path.iterdir()) == ["log.ndjson", "report.json"]


def test_output_that_is_broken_off_leaves_what_was_there(check, log, tmp_path):
    target = tmp_path / "report.txt"
    target.write_text("before")

    status, _, err = check(log(BROKEN, ELSEWHERE), "--output", target, provider=None)

    assert status == 2
    assert "nobody.test" in err
    assert target.read_text() == "before"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["log.ndjson", "report.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="modes and links are those of POSIX")
def test_output_keeps_mode_and_link_of_what_it_replaces(check, log, tmp_path):
    real = tmp_path / "real.txt"
    real.write_text("before")
    real.chmod(0o640)
    link = tmp_path / "link.txt"
    link.symlink_to(real)

    check(log(BROKEN), "--output", link)

    assert link.is_symlink()
    assert "header-missing" in real.read_text()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_full_disk_is_a_mistake_in_one_sentence(check, log):
    status, _, err = check(log(BROKEN), "--output", "/dev/full")

    assert status == 2
    assert err == (
        "pytest-apierrors: --output /dev/full: cannot be written: No space left on device\n"
    )


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="there is no such device here")
def test_a_device_is_written_to_and_not_replaced(check, log):
    status, _, _ = check(log(BROKEN), "--output", "/dev/null")

    assert status == 1
    assert not Path("/dev/null").is_file()


def test_every_limit_of_reading_is_an_option(check, log):
    defaults = Limits()
    options = [
        word
        for name in Limits.__struct_fields__
        for word in (f"--{name.replace('_', '-')}", str(getattr(defaults, name)))
    ]

    assert check(log(LIMITED), *options)[0] == 0
    assert check(log(LIMITED), "--max-line-bytes", "20")[0] == 2


def test_a_named_reader_is_used(check, log):
    status, out, _ = check(log(LIMITED), "--reader", "har")

    assert status == 2
    assert "no responses" in out


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


def test_the_version_is_that_of_the_distribution(capsys):
    try:
        expected = version("pytest-apierrors")
    except PackageNotFoundError:
        expected = "(not installed: no version)"

    with pytest.raises(SystemExit) as caught:
        _cli.main(["--version"])

    assert caught.value.code == 0
    assert capsys.readouterr().out == f"pytest-apierrors {expected}\n"


@pytest.mark.parametrize("arguments", [["--help"], *([name, "--help"] for name in _cli.COMMANDS)])
def test_help_is_there(capsys, arguments):
    with pytest.raises(SystemExit) as caught:
        _cli.main(arguments)

    assert caught.value.code == 0
    assert "usage: pytest-apierrors" in capsys.readouterr().out


@pytest.mark.parametrize("columns", ["60", "79", "100"])
def test_help_breaks_no_name_at_a_dash(capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)

    with pytest.raises(SystemExit):
        _cli.main(["check", "--help"])

    words = capsys.readouterr().out.replace(",", " ").replace(".", " ").split()
    assert {*RULES, *(reader.name for reader in READERS)} <= {*words}


def test_an_interrupt_is_status_130_and_no_traceback(check, log, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(check_command, "check_file", interrupted)

    assert check(log(LIMITED)) == (130, "", "pytest-apierrors: interrupted\n")


class Terminal:
    """A standard error that is a terminal."""

    def __init__(self):
        self.text = ""

    def isatty(self):
        return True

    def write(self, text):
        self.text += text

    def flush(self):
        pass


def test_progress_is_shown_on_a_terminal_after_a_second_and_cleared(monkeypatch):
    clock = iter([0.0, 0.5, 0.9, 1.1, 1.15, 1.4])
    terminal = Terminal()
    monkeypatch.setattr(progress, "monotonic", lambda: next(clock))
    monkeypatch.setattr(sys, "stderr", terminal)

    assert list(progress.with_progress("abcde")) == list("abcde")

    assert terminal.text == "\r3 responses ...\r5 responses ...\r\x1b[K"


def test_short_work_shows_no_progress(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)

    assert list(progress.with_progress("abc")) == list("abc")
    assert terminal.text == ""


def test_long_work_shows_no_progress_where_nobody_watches(monkeypatch, capsys):
    monkeypatch.setattr(progress, "SILENT_SECONDS", 0)

    assert list(progress.with_progress("abc")) == list("abc")
    assert capsys.readouterr().err == ""


def program(*arguments, **options):
    words = [sys.executable, "-m", "pytest_apierrors", *map(str, arguments)]
    return subprocess.Popen(words, cwd=ROOT, text=True, stderr=subprocess.PIPE, **options)


def test_the_module_is_the_program(log):
    with program(
        "check", log(BROKEN), "--catalogs", ACME, "--provider", "acme", stdout=subprocess.PIPE
    ) as process:
        out, err = process.communicate()

    assert (process.returncode, err) == (1, "")
    assert "header-missing" in out


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and signals of POSIX")
def test_a_reader_that_goes_away_is_no_traceback(log):
    file = log(*([BROKEN] * 5000))

    with program(
        "check", file, "--catalogs", ACME, "--provider", "acme", stdout=subprocess.PIPE
    ) as process:
        process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()

    assert process.returncode == 141
    assert err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and signals of POSIX")
def test_control_c_ends_the_program_with_130(log, tmp_path):
    file = log(*([BROKEN] * 300_000))
    target = tmp_path / "out.txt"

    with program(
        "check", file, "--catalogs", ACME, "--provider", "acme", "--output", target
    ) as process:
        waiting = time.monotonic() + 30
        while not list(tmp_path.glob(".out.txt.*")) and time.monotonic() < waiting:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()

    assert process.returncode == 130
    assert err == "pytest-apierrors: interrupted\n"
    assert not target.exists()
    assert not list(tmp_path.glob(".out.txt.*"))


def test_output_in_ascii_shows_what_is_not_ascii(log):
    file = log(exchange(418, error("caf\u00e9")))

    with program(
        "check",
        file,
        "--catalogs",
        ACME,
        "--provider",
        "acme",
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    ) as process:
        out, err = process.communicate()

    assert (process.returncode, err) == (1, "")
    assert r'found: "caf\xe9"' in out


HEAVY = ("pytest", "hypothesis", "jsonschema", "responses", "requests", "yaml", "asyncio")


def test_a_check_of_json_imports_nothing_heavy(log):
    """Modules are counted, not milliseconds: those depend on the machine."""
    code = (
        "import sys; from pytest_apierrors._cli import main; "
        f"main(['check', {log(BROKEN)!r}, '--provider', 'sinch']); "
        f"print(sorted(set(sys.modules) & set({HEAVY!r})))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "[]"
