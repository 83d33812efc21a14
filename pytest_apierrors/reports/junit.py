"""The report in JUnit's XML: one test case per checked response, for whatever shows such files."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from pytest_apierrors.explain.headlines import place_of
from pytest_apierrors.inert import inert
from pytest_apierrors.records import file_text

if TYPE_CHECKING:
    from typing import TextIO

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.records import Record
    from pytest_apierrors.reports.run import Run

SUITE = "apierrors"


def render(run: Run, out: TextIO) -> None:
    """Write a run as one document, complete or not there at all."""
    records, problems = run.gathered()
    suite = Element("testsuite", name=SUITE)
    for record in records:
        _case(record, suite)
    for problem in problems:
        _unreadable(problem, suite)
    told = [] if run.incomplete is None else [f"the run is incomplete: {run.incomplete}"]
    for text in (*told, *run.failures):
        case = SubElement(suite, "testcase", classname=SUITE, name="run")
        SubElement(case, "error", message=inert(text))
    for name in ("failure", "error"):
        count = sum(case.find(name) is not None for case in suite)
        suite.set("errors" if name == "error" else "failures", str(count))
    suite.set("tests", str(len(suite)))
    suite.set("skipped", "0")
    document = Element("testsuites")
    document.append(suite)
    written = tostring(document, encoding="unicode").replace("><", ">\n<")
    out.write(f'<?xml version="1.0" encoding="utf-8"?>\n{written}\n')


def _case(record: Record, suite: Element) -> None:
    recorded = record.evidence == "recorded" or record.test is None
    group = record.file if recorded else record.test
    title = " ".join(filter(None, (f"{group} #{record.index}", record.method, str(record.status))))
    case = _testcase(suite, record.provider, title, (record.file, record.line))
    properties = SubElement(case, "properties")
    for name in ("provider", "outcome", "entry", "evidence"):
        value = getattr(record, name)
        if value is not None:
            SubElement(properties, "property", name=f"{SUITE}_{name}", value=inert(value))
    ranked = record.ranked
    errors = [one for one in ranked if one.severity == "error"]
    lines = "\n".join(inert(record.worded(one)) for one in ranked)
    if errors:
        failure = SubElement(case, "failure", type=errors[0].rule)
        failure.set("message", inert(record.worded(errors[0])))
        failure.text = lines
    elif ranked:
        SubElement(case, "system-out").text = lines


def _unreadable(problem: RecordingError, suite: Element) -> None:
    place = place_of(problem.file, problem.line, problem.index)
    title = f"{place} cannot be read"
    case = _testcase(suite, SUITE, title, (file_text(problem.file), problem.line))
    error = SubElement(case, "error", type="unreadable", message=inert(problem.reason))
    error.text = inert(f"{place}: {problem.reason}")


def _testcase(suite: Element, group: str, title: str, place: tuple[str, int | None]) -> Element:
    file, line = place
    case = SubElement(suite, "testcase", classname=inert(group), name=inert(title), time="0")
    case.set("file", inert(file))
    if line is not None:
        case.set("line", str(line))
    return case
