"""The report as one page: a heat map of what is tested, and each finding with its evidence."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_apierrors.reports import html_static
from pytest_apierrors.reports.html_data import script_data
from pytest_apierrors.reports.html_view import view_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from pytest_apierrors.reports.html_view import View
    from pytest_apierrors.reports.run import Run

_PARTS = Path(__file__).with_name("page")


def render(run: Run, out: TextIO) -> None:
    """
    Write a run as a page that needs nothing else and asks nobody for anything.

    Nothing in it acts but the one script, whose hash its policy names; it is ASCII, and the same
    bytes for the same run.
    """
    for line in _lines(view_of(run)):
        out.write(line.encode("ascii", "xmlcharrefreplace").decode())
        out.write("\n")


def _lines(view: View) -> Iterator[str]:
    script, style = _part("page.js"), _part("page.css")
    verdict = view.verdict
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_policy(script, style)}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>API errors: {verdict}</title>"
    yield f"<style>{style}</style>\n</head>\n<body>"
    yield '<a class="skip" href="#findings">Skip to the findings</a>'
    yield from html_static.head(view)
    yield "<main>"
    yield from html_static.problems(view)
    yield '<div class="columns">'
    yield '<section id="errors" class="errors" aria-labelledby="errors-title">'
    yield '<h2 id="errors-title" tabindex="-1">Documented errors</h2>'
    yield from html_static.matrix(view)
    yield "</section>"
    yield '<section id="findings" class="responses" aria-labelledby="findings-title">'
    yield '<h2 id="findings-title" tabindex="-1">Findings</h2>'
    yield '<noscript><p class="empty">Exchanges, claims and filters need scripts.</p></noscript>'
    yield '<div id="list">'
    yield from html_static.findings(view)
    yield "</div></section></div>"
    yield from html_static.remarks(view.run.remarks)
    yield "</main>"
    yield f'<script type="application/json" id="data">{script_data(view)}</script>'
    yield f"<script>{script}</script>\n</body>\n</html>"


def _policy(script: str, style: str) -> str:
    rules = (
        "default-src 'none'",
        f"script-src {_hash(script)}",
        f"style-src {_hash(style)}",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
    return "; ".join(rules)


def _hash(part: str) -> str:
    return f"'sha256-{b64encode(sha256(part.encode()).digest()).decode()}'"


@lru_cache(maxsize=2)
def _part(name: str) -> str:
    return (_PARTS / name).read_text(encoding="ascii")
