"""One folder of cases per rule: where it fires, where it does not, and in which severity."""

from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path

import pytest

from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.catalog.lint import lint
from pytest_apierrors.catalog.load import load_catalog
from pytest_apierrors.check import Policy, check
from pytest_apierrors.check.verdict import OUTCOMES, RULES, SEVERITIES
from pytest_apierrors.response import Headers, Response

CASES = Path(__file__).parent / "cases"
FILES = sorted(CASES.glob("*/*.json"))
CATALOGS = Catalogs([CASES])
JSON = {"Content-Type": "application/json"}


def name_of(file):
    return f"{file.parent.name}/{file.stem}"


@cache
def read(file):
    return json.loads(file.read_text(encoding="utf-8"))


def catalog_of(case):
    if "provider" in case:
        return CATALOGS.get(case["provider"])
    data = json.dumps(case["catalog"]).encode()
    return load_catalog(data, "invented", "invented.json", CATALOGS.get)


def response_of(case):
    given = case["response"]
    body = given.get("body", "")
    if isinstance(body, dict) and "base64" in body:
        body = base64.b64decode(body["base64"])
    elif isinstance(body, dict):
        body = json.dumps(body["json"], ensure_ascii=False)
    headers = given.get("headers", JSON)
    return Response(
        status=given["status"],
        body=body if isinstance(body, bytes) else body.encode(),
        headers=None if headers is None else Headers.of(headers),
        method=given.get("method"),
        url=given.get("url"),
    )


def violations(verdict, keys=("rule", "severity", "where")):
    return [{key: getattr(one, key) for key in keys} for one in verdict.violations]


def in_order(found):
    return sorted(found, key=lambda one: json.dumps(one, sort_keys=True))


def shown(verdict, expect):
    """Return what a verdict says of everything that a case expects."""
    retry = verdict.retry
    said = {
        "outcome": verdict.outcome,
        "entry": None if verdict.entry is None else verdict.entry.key,
        "code": verdict.code,
        "category": verdict.category,
        "envelope": verdict.envelope,
        "values": dict(verdict.values),
        "retry": None if retry is None else {"advice": retry.advice, "seconds": retry.seconds},
    }
    return {key: value for key, value in said.items() if key in expect}


def wanted_violations(expect):
    return [
        {key: one[key] for key in ("rule", "severity", "where")} for one in expect["violations"]
    ]


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_case(file):
    case = read(file)
    expect = case["expect"]

    verdict = check(response_of(case), catalog_of(case))

    assert shown(verdict, expect) == {k: v for k, v in expect.items() if k != "violations"}
    assert in_order(violations(verdict)) == in_order(wanted_violations(expect))
    for one in expect["violations"]:
        assert one in violations(verdict, tuple(one))


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_rule_that_is_switched_off_takes_its_violations_along_and_nothing_else(file):
    case = read(file)
    rules = {one["rule"] for one in case["expect"]["violations"]}
    for rule in rules:
        policy = Policy(ignore=frozenset({rule}))

        verdict = check(response_of(case), catalog_of(case), policy)

        left = [one for one in wanted_violations(case["expect"]) if one["rule"] != rule]
        assert in_order(violations(verdict)) == in_order(left)


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_rule_that_alone_is_selected_is_all_that_is_reported(file):
    case = read(file)
    rule = file.parent.name

    verdict = check(response_of(case), catalog_of(case), Policy(select=frozenset({rule})))

    kept = [one for one in wanted_violations(case["expect"]) if one["rule"] == rule]
    assert in_order(violations(verdict)) == in_order(kept)


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_case_says_what_it_shows_and_expects_it_whole(file):
    case = read(file)
    expect = case["expect"]

    assert set(case) <= {"doc", "provider", "catalog", "response", "expect"}
    assert case["doc"].endswith(".")
    assert ("provider" in case) != ("catalog" in case)
    assert {"outcome", "entry", "code", "violations"} <= set(expect)
    assert expect["outcome"] in OUTCOMES
    for one in expect["violations"]:
        assert one["rule"] in RULES
        assert one["severity"] in SEVERITIES


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_cases_where_it_fires_and_where_it_does_not(rule):
    fires = [
        any(one["rule"] == rule for one in read(file)["expect"]["violations"])
        for file in FILES
        if file.parent.name == rule
    ]

    assert fires.count(True) >= 1
    assert fires.count(False) >= 1


def test_there_is_no_folder_for_a_rule_that_does_not_exist():
    assert {file.parent.name for file in FILES} == set(RULES)


def test_every_outcome_has_a_case():
    assert {read(file)["expect"]["outcome"] for file in FILES} == set(OUTCOMES)


def test_the_catalog_of_the_cases_is_sound():
    kinds = {finding.kind for finding in lint(CATALOGS.get("acme"))}

    assert kinds <= {"duplicate-description"}
