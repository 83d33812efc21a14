"""The page opened in a real Chromium: it works, fetches nothing, and runs nothing hostile."""

import json

import pytest
from html_runs import (
    HOSTILE,
    hostile,
    large,
    ordinary,
    page_of,
)
from opened_pages import RUNS, TRAPS, count_of, places


@pytest.mark.parametrize("name", RUNS)
def test_it_opens_without_a_complaint_and_asks_nobody(opened, name):
    page = opened(RUNS[name]())
    assert page.locator("h1").count() == 1
    assert page.locator("#list").is_visible()


def test_a_forbidden_script_would_be_noticed(browser, tmp_path):
    """The traps work: without them, all that is held above would hold for any page."""
    file = tmp_path / "bad.html"
    text = page_of(ordinary()).replace("<main>", "<main><script>alert(1)</script>")
    file.write_text(text, encoding="ascii")
    context = browser.new_context()
    context.add_init_script(TRAPS)
    page = context.new_page()
    told = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(file.as_uri())

    assert page.evaluate("window.trapped") == ["script-src-elem inline"]
    assert "Content Security Policy" in told[0]
    context.close()


def test_a_link_is_called_as_what_it_leads_to(opened):
    page = opened(ordinary())

    for link in page.locator("nav a").all():
        part = link.get_attribute("href").removeprefix("#")
        assert link.inner_text() == page.locator(f"#{part} h2").first.inner_text()


def test_each_finding_has_documented_against_found_its_exchange_and_its_entry(opened):
    page = opened(ordinary())
    first = page.locator("article").first

    assert first.locator("h3").inner_text().startswith("acme 429: deviates from rate_limited")
    assert first.locator("dd").all_inner_texts() == ["seconds", "nothing"]
    assert places(page)[0] == "cassettes/send.yaml:12 #0"
    first.locator("summary").nth(0).click()
    assert first.locator(".exchange").inner_text().splitlines() == [
        "GET https://api.acme.test/v1/messages",
        "HTTP 429",
        "Content-Type: application/json",
        "Date: Thu, 01 Jan 2026 00:00:00 GMT",
        "",
        "{",
        '  "error": {"code": "rate_limited"}',
        "}",
    ]
    first.locator("summary").nth(1).click()
    said = first.locator(".said")
    assert "after what the header Retry-After says" in said.inner_text()
    assert said.locator("a").get_attribute("href") == "https://docs.acme.test/errors"


def test_claims_are_listed_and_the_rejected_ones_say_why(opened):
    page = opened(hostile("plain"))
    page.locator(".matrix th button").first.click()

    about = page.locator(".about")
    assert about.locator(".claims li").count() == 6
    assert about.locator(".claims .rejected .state").first.inner_text() == "rejected: plain"
    assert about.locator(".sources a").count() == 1
    assert "javascript:" in about.locator(".sources").inner_text()


@pytest.mark.parametrize("text", [HOSTILE, "</style></noscript></pre><b>", "javascript:ran()"])
def test_hostile_text_runs_nothing_wherever_it_stands(opened, text):
    page = opened(hostile(text))
    for opener in page.locator(".matrix th button:visible, summary:visible").all():
        opener.click()
    page.fill("#filter-q", "nothing has this")
    count_of(page, 0)

    assert page.locator("img, svg, iframe, b:text-is('<b>')").count() == 0
    assert page.evaluate("document.querySelectorAll('a[href^=javascript]').length") == 0
    shown = page.locator("body").inner_text()
    assert not set(shown) & set("\u202e\u2066\x00\x1b")


def test_without_scripts_findings_and_matrix_are_there(opened):
    page = opened(ordinary(), scripts=False)

    assert page.locator("table.findings tbody tr").count() == 4
    assert page.locator("table.matrix tbody tr").count() == 8
    assert "filters need scripts" in page.locator("#findings").inner_text()


def test_without_scripts_all_findings_are_there(opened):
    page = opened(large(600), scripts=False)
    assert page.locator("table.findings tbody tr").count() == 600


def test_ten_thousand_responses_are_there_in_less_than_three_seconds(opened):
    page = opened(large(10_000))
    timing = page.evaluate("JSON.stringify(performance.getEntriesByType('navigation')[0])")
    loaded = json.loads(timing)["loadEventEnd"]

    search = page.evaluate(
        """async () => {
          const from = performance.now();
          location.hash = "#q=case_77&severity=warning";
          await new Promise((done) => addEventListener("hashchange", done, {once: true}));
          return performance.now() - from;
        }"""
    )

    assert page.get_by_role("status").inner_text().endswith("of 10000 responses")
    assert loaded < 3000
    assert search < 3000
    print(f"10,000 responses: loaded after {loaded:.0f} ms, searched in {search:.0f} ms")
