"""The page opened in a real Chromium: it works, fetches nothing, and everybody can use it."""

import json

import pytest
from html_browser import REQUIRED, axe_script, chromium, missing
from html_runs import (
    CLEAN,
    HOSTILE,
    LONG,
    hostile,
    large,
    ordinary,
    page_of,
    record,
    run_of,
)

DESKTOP = {"width": 1366, "height": 900}
PHONE = {"width": 375, "height": 812}
RUNS = {
    "ordinary": ordinary,
    "incomplete": lambda: ordinary(incomplete="1 worker of pytest-xdist crashed"),
    "clean": lambda: run_of(record(**CLEAN)),
    "empty": lambda: run_of(catalogs=()),
    "hostile": hostile,
    "long": lambda: hostile(LONG),
}
# What must not happen leaves a trace: a call of the traps, a violated policy, a dialog.
TRAPS = """
window.trapped = [];
for (const name of ["ran", "alert", "confirm", "prompt", "open"]) {
  window[name] = (...given) => window.trapped.push(name);
}
document.addEventListener("securitypolicyviolation",
  (event) => window.trapped.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture(scope="module")
def browser():
    why = missing()
    if why is not None:
        assert not REQUIRED, why
        pytest.skip(why)
    with chromium() as running:
        yield running


@pytest.fixture
def opened(browser, tmp_path):
    """Open the page of a run, and hold at the end that nothing happened that must not."""
    contexts = []

    def open_page(run, hash_="", *, size=DESKTOP, scheme="light", scripts=True, bypass=False):
        file = tmp_path / f"page{len(contexts)}.html"
        file.write_text(page_of(run), encoding="ascii", newline="\n")
        context = browser.new_context(
            viewport=size, color_scheme=scheme, java_script_enabled=scripts, bypass_csp=bypass
        )
        context.set_default_timeout(10_000)
        if scripts:
            context.add_init_script(TRAPS)
        page = context.new_page()
        seen = {"page": page, "told": [], "asked": [], "scripts": scripts}
        contexts.append((context, seen))
        page.on("console", lambda message: seen["told"].append(message.text))
        page.on("pageerror", lambda error: seen["told"].append(str(error)))
        page.on("dialog", lambda dialog: (seen["told"].append("dialog"), dialog.dismiss()))
        page.on("request", lambda request: seen["asked"].append(request.url))
        page.goto(f"{file.as_uri()}{hash_}")
        return page

    yield open_page
    for context, seen in contexts:
        assert seen["told"] == []
        assert all(one.startswith("file://") and ".html" in one for one in seen["asked"])
        assert len({one.partition("#")[0] for one in seen["asked"]}) == 1
        if seen["scripts"]:
            assert seen["page"].evaluate("window.trapped") == []
        context.close()


def places(page):
    """The responses that are shown, by where they stand."""
    shown = page.locator(".place").all_inner_texts()
    return [one.removesuffix("link").split(" \u00b7 ")[1] for one in shown]


def count_of(page, number):
    """Wait until so many responses are shown."""
    from playwright.sync_api import expect

    expect(page.locator("article")).to_have_count(number)


def shown_rows(page):
    rows = page.locator(".matrix tbody tr[data-entry]:visible")
    return [row.get_attribute("data-entry") for row in rows.all()]


def focused(page):
    return page.evaluate("document.activeElement.id")


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


def test_it_is_used_with_the_keyboard_alone(opened):
    page = opened(ordinary())
    press = page.keyboard.press
    press("Tab")
    assert page.locator(".skip").bounding_box()["x"] >= 0
    press("/")
    assert focused(page) == "filter-q"
    page.keyboard.type("send.yaml")
    count_of(page, 3)
    press("Tab")
    assert focused(page) == "filter-evidence"
    press("Tab")
    press("ArrowDown")
    press("ArrowDown")
    assert page.input_value("#filter-outcome") == "documented"
    assert page.locator("article").count() == 1
    page.focus("#filter-untested")
    press("Space")
    assert "rate_limited" not in shown_rows(page)
    page.locator(".matrix th button:visible").first.focus()
    press("Enter")
    assert page.locator(".about:visible").count() == 1
    page.locator("article summary").first.focus()
    press("Enter")
    page.locator(".exchange").wait_for()


def test_focus_can_be_seen(opened):
    page = opened(ordinary())
    for selector in ("#filter-q", "#filter-rule", ".tiles a", ".permalink", "summary"):
        page.keyboard.press("Tab")
        page.locator(selector).first.focus()
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style == "solid", selector


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


@pytest.mark.parametrize(
    ("name", "scheme", "size"),
    [
        *(("ordinary", scheme, size) for scheme in ("light", "dark") for size in (DESKTOP, PHONE)),
        *((name, "light", DESKTOP) for name in RUNS if name != "ordinary"),
        ("incomplete", "dark", DESKTOP),
        ("clean", "dark", PHONE),
        ("hostile", "dark", PHONE),
    ],
    ids=lambda value: f"{value['width']}" if isinstance(value, dict) else value,
)
def test_axe_finds_nothing_wrong(opened, name, scheme, size):
    page = opened(RUNS[name](), size=size, scheme=scheme, bypass=True)
    for opener in page.locator(".matrix th button:visible, summary:visible").all()[:8]:
        opener.click()
    page.evaluate(axe_script())

    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")

    told = [(one["id"], [node["html"] for node in one["nodes"]]) for one in result["violations"]]
    assert told == []
    assert len(result["passes"]) > 10


def test_axe_is_awake(opened):
    page = opened(ordinary(), bypass=True)
    page.evaluate("document.querySelector('.reasons').style.color = '#c8c8c8'")
    page.evaluate(axe_script())

    result = page.evaluate("axe.run(document, {runOnly: ['color-contrast']})")

    assert result["violations"]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("name", RUNS)
def test_a_phone_never_scrolls_sideways(opened, name, scripts):
    page = opened(RUNS[name](), size=PHONE, scripts=scripts)
    for opener in page.locator(".matrix th button:visible, summary:visible").all()[:8]:
        opener.click()

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


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
