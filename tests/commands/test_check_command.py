"""`check`: exit statuses, what is printed, and what is written."""

import json
import stat
import sys
from pathlib import Path

import pytest
from acme_exchanges import BROKEN, ELSEWHERE, FINE, LIMITED, WARNED, error, exchange

from pytest_apierrors.recordings import Limits
from pytest_apierrors.reports import FORMATS

SECRET = "s3cr3tvalue1"


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
    told = f"{tmp_path / 'empty'}: no files in there\n"
    assert check(tmp_path / "empty") == (2, "no responses\n", told)


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
