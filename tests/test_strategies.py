"""The strategies: what they yield conforms or breaks as their ring says, and shrinks."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis.errors import InvalidArgument

from pytest_apierrors import strategies
from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.check import check
from pytest_apierrors.faults.kinds import kinds_of
from pytest_apierrors.faults.pick import First
from pytest_apierrors.response import Headers, Response

CATALOG = Catalogs().get("sinch")
RINGS = {
    "unseen": strategies.unseen_errors,
    "broken": strategies.broken_errors,
    "intermediary": strategies.intermediary_errors,
    "retry-after": strategies.retry_after_headers,
}
QUIET = settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))


def judged(fault):
    return check(Response(fault.status, fault.body, Headers(fault.headers)), CATALOG)


@given(strategies.documented_errors(CATALOG))
@settings(max_examples=100, deadline=None)
def test_documented_errors_pass_their_own_contract(fault):
    assert judged(fault).outcome == "documented"


@given(strategies.broken_errors("sinch"))
@settings(max_examples=200, deadline=None)
def test_broken_errors_break_the_rule_of_their_kind(fault):
    kind = next(kind for kind in kinds_of(CATALOG) if kind.name == fault.kind)

    if kind.rule is not None:
        assert kind.rule in {violation.rule for violation in judged(fault).violations}


@pytest.mark.parametrize("ring", RINGS)
def test_a_strategy_stays_in_its_ring(ring):
    names = {kind.name for kind in kinds_of(CATALOG) if kind.ring == ring}

    @given(RINGS[ring]("sinch"))
    @settings(QUIET, max_examples=60)
    def holds(fault):
        assert fault.kind in names

    holds()


@pytest.mark.parametrize("kind", ["code-missing", "truncated-body", "unknown-code", "html-502"])
def test_the_simplest_fault_of_a_kind_is_its_first_example(kind):
    wanted = next(one for one in kinds_of(CATALOG) if one.name == kind)

    simplest = find(strategies.faults_of(wanted), lambda _: True, settings=QUIET)

    assert simplest == wanted.make(First())


def test_a_leaked_key_error_shrinks_to_the_simplest_body():
    """A client that does `body["message"]` fails on many faults; the shrunk one is `{}`."""

    def leaks(fault):
        try:
            json.loads(fault.body)["message"]
        except KeyError:
            return True
        except (ValueError, TypeError):
            return False
        return False

    simplest = find(
        strategies.broken_errors("sinch", kinds=["empty-object", "message-missing"]),
        leaks,
        settings=QUIET,
    )

    assert simplest.body == b"{}"
    assert simplest.status == 400


def test_sequences_end_in_success():
    @given(strategies.error_sequences("sinch", max_errors=2))
    @settings(QUIET, max_examples=50)
    def holds(faults):
        assert 2 <= len(faults) <= 3
        assert [fault.expect for fault in faults] == ["error"] * (len(faults) - 1) + ["success"]

    holds()


def test_codes_choose_documented_errors():
    fault = find(
        strategies.documented_errors("sinch", codes=[40101]), lambda _: True, settings=QUIET
    )

    assert fault.carries["code"] == 40101


@pytest.mark.parametrize(
    ("strategy", "reason"),
    [
        (lambda: strategies.broken_errors("sich"), 'did you mean "sinch"'),
        (lambda: strategies.broken_errors("sinch", kinds=["nul-body"]), 'did you mean "null-body"'),
        (lambda: strategies.broken_errors("sinch", kinds=[]), "no fault kind"),
        (lambda: strategies.documented_errors("sinch", codes=[1]), "no documented error 1"),
        (lambda: strategies.broken_errors(7), "a catalog, or the name"),
        (lambda: strategies.documented_errors("toku"), "no source says"),
        (lambda: strategies.error_sequences("sinch", max_errors=0), "from 1"),
    ],
)
def test_wrong_arguments_are_invalid_and_say_what_exists(strategy, reason):
    with pytest.raises(InvalidArgument, match=reason):
        find(strategy(), lambda _: True, settings=QUIET)
