"""Coverage of documented errors: counting, adding, the table, what is too little."""

import json

import pytest

from pytest_apierrors.catalog.find import load_file
from pytest_apierrors.evidence import (
    EVIDENCE,
    Exercised,
    Matrix,
    counted,
    documented_by,
    percentage,
)

ACME = load_file("tests/messages/acme.json")
KEYS = documented_by(ACME)


def matrix(**entries):
    found = Matrix()
    found.know([ACME])
    for key, kinds in entries.items():
        for kind in kinds.split():
            found.count("acme", key, kind)
    return found


def test_only_errors_of_a_catalog_are_documented_errors():
    assert len(KEYS) == 8
    assert set(KEYS) == {key for key, one in ACME.errors.items() if one.role == "error"}


def test_a_documented_error_is_reached_by_any_evidence():
    acme = matrix(duplicate="mocked", frozen="fuzzed fuzzed recorded").providers["acme"]

    assert acme.reached == ["duplicate", "frozen"]
    assert len(acme.missing) == 6
    assert acme.percent == 25
    assert [acme.with_evidence(one) for one in EVIDENCE] == [1, 0, 1, 1, 0]


def test_what_is_not_documented_is_no_coverage():
    acme = matrix(invented="recorded").providers["acme"]

    assert acme.reached == []
    assert acme.percent == 0
    assert acme.with_evidence("recorded") == 0


def test_an_entry_counted_nought_times_is_missing():
    assert Exercised(("a",), {"a": {"mocked": 0}}).missing == ["a"]


def test_adding_does_not_depend_on_the_order():
    one, other = matrix(duplicate="mocked"), matrix(duplicate="mocked", frozen="asserted")
    elsewhere = counted({"toku": {"x": {"recorded": 2}}})
    sums = []
    for order in ([one, other, elsewhere], [elsewhere, other, one]):
        total = Matrix()
        for part in order:
            total.add(part)
        sums.append(total.as_json())

    assert json.dumps(sums[0]) == json.dumps(sums[1])
    assert sums[0]["acme"]["entries"] == {"duplicate": {"mocked": 2}, "frozen": {"asserted": 1}}
    assert sums[0]["toku"] == {"documented": [], "entries": {"x": {"recorded": 2}}}


def test_of_two_catalogs_the_one_that_documents_more_counts():
    parts = [Matrix({"a": Exercised(keys)}) for keys in (("x",), ("x", "y"))]

    for order in (parts, parts[::-1]):
        total = Matrix()
        for part in order:
            total.add(part)
        assert total.providers["a"].documented == ("x", "y")


def test_adding_leaves_the_parts_alone():
    one, other = matrix(duplicate="mocked"), matrix(duplicate="mocked")

    one.add(other)
    one.add(other)

    assert other.as_json()["acme"]["entries"] == {"duplicate": {"mocked": 1}}


def test_below_names_each_provider_that_lacks_coverage():
    found = matrix(duplicate="mocked")
    found.providers["toku"] = Exercised(("a", "b"), {"a": {"recorded": 1}})

    assert list(found.below(50)) == [
        "acme: 12.5 % of the documented errors were exercised (1 of 8), 50 % are required"
    ]
    assert list(found.below(12.5)) == []
    assert [one.partition(":")[0] for one in found.below(50.1)] == ["acme", "toku"]


def test_a_provider_that_documents_nothing_is_never_below():
    assert list(counted({"mine": {"x": {"asserted": 1}}}).below(100)) == []


def test_the_table_has_a_line_for_each_provider_in_their_order():
    found = matrix(duplicate="mocked")
    found.providers["a"] = Exercised(("x", "y"), {"x": {"recorded": 7}, "y": {"observed": 1}})

    title, rule, first, second = found.table()

    titles = ("Provider", "Errors", *map(str.capitalize, EVIDENCE), "Cover", "Missing")
    assert tuple(title.split()) == titles
    assert set(rule) == {"-"}
    assert first.split() == ["a", "2", "1", "1", "0", "0", "0", "100%"]
    assert second.split()[:8] == ["acme", "8", "0", "0", "1", "0", "0", "12%"]
    assert second.endswith(
        "bad_request, duplicate_name, frozen, maintenance, not_allowed, rate_limited, unauthorized"
    )


def test_the_table_names_a_few_and_counts_the_rest():
    found = Matrix({"a": Exercised(tuple("abcdefghij"))})

    assert found.table()[2].endswith("a, b, c, d, e, f, g, h and 2 more")


@pytest.mark.parametrize("text", ["-1", "100.1", "nan", "inf", "a lot", ""])
def test_what_is_no_percentage_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        percentage(text)


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("100", 100), ("12.5", 12.5), (" 7 ", 7)])
def test_a_percentage_is_a_number(text, number):
    assert percentage(text) == number
