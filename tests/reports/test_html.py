"""The page as text: its matrix, its findings, and what is accepted of them."""

import time

import pytest
from html_runs import (
    ACME,
    EXTRA,
    KEYS,
    KNOWN,
    MISSING,
    ORDINARY,
    large,
    ordinary,
    page_of,
    record,
    run_of,
)
from page_elements import parsed

from pytest_apierrors.baseline import Accepted
from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.evidence import EVIDENCE, Matrix
from pytest_apierrors.reports import SUFFIXES


def test_a_file_of_that_name_gets_a_page():
    assert SUFFIXES[".html"] == "html"


def test_every_documented_error_has_a_row_also_where_nobody_tests_it():
    page = parsed(ordinary())

    rows = [one for one in page.elements if one[0] == "tr" and "data-entry" in one[1]]
    assert [attributes["data-entry"] for _, attributes, _ in rows] == KEYS
    told = {attributes["data-entry"]: "".join(text) for _, attributes, text in rows}
    assert "untested" in told["bad_request"]
    assert told["bad_request"].endswith("0" * len(EVIDENCE))
    assert "untested" not in told["rate_limited"]
    assert told["rate_limited"].endswith("20100")  # recorded twice, mocked once
    assert "2 of 8 documented errors exercised" in "".join(page.all("p", **{"class": "cover"}))


@pytest.mark.parametrize(
    ("number", "heat"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (9, 3), (10, 4), (4000, 4)]
)
def test_heat_grows_with_the_count_that_stands_there(number, heat):
    matrix = Matrix()
    matrix.know([ACME])
    if number:
        matrix.count("acme", "frozen", "fuzzed", number)

    text = page_of(run_of(matrix=matrix))

    assert f'<td class="h{heat}" data-kind="fuzzed">{number}</td>' in text


def test_an_entry_that_its_catalog_does_not_have_is_shown_after_the_others():
    matrix = Matrix()
    matrix.count("made", "own", "asserted")

    page = parsed(run_of(matrix=matrix, catalogs=()))

    assert page.all("tr", **{"data-entry": "own"}) == ["own00001"]
    assert page.data["providers"] == [{"name": "made", "entries": []}]


def test_findings_stand_in_a_table_worst_first_without_any_script():
    cells = parsed(ordinary()).all("td")[len(KEYS) * len(EVIDENCE) :]

    rows = [cells[at : at + 7] for at in range(0, len(cells), 7)]
    assert [row[0] for row in rows] == ["error", "error", "warning", "note"]
    assert rows[0] == [
        "error",
        "header-missing",
        "acme 429 rate_limited",
        "Retry-After",
        "seconds",
        "nothing",
        "cassettes/send.yaml:12 #0",
    ]
    assert rows[3][-1] == "tests/test_client.py:31 #0tests/test_client.py::test_limit"


def test_more_findings_than_a_screen_takes_wait_in_a_noscript():
    text = page_of(large(600))
    first, rest = text.split('aria-label="more findings"')
    assert first.count("<td><span") == 200
    assert rest.count("<td><span") == 400
    assert first.rsplit("<noscript>", 1)[1].count("<") == 1


def test_what_a_baseline_accepts_says_why_and_until_when():
    page = parsed(ordinary())

    found = {one[0]: one[5] for one in page.data["findings"]}
    assert found["message-differs"] == "accepted until 2031-05-01: they know"
    assert found["header-missing"] is None
    assert any("accepted until 2031-05-01: they know" in cell for cell in page.all("td"))


def test_an_acceptance_that_has_expired_says_so():
    line = Accepted("acme", "rate_limited", "header-missing", MISSING.where, "soon", "2020-01-02")
    (found,) = parsed(run_of(record(), accepted=(line,))).data["findings"]
    assert found[5] == "its acceptance expired on 2020-01-02: soon"


def test_a_warning_needs_no_acceptance_and_gets_none():
    line = Accepted("acme", "rate_limited", EXTRA.rule, EXTRA.where, "soon")
    (found,) = parsed(run_of(record(violations=(EXTRA,)), accepted=(line,))).data["findings"]
    assert found[5] is None


def test_an_error_of_no_entry_is_accepted_by_its_status():
    line = Accepted("acme", "status-418", "message-differs", KNOWN.where, "a pot")
    odd = record(status=418, entry=None, violations=(KNOWN,))
    (found,) = parsed(run_of(odd, accepted=(line,))).data["findings"]
    assert found[5] == "accepted: a pot"


def test_an_unknown_status_is_not_told():
    text = page_of(run_of(catalogs=(Catalogs().get("neutrino"),)))
    assert '<span class="key">01</span> <span class="name">INVALID_PARAMETER</span>' in text


def test_links_to_a_finding_last_from_run_to_run_and_are_never_the_same():
    first, second = parsed(ordinary()).data, parsed(run_of(ORDINARY[2], ORDINARY[0])).data
    ids = [one["id"] for one in first["records"]]
    assert len(set(ids)) == len(ids)
    assert {one["id"] for one in second["records"]} <= set(ids)

    twice = parsed(run_of(record(), record())).data["records"]
    assert twice[0]["id"] != twice[1]["id"]


def test_equal_exchanges_and_findings_are_written_once():
    data = parsed(run_of(*(record(index=number) for number in range(50)))).data
    assert len(data["exchanges"]) == 1
    assert len(data["findings"]) == 1
    assert len(data["records"]) == 50


def test_pages_grow_with_the_responses_and_not_faster():
    def seconds(number):
        run = large(number)
        start = time.perf_counter()
        page_of(run)
        return time.perf_counter() - start

    seconds(100)
    small = min(seconds(500) for _ in range(3))
    assert seconds(4000) < 8 * small * 3
