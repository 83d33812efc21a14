"""The report for machines: one JSON object, complete or not there at all."""

from __future__ import annotations

import json
from functools import lru_cache
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

from pytest_apierrors.check.verdict import SEVERITIES
from pytest_apierrors.errors import RecordingError
from pytest_apierrors.explain.headlines import code_text, printable
from pytest_apierrors.inert import inert
from pytest_apierrors.redact import redact_url
from pytest_apierrors.results import Checked

if TYPE_CHECKING:
    from typing import TextIO

    from pytest_apierrors.reports.run import Run, Summary

VERSION = 1

_ERRORS = ("documented", "deviating", "undocumented", "intermediary")
_IN_MEMORY = 4 << 20
# What a log service could take for a command, written so that a JSON parser reads the same text.
_ESCAPES = {"##": r"#\u0023", " ::": r" \u003a:", "section_": r"section\u005f"}


def render(run: Run, out: TextIO) -> None:
    """
    Write a run as one object.

    The sums stand in front, so that the responses wait in a file until they are all there;
    a run that is broken off writes nothing.
    """
    problems: list[RecordingError] = []
    with SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="ascii") as waiting:
        comma = ""
        for result in run.results:
            if isinstance(result, RecordingError):
                problems.append(result)
            elif isinstance(result, Checked) and (result.listed or run.everything):
                waiting.write(f"{comma}\n{_dumps(_response(result, run))}")
                comma = ","
        out.write(f'{{"version": {VERSION}, "provider": {_dumps(run.provider)},\n')
        out.write(f'"summary": {_dumps(_summary(run.summary))},\n"responses": [')
        waiting.seek(0)
        copyfileobj(waiting, out)
    shown = ",\n".join(_dumps(_problem(one)) for one in problems)
    out.write(f'],\n"problems": [{shown}]}}\n')


def _dumps(value: Any) -> str:
    text = json.dumps(value)
    for mark, escaped in _ESCAPES.items():
        text = text.replace(mark, escaped)
    return text


def _response(checked: Checked, run: Run) -> dict[str, Any]:
    verdict = printable(checked.verdict, checked.response)
    retry = verdict.retry
    return {
        "file": _file(checked.file),
        "index": checked.index,
        "line": checked.line,
        "method": None if checked.method is None else inert(checked.method, 40),
        "url": None if checked.url is None else _url(checked.scrubbed(checked.url)),
        "status": checked.status,
        # Beside a name for the whole run it would say nothing new.
        **({} if run.provider is not None else {"provider": verdict.provider}),
        "outcome": verdict.outcome,
        "entry": None if verdict.entry is None else verdict.entry.key,
        "code": None if verdict.code is None else code_text(verdict.code),
        "category": verdict.category,
        "retry": None if retry is None else {"advice": retry.advice, "seconds": retry.seconds},
        "violations": [one._asdict() for one in verdict.violations],
    }


@lru_cache(maxsize=256)  # most recordings ask for few URLs many times
def _url(url: str) -> str:
    return inert(redact_url(url))


def _problem(error: RecordingError) -> dict[str, Any]:
    return {"file": _file(error.file), "index": error.index, "reason": inert(error.reason)}


def _file(name: str) -> str:
    """Return a file's name as text that every JSON parser takes."""
    return name.encode("utf-8", "backslashreplace").decode()


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "files": summary.files,
        "responses": summary.responses,
        "errors": summary.errors,
        **{name: summary.outcomes[name] for name in _ERRORS},
        "unreadable": summary.unreadable,
        "violations": {name: summary.violations[name] for name in SEVERITIES},
    }
