"""The pages that are opened in a browser, how large, and what is read off them."""

from html_runs import (
    CLEAN,
    LONG,
    hostile,
    ordinary,
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
