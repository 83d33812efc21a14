"""A secret is in no output, whatever recorded it; what only sounds like one stays readable."""

from __future__ import annotations

import base64
import json

import pytest
from hostile_formats import FORMATS as WRITTEN
from hostile_formats import Exchange
from hostile_run import ACME, check

from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.check import check as verdict_of
from pytest_apierrors.recordings import read
from pytest_apierrors.reports import FORMATS

SEEN = 6
"""As many characters of a secret give it away."""
SENT = {
    "bearer": "Zqa1bearer9Kf",
    "password": "Zqb2password8Lg",
    "key-header": "Zqc3header7Mh",
    "cookie": "Zqd4cookie6Nj",
    "signature": "Zqe5signature5Pk",
    "query": "Zqf6query4Ql",
    "sig": "Zqg7sig3Rm",
    "fragment": "Zqh8fragment2Sn",
    "body": "Zqi9body1Tp",
}
GOT = {
    "set-cookie": "Zqj1setcookie9Uq",
    "code": "Zqk2code8Vr4wX9z",
    "auth-token": "Zql3token7Ws",
    "json-password": "Zqm4password6Xt",
    "json-key": "Zqn5apikey5Yu",
    "json-otp": "Zqp6otp4",
    "live": "sk_live_" + "Zqr7live3Av9KfLg",
    "jwt": "eyJZqs8.eyJZqs8payload2Bw.Zqs8signature",
    "account": "AC" + "0123456789abcdef" * 2,
    "deep": "Zqt9deep1Cx",
    "said": "Zqu1said9Dy",
}
BASIC = base64.b64encode(f"bob:{SENT['password']}".encode()).decode()
SECRETS = (SENT | GOT) | {"basic": BASIC}
HARMLESS = {
    "author": "Jane Doe 1815",
    "keyword": "lovelace",
    "monkey": "chunky bacon",
    "authority": "city hall",
    "tokenizer": "bytepair",
}
CHALLENGE = 'Bearer realm="acme shop"'
BODY = {
    "error": {
        "code": "teapot",
        "message": f"key {GOT['live']} of {GOT['account']} and {GOT['jwt']}: token={GOT['said']}",
        "password": GOT["json-password"],
        "apiKey": GOT["json-key"],
        "otp": GOT["json-otp"],
        "credentials": [{"id": {"value": GOT["deep"]}}],
        "echo": [f"you sent {SENT['bearer']} and {SENT['query']}"],
        **HARMLESS,
    }
}
EXCHANGE = Exchange(
    "POST",
    f"https://bob:{SENT['password']}@api.acme.test/v1/Accounts/{GOT['account']}/messages"
    f"?api_key={SENT['query']}&sig={SENT['sig']}&page=2#access_token={SENT['fragment']}",
    [
        ("Authorization", f"Bearer {SENT['bearer']}"),
        ("Proxy-Authorization", f"Basic {BASIC}"),
        ("X-Api-Key", SENT["key-header"]),
        ("Cookie", f"theme=dark; sid={SENT['cookie']}"),
        ("X-Twilio-Signature", SENT["signature"]),
        ("Content-Type", "application/json"),
    ],
    json.dumps({"client_secret": SENT["body"]}),
    401,
    [
        ("Content-Type", "application/json"),
        ("Set-Cookie", f"sid={GOT['set-cookie']}; Path=/; HttpOnly"),
        ("Location", f"https://api.acme.test/back?code={GOT['code']}"),
        ("X-Auth-Token", GOT["auth-token"]),
        ("WWW-Authenticate", CHALLENGE),
    ],
    json.dumps(BODY),
)
NOT_SENT = {"recorder.yaml", "openapi.json"}
"""They keep no headers of requests: what the response repeats of these is not known to be one."""


def shown_in(text, name=""):
    secrets = {
        kind: value
        for kind, value in SECRETS.items()
        if not (name in NOT_SENT and kind in ("bearer", "query"))
    }
    return sorted(kind for kind, value in secrets.items() if core(value) in text)


def core(value):
    """Return the part of a secret that is looked for: prefixes are no secrets."""
    start = value.find("Zq")
    return value[start : start + SEEN] if start >= 0 else value[:20]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("secrets")
    for name, write in WRITTEN.items():
        (place / name).write_bytes(write(EXCHANGE))
    return place


def test_the_exchange_holds_every_secret(folder):
    assert shown_in((folder / "log.ndjson").read_text(encoding="utf-8")) == sorted(SECRETS)


@pytest.mark.parametrize("name", WRITTEN)
def test_each_format_holds_the_exchange(folder, name):
    [response] = read(folder / name)

    assert response.status == 401
    assert response.method in ("POST", "post")
    assert json.loads(response.body)["error"]["code"] == "teapot"
    if name not in ("har.zip", "har.har.gz"):
        text = (folder / name).read_text(encoding="utf-8")
        assert {core(GOT["live"]), core(GOT["deep"])} <= {core(one) for one in GOT.values()}
        assert core(GOT["live"]) in text


@pytest.mark.parametrize("form", FORMATS)
def test_no_report_has_one(folder, form):
    words = ("--provider", "acme", "--catalogs", str(ACME), "--all", "--format", form)
    sent = [name for name in WRITTEN if name not in NOT_SENT]

    ran = check(folder, *words, *sent).sound(1)
    other = check(folder, *words, *sorted(NOT_SENT)).sound(1)

    assert shown_in(ran.out + ran.err) == []
    assert shown_in(other.out + other.err, "openapi.json") == []
    assert "code-undocumented" in ran.out
    assert "[redacted]" in ran.out or form not in ("json", "html")
    if form == "html":
        for value in HARMLESS.values():
            assert value in ran.out, value
        assert "acme shop" in ran.out


def test_pytest_shows_and_keeps_none(project):
    for name, write in WRITTEN.items():
        (project.path / "kept").mkdir(exist_ok=True)
        if name not in NOT_SENT:
            (project.path / "kept" / name).write_bytes(write(EXCHANGE))
    project.ini(apierrors_provider="acme", apierrors_recordings="kept")
    reports = [f"--apierrors-report=r.{one}" for one in ("json", "sarif", "xml", "md", "html")]

    result = project.run_apart(
        *("-vv", "-rA", "--junitxml=junit.xml", "--apierrors-report=gitlab:g.json", *reports)
    )

    assert result.ret == 1
    result.assert_outcomes(failed=len(WRITTEN) - len(NOT_SENT))
    assert shown_in(result.stdout.str() + result.stderr.str()) == []
    assert (project.path / ".pytest_cache").exists()
    kept = [one for one in project.path.rglob("*") if one.is_file() and one.parent.name != "kept"]
    assert len(kept) > 10
    for file in kept:
        assert shown_in(file.read_text(encoding="utf-8", errors="replace")) == [], file


@pytest.mark.parametrize("name", WRITTEN)
def test_the_verdict_is_the_same_without_any_secret(folder, tmp_path, name):
    """Other values in the place of secrets change nothing."""
    acme = Catalogs([ACME]).get("acme")
    plain = EXCHANGE.body
    url, sent = EXCHANGE.url, EXCHANGE.sent_headers
    for value in SECRETS.values():
        plain = plain.replace(value, "x" * len(value))
        url = url.replace(value, "x" * len(value))
    bare = EXCHANGE._replace(body=plain, url=url, sent_headers=sent[-1:])
    (tmp_path / name).write_bytes(WRITTEN[name](bare))

    [first] = read(folder / name)
    [second] = read(tmp_path / name)

    one, other = verdict_of(first, acme), verdict_of(second, acme)
    assert (one.outcome, one.entry, one.code) == (other.outcome, other.entry, other.code)
    assert [v.rule for v in one.violations] == [v.rule for v in other.violations]
