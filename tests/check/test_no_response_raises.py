"""Whatever comes, `check` returns a verdict: never an exception, always short inert texts."""

from __future__ import annotations

import pytest
from generated import CATALOGS, LOOSE, NAMES, responses
from hypothesis import given
from hypothesis import strategies as st

from pytest_apierrors.check import check
from pytest_apierrors.check.verdict import OUTCOMES, RULES, SEVERITIES
from pytest_apierrors.inert import inert
from pytest_apierrors.response import Headers, Response


def is_sound(verdict, catalog):
    entry = verdict.entry
    assert verdict.outcome in OUTCOMES
    assert verdict.provider == catalog.name
    assert entry is None or catalog.errors[entry.key] is entry
    assert (verdict.outcome == "documented") <= (entry is not None and not verdict.errors)
    assert (verdict.outcome == "deviating") <= (entry is not None and bool(verdict.errors))
    assert (verdict.outcome in ("undocumented", "intermediary")) <= (entry is None)
    for one in verdict.violations:
        assert one.rule in RULES
        assert one.severity in SEVERITIES
        assert one.where in ("status", "body") or one.where.startswith(("$", "header:"))
        for text in (one.where, one.documented, one.found):
            assert text
            assert inert(text) == text
            assert len(text) < 400
    assert len(set(verdict.violations)) == len(verdict.violations)
    hash((verdict.violations, verdict.code))


@pytest.mark.parametrize("name", NAMES)
@LOOSE
@given(data=st.data())
def test_near_responses(name, data):
    catalog = CATALOGS.get(name)

    is_sound(check(data.draw(responses(name)), catalog), catalog)


@pytest.mark.parametrize("name", NAMES)
@LOOSE
@given(
    status=st.integers(0, 999),
    body=st.binary(max_size=200),
    headers=st.lists(st.tuples(st.text(max_size=12), st.text(max_size=20)), max_size=4),
    method=st.none() | st.text(max_size=5),
)
def test_any_response(name, status, body, headers, method):
    catalog = CATALOGS.get(name)

    is_sound(check(Response(status, body, Headers(headers), method), catalog), catalog)
