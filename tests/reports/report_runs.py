"""Runs to be rendered, made of responses of the invented provider, and readers of each format."""

import io
import json
import re
import xml.etree.ElementTree as ET
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import jsonschema_rs

from pytest_apierrors.catalog.find import load_file
from pytest_apierrors.check import check
from pytest_apierrors.records import record_of
from pytest_apierrors.reports import renderer
from pytest_apierrors.reports.run import Run, Summary
from pytest_apierrors.response import Headers, Response
from pytest_apierrors.results import Checked

ROOT = Path(__file__).parents[2]
ACME = load_file(str(ROOT / "tests" / "messages" / "acme.json"))
SCHEMA = Path(__file__).parent / "data" / "sarif-2.1.0.json"
COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def error(code, message="Wait 3 seconds", **more):
    return json.dumps({"error": {"code": code, "message": message, **more}})


def checked(status, body="", headers=None, *, file="a.har", index=0, line=None, **asked):
    url = asked.get("url", "https://api.acme.test/v1")
    method = asked.get("method", "GET")
    known = Headers.of({"Content-Type": "application/json", **(headers or {})})
    data = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    response = Response(status, data, known, method, url)
    return Checked(file, index, line, method, url, status, check(response, ACME), response)


def received(test, *args, evidence="asserted", file="tests/test_it.py", **more):
    """A record of what a test received."""
    return record_of(checked(*args, file=file, **more), evidence, test, whole=True)


LIMITED = checked(429, error("rate_limited"), {"Retry-After": "3"}, index=0)
WARNED = checked(429, error("rate_limited", x=1), {"Retry-After": "3"}, index=1, line=8)
BROKEN = checked(429, error("rate_limited"), index=2, line=12)
UNHEARD = checked(418, error("teapot"), index=3)
GATEWAY = checked(502, "<html><body>no</body></html>", {"Content-Type": "text/html"}, index=4)


def rendered(form, *results, **more):
    summary = Summary([ACME])
    summary.files = 1
    out = io.StringIO()
    renderer(form)(Run(summary.counted(results), summary, provider="acme", **more), out)
    return out.getvalue()


@cache
def validator():
    # A bracket too many in one of its patterns: only some engines take it.
    schema = SCHEMA.read_text(encoding="utf-8").replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}?$")
    return jsonschema_rs.Draft7Validator(json.loads(schema), validate_formats=True)


def sarif(text):
    log = json.loads(text)
    assert [error.message for error in validator().iter_errors(log)] == []
    return log["runs"][0]


def github(text):
    """Read workflow commands as the runner of the service does; plain lines are left out."""
    found = [COMMAND.fullmatch(line) for line in text.splitlines()]
    return [match.groups() for match in found if match]


def markdown(text):
    """Return what stands outside of code spans, where alone a renderer looks for markup."""
    return [re.sub(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", "CODE", line) for line in text.split("\n")]


class Page(HTMLParser):
    """The elements of a page with their attributes, and its texts."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.found.append(data)


def page(text):
    parser = Page()
    parser.feed(text)
    parser.close()
    return parser.found


READERS = {
    "text": str.splitlines,
    "json": json.loads,
    "github": github,
    "sarif": sarif,
    "gitlab": json.loads,
    "junit": ET.fromstring,
    "markdown": markdown,
    "html": page,
}
