"""Every kind makes what it says: the check reports its rule, for the first example and others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis.vendor.pretty import pretty

from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.check import check
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.faults.kinds import choose, kinds_of
from pytest_apierrors.faults.model import Fault
from pytest_apierrors.faults.pick import First, Seeded
from pytest_apierrors.oracle import Promise
from pytest_apierrors.response import Headers, Response

if TYPE_CHECKING:
    from pytest_apierrors.catalog.model import Catalog
    from pytest_apierrors.check.verdict import Verdict
    from pytest_apierrors.faults.model import Kind

CATALOGS = Catalogs()
FUZZED = [name for name in CATALOGS.names() if name != "toku"]
KINDS = [
    pytest.param(kind, id=f"{name}-{kind.name}")
    for name in FUZZED
    for kind in kinds_of(CATALOGS.get(name))
    if kind.ring != "transport"
]
SEEDS = range(25)


def judged(kind: Kind, fault: Fault) -> Verdict:
    assert kind.catalog is not None
    assert fault.status is not None
    return check(Response(fault.status, fault.body, Headers(fault.headers)), kind.catalog)


@pytest.mark.parametrize("kind", KINDS)
def test_the_check_reports_the_rule_of_a_kind(kind: Kind) -> None:
    for pick in (First(), *map(Seeded, SEEDS)):
        fault = kind.make(pick)
        verdict = judged(kind, fault)

        if kind.ring == "documented":
            assert verdict.outcome == "documented", fault
        if kind.rule is not None:
            assert kind.rule in {violation.rule for violation in verdict.violations}, fault


def test_a_redirect_that_is_followed_carries_no_status() -> None:
    kinds = kinds_of(CATALOGS.get("sinch"))
    (kind,) = (one for one in kinds if one.name == "redirect-nowhere")

    faults = [kind.make(pick) for pick in (First(), *map(Seeded, SEEDS))]

    assert {bool(one.headers) for one in faults} == {True, False}
    for fault in faults:
        assert fault.carries == ({} if fault.headers else {"status": fault.status})


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_fault_carries_stands_in_it(kind: Kind) -> None:
    for pick in (First(), *map(Seeded, SEEDS)):
        fault = kind.make(pick)

        assert set(fault.carries) <= set(kind.carries)
        assert fault.carries.get("status", fault.status) == fault.status
        for name in ("code", "message"):
            if name in fault.carries:
                text = json.dumps(json.loads(fault.body), ensure_ascii=False)
                assert json.dumps(fault.carries[name], ensure_ascii=False) in text


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_example_is_always_the_same(kind: Kind) -> None:
    assert kind.make(First()) == kind.make(First())
    assert kind.make(Seeded(7)) == kind.make(Seeded(7))


@pytest.mark.parametrize("name", FUZZED)
def test_there_are_many_kinds_and_each_says_what_it_is(name: str) -> None:
    kinds = [kind for kind in kinds_of(CATALOGS.get(name)) if kind.ring != "documented"]

    assert len(kinds) >= 60
    assert len({kind.name for kind in kinds}) == len(kinds)
    assert all(kind.doc.endswith(".") for kind in kinds)


def catalog_errors(catalog: Catalog) -> set[str]:
    return {
        f"{catalog.name}-{entry.key}"
        for entry in catalog.errors.values()
        if entry.role == "error" and entry.example is not None
    }


@pytest.mark.parametrize("name", [name for name in FUZZED if name != "http"])
def test_every_documented_error_with_a_body_is_a_kind(name: str) -> None:
    catalog = CATALOGS.get(name)
    documented = {kind.name for kind in kinds_of(catalog) if kind.ring == "documented"}

    assert catalog_errors(catalog) <= documented


def test_a_catalog_that_names_no_field_cannot_be_thrown_at_anybody() -> None:
    with pytest.raises(UsageProblem, match="no source says what its error bodies look like"):
        kinds_of(CATALOGS.get("toku"))


def test_kinds_are_chosen_by_name_and_by_ring() -> None:
    kinds = kinds_of(CATALOGS.get("sinch"))

    chosen = choose(kinds, ["html-502", "retry-after"])

    assert {kind.ring for kind in chosen} == {"intermediary", "retry-after"}
    assert "html-502" in {kind.name for kind in chosen}
    assert "html-503" not in {kind.name for kind in chosen}


def test_a_kind_that_does_not_exist_is_named_with_the_nearest() -> None:
    with pytest.raises(UsageProblem, match='"html-5022"; did you mean "html-502"'):
        choose(kinds_of(CATALOGS.get("sinch")), ["html-5022"])


def test_a_fault_of_any_size_is_shown_in_a_few_lines() -> None:
    """Hypothesis prints what it draws, and warns of what is too long to print."""
    small, large = Fault("kind", 400, body=b"{}"), Fault("kind", 400, body=b"[" * 100_000)

    assert repr(small).startswith("Fault(kind='kind', status=400, headers=(), body=b'{}', ")
    assert len(repr(large)) < 3000
    assert pretty(large) == repr(large)


def test_a_client_that_waits_as_told_a_few_times_stays_within_its_budget() -> None:
    kind = choose(kinds_of(CATALOGS.get("http")), ["retry-after-seconds"])[0]

    told = [dict(kind.make(Seeded(n)).headers)["Retry-After"] for n in range(200)]

    assert max(int(seconds) for seconds in told) * 5 < Promise(raises=ValueError).budget
