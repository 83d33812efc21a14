"""One injection for many examples: it forgets what happened and goes on with other faults."""

import pytest
import requests
from seam_clients import LIMITED, URL

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.seams import inject, ok


def test_a_restart_forgets_what_happened_and_answers_with_the_new_fault():
    with inject([LIMITED, ok()]) as injected:
        assert requests.get(URL, timeout=5).status_code == 429
        injected.restart(ok({"id": 1}, status=201))
        assert injected.calls == []

        assert requests.get(URL, timeout=5).status_code == 201

    assert [call.fault.status for call in injected.calls] == [201]


def test_a_restart_begins_at_the_first_of_its_faults():
    with inject([LIMITED, ok()]) as injected:
        for _ in range(2):
            injected.restart([LIMITED, ok()])
            statuses = [requests.get(URL, timeout=5).status_code for _ in range(2)]

            assert statuses == [429, 200]


def test_what_is_no_fault_leaves_the_one_before_in_force():
    with inject(LIMITED) as injected:
        with pytest.raises(UsageProblem, match="faults are injected, not a str"):
            injected.restart("html-502")

        assert requests.get(URL, timeout=5).status_code == 429
