"""The page in a browser: with the keyboard alone, on a phone, and for those who cannot see it."""

import pytest
from html_browser import axe_script
from html_runs import (
    ordinary,
)
from opened_pages import DESKTOP, PHONE, RUNS, count_of, focused, shown_rows


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
