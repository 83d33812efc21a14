"""The report for machines: one JSON object, complete or not there at all."""

from __future__ import annotations

from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

from pytest_apierrors.check.verdict import SEVERITIES
from pytest_apierrors.errors import RecordingError
from pytest_apierrors.inert import inert
from pytest_apierrors.records import Record, file_text, record_of
from pytest_apierrors.reports.jsontext import dumps
from pytest_apierrors.results import Checked

if TYPE_CHECKING:
    from typing import TextIO

    from pytest_apierrors.reports.run import Run, Summary

VERSION = 1

_ERRORS = ("documented", "deviating", "undocumented", "intermediary")
_IN_MEMORY = 4 << 20


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
            elif isinstance(result, Checked | Record) and (result.listed or run.everything):
                record = record_of(result) if isinstance(result, Checked) else result
                waiting.write(f"{comma}\n{dumps(_response(record, run))}")
                comma = ","
        out.write(f'{{"version": {VERSION}, "provider": {dumps(run.provider)},\n')
        out.write(f'"summary": {dumps(_summary(run.summary))},\n"responses": [')
        waiting.seek(0)
        copyfileobj(waiting, out)
    shown = ",\n".join(dumps(_problem(one)) for one in problems)
    out.write(f'],\n"problems": [{shown}]{_more(run)}}}\n')


def _more(run: Run) -> str:
    """Return what a run of tests knows beyond its responses."""
    if run.matrix is None:
        return ""
    known = {"incomplete": run.incomplete, "coverage": run.matrix.as_json()}
    folder = run.hosted(".")
    if folder != ".":  # several runs of one checkout may have files of the same name
        known = {"folder": folder, **known}
    return "".join(f',\n"{name}": {dumps(value)}' for name, value in known.items())


def _response(record: Record, run: Run) -> dict[str, Any]:
    # Beside a name for the whole run, a provider would say nothing new.
    provider = {} if run.provider is not None else {"provider": record.provider}
    test = {} if record.test is None else {"test": record.test, "evidence": record.evidence}
    return {
        "file": record.file,
        "index": record.index,
        "line": record.line,
        **test,
        "method": record.method,
        "url": record.url,
        "status": record.status,
        **provider,
        "outcome": record.outcome,
        "entry": record.entry,
        "code": record.code,
        "category": record.category,
        "retry": record.retry,
        "violations": [one._asdict() for one in record.violations],
        **({} if record.expected is None else {"expected": record.expected}),
    }


def _problem(error: RecordingError) -> dict[str, Any]:
    return {"file": file_text(error.file), "index": error.index, "reason": inert(error.reason)}


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "files": summary.files,
        "responses": summary.responses,
        "errors": summary.errors,
        **{name: summary.outcomes[name] for name in _ERRORS},
        "unreadable": summary.unreadable,
        "violations": {name: summary.violations[name] for name in SEVERITIES},
    }
