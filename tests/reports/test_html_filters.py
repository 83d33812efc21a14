"""The page in a browser: its filters, its addresses, and links into it."""

import pytest
from html_runs import (
    large,
    ordinary,
    record,
    run_of,
)
from opened_pages import DESKTOP, count_of, focused, places, shown_rows


@pytest.mark.parametrize(
    ("name", "value", "count"),
    [
        ("evidence", "mocked", 1),
        ("outcome", "undocumented", 1),
        ("outcome", "documented", 3),
        ("severity", "error", 2),
        ("severity", "note", 1),
        ("severity", "fine", 1),
        ("rule", "header-missing", 2),
        ("entry", "frozen", 1),
    ],
)
def test_each_filter_leaves_what_fits_and_stands_in_the_address(opened, name, value, count):
    page = opened(ordinary())
    page.select_option(f"#filter-{name}", value)

    assert page.locator("article").count() == count
    assert page.get_by_role("status").inner_text() == f"{count} of 5 responses"
    assert page.url.endswith(f"#{name}={value}")
    page.get_by_role("button", name="Clear filters").click()
    assert page.locator("article").count() == 5
    assert "#" not in page.url


def test_providers_can_be_chosen_where_there_are_several(opened):
    page = opened(run_of(record(), record(provider="other", index=7)))
    page.select_option("#filter-provider", "other")

    assert places(page) == ["cassettes/send.yaml:12 #7"]
    assert page.locator(".provider:visible h3").all_inner_texts() == ["other"]


def test_text_is_searched_in_everything_that_is_shown(opened):
    page = opened(ordinary())
    for words, count in (
        ("TEAPOT", 1),
        ("test_client.py mocked", 1),
        ("calm down", 1),
        ("application/json 418", 1),
        ("nothing like this", 0),
    ):
        page.fill("#filter-q", words)
        count_of(page, count)
    assert "No response fits these filters." in page.locator("#list").inner_text()
    assert page.url.endswith("#q=nothing+like+this")


def test_only_untested_errors(opened):
    page = opened(ordinary())
    assert "rate_limited" in shown_rows(page)
    page.check("#filter-untested")

    assert shown_rows(page) == [
        "bad_request",
        "duplicate",
        "duplicate_name",
        "maintenance",
        "not_allowed",
        "unauthorized",
    ]
    assert page.url.endswith("#untested=1")


def test_a_number_of_the_matrix_shows_its_responses(opened):
    page = opened(ordinary())
    page.get_by_role("button", name="rate_limited: 1 mocked, show them").click()

    assert places(page) == ["tests/test_client.py:31 #0"]
    assert page.url.endswith("#provider=acme&evidence=mocked&entry=rate_limited")
    assert focused(page) == "findings-title"


def test_an_address_brings_its_filters_along(opened):
    page = opened(ordinary(), "#severity=warning&q=SEND&untested=1")

    assert places(page) == ["cassettes/send.yaml:40 #1"]
    assert page.input_value("#filter-severity") == "warning"
    assert page.input_value("#filter-q") == "SEND"
    assert page.is_checked("#filter-untested")
    page.evaluate("location.hash = '#outcome=undocumented'")
    count_of(page, 1)
    assert places(page) == ["cassettes/send.yaml:77 #2"]
    page.go_back()
    page.locator(".place", has_text="send.yaml:40").wait_for()
    assert page.input_value("#filter-q") == "SEND"


@pytest.mark.parametrize(
    "hash_",
    [
        "#rule=gone&provider=nobody",
        "#severity=fine&rule=header-missing",
        "#q=%F0%9F",
        "#constructor=1",
    ],
)
def test_an_address_from_another_run_does_no_harm(opened, hash_):
    page = opened(ordinary(), hash_)
    assert page.locator("article").count() == (5 if "constructor" in hash_ else 0)
    assert page.get_by_role("status").is_visible()


def test_a_link_to_a_finding_opens_it_even_far_down(opened):
    run = large(400)
    page = opened(run)
    ids = page.evaluate("JSON.parse(document.getElementById('data').textContent).records")
    wanted = ids[390]

    page = opened(run, f"#finding={wanted['id']}")

    target = page.locator("article.target")
    assert wanted["place"] in target.inner_text()
    target.locator(".exchange").wait_for()
    box = target.bounding_box()
    assert 0 <= box["y"] < DESKTOP["height"]
    assert focused(page) == f"t-{wanted['id']}"


def test_more_are_shown_when_asked_for(opened):
    page = opened(large(120))
    assert page.locator("article").count() == 50
    page.locator("#more").press("Enter")

    assert page.locator("article").count() == 100
    assert page.evaluate(
        "document.activeElement.closest('article') === document.querySelectorAll('article')[50]"
    )
    page.get_by_role("button", name="Show 20 more of 20").click()
    assert page.locator("article").count() == 120
    assert page.locator("#more").count() == 0
