"""Whatever a response, a request, a file or a test is called: it is text in every report."""

import json
import re

import pytest
import report_runs
from report_runs import READERS, checked, error, received, rendered

from pytest_apierrors.errors import RecordingError
from pytest_apierrors.reports import FORMATS

PAYLOADS = {
    "escape": "\x1b[31mred\x1b]0;title\x07\x9b2J",
    "command": "x\n::error file=a::gotcha",
    "command-after-space": "x\r\n   ::set-output name=a::b",
    "old-command": "x ##[error]gotcha ##vso[task.complete]",
    "section": "section_start:1:x",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;",
    "closing": "</script></style><!--",
    "markdown": "![x](http://evil.test/a.png) [x](javascript:a) <b>x</b> **x** # x",
    "fence": "``` `` ` x | y | \\| z\n\n# x\n- x",
    "mention": "@everyone #1 http://evil.test",
    "xml": "\x00\x01\x0b\x0c\x1f\x7f\ufffe\uffff]]>",
    "cells": "=cmd|' /C calc'!A0\t+1\t-1\t@SUM(1)",
    "bidi": "\u202egpj.exe\u2066\u200b\u2028\u2029\ufeff",
    "surrogate": "a\ud800b\udfff",
    "placeholder": "{0} {1:x} %s %(a)s ${a} $(a)",
}


def in_message(text):
    return checked(429, error("rate_limited", text))


def in_code(text):
    return checked(400, error(text))


def in_member(text):
    return checked(401, json.dumps({"error": {"code": "unauthorized", text: text}}))


def in_header(text):
    return checked(429, error("rate_limited"), {"Retry-After": text, f"X-{text}": text})


def in_type(text):
    return checked(401, error("unauthorized"), {"Content-Type": text})


def in_url(text):
    return checked(418, error("teapot"), url=f"https://api.acme.test/{text}?a={text}#{text}")


def in_method(text):
    return checked(418, error("teapot"), method=text)


def in_body(text):
    return checked(502, text, {"Content-Type": "text/html"})


def in_test(text):
    return received(f"tests/test_it.py::test_it[{text}]", 418, error("teapot"))


def in_file(text):
    return checked(418, error("teapot"), file=f"a/{text}/b.har", line=3)


def in_problem(text):
    return RecordingError("a.har", text, index=0, line=1)


def in_problem_file(text):
    return RecordingError(f"{text}.har", "cannot be read")


PLACES = {
    function.__name__.removeprefix("in_"): function
    for function in (
        *(in_message, in_code, in_member, in_header, in_type, in_url, in_method, in_body),
        *(in_test, in_file, in_problem, in_problem_file),
    )
}
OUR_COMMANDS = re.compile(r"::(error|warning|notice) [^:]*title=[^:]*::")


def strings(value, name=""):
    """Yield every text of a parsed report; names of files stay as they are, for programs."""
    if isinstance(value, str) and name not in ("file", "path"):
        yield value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from strings(key)
            yield from strings(member, key)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strings(one, name)


def texts(form, found):
    if form == "junit":
        return [
            text
            for element in found.iter()
            for text in (*element.attrib.values(), element.text or "")
        ]
    return [*strings(found)]


def hold(form, text):
    """Check that nothing in a report is more than text; return it parsed."""
    assert all(character.isprintable() or character == "\n" for character in text)
    assert not re.search(r"##(\[|vso)", text)
    assert "section_start:" not in text
    for line in text.splitlines():
        assert not line.lstrip().startswith("::") or OUR_COMMANDS.match(line)
    found = READERS[form](text)
    if form != "html":
        for one in texts(form, found):
            assert all(character.isprintable() or character == "\n" for character in one), one
    return found


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", FORMATS)
def test_nothing_gets_through_and_every_report_parses(form, place):
    harmless = PLACES[place]("harmless")
    calm = rendered(form, harmless, everything=True)

    for name, payload in PAYLOADS.items():
        result = PLACES[place](payload)
        text = rendered(form, result, everything=True)
        hold(form, text)
        if rules(result) == rules(harmless):
            assert shape(form, text) == shape(form, calm), name


def rules(result):
    """Return what was found: a body that is no JSON any more is rightly shown as something else."""
    verdict = getattr(result, "verdict", result)
    return [one.rule for one in getattr(verdict, "violations", ())]


def shape(form, text):
    """Return what a format makes of a report, without its texts: no payload may change it."""
    found = READERS[form](text)
    if form == "html":
        return [one[0] for one in found if isinstance(one, tuple)]
    if form == "junit":
        return sorted({element.tag for element in found.iter()})
    if form == "markdown":
        return sorted({re.sub(r"[^|#*`<>\[\]()!]", "", line) for line in found})
    if form in ("text", "github"):
        return bool(found)
    return sorted(set(keys(found)))


def keys(value):
    if isinstance(value, dict):
        for key, member in value.items():
            yield key
            yield from keys(member)
    elif isinstance(value, list):
        for one in value:
            yield from keys(one)


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_said_of_the_run_is_text(form):
    for said in PAYLOADS.values():
        hold(form, rendered(form, incomplete=said, failures=[said], remarks=[said]))


@pytest.mark.parametrize("place", sorted(PLACES.keys() - {"file", "problem_file"}))
@pytest.mark.parametrize("form", FORMATS)
def test_five_megabytes_are_cut(form, place):
    result = PLACES[place]("x" * 5_000_000)

    text = rendered(form, result)
    calm = rendered(form, PLACES[place]("harmless"))

    hold(form, text)
    assert len(text) - len(calm) < 200_000


SECRET = "s3cr3tvalue1"
BASIC = "Ym9iOnMzY3IzdHZhbHVlMQ=="
SECRETIVE = {
    "url-user": {"url": f"https://bob:{SECRET}@api.acme.test/"},
    "query": {"url": f"https://api.acme.test/?api_key={SECRET}&x=1"},
    "fragment": {"url": f"https://api.acme.test/#access_token={SECRET}"},
    "json-key": {"body": error("teapot", password=SECRET, deep=[{"apiKey": SECRET}])},
    "bearer": {"body": error("teapot", f"Bearer {SECRET}")},
    "basic": {"body": error("teapot", f"Basic {BASIC}")},
    "challenge": {"headers": {"WWW-Authenticate": f'Bearer token="{SECRET}"'}},
    "cookie": {"headers": {"Set-Cookie": f"sid={SECRET}; Path=/", "Cookie": f"sid={SECRET}"}},
    "location": {"headers": {"Location": f"https://api.acme.test/?code={SECRET}"}},
    "header-name": {"headers": {"X-Api-Key": SECRET, "X-Auth-Token": SECRET}},
}


@pytest.mark.parametrize("place", SECRETIVE)
@pytest.mark.parametrize("form", FORMATS)
def test_no_secret_is_in_a_report(form, place):
    said = {"body": error("teapot"), **SECRETIVE[place]}
    body, headers = said.pop("body"), said.pop("headers", None)

    text = rendered(form, checked(418, body, headers, **said), everything=True)

    assert "teapot" in text
    assert SECRET not in text
    assert BASIC not in text


@pytest.mark.parametrize("form", FORMATS)
def test_a_key_in_the_name_of_a_file_or_a_test_is_taken_out(form):
    key = "sk_live_" + "abcdefghij1234567890"

    text = rendered(
        form,
        checked(418, error("teapot"), file=f"cassettes/{key}.yaml"),
        RecordingError(f"cassettes/{key}.har", "cannot be read"),
        received(f"tests/test_it.py::test_it[{key}]", 418, error("teapot")),
    )

    assert "redacted" in text
    assert key not in text


def test_every_format_is_read_back_here():
    assert set(READERS) >= set(FORMATS)
    assert report_runs.SCHEMA.exists()
