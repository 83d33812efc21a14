"""The command line: mistakes, help, signals, and what it costs to start."""

import os
import signal
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from acme_exchanges import ACME, BROKEN, LIMITED, error, exchange

from pytest_apierrors import _cli
from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.check.verdict import RULES
from pytest_apierrors.commands import check as check_command
from pytest_apierrors.commands import progress
from pytest_apierrors.recordings import READERS

ROOT = Path(__file__).parents[2]
HOSTILE = "\x1b[31mred\r\n::error::gotcha\n##[error]gotcha"

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
