"""`combine`: reports of several test runs as one."""

import itertools
import json
import os
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from pytest_apierrors import _cli
from pytest_apierrors.reports import FORMATS

DOCUMENTED = ["rate_limited", "unauthorized", "frozen", "gone"]


def response(outcome="deviating", **more):
    violation = {
        "rule": "header-missing",
        "severity": "error",
        "where": "header:Retry-After",
        "documented": "seconds",
        "found": "nothing",
    }
    return {
        "file": "test_a.py",
        "index": 0,
        "line": 4,
        "test": "test_a.py::test_it",
        "evidence": "asserted",
        "method": "POST",
        "url": "https://api.acme.test/",
        "status": 429,
        "outcome": outcome,
        "entry": "rate_limited",
        "code": "rate_limited",
        "category": None,
        "retry": {"advice": "after", "seconds": None},
        "violations": [violation] if outcome == "deviating" else [],
        **more,
    }


def report(*responses, fine=0, entries=None, **more):
    outcomes = [one["outcome"] for one in responses]
    return {
        "version": 1,
        "provider": "acme",
        "summary": {
            "files": 0,
            "responses": len(responses) + fine,
            "errors": len(responses),
            **{
                name: outcomes.count(name)
                for name in ("documented", "deviating", "undocumented", "intermediary")
            },
            "unreadable": 0,
            "violations": {"error": outcomes.count("deviating"), "warning": 0, "note": 0},
        },
        "responses": list(responses),
        "problems": [],
        "incomplete": None,
        "coverage": {"acme": {"documented": DOCUMENTED, "entries": entries or {}}},
        **more,
    }


@pytest.fixture
def combine(tmp_path, capsys, monkeypatch):
    """Return a function that writes reports and combines them."""
    monkeypatch.chdir(tmp_path)

    def main(*reports, options=()):
        names = []
        for number, one in enumerate(reports):
            names.append(f"{number}.json")
            text = one if isinstance(one, bytes) else json.dumps(one).encode()
            (tmp_path / names[-1]).write_bytes(text)
        status = _cli.main(["combine", *names, *options])
        said = capsys.readouterr()
        return status, said.out, said.err

    return main


def combined(combine, *reports):
    _, out, err = combine(*reports, options=["--format", "json"])
    assert not err
    return json.loads(out)


def test_the_coverage_of_all_runs_is_a_table(combine):
    one = report(entries={"rate_limited": {"recorded": 2}})
    other = report(entries={"rate_limited": {"mocked": 1}, "frozen": {"fuzzed": 1}})

    status, out, err = combine(one, other)

    assert (status, err) == (0, "")
    counts = ["acme", "4", "1", "0", "1", "1", "0", "50%"]
    assert out.splitlines()[2].split() == [*counts, "unauthorized,", "gone"]
    assert out.splitlines()[-1] == "no responses"


def test_matrices_are_added(combine):
    one = report(entries={"rate_limited": {"recorded": 2}})
    other = report(entries={"rate_limited": {"recorded": 1, "mocked": 1}, "frozen": {"fuzzed": 1}})

    assert combined(combine, one, other)["coverage"] == {
        "acme": {
            "documented": DOCUMENTED,
            "entries": {"frozen": {"fuzzed": 1}, "rate_limited": {"mocked": 1, "recorded": 3}},
        }
    }


def test_responses_come_in_a_stable_order_without_repeats(combine):
    parts = [
        report(response(), response("documented", line=9), fine=1),
        report(response(), response(test="test_a.py::test_other", status=400)),
        report(response("documented", file="b.har", evidence="recorded", test="b.har::0000")),
    ]

    texts = set()
    for order in itertools.permutations(parts):
        texts.add(json.dumps(combined(combine, *order)))

    assert len(texts) == 1
    whole = json.loads(texts.pop())
    places = [(one["file"], one["line"], one["test"]) for one in whole["responses"]]
    assert places == [
        ("b.har", 4, "b.har::0000"),
        ("test_a.py", 4, "test_a.py::test_it"),
        ("test_a.py", 4, "test_a.py::test_other"),
        ("test_a.py", 9, "test_a.py::test_it"),
    ]
    assert whole["summary"] == {
        "files": 0,
        "responses": 5,
        "errors": 4,
        "documented": 2,
        "deviating": 2,
        "undocumented": 0,
        "intermediary": 0,
        "unreadable": 0,
        "violations": {"error": 2, "warning": 0, "note": 0},
    }


def test_of_the_same_response_the_worse_is_kept(combine):
    for order in itertools.permutations([report(response()), report(response("documented"))]):
        (one,) = combined(combine, *order)["responses"]
        assert one["outcome"] == "deviating"


def test_what_could_not_be_read_is_kept_once(combine):
    problem = {"file": "a.har", "index": 1, "reason": "cut off"}

    whole = combined(combine, report(problems=[problem]), report(problems=[problem]))

    assert whole["problems"] == [problem]
    assert whole["summary"]["unreadable"] == 1


def test_one_incomplete_run_makes_all_of_it_incomplete_and_red(combine):
    status, _, err = combine(report(), report(incomplete="1 worker of pytest-xdist crashed"))

    assert status == 1
    assert err == "the run is incomplete: 1.json: 1 worker of pytest-xdist crashed\n"


@pytest.mark.parametrize(("percent", "status"), [("25", 0), ("25.1", 1), ("100", 1)])
def test_too_little_coverage_is_red(combine, percent, status):
    found, _, err = combine(
        report(entries={"frozen": {"mocked": 1}}), options=["--fail-under", percent]
    )

    assert found == status
    assert err == (
        f"acme: 25.0 % of the documented errors were exercised (1 of 4), {percent} % are required\n"
        * status
    )


def test_violations_alone_do_not_make_it_red(combine):
    """Whether they fail a test was decided when it ran: they may be expected."""
    status, out, _ = combine(report(response()))

    assert status == 0
    assert out.splitlines()[-1] == (
        "1 of 1 checked errors breaks the contract; 0 of 4 documented errors exercised"
    )


def test_different_catalogs_are_said(combine):
    other = report(coverage={"acme": {"documented": DOCUMENTED[:2], "entries": {}}})

    _, out, _ = combine(report(), other)

    assert "acme: the runs were made with different catalogs" in out.splitlines()


def test_a_report_named_twice_counts_once(combine, tmp_path):
    (tmp_path / "0.json").write_text("{}")

    _, out, _ = combine(report(response("documented"), fine=3), options=["0.json"])

    assert out.splitlines()[-1].startswith("0 of 1 checked errors")


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_written(combine, form):
    status, out, _ = combine(
        report(response(), response("documented", line=9)), options=["--format", form]
    )

    assert status == 0
    assert "header-missing" in out


@pytest.mark.parametrize(
    ("name", "begins"), [("o.json", "{"), ("o.md", "## API"), ("o.xml", "<?xml"), ("o", "test_a")]
)
def test_a_file_gets_the_format_of_its_name_and_the_terminal_the_table(
    combine, tmp_path, name, begins
):
    _, out, _ = combine(report(response()), options=["--output", name])

    assert out.startswith("Provider")
    assert (tmp_path / name).read_text().startswith(begins)


def test_the_page_says_what_catalogs_that_are_here_say(combine, tmp_path):
    acme = Path(__file__).parents[1] / "messages" / "acme.json"
    page = tmp_path / "all.html"
    source = "https://docs.acme.test"

    combine(report(response()), options=("--output", str(page)))
    assert source not in page.read_text(encoding="utf-8")

    combine(report(response()), options=("--output", str(page), "--catalogs", str(acme)))
    assert source in page.read_text(encoding="utf-8")


def test_a_combined_report_can_be_combined_again(combine, tmp_path):
    parts = [report(response()), report(response("documented", line=9), fine=2)]
    combine(*parts, options=["--output", "all.json"])
    first = (tmp_path / "all.json").read_bytes()

    combine(first, options=["--output", "again.json"])

    assert (tmp_path / "again.json").read_bytes() == first


def changed(**more):
    return {**report(response()), **more}


def of_response(**more):
    return report({**response(), **more})


MISTAKES = {
    "no JSON": (b"nothing", "is no JSON report of a run: "),
    "nothing": (b"", "is no JSON report of a run: "),
    "a list": ([], "is no JSON report of a run: "),
    "deep": (b"[" * 100_000, "is no JSON report of a run: "),
    "deep inside": (b'{"version": 1, "x": ' + b"[" * 100_000, "is no JSON report of a run: "),
    "no UTF-8": (b'{"version": 1, "provider": "\xff"}', "is no JSON report of a run: "),
    "no version": ({"responses": []}, "is no JSON report of a run: "),
    "version 2": (
        changed(version=2),
        "version 2 is not known; this pytest-apierrors reads version 1",
    ),
    "of check": (
        {key: value for key, value in report().items() if key not in ("coverage", "incomplete")},
        "has no coverage: only a run of pytest with --apierrors-report writes it",
    ),
    "no responses": (changed(responses=None), "is no JSON report of a run: "),
    "a provider that is none": (changed(provider="::error::x"), "is no JSON report of a run: "),
    "coverage that is none": (changed(coverage={"acme": 1}), "is no JSON report of a run: "),
    "evidence that is none": (
        changed(coverage={"acme": {"documented": [], "entries": {"a": {"dreamt": 1}}}}),
        "is no JSON report of a run: ",
    ),
    "a rule that is none": (
        of_response(violations=[{**response()["violations"][0], "rule": "\x1b[31m"}]),
        "is no JSON report of a run: ",
    ),
    "line 0": (of_response(line=0), "is no JSON report of a run: "),
    "a status of text": (of_response(status="429"), "is no JSON report of a run: "),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_what_is_no_report_is_one_sentence_and_status_2(combine, name):
    given, sentence = MISTAKES[name]

    status, out, err = combine(report(), given)

    assert (status, out) == (2, "")
    assert err.startswith(f"pytest-apierrors: 1.json: {sentence}")
    assert err.count("\n") == 1
    assert err.rstrip("\n").isprintable()


def test_a_file_that_is_not_there_is_said(combine):
    assert combine(options=["no.json"]) == (
        2,
        "",
        "pytest-apierrors: no.json: cannot be read: No such file or directory\n",
    )


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
def test_what_is_no_file_is_not_waited_for(combine, tmp_path):
    os.mkfifo(tmp_path / "pipe")

    for name in ("pipe", ".", "/dev/zero"):
        assert combine(options=[name]) == (
            2,
            "",
            f"pytest-apierrors: {name}: is not a regular file\n",
        )


def test_one_that_is_too_large_is_not_read(combine, monkeypatch):
    monkeypatch.setattr("pytest_apierrors.reports.combined._LARGEST", 20)

    assert combine(report())[2] == "pytest-apierrors: 0.json: is larger than 20 bytes\n"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--format", "sarfi"], '--format: no format named "sarfi"; did you mean "sarif"?'),
        (["--fail-under", "many"], '--fail-under: a number from 0 to 100 is needed; found "many"'),
        (["--output", "no/such"], "--output no/such: cannot be written: No such file or directory"),
    ],
)
def test_mistakes_are_sentences(combine, options, sentence):
    status, _, err = combine(report(), options=options)

    assert (status, err) == (2, f"pytest-apierrors: {sentence}\n")


HOSTILE = "\x1b[31m\n::error::x ##[error] section_start:1 <script>![x](y)\u202e"


@pytest.mark.parametrize("form", [*FORMATS, None])
def test_a_hostile_report_stays_text(combine, form):
    words = dict.fromkeys(("where", "documented", "found"), HOSTILE)
    given = of_response(
        **dict.fromkeys(("test", "method", "url", "entry", "code", "category"), HOSTILE),
        violations=[{"rule": "header-missing", "severity": "error", **words}],
    )
    given["incomplete"] = HOSTILE
    given["problems"] = [{"file": HOSTILE, "index": None, "reason": HOSTILE}]
    given["coverage"] = {"acme": {"documented": [HOSTILE], "entries": {HOSTILE: {"mocked": 1}}}}
    options = [] if form is None else ["--format", form]

    status, out, err = combine(given, options=options)

    assert status == 1
    for text in (out, err):
        assert all(one.isprintable() or one == "\n" for one in text)
        assert "##[" not in text
        assert "section_start:" not in text
        found = [line for line in text.splitlines() if line.lstrip().startswith("::")]
        assert all(" title=" in line or ",title=" in line for line in found)
    if form == "junit":
        ET.fromstring(out)


def test_runs_of_several_folders_of_one_checkout_are_told_apart(combine, tmp_path, monkeypatch):
    for variable in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.delenv(variable, raising=False)
    (tmp_path / ".git").mkdir()
    problems = [{"file": "../b.har", "index": None, "reason": "cut off"}]
    one, two = (
        report(response(), folder=folder, problems=problems) for folder in ("calls", "bills")
    )

    _, out, _ = combine(one, two, report(response(file="C:/a.py")), options=["--format=text"])

    assert "3 of 3 checked errors break the contract" in out
    assert {line.partition(" ")[0] for line in out.splitlines()} >= {
        "bills/test_a.py:4",
        "calls/test_a.py:4",
        "C:/a.py:4",
        "b.har:",
    }


def test_a_dash_is_standard_output(combine, tmp_path):
    _, out, _ = combine(report(response()), options=["--format=json", "--output=-"])

    assert json.loads(out)["summary"]["errors"] == 1
    assert not (tmp_path / "-").exists()
