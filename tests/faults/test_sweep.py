"""All kinds in a plain loop."""

from __future__ import annotations

import pytest

from pytest_apierrors import CatalogError, Catalogs, every_fault
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.faults.kinds import kinds_of
from pytest_apierrors.faults.pick import First

SINCH = Catalogs().get("sinch")
KINDS = kinds_of(SINCH)


@pytest.mark.parametrize("spec", ["sinch", SINCH])
def test_every_kind_comes_once_with_its_first_example(spec) -> None:
    assert [*every_fault(spec)] == [kind.make(First()) for kind in KINDS]


def test_more_of_each_are_others_and_the_same_in_every_run() -> None:
    faults = [*every_fault("sinch", kinds=["broken"], each=5)]

    names = [kind.name for kind in KINDS if kind.ring == "broken"]
    assert [fault.kind for fault in faults] == [name for name in names for _ in range(5)]
    assert faults[::5] == [*every_fault("sinch", kinds="broken")]
    assert faults == [*every_fault("sinch", kinds=["broken"], each=5)]
    assert faults != [*every_fault("sinch", kinds=["broken"], each=5, seed=1)]
    assert len({(fault.kind, fault.body) for fault in faults}) > 2 * len(names)


def test_a_fault_is_nobody_elses() -> None:
    first, second = (next(every_fault("sinch", kinds=["sinch-40101"])) for _ in range(2))

    first.carries.clear()

    assert second.carries["code"] == 40101


@pytest.mark.parametrize(
    ("use", "error", "reason"),
    [
        ({"spec": "sich"}, CatalogError, '^no catalog named "sich"; did you mean "sinch"'),
        ({"spec": "toku"}, UsageProblem, "no source says"),
        ({"kinds": ["html-5022"]}, UsageProblem, 'did you mean "html-502"'),
        ({"each": 0}, UsageProblem, "each= needs a whole number from 1, not 0"),
        ({"each": True}, UsageProblem, "each= needs a whole number from 1, not True"),
    ],
)
def test_arguments_that_cannot_be_are_refused_at_once(use, error, reason) -> None:
    with pytest.raises(error, match=reason):
        every_fault(**{"spec": "sinch", **use})
