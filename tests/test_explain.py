"""The words of every rule, every outcome and every unmet expectation, as golden files."""

import json
import os
import re
from pathlib import Path

import pytest
from message_cases import (
    CASES,
    EXPECTATIONS,
    OUTCOME_CASES,
    PROVIDER_CASES,
    RULE_CASES,
    SIGN_IN,
    UNAUTHORIZED,
    acme,
    error,
    other,
)

from pytest_apierrors.catalog.find import Catalogs, load_file
from pytest_apierrors.check import check
from pytest_apierrors.check.verdict import OUTCOMES, RULES, Policy, Verdict, Violation
from pytest_apierrors.errors import RecordingError
from pytest_apierrors.explain import (
    explain,
    explain_expectation,
    headline,
    problem_line,
)
from pytest_apierrors.records import record_of
from pytest_apierrors.response import Headers, Origin, Response
from pytest_apierrors.results import Checked

MESSAGES = Path(__file__).parent / "messages"
ROOT = Path(__file__).parent.parent
REWRITE = "APIERRORS_REWRITE_MESSAGES"


@pytest.fixture(scope="module")
def catalogs():
    built_in = Catalogs()
    own = load_file(Path("tests", "messages", "acme.json"))
    return {"acme": own, **{name: built_in.get(name) for name in built_in.names()}}


@pytest.fixture(autouse=True, scope="module")
def _from_the_root():
    """Messages name files as the user knows them: these were made at the top of the project."""
    before = Path.cwd()
    os.chdir(ROOT)
    yield
    os.chdir(before)


def compare(name, lines):
    """Hold lines against a golden file, or write it where the environment says so."""
    file = MESSAGES / f"{name}.txt"
    text = "".join(f"{line}\n" for line in lines)
    if REWRITE in os.environ:
        file.write_text(text, encoding="utf-8")
    golden = file.read_text(encoding="utf-8") if file.exists() else ""
    assert text == golden, f"review it, then: {REWRITE}=1 pytest {Path(__file__).name}"


@pytest.mark.parametrize("name", CASES)
def test_messages_are_as_reviewed(name, catalogs):
    provider, response = CASES[name]

    lines = explain(check(response, catalogs[provider]), response, catalogs[provider])

    compare(name, lines)


@pytest.mark.parametrize("name", EXPECTATIONS)
def test_unmet_expectations_are_as_reviewed(name, catalogs):
    (provider, response), asked = EXPECTATIONS[name]
    catalog = catalogs[provider]

    lines = explain_expectation(check(response, catalog), response, catalog, **asked)

    compare(name, lines)


def test_every_golden_file_has_its_case():
    named = {*CASES, *EXPECTATIONS}

    assert {file.stem for file in MESSAGES.glob("*.txt")} - {"usage"} == named


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_message_that_shows_it(rule, catalogs):
    provider, response = RULE_CASES[rule]

    verdict = check(response, catalogs[provider])

    assert rule in {violation.rule for violation in verdict.violations}
    assert any(rule in line for line in explain(verdict, response, catalogs[provider]))


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_has_a_message(outcome, catalogs):
    provider, response = OUTCOME_CASES[outcome]

    assert check(response, catalogs[provider]).outcome == outcome


@pytest.mark.parametrize("name", CASES)
def test_the_shape_of_a_message(name, catalogs):
    """Line 1 answers alone; nothing shouts, and nothing absent is called None."""
    provider, response = CASES[name]
    verdict = check(response, catalogs[provider])

    lines = explain(verdict, response, catalogs[provider])

    assert lines[0] == headline(verdict, response.status)
    assert lines[0].startswith(f"{provider} {response.status}: ")
    assert len(lines) <= 45
    text = "\n".join(lines)
    assert "None" not in text
    assert "Error:" not in text
    assert text.isascii()
    assert not any(line != line.rstrip() for line in lines)


@pytest.mark.parametrize(
    "asked",
    [
        {"code": "unauthorized"},
        {"status": 401},
        {"category": "unauthenticated"},
        {"retryable": False},
        {},
    ],
    ids=str,
)
def test_a_met_expectation_leaves_the_response_to_be_explained(asked, catalogs):
    provider, response = acme(401, UNAUTHORIZED, SIGN_IN)
    verdict = check(response, catalogs[provider])

    lines = explain_expectation(verdict, response, catalogs[provider], **asked)

    assert lines[0] == headline(verdict, 401)


@pytest.mark.parametrize("code", [40101, "40101"])
def test_a_code_is_the_same_as_number_and_text(code, catalogs):
    provider, response = PROVIDER_CASES["sinch-documented"]
    verdict = check(response, catalogs[provider])

    lines = explain_expectation(verdict, response, catalogs[provider], code=code)

    assert "as the test says" not in lines[0]


@pytest.mark.parametrize("code", [2, "2", "02"])
def test_a_padded_code_is_the_same_in_every_spelling(code, catalogs):
    catalog = catalogs["neutrino"]
    response = Response(403, b'{"api-error": 2, "api-error-msg": "DAILY API LIMIT EXCEEDED"}')
    verdict = check(response, catalog)

    lines = explain_expectation(verdict, response, catalog, code=code)

    assert "as the test says" not in lines[0]


def test_undocumented_codes_have_at_most_three_candidates_nearest_first(catalogs):
    provider, response = other("sinch", 401, {"errorCode": 40111, "message": "x"})

    lines = explain(check(response, catalogs[provider]), response, catalogs[provider])

    nearest = next(line for line in lines if line.startswith("  nearest"))
    assert nearest.count("401)") == 3
    assert nearest.split()[1] in ("40101", "40110")


def test_candidates_of_the_same_status_come_before_those_that_only_look_alike(catalogs):
    provider, response = other("sinch", 401, {"errorCode": 40305, "message": "x"})

    lines = explain(check(response, catalogs[provider]), response, catalogs[provider])

    nearest = next(line for line in lines if line.startswith("  nearest"))
    assert re.search(r"nearest    \d+ \(\w+, 401\)", nearest)


def test_the_order_is_that_of_severity_and_of_nothing_accidental(catalogs):
    verdict = Verdict(
        "acme",
        "deviating",
        violations=(
            Violation("contested", "note", "$.a", "x", "y"),
            Violation("field-undocumented", "warning", "$.b", "x", "y"),
            Violation("field-type", "error", "$.c", "x", "y"),
            Violation("field-value", "error", "$.a", "x", "y"),
        ),
    )

    lines = explain(verdict, Response(400), catalogs["acme"])

    rules = [line.split()[0] for line in lines if "documented: x" in line]
    assert rules == ["field-type", "field-value", "field-undocumented", "contested"]


SECRETS = ("s3cr3tvalue1", "hunter2hunter2", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl")


def test_secrets_of_request_and_body_are_not_shown(catalogs):
    token, password, jwt = SECRETS
    provider, response = acme(
        401,
        error("unauthorized", f"Bearer {jwt} is not known", token=token, password=password),
        SIGN_IN,
        url=f"https://user:{password}@api.acme.test/v1?access_token={token}#id_token={jwt}",
    )

    text = "\n".join(explain(check(response, catalogs[provider]), response, catalogs[provider]))

    assert "[redacted]" in text
    assert not [secret for secret in SECRETS if secret in text]


def test_secrets_are_not_shown_where_a_body_is_no_json(catalogs):
    token, password, _ = SECRETS
    body = f'{{"token": "{token}", "password": "{password}", '.encode()
    provider, response = acme(401, body, SIGN_IN)

    text = "\n".join(explain(check(response, catalogs[provider]), response, catalogs[provider]))

    assert token not in text
    assert password not in text


HOSTILE = "\x1b[31mred\r\n::error::gotcha\n##[error]gotcha\u202e\u2028"


def hostile_response():
    return Response(
        401,
        json.dumps({"error": {HOSTILE: HOSTILE, "code": HOSTILE, "message": HOSTILE}}).encode(),
        Headers([("Content-Type", f"application/json; x={HOSTILE}")]),
        method=HOSTILE,
        url=f"https://api.acme.test/{HOSTILE}?q={HOSTILE}",
        origin=Origin(f"cassettes/{HOSTILE}.yaml", 0, 1),
        altered=HOSTILE,
    )


def inert_line(line):
    printable = all(character.isprintable() for character in line)
    return printable and not line.lstrip().startswith("::") and "##[" not in line


def test_nothing_from_outside_is_more_than_text(catalogs):
    response = hostile_response()
    verdict = check(response, catalogs["acme"])

    lines = explain(verdict, response, catalogs["acme"])
    lines += explain_expectation(verdict, response, catalogs["acme"], code=HOSTILE)
    lines += explain_expectation(verdict, response, catalogs["acme"], category=HOSTILE)

    assert [line for line in lines if not inert_line(line)] == []


def test_a_body_that_is_no_json_is_only_text(catalogs):
    body = f"{HOSTILE}\r\n::warning::x".encode()
    provider, response = acme(502, body, {"Content-Type": "text/plain"})

    lines = explain(check(response, catalogs[provider]), response, catalogs[provider])

    assert any("gotcha" in line for line in lines)
    assert [line for line in lines if not inert_line(line)] == []


def recorded(response, catalog, policy=None):
    origin = response.origin or Origin("cassettes/send.yaml", 3)
    return Checked(
        file=origin.file,
        index=origin.index,
        line=origin.line,
        method=response.method,
        url=response.url,
        status=response.status,
        verdict=check(response, catalog, policy or Policy()),
    )


def test_a_finding_is_one_line_that_grep_finds(catalogs):
    _, response = RULE_CASES["header-missing"]

    lines = record_of(recorded(response, catalogs["acme"])).findings

    subject = "cassettes/send.yaml #3: acme 429: rate_limited"
    told = "documented: seconds, found: nothing"
    assert lines == [f"{subject}, error header-missing Retry-After ({told})"]


def test_a_finding_about_the_status_does_not_say_it_twice(catalogs):
    _, response = acme(418, {"error": {"message": "x"}}, origin=Origin("a.har", 7, 12))

    lines = record_of(recorded(response, catalogs["acme"], Policy(frozenset({RULES[0]})))).findings

    told = "documented: 400 401 405 409 423 429 503"
    assert lines == [f"a.har:12 #7: acme 418: error status-undocumented ({told})"]


def test_every_violation_is_its_own_line_with_its_severity(catalogs):
    _, response = OUTCOME_CASES["deviating"]

    lines = record_of(recorded(response, catalogs["acme"])).findings

    severities = [line.split("rate_limited, ")[1].split()[0] for line in lines]
    assert severities == ["error", "error", "warning", "warning"]
    assert all(line.startswith("tests/cassettes/send.yaml:88 #3: acme 429: ") for line in lines)


def test_lines_about_hostile_recordings_are_inert(catalogs):
    checked = recorded(hostile_response(), catalogs["acme"])

    lines = [*record_of(checked).findings, record_of(checked, whole=True).outcome_line]
    lines.append(problem_line(RecordingError(HOSTILE, HOSTILE, index=1, line=2)))

    assert len(lines) > 3
    assert [line for line in lines if not inert_line(line)] == []


def test_a_problem_names_what_is_known_of_its_place():
    assert problem_line(RecordingError("a.har", "empty file")) == "a.har: empty file"
    assert problem_line(RecordingError("a.har", "no", index=2, line=9)) == "a.har:9 #2: no"


def test_a_body_that_was_lost_is_not_said_to_be_empty(catalogs):
    response = Response(429, altered="body altered by the recorder: cut", lost=True)

    lines = explain(check(response, catalogs["acme"]), response, catalogs["acme"])

    assert "  body       not known" in lines
