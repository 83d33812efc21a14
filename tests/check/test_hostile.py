"""Bodies that are broken, foreign or an attack: the documented outcome, on every catalog."""

from __future__ import annotations

import base64
import gzip
import json
import time
import zlib

import pytest
from generated import CATALOGS, SHIPPED

from pytest_apierrors.body import decode
from pytest_apierrors.check import check
from pytest_apierrors.response import Headers, Response

JSON = {"Content-Type": "application/json"}
KNOWN = {"http": 404, "neutrino": 400, "sinch": 404, "telephony-io": 402, "toku": 404}
"""A documented status of each catalog (Toku has none)."""
SHAPED = ("neutrino", "sinch", "telephony-io")
SINCH = CATALOGS.get("sinch")


def response(status, body, headers=JSON, method=None):
    data = body if isinstance(body, bytes) else body.encode()
    return Response(status, data, None if headers is None else Headers.of(headers), method)


def rules(verdict):
    return [one.rule for one in verdict.violations]


def judged(name, body, headers=JSON, method=None):
    verdict = check(response(KNOWN[name], body, headers, method), CATALOGS.get(name))
    return verdict.outcome, rules(verdict)


UNREADABLE = {
    "truncated": '{"errorCode": 40400, "mess',
    "deep": "[" * 100_000,
    "deep objects": '{"a":' * 100_000,
    "deep and closed": "[" * 50_000 + "]" * 50_000,
    "utf-16": '{"errorCode": 40400}'.encode("utf-16"),
    "utf-32": '{"errorCode": 40400}'.encode("utf-32"),
    "latin-1": '{"message": "caf\u00e9"}'.encode("latin-1"),
    "binary": b"\x00\x01\x02\x03",
    "words": "upstream error",
    "two values": '{"errorCode": 40400} {}',
    "single quotes": "{'errorCode': 40400}",
    "comment": '{"errorCode": 40400 // code\n}',
}


@pytest.mark.parametrize("name", SHAPED)
@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_deviates_under_a_documented_status(name, body):
    outcome, found = judged(name, body)

    assert outcome == "deviating"
    assert {*found} & {"body-unparsable", "body-encoding"}
    assert not {*found} - {"body-unparsable", "body-encoding", "ambiguous"}


@pytest.mark.parametrize("body", [*UNREADABLE.values(), "", "null", "<html>", "[]"])
def test_the_base_catalog_takes_any_body(body):
    assert judged("http", body) == ("documented", [])


@pytest.mark.parametrize("body", ["{}", "null", "[]", '"x"', "5", "true", "[1, 2]", '{"a": 1e400}'])
def test_an_undecided_catalog_leaves_json_open(body):
    assert judged("toku", body) == ("not-an-error", ["undecided"])


ODD_NUMBERS = {
    "duplicate keys": '{"errorCode": 1, "errorCode": 40400, "message": "x"}',
    "NaN": '{"errorCode": 40400, "message": "x", "reference": NaN}',
    "1e400": '{"errorCode": 40400, "message": "x", "reference": 1e400}',
    "500 digits": f'{{"errorCode": 40400, "message": "x", "reference": {"9" * 500}}}',
    "half a surrogate pair": '{"errorCode": 40400, "message": "\\udead"}',
    "byte order mark": '\ufeff{"errorCode": 40400, "message": "x"}',
}


@pytest.mark.parametrize("body", ODD_NUMBERS.values(), ids=ODD_NUMBERS)
def test_what_can_be_read_all_the_same_is_judged_and_reported(body):
    verdict = check(response(404, body), SINCH)

    assert (verdict.outcome, verdict.entry.key, verdict.code) == ("deviating", "40400", "40400")
    assert {"body-unparsable", "body-encoding"} & set(rules(verdict))


@pytest.mark.parametrize("name", SHAPED)
@pytest.mark.parametrize("body", ["null", "[]", '"error"', "5", "-0.5", "true", '[{"code": 1}]'])
def test_json_that_is_no_object_deviates(name, body):
    outcome, found = judged(name, body)

    assert outcome == "deviating"
    assert found[0] == "field-type"


@pytest.mark.parametrize("name", [*SHAPED, "toku"])
@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("<!doctype html><p>x", {"Content-Type": "text/html"}),
        ("<html><head><title>502 Bad Gateway</title></head></html>", JSON),
        ("\n <!-- x --><HTML>", None),
        ("upstream connect error", {"Content-Type": "text/plain"}),
        ("no healthy upstream", None),
        ('<?xml version="1.0"?><Error/>', {"Content-Type": "application/xml"}),
        ("", {}),
        ("", None),
        ("", {"Content-Type": "text/html"}),
        (gzip.compress(b"<html>", mtime=0), {"Content-Type": "text/html"}),
    ],
)
def test_something_in_front_answered(name, body, headers):
    outcome, found = judged(name, body, headers)

    assert outcome == "intermediary"
    assert "intermediary-response" in found


@pytest.mark.parametrize("name", SHAPED)
def test_json_under_an_html_type_is_json(name):
    outcome, found = judged(name, "{}", {"Content-Type": "text/html"})

    assert outcome == "deviating"
    assert "content-type" in found


@pytest.mark.parametrize("name", SHAPED)
def test_an_empty_body_that_is_said_to_be_json_is_the_api_s(name):
    outcome, found = judged(name, "")

    assert outcome == "deviating"
    assert found[0] == "body-empty"


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("headers", [JSON, {}, None, {"Content-Type": "text/html"}])
def test_head_has_no_body_and_nothing_is_missed(name, headers):
    outcome, found = judged(name, "", headers, "HEAD")

    assert outcome == ("undocumented" if name == "toku" else "documented")
    assert not {*found} & {"body-empty", "intermediary-response", "code-missing", "content-type"}


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("status", [100, 103, 199, 204, 205, 304])
def test_no_body_where_none_may_be(name, status):
    verdict = check(response(status, "<p>", {}), CATALOGS.get(name))

    assert verdict.outcome == "not-an-error"
    assert rules(verdict) == ["body-unexpected"]
    wanted = "error" if name == "http" else "warning"
    assert verdict.violations[0].severity == wanted


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("status", [200, 201, 206, 301, 302, 308])
def test_a_body_where_one_may_be(name, status):
    assert check(response(status, "<p>", {}), CATALOGS.get(name)).violations == ()


@pytest.mark.parametrize("cut", [1, 8, 9, 20])
@pytest.mark.parametrize("name", SHAPED)
def test_a_cut_gzip_stream(name, cut):
    packed = gzip.compress(b'{"errorCode": 40400, "message": "a text of some length"}', mtime=0)

    outcome, found = judged(name, packed[:-cut], {**JSON, "Content-Encoding": "gzip"})

    assert outcome == "deviating"
    assert found[0] == "body-encoding"


def bomb(megabytes):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [packer.compress(b" " * 2**20) for _ in range(megabytes)]
    return b"".join(parts) + packer.flush()


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_bomb_is_not_unpacked(wrapped):
    data = bomb(64)
    sent = response(404, gzip.compress(data) if wrapped else data)
    started = time.process_time()

    verdict = check(sent, SINCH)

    assert time.process_time() - started < 2
    assert len(decode(sent).data) <= 8 * 2**20
    assert verdict.outcome == "deviating"
    assert "body-encoding" in rules(verdict)


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "zstd", "gzip, gzip", "x", "identity"])
def test_a_lying_content_encoding_changes_nothing(coding):
    body = json.dumps({"errorCode": 40400, "message": "x"})

    verdict = check(response(404, body, {**JSON, "Content-Encoding": coding}), SINCH)

    assert (verdict.outcome, verdict.violations) == ("documented", ())


SECRET = "sk_live_" + "a1b2c3d4" * 4
TOKEN = base64.b64encode(b"user:a password of mine").decode()


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ({"errorCode": 40400, "message": f"bad key {SECRET}", "api_key": "x"}, JSON),
        ({"errorCode": SECRET, "message": "x"}, JSON),
        ({"errorCode": 40400, "message": "x", "credentials": {"a b": [SECRET]}}, JSON),
        ({"errorCode": 40400, "message": [SECRET]}, JSON),
        ([SECRET], JSON),
        ({SECRET: 1}, JSON),
        ({"errorCode": 40400, "message": "x"}, {**JSON, "Retry-After": f"Basic {TOKEN}"}),
        ({"errorCode": 40400, "message": "x"}, {"Content-Type": SECRET}),
    ],
)
def test_no_secret_stands_in_a_violation(body, headers):
    verdict = check(response(404, json.dumps(body), headers), SINCH)

    shown = " ".join(one.where + one.documented + one.found for one in verdict.violations)
    assert SECRET not in shown
    assert TOKEN not in shown


def test_a_long_value_is_cut():
    body = json.dumps({"errorCode": 40400, "message": ["x" * 10**6]})

    (violation,) = check(response(404, body), SINCH).violations

    assert len(violation.found) < 250


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"errorCode": 40400, "message": "x", "more": [[1] * 50] * 2000}),
        json.dumps({"errorCode": 40400, "message": "x", **{f"m{n}": n for n in range(50_000)}}),
        '{"errorCode": 40400, "message": "' + "\\u0041" * 200_000 + '"}',
        '{"errorCode": 40400, ' * 60 + "}" * 60,
    ],
)
def test_a_large_body_is_judged_in_time(body):
    started = time.process_time()

    check(response(404, body), SINCH)

    assert time.process_time() - started < 2
