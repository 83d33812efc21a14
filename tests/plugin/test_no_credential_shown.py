"""A request's credential reaches no output, wherever and however the response repeats it."""

from __future__ import annotations

import base64
import io
import itertools
import json
from urllib.parse import quote

import pytest
from msgspec.structs import replace

from pytest_apierrors import _cli
from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.check import check
from pytest_apierrors.explain import explain
from pytest_apierrors.recordings import read
from pytest_apierrors.records import record_of
from pytest_apierrors.reports import FORMATS, STREAMED, renderer
from pytest_apierrors.reports.markdown import MOST_ROWS
from pytest_apierrors.reports.run import Run, Summary
from pytest_apierrors.results import checked_of

# Each begins with letters and digits that no spelling changes: half of it is found, too.
BEARER = "Zqa7w/e+r==token"
PASSWORD = 'Zqb8x&s"w/rd'
CODED = base64.b64encode(f"bob:{PASSWORD}".encode()).decode()
KEY = "Zqc9k-k3y/key"
COOKIE = "Zqd1m/v4l+ue"
QUERY = "Zqe2n/q&t0k"
USERINFO = "Zqf3p/p%s:w"
BODY = 'Zqg4r"b\\dy'
SECRETS = (BEARER, PASSWORD, CODED, KEY, COOKIE, QUERY, USERINFO, BODY)
SEEN = 5
"""As many characters of a secret give it away."""

REQUEST = {
    "method": "POST",
    "url": f"https://u:{quote(USERINFO, safe='')}@api.acme.test/v1?token={quote(QUERY, safe='')}",
    "headers": {
        "Authorization": f"Bearer {BEARER}",
        "Proxy-Authorization": f"Basic {CODED}",
        "X-Api-Key": KEY,
        "Cookie": f"theme=dark; sid={COOKIE}",
    },
    "body": {"client_secret": BODY},
}
SPELLINGS = (str, quote, lambda text: json.dumps(text)[1:-1])
# Around each length that some output cuts a text to.
LIMITS = (40, 60, 80, 100, 120, 200, 240, 300, 400, 1024, 2000)
PADS = (0, *(limit - less for limit in LIMITS for less in (3, 8)))


def answer(status, body, **headers):
    text = body if isinstance(body, str) else json.dumps(body)
    known = {"Content-Type": "application/json", **headers}
    return {"status": status, "headers": known, "body": text}


def error(code="bad_request", **more):
    return {"error": {"code": code, "message": "A field is wrong", **more}}


ECHOES = {
    "code": lambda text: answer(400, error(text)),
    "code-of-200": lambda text: answer(200, error(text)),
    "member": lambda text: answer(400, error(**{text: 1})),
    "value": lambda text: answer(400, error(field=[{"x": text}])),
    "wrong-code": lambda text: answer(400, {"error": {"code": [text], "message": text}}),
    "no-envelope": lambda text: answer(400, {"oops": text}),
    "broken-json": lambda text: answer(400, f'{{"error": "{text}'),
    "twice": lambda text: answer(400, f"{{{json.dumps(text)}: 1, {json.dumps(text)}: 2}}"),
    "text": lambda text: answer(502, f"<html>{text}</html>", **{"Content-Type": "text/html"}),
    "header": lambda text: answer(429, error("rate_limited"), **{"Retry-After": text}),
    "type": lambda text: answer(400, error(), **{"Content-Type": f"text/x; a={text}"}),
}


def exchanges(pads, spellings=SPELLINGS):
    for secret, pad, spell in itertools.product(SECRETS, pads, spellings):
        text = f"{'y' * pad}{spell(secret)}"
        for echo in ECHOES.values():
            yield {"request": REQUEST, "response": echo(text)}
        path = f"/v1/{'y' * pad}{quote(secret, safe='')}?"
        moved = {**REQUEST, "url": REQUEST["url"].replace("/v1?", path)}
        yield {"request": moved, "response": answer(400, error("other"))}


def shown_in(text):
    return sorted({secret for secret in SECRETS if secret[:SEEN] in text})


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    file = tmp_path_factory.mktemp("echoes") / "log.ndjson"
    lines = (json.dumps(one) for one in exchanges(PADS))
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def test_the_recording_repeats_every_credential(recording):
    text = recording.read_text(encoding="utf-8")

    assert shown_in(text) == sorted(SECRETS)
    assert min(text.count(secret[:SEEN]) for secret in SECRETS) > len(PADS) * len(ECHOES)


@pytest.mark.parametrize("form", STREAMED)
def test_no_report_shows_one(project, recording, capsys, form):
    catalogs = str(project.path / "catalogs")
    words = ["--catalogs", catalogs, "--provider", "acme", "--all", "--format", form]

    status = _cli.main(["check", str(recording), *words])

    captured = capsys.readouterr()
    assert status == 1
    assert "[redacted]" in captured.out
    assert "code-undocumented" in captured.out
    assert shown_in(captured.out + captured.err) == []


def test_no_report_of_whole_responses_shows_one(project, recording):
    acme = Catalogs([project.path / "catalogs"]).get("acme")
    checked = [checked_of(one, check(one, acme)) for one in read(recording)]
    records = [record_of(one, whole=True) for one in checked]
    forms = [form for form in FORMATS if form not in STREAMED]

    redacted = dict.fromkeys(forms, 0)
    for form, start in itertools.product(forms, range(0, len(records), MOST_ROWS // 3)):
        out = io.StringIO()
        some = records[start : start + MOST_ROWS // 3]  # a report may show but a few
        renderer(form)(Run(some, Summary([acme]), "acme", everything=True), out)
        assert shown_in(out.getvalue()) == [], form
        redacted[form] += out.getvalue().count("[redacted]")
    assert len(redacted) >= 4
    assert all(redacted.values())


def test_no_message_shows_one(project, recording):
    acme = Catalogs([project.path / "catalogs"]).get("acme")

    shown = []
    for response in read(recording):
        verdict = check(response, acme)
        text = "\n".join(explain(verdict, response, acme)) + repr(response)
        shown += [(response.origin, secret) for secret in shown_in(text)]

    assert shown == []


def test_the_verdict_is_the_same_with_and_without_redaction(project, recording):
    acme = Catalogs([project.path / "catalogs"]).get("acme")

    def gist(response):
        verdict = check(response, acme)
        rules = [(one.rule, one.severity) for one in verdict.violations]
        return verdict.outcome, verdict.entry, verdict.code, verdict.retry, verdict.values, rules

    for response in read(recording):
        bare = replace(response, secrets=None, url="https://api.acme.test/v1")
        assert gist(response) == gist(bare)


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_pytest_shows_none(project, workers):
    project.record("log.ndjson", *exchanges((0, 57, 117, 237, 297), SPELLINGS[:1]))
    project.ini(apierrors_recordings="log.ndjson", apierrors_provider="acme")

    result = project.run_apart("-vv", "-rA", "--junitxml=out.xml", *workers)

    text = f"{result.stdout.str()}\n{result.stderr.str()}"
    assert result.ret == 1
    assert "[redacted]" in text
    assert "code-undocumented" in text
    assert shown_in(text) == []
    assert shown_in((project.path / "out.xml").read_text(encoding="utf-8")) == []


def test_assert_error_shows_none(project):
    project.ini(apierrors_provider="acme")
    echoes = list(exchanges((0, 117), SPELLINGS[:1]))
    (project.path / "echoes.json").write_text(json.dumps(echoes), encoding="utf-8")
    project.test(
        """
        import json
        from pathlib import Path

        import httpx
        import pytest

        EXCHANGES = json.loads(Path("echoes.json").read_text(encoding="utf-8"))

        @pytest.mark.parametrize("number", range(len(EXCHANGES)))
        @pytest.mark.parametrize("code", [None, "rate_limited"])
        def test_it(number, code, assert_error):
            asked, came = EXCHANGES[number].values()
            request = httpx.Request(asked["method"], asked["url"], headers=asked["headers"],
                                    json=asked["body"])
            response = httpx.Response(came["status"], headers=came["headers"],
                                      text=came["body"], request=request)
            assert_error(response, code)
        """
    )

    result = project.run_apart("--tb=short", "-rA", "--junitxml=out.xml")

    text = f"{result.stdout.str()}\n{result.stderr.str()}"
    assert "ErrorMismatch" in text
    assert "[redacted]" in text
    assert shown_in(text) == []
    assert shown_in((project.path / "out.xml").read_text(encoding="utf-8")) == []


def test_harmless_values_stay(project, capsys):
    request = {
        "method": "POST",
        "url": "https://api.acme.test/v1/messages?page=12345678&token=abc12",
        "headers": {"X-Api-Key": "field", "Authorization": "Bearer message"},
    }
    body = {"error": {"code": "message", "message": "abc12", "field": 12345678, "extra": "abc12"}}
    project.record("log.ndjson", {"request": request, "response": answer(400, body)})
    words = ["--catalogs", str(project.path / "catalogs"), "--provider", "acme"]

    _cli.main(["check", str(project.path / "log.ndjson"), *words])

    out = capsys.readouterr().out
    assert 'found: "message"' in out
    assert 'found: "abc12"' in out
    assert "found: 12345678" in out
    assert "[redacted]" not in out
