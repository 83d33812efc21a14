"""`check` as a gate: accepted deviations, required coverage, every format on the command line."""

import json
import sys

import pytest

from pytest_apierrors import _cli
from pytest_apierrors.commands import check as check_command
from pytest_apierrors.reports import FORMATS

HEADERS = {"Content-Type": "application/json"}


def exchange(status, code, **headers):
    body = json.dumps({"error": {"code": code, "message": "Wait 3 seconds"}})
    return {
        "request": {"method": "POST", "url": "https://api.acme.test/v1"},
        "response": {"status": status, "headers": {**HEADERS, **headers}, "body": body},
    }


LIMITED = exchange(429, "rate_limited", **{"Retry-After": "3"})
BROKEN = exchange(429, "rate_limited")
UNHEARD = exchange(418, "teapot")
MISSING = {
    "provider": "acme",
    "entry": "rate_limited",
    "rule": "header-missing",
    "where": "header:Retry-After",
    "reason": "their gateway drops it",
}
OTHER = {**MISSING, "entry": "frozen"}


@pytest.fixture
def check(project, capsys, monkeypatch):
    """Return a function that checks exchanges against a baseline."""
    monkeypatch.chdir(project.path)

    def main(*exchanges, accepted=None, options=(), paths=()):
        project.record("log.ndjson", *exchanges)
        if accepted is not None:
            text = json.dumps({"version": 1, "accepted": accepted})
            (project.path / "baseline.json").write_text(text)
            options = [*options, "--baseline", "baseline.json"]
        words = ["--catalogs", "catalogs", "--provider", "acme"]
        status = _cli.main(["check", "log.ndjson", *paths, *words, *options])
        said = capsys.readouterr()
        return status, said.out, said.err

    return main


def test_what_is_accepted_is_a_note_and_does_not_fail(check):
    status, out, err = check(BROKEN, LIMITED, accepted=[MISSING])

    assert status == 0
    assert "rate_limited, note header-missing Retry-After" in out
    assert out.splitlines()[-1].startswith("0 of 2 recorded errors break the contract")
    assert err == "baseline: 1 accepted, 0 new\n"


def test_what_is_new_fails_and_what_vanished_is_said(check):
    status, _, err = check(UNHEARD, accepted=[MISSING])

    assert status == 1
    assert err.splitlines() == [
        "baseline: 0 accepted, 1 new, 1 not seen",
        "  new: acme status-418: code-undocumented at $.error.code",
        "  not seen (mended, or not run): acme rate_limited: header-missing at header:Retry-After",
    ]


def test_code_scanning_is_told_what_is_accepted_and_why(check):
    late = {**OTHER, "expires": "2020-02-29"}
    _, out, _ = check(BROKEN, UNHEARD, accepted=[MISSING, late], options=["--format", "sarif"])

    told = {one["ruleId"]: one.get("suppressions") for one in json.loads(out)["runs"][0]["results"]}
    reason = {"kind": "external", "status": "accepted", "justification": MISSING["reason"]}
    assert told == {"header-missing": [reason], "code-undocumented": None}


def test_what_has_expired_fails(check):
    status, out, err = check(BROKEN, accepted=[{**MISSING, "expires": "2020-02-29"}])

    assert status == 1
    assert "error header-missing" in out
    assert "  expired 2020-02-29: acme rate_limited: header-missing at" in err


def test_the_file_is_left_alone(check, project):
    check(BROKEN, UNHEARD, accepted=[OTHER])

    text = (project.path / "baseline.json").read_text()
    assert json.loads(text) == {"version": 1, "accepted": [OTHER]}


@pytest.mark.skipif(sys.platform != "linux", reason="one process elsewhere")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_several_processes_come_to_the_same(check, project, monkeypatch):
    monkeypatch.setattr(check_command, "worth_it", lambda *_: True)
    accepted = {"accepted": [MISSING, OTHER], "paths": ["more"], "options": ["--jobs", "2"]}
    for name in "abcdefgh":
        project.record(f"more/{name}.ndjson", BROKEN, UNHEARD)

    side_by_side = check(BROKEN, **accepted)
    monkeypatch.setattr(check_command, "worth_it", lambda *_: False)

    assert check(BROKEN, **accepted) == side_by_side
    assert side_by_side[2].startswith("baseline: 1 accepted, 1 new, 1 not seen\n")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "--baseline baseline.json: no such file"),
        ("{", "baseline baseline.json:1: "),
        ('{"version": 7, "accepted": []}', "baseline baseline.json: version 7 is not known here"),
    ],
)
def test_a_baseline_that_is_none_is_one_sentence(check, project, text, sentence):
    if text is not None:
        (project.path / "baseline.json").write_text(text)

    status, out, err = check(BROKEN, options=["--baseline", "baseline.json"])

    assert (status, out) == (2, "")
    assert err.startswith(f"pytest-apierrors: {sentence}")
    assert err.count("\n") == 1


@pytest.mark.parametrize(("percent", "status"), [("0", 0), ("12.5", 0), ("12.6", 1), ("100", 1)])
def test_too_little_coverage_fails(check, percent, status):
    found, _, err = check(LIMITED, options=["--fail-under", percent])

    assert found == status
    assert (
        err
        == (
            "acme: 12.5 % of the documented errors were exercised (1 of 8), "
            f"{percent} % are required\n"
        )
        * status
    )


def test_errors_may_be_required(check):
    fine = {**LIMITED, "response": {"status": 204, "headers": {}, "body": ""}}

    assert check(fine)[0] == 0
    status, out, err = check(fine, options=["--require-errors", "--format", "html"])

    assert status == 1
    assert err == "--require-errors: there is no error among the responses\n"
    assert "<title>API errors: failed</title>" in out
    assert check(LIMITED, options=["--require-errors"])[::2] == (0, "")


def test_a_chosen_provider_that_never_answered_is_not_covered(check):
    status, _, err = check(LIMITED, options=["--provider", "toku", "--fail-under", "1"])

    assert status == 1
    assert err.startswith("toku: 0.0 % of the documented errors were exercised (0 of 102)")


@pytest.mark.parametrize("percent", ["", "-1", "101", "nan", "all"])
def test_what_is_no_percentage_is_refused(check, percent):
    status, _, err = check(LIMITED, options=["--fail-under", percent])

    assert status == 2
    assert err == (
        f'pytest-apierrors: --fail-under: a number from 0 to 100 is needed; found "{percent}"\n'
    )


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_there_and_the_status_is_the_same(check, form):
    status, out, err = check(LIMITED, BROKEN, options=["--format", form])

    assert (status, err) == (1, "")
    assert "header-missing" in out


def test_json_is_as_it_was(check):
    """A run of the command line has neither coverage nor a word on being incomplete."""
    _, out, _ = check(BROKEN, accepted=[MISSING], options=["--format", "json"])

    report = json.loads(out)
    assert list(report) == ["version", "provider", "summary", "responses", "problems"]
    assert report["responses"][0]["outcome"] == "documented"
