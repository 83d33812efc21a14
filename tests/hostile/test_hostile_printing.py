"""What a recording brings is text in every report of the command, and nothing that acts."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import pytest
from hostile_formats import FORMATS as WRITTEN
from hostile_formats import Exchange
from hostile_run import ACME, check

from pytest_apierrors.reports import FORMATS

PAYLOADS = (
    "\x1b[31mred\x1b]0;title\x07\x9b2J\x08\x7f",
    "x\n::error file=a::gotcha",
    "x\r\n   ::set-output name=a::b\r::add-mask::x",
    "x ##[error]gotcha ##vso[task.complete result=Failed]",
    "section_start:1:x\r\x1b[0K section_end:1:x",
    "##teamcity[testFailed name='x']",
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;</script></style><!--]]>",
    "![x](http://evil.test/a.png) [x](javascript:a) <b>x</b> | x | \\| ``` `` `\n\n# x\n- x",
    "=cmd|' /C calc'!A0\t+1\t-1\t@SUM(1)",
    "\u202egpj.exe\u2066\u200b\u2028\u2029\ufeff\U000e0041",
    "{0} {1:x} %s %(a)s ${a} $(a) `a`",
)
OURS = re.compile(r"::(error|warning|notice) [^:]*title=[^:]*::")


def exchange(text, safe):
    """Put a text into every field; `safe` is the text where a header or a URL has to hold it."""
    body = {
        "error": {
            "code": f"teapot{text}",
            "message": text,
            text: text,
            "list": [{text: [text]}],
        }
    }
    headers = [("Content-Type", f"application/json; {safe}"), ("Retry-After", safe), ("X-A", safe)]
    return Exchange(
        "POST",
        f"https://api.acme.test/{safe}?{safe}#{safe}",
        [("X-B", safe)],
        json.dumps({"a": text}),
        429,
        headers,
        json.dumps(body),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("printing")
    for number, text in enumerate(PAYLOADS):
        for name in ("log.ndjson", "vcr.json", "har.har", "nock.json", "easyvcr.json"):
            (place / f"{number:02d}-{name}").write_bytes(WRITTEN[name](exchange(text, text)))
        line = json.dumps({"interactions": [{"request": text, "response": {text: text}}]})
        (place / f"{number:02d}-spoiled.json").write_text(line, encoding="utf-8")
    return place


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_acts(folder, form):
    names = sorted(one.name for one in folder.iterdir())
    words = ("--provider", "acme", "--catalogs", str(ACME), "--all", "--format", form)

    ran = check(folder, *words, *names).sound()

    text = ran.out
    assert all(one.isprintable() or one == "\n" for one in text + ran.err)
    assert not re.search(r"##(\[|[a-z]+\[)", text)
    assert not re.search("section_(start|end):", text)
    assert not [one for one in text.split("\n") if one.lstrip()[:2] == "::" and not OURS.match(one)]
    assert sum(name in text for name in names) == len(names)
    PARSED[form](text)


def markdown(text):
    bare = re.sub(r"(`+)(?:(?!\1).)*?[^`]\1(?!`)", "", text)  # without code spans
    assert not re.search(r"!\[|\]\(|<(script|img|b)\b", bare)


def html(text):
    assert "<img" not in text
    assert "<script>alert" not in text
    assert len(re.findall("<script", text)) == len(re.findall("</script", text))


PARSED = {
    **dict.fromkeys(FORMATS, len),
    **dict.fromkeys(("json", "sarif", "gitlab"), json.loads),
    "junit": ET.fromstring,
    "markdown": markdown,
    "html": html,
}


def test_pytest_prints_text_only(project, folder):
    for file in folder.iterdir():
        (project.path / file.name).write_bytes(file.read_bytes())
    project.ini(apierrors_provider="acme")

    result = project.run_apart(
        *("--apierrors-recordings=.", "--ignore=catalogs", "-vv", "-rA", "--color=no"),
        "--junitxml=junit.xml",
    )

    text = result.stdout.str() + result.stderr.str()
    assert result.ret == 1
    assert all(one.isprintable() or one == "\n" for one in text)
    assert not re.search(r"##(\[|[a-z]+\[)|section_(start|end):", text)
    assert not re.search(r"(?m)^\s*::", text)
    ET.parse(project.path / "junit.xml")
