"""What is kept of an exchange, and whether the documented answer came."""

import gzip
import json

import pytest
from live_site import CATALOG

from pytest_apierrors.catalog.find import load_file
from pytest_apierrors.catalog.model import Probe
from pytest_apierrors.check import check
from pytest_apierrors.live.expecting import expected, held
from pytest_apierrors.live.keeping import kept_line, redacted
from pytest_apierrors.response import Headers, Response

SECRET = "s3cr3tvalue1"
JSON = ("Content-Type", "application/json")


def response(status, body, *headers, url="https://api.acme.test/none"):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, data, Headers((JSON, *headers)), "GET", url)


UNTOUCHED = [
    b'{"code":  "gone"}',
    b'{"a": 1.10, "a": 2}',
    b"",
    b"\xff\xfe\x00",
    "Grüße".encode(),
    b"<html>bad</html>",
    b'\xef\xbb\xbf{"code": "gone"}',
    b"{",
    b"[" * 100_000,
]


@pytest.mark.parametrize("body", UNTOUCHED, ids=lambda body: repr(body[:12]))
def test_what_holds_no_secret_is_kept_to_the_byte(body):
    before = response(404, body, ("Content-Length", str(len(body))), ("Content-Encoding", "br"))

    assert redacted(before) == before


@pytest.mark.parametrize(
    "body",
    [
        {"code": "gone", "token": SECRET},
        {"code": "gone", "list": [{"name": "password", "value": SECRET}]},
        f"token={SECRET}&x=1".encode(),
        f'{{"token": "{SECRET}"'.encode(),
        f"<p>Authorization: Bearer {SECRET}</p>".encode(),
        b"\xff Authorization: Bearer " + SECRET.encode(),
        gzip.compress(json.dumps({"code": "gone", "token": SECRET}).encode()),
    ],
    ids=["json", "named", "form", "cut", "html", "binary", "gzip"],
)
def test_secrets_of_a_body_are_taken_out(body):
    coded = isinstance(body, bytes) and body.startswith(b"\x1f\x8b")
    length = ("Content-Length", "99")
    before = response(404, body, length, *([("Content-Encoding", "gzip")] if coded else []))

    after = redacted(before)

    assert SECRET.encode() not in after.body
    assert b"[redacted]" in after.body
    assert [name for name, _ in after.headers] == ["Content-Type"]


def test_secrets_of_headers_and_urls_are_taken_out():
    before = response(
        302,
        b"",
        ("Set-Cookie", f"sid={SECRET}"),
        ("Location", f"https://a.test/?access_token={SECRET}"),
        ("X-Request-Id", "r1"),
        url=f"https://api.acme.test/none?token={SECRET}",
    )

    line = kept_line(before, [("Host", "api.acme.test")])

    assert SECRET not in line
    assert line.endswith("}\n")
    assert json.loads(line)["response"]["headers"]["X-Request-Id"] == "r1"
    assert json.loads(line)["request"]["headers"] == {"Host": "api.acme.test"}


@pytest.fixture
def acme(catalog_file):
    return load_file(catalog_file())


def a_probe(**expect):
    return Probe(name="p", method="GET", path="/", sources=("page",), **expect)


def told(acme, status, body, probe, *headers):
    answer = response(status, body, *headers)
    verdict = held(check(answer, acme), status, probe, acme)
    found = [one for one in verdict.violations if "to the probe p" in one.documented]
    return verdict.outcome, [(one.rule, one.severity, one.where) for one in found]


GONE, EXPIRED = {"code": "gone"}, {"code": "expired"}
STATUS, CODE = ("status-mismatch", "error", "status"), ("field-value", "error", "$.code")
HTML = b"<html>"
ANSWERS = [
    ({"statuses": (404,)}, 404, GONE, "documented", []),
    ({"statuses": (401, 404)}, 404, GONE, "documented", []),
    ({"statuses": (404,)}, 404, HTML, "intermediary", []),
    ({"statuses": (401,)}, 404, GONE, "deviating", [STATUS]),
    ({"statuses": (404,)}, 200, GONE, "not-an-error", [STATUS]),
    ({"statuses": (404,)}, 418, {"code": "x"}, "undocumented", [STATUS]),
    ({"statuses": (404,)}, 502, HTML, "intermediary", [("status-mismatch", "warning", "status")]),
    (
        {"statuses": (404,), "secondary": True},
        401,
        EXPIRED,
        "documented",
        [("status-mismatch", "warning", "status")],
    ),
    ({"entries": ("gone",)}, 404, GONE, "documented", []),
    ({"entries": ("gone",)}, 404, {**GONE, "x": 1}, "documented", []),
    ({"entries": ("unauthorized", "expired")}, 401, EXPIRED, "documented", []),
    ({"entries": ("unauthorized",)}, 401, EXPIRED, "deviating", [CODE]),
    ({"entries": ("unauthorized",)}, 401, {"code": "x"}, "undocumented", [CODE]),
    (
        {"entries": ("unauthorized",)},
        401,
        HTML,
        "intermediary",
        [("field-value", "warning", "body")],
    ),
    ({"entries": ("gone",)}, 401, EXPIRED, "deviating", [STATUS]),
    ({"entries": ("gone",)}, 302, b"", "not-an-error", [STATUS]),
]


@pytest.mark.parametrize("case", ANSWERS, ids=str)
def test_what_is_said_of_an_answer(acme, case):
    expect, status, body, outcome, violations = case
    label = ("Content-Type", "text/html") if body == HTML else ("X-A", "1")

    assert told(acme, status, body, a_probe(**expect), label) == (outcome, violations)


def test_the_statuses_of_an_entry_are_those_of_its_claims_too(catalog_file):
    errors = {key: dict(one) for key, one in CATALOG["errors"].items()}
    errors["gone"]["claims"] = [{"fact": "status", "value": 410, "source": "capture"}]
    errors["no"]["status"] = {"unknown": "x"}
    acme = load_file(catalog_file(CATALOG["probes"][0], errors=errors))

    assert expected(a_probe(entries=("gone",)), acme) == (404, 410)
    assert expected(a_probe(entries=("gone", "no")), acme) == ()
    assert told(acme, 404, GONE, a_probe(entries=("no",)))[1] == [CODE]


def test_an_unheard_of_code_is_no_secret_and_no_command(acme):
    body = {"code": f"\x1b[31m token={SECRET}"}
    answer = response(401, body)

    verdict = held(check(answer, acme), 401, a_probe(entries=("unauthorized",)), acme)

    unmet = verdict.violations[-1]
    assert unmet.documented == "unauthorized to the probe p"
    assert SECRET not in unmet.found
    assert "\x1b" not in unmet.found
