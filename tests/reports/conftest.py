"""A browser, and what opens a page in it."""

import pytest
from html_browser import REQUIRED, chromium, missing
from html_runs import (
    page_of,
)
from opened_pages import DESKTOP, TRAPS


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
