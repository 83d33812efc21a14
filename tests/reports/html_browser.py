"""A real Chromium without a screen, for the tests of the page and for its picture."""

import os
import shutil
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--no-sandbox",  # as root, Chromium runs only without
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
REQUIRED = os.environ.get("APIERRORS_BROWSER") == "required"
"""Set where a missing browser must fail the tests instead of skipping them."""


def missing():
    """Say why no browser can be had, if it is so."""
    if not any(map(shutil.which, NAMES)):
        return "no Chromium here: install it (Debian: apt-get install chromium)"
    if find_spec("playwright") is None or find_spec("axe_playwright_python") is None:
        return "playwright is not here: pip install -e '.[browser]'"
    return None


@contextmanager
def chromium():
    """Run a browser."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, NAMES)))
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def axe_script():
    """Return axe-core, which a package brings along."""
    spec = find_spec("axe_playwright_python")
    return (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")
