"""Results as text, JSON and workflow commands; every format is read back."""

import io
import json
import re
from urllib.parse import unquote

import pytest
from msgspec.structs import replace

from pytest_apierrors.catalog.find import load_file
from pytest_apierrors.check import check
from pytest_apierrors.check.verdict import OUTCOMES, RULES, Verdict, Violation
from pytest_apierrors.errors import RecordingError, UsageProblem
from pytest_apierrors.reports import FINDINGS, FORMATS, renderer
from pytest_apierrors.reports.run import Run, Summary
from pytest_apierrors.response import Headers, Response
from pytest_apierrors.results import Checked, Skipped

ACME = load_file("tests/messages/acme.json")
HOSTILE = "\x1b[31mred\r\n::error::gotcha\n##[error]gotcha section_start:1:x\u202e\u2028"
SECRET = "s3cr3tvalue1"


def checked(status, body="", headers=None, *, index=0, file="a.har", line=None, **asked):
    url = asked.get("url", "https://api.acme.test/v1")
    method = asked.get("method", "GET")
    known = Headers.of({"Content-Type": "application/json", **(headers or {})})
    response = Response(status, body.encode(), known, method, url)
    return Checked(file, index, line, method, url, status, check(response, ACME))


def error(code, **more):
    return json.dumps({"error": {"code": code, "message": "Wait 3 seconds", **more}})


LIMITED = checked(429, error("rate_limited"), {"Retry-After": "3"}, index=0)
WARNED = checked(429, error("rate_limited", x=1), {"Retry-After": "3"}, index=1, line=8)
BROKEN = checked(429, error("rate_limited"), index=2, line=12)
UNHEARD = checked(418, error("teapot"), index=3)
GATEWAY = checked(502, "<html><body>no</body></html>", {"Content-Type": "text/html"}, index=4)
FINE = checked(200, "{}", index=5)
BODY_AFTER_204 = checked(204, "{}", index=6)
SKIPPED = Skipped("a.har", 7)
UNREADABLE = RecordingError("b.har", "status 'x' is not an HTTP status", index=2, line=40)
EVERYTHING = (LIMITED, WARNED, BROKEN, UNHEARD, GATEWAY, FINE, BODY_AFTER_204, SKIPPED, UNREADABLE)


def rendered(name, *results, provider="acme", everything=False):
    summary = Summary([ACME])
    summary.files = 1
    out = io.StringIO()
    renderer(name)(Run(summary.counted(results), summary, provider, everything), out)
    return out.getvalue()


def parsed(*results, **more):
    return json.loads(rendered("json", *results, **more))


def test_text_has_one_line_per_finding_and_a_last_line_of_sums():
    lines = rendered("text", *EVERYTHING).splitlines()

    assert lines[:-1] == [
        (
            "a.har:8 #1: acme 429: rate_limited, warning field-undocumented $.error.x "
            "(documented: nothing, found: 1)"
        ),
        (
            "a.har:12 #2: acme 429: rate_limited, error header-missing Retry-After "
            "(documented: seconds, found: nothing)"
        ),
        (
            "a.har #3: acme 418: error code-undocumented $.error.code (documented: one of 6 codes, "
            'found: "teapot")'
        ),
        (
            'a.har #4: acme 502: note intermediary-response (documented: JSON with "error", '
            "found: an HTML page)"
        ),
        (
            "a.har #6: acme 204: warning body-unexpected (documented: no body after 204, "
            "found: 2 bytes)"
        ),
        "b.har:40 #2: status 'x' is not an HTTP status",
    ]
    assert lines[-1] == (
        "2 of 5 recorded errors break the contract; 1 of 8 documented errors exercised; "
        "1 response of other hosts passed over; 1 could not be read"
    )


@pytest.mark.parametrize("name", FINDINGS)
def test_findings_do_not_look_for_credentials_that_they_do_not_show(name):
    def refuse():
        raise AssertionError

    quiet = [replace(one, response=Response(429, secrets=refuse)) for one in (LIMITED, BROKEN)]

    assert rendered(name, *quiet) == rendered(name, LIMITED, BROKEN)
    with pytest.raises(AssertionError):
        rendered(name, *quiet, everything=True)


def test_text_lists_what_needs_no_attention_only_if_asked():
    assert len(rendered("text", LIMITED, FINE).splitlines()) == 1
    assert rendered("text", LIMITED, FINE, everything=True).splitlines()[:-1] == [
        "a.har #0: acme 429: documented error rate_limited",
        "a.har #5: acme 200: not an error",
    ]


@pytest.mark.parametrize(
    ("results", "sentence"),
    [
        ((), "no responses"),
        ((SKIPPED,), "no responses; 1 response of other hosts passed over"),
        ((UNREADABLE,), "no responses; 1 could not be read"),
        ((FINE,), "1 response, no errors among them"),
        ((FINE,) * 7, "7 responses, no errors among them"),
        (
            (LIMITED,),
            "0 of 1 recorded errors break the contract; 1 of 8 documented errors exercised",
        ),
        (
            (BROKEN, LIMITED),
            "1 of 2 recorded errors breaks the contract; 1 of 8 documented errors exercised",
        ),
    ],
)
def test_the_sums_in_words(results, sentence):
    assert rendered("text", *results).splitlines()[-1] == sentence


def test_only_errors_of_the_catalog_count_as_exercised():
    """An undocumented error, an intermediary and a response that is no error exercise nothing."""
    sums = rendered("text", UNHEARD, GATEWAY, FINE).splitlines()[-1]

    assert "0 of 8 documented errors exercised" in sums


def of_no_error(**more):
    """A response that is no error, with an entry or violations that such responses seldom have."""
    return Checked("a.har", 0, None, "GET", None, 200, Verdict("acme", "not-an-error", **more))


def test_an_entry_that_is_no_error_is_not_exercised():
    state = replace(ACME.errors["duplicate"], role="state")

    sums = rendered("text", of_no_error(entry=state), LIMITED).splitlines()[-1]

    assert "1 of 8 documented errors exercised" in sums


def test_a_response_that_is_no_error_and_breaks_a_rule_is_in_the_sums():
    broken = of_no_error(violations=(Violation("field-value", "error", "$", "x", "y"),))

    assert rendered("text", broken).splitlines()[-1] == (
        "1 response, no errors among them; 1 response that is no error broke a rule"
    )
    assert "; 2 responses that are no error broke a rule" in rendered("text", broken, broken)


def test_json_has_exactly_the_keys_of_the_format():
    report = parsed(*EVERYTHING)

    assert list(report) == ["version", "provider", "summary", "responses", "problems"]
    assert report["version"] == 1
    assert report["provider"] == "acme"
    assert report["summary"] == {
        "files": 1,
        "responses": 7,
        "errors": 5,
        "documented": 2,
        "deviating": 1,
        "undocumented": 1,
        "intermediary": 1,
        "unreadable": 1,
        "violations": {"error": 2, "warning": 2, "note": 1},
    }
    for response in report["responses"]:
        assert list(response) == [
            "file",
            "index",
            "line",
            "method",
            "url",
            "status",
            "outcome",
            "entry",
            "code",
            "category",
            "retry",
            "violations",
        ]
        assert response["outcome"] in OUTCOMES
        for violation in response["violations"]:
            assert list(violation) == ["rule", "severity", "where", "documented", "found"]
            assert violation["rule"] in RULES
    assert report["problems"] == [
        {"file": "b.har", "index": 2, "reason": "status 'x' is not an HTTP status"}
    ]


def test_json_has_the_facts_of_a_response():
    first, second = parsed(WARNED, UNHEARD)["responses"]

    assert first == {
        "file": "a.har",
        "index": 1,
        "line": 8,
        "method": "GET",
        "url": "https://api.acme.test/v1",
        "status": 429,
        "outcome": "documented",
        "entry": "rate_limited",
        "code": "rate_limited",
        "category": "resource_exhausted",
        "retry": {"advice": "after", "seconds": 3.0},
        "violations": [
            {
                "rule": "field-undocumented",
                "severity": "warning",
                "where": "$.error.x",
                "documented": "nothing",
                "found": "1",
            }
        ],
    }
    facts = [second[key] for key in ("entry", "code", "category", "retry", "line")]
    assert facts == [None, "teapot", None, None, None]


def test_json_lists_errors_and_broken_rules_and_the_rest_only_if_asked():
    def indexes(**more):
        return [one["index"] for one in parsed(*EVERYTHING, **more)["responses"]]

    assert indexes() == [0, 1, 2, 3, 4, 6]
    assert indexes(everything=True) == [0, 1, 2, 3, 4, 5, 6]


def test_json_names_the_provider_of_each_response_where_hosts_decide():
    report = parsed(LIMITED, provider=None)

    assert report["provider"] is None
    assert report["responses"][0]["provider"] == "acme"


def test_json_of_nothing_is_whole():
    report = parsed()

    assert report["responses"] == []
    assert report["problems"] == []


def test_json_is_whole_or_not_there():
    def broken_off():
        yield LIMITED
        raise UsageProblem("the host belongs to nobody")

    summary = Summary([ACME])
    out = io.StringIO()

    with pytest.raises(UsageProblem):
        renderer("json")(Run(summary.counted(broken_off()), summary), out)
    assert out.getvalue() == ""


COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def commands(text):
    """Read workflow commands as the runner of the service does."""
    found = []
    for line in text.splitlines():
        match = COMMAND.fullmatch(line)
        if match:
            pairs = (pair.split("=", 1) for pair in match[2].split(","))
            properties = {name: unquote(value) for name, value in pairs}
            found.append((match[1], properties, unquote(match[3])))
    return found


def test_github_annotates_each_finding_at_its_line():
    text = rendered("github", *EVERYTHING)

    found = commands(text)

    assert [level for level, _, _ in found] == [
        "warning",
        "error",
        "error",
        "notice",
        "warning",
        "error",
    ]
    _, properties, message = found[1]
    assert properties == {"file": "a.har", "line": "12", "title": "acme 429: header-missing"}
    assert message == (
        "#2: acme 429: rate_limited, error header-missing Retry-After "
        "(documented: seconds, found: nothing)"
    )
    assert "line" not in found[2][1]
    assert found[-1][1] == {"file": "b.har", "line": "40", "title": "cannot be read"}
    assert found[-1][2] == "#2: status 'x' is not an HTTP status"
    assert text.splitlines()[-1].startswith("2 of 5 recorded errors")


def hostile():
    body = json.dumps({"error": {"code": HOSTILE, "message": HOSTILE, HOSTILE: HOSTILE}})
    return checked(
        401,
        body,
        {"WWW-Authenticate": HOSTILE},
        file=f"{HOSTILE}, line=1.har",
        url=f"https://api.acme.test/{HOSTILE}",
        method=HOSTILE,
    )


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_from_outside_is_more_than_text(name):
    problem = RecordingError(HOSTILE, HOSTILE, index=0, line=1)

    text = rendered(name, hostile(), problem, everything=True)

    assert all(character.isprintable() or character == "\n" for character in text)
    assert "##[" not in text
    assert "section_start:" not in text
    ours = 0 if name != "github" else len(hostile().verdict.violations) + 1
    assert sum(line.lstrip().startswith("::") for line in text.splitlines()) == ours


def test_json_carries_a_strange_file_name_unharmed():
    names = ["##[error] ::x section_start: .har", "a\u2028b.har", "\x1b.har", 'q"\\.har']

    report = parsed(*(checked(418, "[]", file=name) for name in names))

    assert [one["file"] for one in report["responses"]] == names


def test_json_can_be_read_where_a_file_name_is_no_text():
    report = parsed(checked(418, "[]", file="caf\udce9.har"))

    assert report["responses"][0]["file"] == r"caf\udce9.har"


@pytest.mark.parametrize("name", FORMATS)
def test_secrets_are_in_no_report(name):
    result = checked(
        401,
        error("unauthorized", token=SECRET, password=SECRET),
        {"WWW-Authenticate": f"Bearer token={SECRET}"},
        url=f"https://user:{SECRET}@api.acme.test/?access_token={SECRET}",
    )

    assert SECRET not in rendered(name, result, everything=True)


@pytest.mark.parametrize("name", ["text", "github"])
def test_lines_are_written_as_they_are_known(name):
    """So that nothing is held: after each result its line is out."""
    out = io.StringIO()
    seen = []

    def results():
        for _ in range(3):
            yield BROKEN
            seen.append(out.getvalue().count("header-missing"))

    summary = Summary([ACME])
    renderer(name)(Run(summary.counted(results()), summary), out)

    per_result = 2 if name == "github" else 1  # a title, too
    assert seen == [per_result, 2 * per_result, 3 * per_result]


def test_sums_name_each_provider_where_there_are_several():
    toku = load_file("schemas/toku.json")
    verdict = check(Response(200, b'{"code": -1}'), toku)
    other = Checked("a.har", 0, None, "GET", None, 200, verdict)
    summary = Summary([ACME, toku])

    assert list(summary.counted([LIMITED, other])) == [LIMITED, other]

    assert "acme 1 of 8, toku 0 of 102 documented errors exercised" in summary.sentence()
