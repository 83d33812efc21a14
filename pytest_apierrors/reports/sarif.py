"""The report in SARIF 2.1.0: for code scanning, at the lines of recordings, mocks and tests."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pytest_apierrors.check.verdict import DEFAULT_SEVERITY, RULES
from pytest_apierrors.inert import inert
from pytest_apierrors.records import file_text
from pytest_apierrors.reports.findings import findings
from pytest_apierrors.reports.jsontext import dumps, listed
from pytest_apierrors.reports.meanings import MEANINGS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from pytest_apierrors.baseline import Accepted, Deviation
    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.reports.findings import Finding
    from pytest_apierrors.reports.run import Run

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_FINGERPRINT = "apierrors/v1"


def render(run: Run, out: TextIO) -> None:
    """Write a run as one log, complete or not there at all."""
    records, problems = run.gathered_for_hosts()
    accepted = {line.deviation: line for line in run.accepted}
    results = listed(_result(one, accepted) for one in findings(records))
    notices = [_unreadable(problem) for problem in problems]
    notices += [_notice("error", failure) for failure in run.failures]
    notices += [_notice("note", remark) for remark in run.remarks]
    if run.incomplete is not None:
        notices.append(_notice("error", f"the run is incomplete: {run.incomplete}"))
    invocation = {
        "executionSuccessful": run.incomplete is None and not problems,
        "toolExecutionNotifications": notices,
    }
    out.write(f'{{"$schema": {dumps(SCHEMA)}, "version": "2.1.0", "runs": [{{\n')
    out.write(
        f'"tool": {{"driver": {{"name": "pytest-apierrors", "rules": {listed(_rules())}}}}},\n'
    )
    out.write(f'"invocations": [{dumps(invocation)}],\n"columnKind": "unicodeCodePoints",\n')
    out.write(f'"results": {results}}}]}}\n')


def uri_of(file: str) -> str:
    """Return a file as a URI reference: relative where it lies below the current folder."""
    name = file_text(file)
    name = name if os.sep == "/" else name.replace(os.sep, "/")
    path, here = PurePosixPath(name), Path.cwd().as_posix()
    if path.is_relative_to(here):
        path = path.relative_to(here)
    elif Path(name).is_absolute():
        return f"file:///{quote(name.lstrip('/'))}"
    return quote(path.as_posix())


def _rules() -> list[dict[str, Any]]:
    return [
        {
            "id": rule,
            "shortDescription": {"text": f"{rule}: {_plain(MEANINGS[rule].partition('. ')[0])}"},
            "fullDescription": {"text": _plain(MEANINGS[rule])},
            "help": {"text": _plain(MEANINGS[rule])},
            "defaultConfiguration": {"level": DEFAULT_SEVERITY[rule]},
        }
        for rule in RULES
    ]


def _result(finding: Finding, accepted: Mapping[Deviation, Accepted]) -> dict[str, Any]:
    record, violation = finding.record, finding.violation
    line = accepted.get(finding.deviation) if violation.severity == "note" else None
    request = " ".join(filter(None, (record.method, record.url)))
    place = _location(record.file, record.line)
    if record.test is not None:
        place["logicalLocations"] = [{"fullyQualifiedName": record.test, "kind": "function"}]
    return {
        "ruleId": violation.rule,
        "ruleIndex": RULES.index(violation.rule),
        "level": violation.severity,
        "message": {"text": _plain(f"{finding.text}{f'; {request}' if request else ''}")},
        "locations": [place],
        "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
        "properties": {
            "provider": record.provider,
            "status": record.status,
            "outcome": record.outcome,
            "entry": record.entry,
            "code": record.code,
            "evidence": record.evidence,
            "index": record.index,
            "where": inert(violation.where),
            "documented": inert(violation.documented),
            "found": inert(violation.found),
        },
        **_suppressions(line, record.expected),
    }


def _suppressions(line: Accepted | None, expected: str | None) -> dict[str, Any]:
    """Return why a result is no alert: a line of the baseline, or the reason of an xfail."""
    if line is None and expected is None:
        return {}
    kind, reason = ("inSource", expected) if line is None else ("external", line.reason)
    told = {"justification": _plain(reason)} if reason else {}
    return {"suppressions": [{"kind": kind, "status": "accepted", **told}]}


def _unreadable(problem: RecordingError) -> dict[str, Any]:
    number = "" if problem.index is None else f"#{problem.index}: "
    place = _location(problem.file, problem.line)
    return {**_notice("error", f"{number}{problem.reason}"), "locations": [place]}


def _notice(level: str, text: str) -> dict[str, Any]:
    return {"level": level, "message": {"text": _plain(text)}}


def _location(file: str, line: int | None) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": uri_of(file)}}
    if line is not None:
        place["region"] = {"startLine": line}
    return {"physicalLocation": place}


def _plain(text: str) -> str:
    """Return a text in which no link or placeholder of SARIF's own can stand."""
    text = inert(text)
    if "](" in text:
        text = text.replace("[", r"\[").replace("]", r"\]")
    return re.sub(r"\{([0-9]+)\}", r"{{\1}}", text)
