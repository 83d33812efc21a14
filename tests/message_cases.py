"""Responses for every rule, every outcome and every unmet expectation, by their golden file."""

import json

from pytest_apierrors.response import Headers, Origin, Response

JSON = {"Content-Type": "application/json"}
WAIT = {**JSON, "Retry-After": "3"}
SIGN_IN = {**JSON, "WWW-Authenticate": "Bearer"}


def acme(status, body=b"", headers=JSON, **more):
    """A response of the invented provider; `body` is bytes, or a value of JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    asked = {"method": "POST", "url": "https://api.acme.test/v1/messages"}
    known = None if headers is None else Headers.of(headers)
    return "acme", Response(status, data, known, **{**asked, **more})


def other(provider, status, body, headers=JSON, **more):
    return provider, Response(status, json.dumps(body).encode(), Headers.of(headers), **more)


def error(code, message, **more):
    return {"error": {"code": code, "message": message, **more}}


RATE_LIMITED = error("rate_limited", "Wait 3 seconds")
UNAUTHORIZED = error("unauthorized", "Sign in first")
BAD_REQUEST = error("bad_request", "A field is wrong")
HTML = b"<html><head><title>502</title></head>\n<body><h1>Bad Gateway</h1></body>\n</html>\n"
RULE_CASES = {
    "status-undocumented": acme(418, {"error": {"message": "short and stout"}}),
    "status-mismatch": acme(400, RATE_LIMITED, WAIT),
    "code-undocumented": acme(429, error("rate_limit", "Wait 3 seconds"), WAIT),
    "code-missing": acme(401, {"error": {"reason": "expired", "message": "Token expired"}}),
    "content-type": acme(429, RATE_LIMITED, {**WAIT, "Content-Type": "text/plain"}),
    "body-empty": acme(401, b"", SIGN_IN),
    "body-unparsable": acme(401, b'{"error": {"code": "unauthorized", ', SIGN_IN),
    "body-encoding": acme(401, b"\x1f\x8b\x08\x00garbage", {**SIGN_IN, "Content-Encoding": "gzip"}),
    "body-unexpected": acme(204, b'{"done": true}'),
    "field-missing": acme(429, {"error": {"code": "rate_limited"}}, WAIT),
    "field-type": acme(400, error("bad_request", "A field is wrong", field=["to", "from"])),
    "field-value": acme(429, error("rate_limited", "Wait 3 seconds", retry_after=0), WAIT),
    "field-undocumented": acme(400, error("bad_request", "A field is wrong", trace="8f3a")),
    "message-differs": acme(401, error("unauthorized", "Token expired"), SIGN_IN),
    "header-missing": acme(429, RATE_LIMITED, JSON),
    "header-value": acme(429, RATE_LIMITED, {**JSON, "Retry-After": "soon"}),
    "error-in-success": acme(200, BAD_REQUEST),
    "intermediary-response": acme(503, HTML, {"Content-Type": "text/html"}),
    "ambiguous": acme(409, error("duplicate", "There is one", field="id")),
    "contested": acme(400, error("invalid_request", "A field is wrong")),
    "source-secondary": acme(423, error("frozen", "The account is frozen")),
    "undecided": other("toku", 200, {"status": -200}, method="GET", url="https://api.toku.test/"),
}
OUTCOME_CASES = {
    "not-an-error": acme(200, {"id": 1}),
    "intermediary": acme(502, HTML, {"Content-Type": "text/html"}, method="GET"),
    "documented": acme(429, RATE_LIMITED, WAIT),
    "deviating": acme(
        429,
        error("rate_limited", "Wait a moment", retry_after="30", trace="8f3a"),
        origin=Origin("tests/cassettes/send.yaml", 3, 88),
    ),
    "undocumented": acme(418, b"[]"),
}
PROVIDER_CASES = {
    "sinch-documented": other(
        "sinch",
        401,
        {
            "status": "401 TimestampHeader",
            "errorCode": 40101,
            "message": "X-Timestamp request header invalid or missing",
            "reference": "a-1",
        },
        method="POST",
        url="https://calling.api.sinch.com/calling/v1/callouts",
    ),
    "sinch-undocumented": other("sinch", 401, {"errorCode": 40199, "message": "Signature is old"}),
    "neutrino-as-text": other("neutrino", 403, {"api-error": "2", "api-error-msg": "LIMIT"}),
    "http-gone": other("http", 410, {"anything": True}),
    "nothing-known": acme(401, UNAUTHORIZED, None, method=None, url=None),
    "altered": acme(400, BAD_REQUEST, altered="the recorder replaced the body's bytes"),
    "long-body": acme(400, error("bad_request", "A field is wrong", field="to " * 600)),
    "many-lines": acme(400, error("bad_request", "A field is wrong and", to=list(range(30)))),
    "pretty-body": acme(400, error("bad_request", "A field is wrong " * 6, field="to")),
}
EXPECTATIONS = {
    "expected-other-code": (acme(401, UNAUTHORIZED, SIGN_IN), {"code": "rate_limited"}),
    "expected-unknown-code": (acme(401, UNAUTHORIZED, SIGN_IN), {"code": "unauthorised"}),
    "expected-error": (acme(200, {"id": 1}), {"code": "unauthorized"}),
    "expected-but-undocumented": (acme(429, error("slow_down", "x")), {"code": "rate_limited"}),
    "expected-but-intermediary": (acme(502, HTML, {}), {"code": "maintenance"}),
    "expected-status": (acme(401, UNAUTHORIZED, SIGN_IN), {"status": 403}),
    "expected-category": (acme(401, UNAUTHORIZED, SIGN_IN), {"category": "permission_denied"}),
    "expected-retryable": (acme(401, UNAUTHORIZED, SIGN_IN), {"retryable": True}),
    "expected-retry-unknown": (acme(400, BAD_REQUEST), {"retryable": False}),
    "expected-sinch": (PROVIDER_CASES["sinch-documented"], {"code": 40102}),
}
CASES = {
    **{f"rule-{name}": case for name, case in RULE_CASES.items()},
    **{f"outcome-{name}": case for name, case in OUTCOME_CASES.items()},
    **PROVIDER_CASES,
}
