"""What of the page is there without its script: the head, the tables, the remarks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from pytest_apierrors.catalog.model import Unknown
from pytest_apierrors.check.verdict import SEVERITIES
from pytest_apierrors.check.words import count
from pytest_apierrors.evidence import EVIDENCE
from pytest_apierrors.explain.facts import statuses_text
from pytest_apierrors.explain.headlines import problem_line
from pytest_apierrors.explain.message import catalog_line
from pytest_apierrors.inert import inert
from pytest_apierrors.reports.html_data import place_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_apierrors.catalog.model import DocumentedError
    from pytest_apierrors.evidence import Exercised
    from pytest_apierrors.records import Record
    from pytest_apierrors.reports.html_view import View

_VERDICTS = {
    "passed": "Passed",
    "failed": "Failed",
    "incomplete": "Incomplete",
    "nothing": "Nothing checked",
}
_OUTCOMES = ("documented", "deviating", "undocumented", "intermediary")
_HEAT = (1, 2, 4, 10)
"""The least count of each degree of heat."""
_AT_ONCE = 200
_FEW = 8


def text(value: object) -> str:
    """Return a text for an element or a quoted attribute, with nothing in it that acts."""
    return escape(inert(str(value)))


def head(view: View) -> Iterator[str]:
    """Yield the verdict and the numbers."""
    verdict = view.verdict
    yield f'<header class="head {verdict}">'
    yield '<p class="product">pytest-apierrors</p>'
    yield f'<h1><span class="mark" aria-hidden="true"></span>{_VERDICTS[verdict]}</h1>'
    yield '<ul class="reasons">'
    yield from (f"<li>{text(reason)}</li>" for reason in view.reasons)
    yield "</ul>"
    yield from _tiles(view)
    yield '<nav aria-label="parts of the page"><a href="#errors">Documented errors</a> '
    yield '<a href="#findings">Findings</a></nav>'
    yield "</header>"


def _tiles(view: View) -> Iterator[str]:
    summary = view.run.summary
    others = summary.outcomes["not-an-error"]
    yield '<div class="tiles">'
    yield from _group(
        "Responses",
        [
            _tile(summary.responses, "checked"),
            *(_tile(summary.outcomes[one], one, f"#outcome={one}") for one in _OUTCOMES),
            *([_tile(others, "no error")] if others else []),
            *(
                [_tile(summary.unreadable, "unreadable", "#problems", "error")]
                * bool(view.problems)
            ),
        ],
    )
    yield from _group(
        "Violations",
        [
            _tile(number, f"{one}{'' if number == 1 else 's'}", f"#severity={one}", one)
            for one in SEVERITIES
            for number in [summary.violations[one]]
        ],
    )
    mine = view.matrix.providers.values()
    if mine:
        reached, missing = (sum(map(len, some)) for some in zip(*map(_split, mine), strict=True))
        tiles = [_tile(reached, "exercised"), _tile(missing, "untested", "#untested=1", "warning")]
        yield from _group("Documented errors", tiles)
    yield "</div>"


def _split(mine: Exercised) -> tuple[list[str], list[str]]:
    return mine.reached, mine.missing


def _group(title: str, tiles: list[str]) -> Iterator[str]:
    yield f"<section><h2>{title}</h2><ul>"
    yield from tiles
    yield "</ul></section>"


def _tile(number: int, label: str, target: str = "", kind: str = "") -> str:
    inner = f"<b>{number}</b> {label}"
    if not number:
        return f'<li class="none">{inner}</li>'
    inner = f'<a href="{target}">{inner}</a>' if target else inner
    return f'<li class="{kind}">{inner}</li>' if kind else f"<li>{inner}</li>"


def matrix(view: View) -> Iterator[str]:
    """Yield a table per provider: each documented error by kind of evidence."""
    shown = [name for name in view.providers if view.rows(name)]
    if not shown:
        yield '<p class="empty">No provider was chosen, and none answered: there is nothing '
        yield "documented to compare with.</p>"
        return
    yield '<p class="legend"><span>times seen:</span> <span class="h0">0</span> '
    ends = (*(str(one - 1) for one in _HEAT[1:]), "")
    for number, (least, end) in enumerate(zip(_HEAT, ends, strict=True), 1):
        reach = f"{least}+" if not end else str(least) if end == str(least) else f"{least}-{end}"
        yield f'<span class="h{number}">{reach}</span> '
    yield "</p>"
    for name in shown:
        yield from _provider(name, view)


def _provider(name: str, view: View) -> Iterator[str]:
    mine = view.exercised(name)
    reached, documented = len(mine.reached), len(mine.documented)
    catalog = view.catalogs.get(name)
    shown = text(name)
    yield f'<section class="provider" data-provider="{shown}" aria-label="{shown}">'
    yield f"<h3>{shown}</h3>"
    yield (
        f'<p class="cover"><progress max="{documented or 1}" value="{reached}" '
        f'aria-label="{shown}: documented errors exercised"></progress> '
        f"<b>{int(mine.percent)} %</b> {reached} of {documented} documented errors exercised</p>"
    )
    if catalog is not None:
        yield f'<p class="catalog">{text(catalog_line(catalog))}</p>'
    yield '<table class="matrix"><thead><tr><th scope="col">documented error</th>'
    yield from (f'<th scope="col"><span>{kind}</span></th>' for kind in EVIDENCE)
    yield "</tr></thead><tbody>"
    for key in view.rows(name):
        yield _row(key, name, view)
    yield "</tbody></table></section>"


def _row(key: str, provider: str, view: View) -> str:
    counts = view.exercised(provider).entries.get(key, {})
    untested = not any(counts.values())
    catalog = view.catalogs.get(provider)
    entry = None if catalog is None else catalog.errors.get(key)
    about = "" if entry is None else _about(entry)
    about += ' <span class="pill">untested</span>' if untested else ""
    cells = "".join(_cell(counts.get(kind, 0), kind) for kind in EVIDENCE)
    mark = ' class="untested"' if untested else ""
    shown = text(key)
    head = f'<th scope="row"><span class="key">{shown}</span>{about}</th>'
    return f'<tr data-entry="{shown}"{mark}>{head}{cells}</tr>'


def _about(entry: DocumentedError) -> str:
    """Return what the key leaves open: a status that is not part of it, and the name."""
    status, name = statuses_text(entry), entry.name
    told = "" if isinstance(entry.statuses, Unknown) or status in entry.key else status
    about = f' <span class="status">{text(told)}</span>' if told else ""
    return about + ("" if name in (None, entry.key) else f' <span class="name">{text(name)}</span>')


def _cell(number: int, kind: str) -> str:
    degree = sum(number >= least for least in _HEAT)
    return f'<td class="h{degree}" data-kind="{kind}">{number}</td>'


def problems(view: View) -> Iterator[str]:
    """Yield what could not be read, if there is any."""
    if not view.problems:
        return
    number = len(view.problems)
    yield '<section id="problems" class="problems" aria-labelledby="problems-title">'
    yield f'<h2 id="problems-title" tabindex="-1">Could not be read ({number})</h2>'
    yield f"<details{' open' * (number <= _FEW)}><summary>which, and why</summary><ul>"
    yield from (f"<li>{text(problem_line(one))}</li>" for one in view.problems)
    yield "</ul></details></section>"


def findings(view: View) -> Iterator[str]:
    """Yield the table of findings that the script replaces."""
    found = [one for one in view.records if one.violations]
    if not view.records:
        yield '<p class="empty">No findings: no error response was checked.</p>'
        return
    if not found:
        told = count(len(view.records), "response")
        yield f'<p class="empty">No findings: {told} as documented.</p>'
        return
    rows = [row for record in found for row in _findings(record, view)]
    yield from _table(rows[:_AT_ONCE], "findings")
    if len(rows) > _AT_ONCE:
        # A browser with scripts takes this for a text and builds no rows that nobody will see.
        yield "<noscript>"
        yield from _table(rows[_AT_ONCE:], "more findings")
        yield "</noscript>"


def _table(rows: Iterable[str], title: str) -> Iterator[str]:
    yield f'<div class="wide" role="region" aria-label="{title}" tabindex="0">'
    yield '<table class="findings"><thead><tr>'
    titles = ("severity", "rule", "response", "at", "documented", "found", "place")
    yield from (f'<th scope="col">{title}</th>' for title in titles)
    yield "</tr></thead><tbody>"
    yield from rows
    yield "</tbody></table></div>"


def _findings(record: Record, view: View) -> Iterator[str]:
    entry = "" if record.entry is None else f" {record.entry}"
    response = text(f"{record.provider} {record.status}{entry}")
    place = text(place_text(record))
    if record.test is not None and record.evidence != "recorded":
        place += f"<br>{text(record.test)}"
    for one in record.ranked:
        accepted = view.acceptance(record, one)
        found = text(one.found) + ("" if accepted is None else f"<br>{text(accepted)}")
        where = text(one.where.removeprefix("header:"))
        yield (
            f'<tr><td><span class="badge {one.severity}">{one.severity}</span></td>'
            f"<td>{one.rule}</td><td>{response}</td><td>{where}</td>"
            f"<td>{text(one.documented)}</td><td>{found}</td><td>{place}</td></tr>"
        )


def remarks(lines: Iterable[str]) -> Iterator[str]:
    """Yield what is to be said about the run as a whole, if anything; columns stay columns."""
    shown = [f"{' ' * (len(one) - len(one.lstrip(' ')))}{text(one.lstrip(' '))}" for one in lines]
    if not shown:
        return
    yield '<section id="remarks" aria-labelledby="remarks-title">'
    yield '<h2 id="remarks-title">Remarks</h2>'
    inner = "\n".join(shown)
    yield f'<pre class="remarks" tabindex="0">{inner}</pre></section>'
