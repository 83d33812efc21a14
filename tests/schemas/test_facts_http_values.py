"""Header values as HTTP wants them, and the bodies that gateways write."""

from __future__ import annotations

import pytest
from facts import accepts, nodes, read

NAMES = ("http", "toku", "telephony-io")
HTTP, TOKU, TELEPHONY = (read(name) for name in NAMES)


def http(status):
    return HTTP["errors"][f"status-{status}"]


def rule(status, header):
    """Return the one rule that names a status (not only its class) and a header."""
    (found,) = (
        one
        for one in HTTP["rules"]
        if one.get("header") == header and status in one.get("status", [])
    )
    return found


@pytest.mark.parametrize("status", [413, 429, 503])
@pytest.mark.parametrize(
    "value",
    [
        "0",
        "120",
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    ],
)
def test_http_retry_after_takes_both_forms(status, value):
    assert accepts(http(status)["headers"]["Retry-After"]["schema"], value)
    (inherited,) = (one for one in HTTP["rules"] if one.get("header") == "Retry-After")
    assert accepts(inherited["schema"], value)


@pytest.mark.parametrize(
    "value",
    ["", "soon", "-1", "1.5", "120 s", "Sun, 6 Nov 1994 08:49:37 GMT", "2026-11-22T00:00:00Z"],
)
def test_http_retry_after_takes_nothing_else(value):
    assert not accepts(http(429)["headers"]["Retry-After"]["schema"], value)


@pytest.mark.parametrize(
    ("status", "header", "value", "good"),
    [
        (405, "Allow", "", True),
        (405, "Allow", "GET, HEAD", True),
        (405, "Allow", "GET; HEAD", False),
        (401, "WWW-Authenticate", 'Basic realm="acme", charset="UTF-8"', True),
        (401, "WWW-Authenticate", "Negotiate, NTLM", True),
        (401, "WWW-Authenticate", "Bearer", True),
        (401, "WWW-Authenticate", "", False),
        (401, "WWW-Authenticate", " ", False),
        (407, "Proxy-Authenticate", "", False),
        (301, "Location", "/elsewhere?a=b#c", True),
        (301, "Location", "https://acme.test/a b", False),
        (416, "Content-Range", "bytes */47022", True),
        (416, "Content-Range", "bytes 0-1/47022", False),
        (206, "Content-Range", "bytes 21010-47021/47022", True),
        (206, "Content-Range", "bytes 0-499/*", True),
        (206, "Content-Range", "bytes */47022", False),
        (426, "Upgrade", "HTTP/3.0", True),
        (426, "Upgrade", "", False),
    ],
)
def test_http_header_values(status, header, value, good):
    assert accepts(rule(status, header)["schema"], value) is good


GATEWAY_BODIES = [
    ("apigee", {"fault": {"faultstring": "x", "detail": {"errorcode": "policies.a.B"}}}),
    ("aws-api-gateway", {"message": "Missing Authentication Token"}),
    ("aws-api-gateway", {"message": "Limit Exceeded"}),
    (
        "aws-api-gateway",
        {
            "Message": "User: anonymous is not authorized to perform: execute-api:Invoke"
            " on resource: arn:aws:execute-api:eu-west-1:1:a/b/GET/c with an explicit deny"
        },
    ),
    (
        "azure-api-management",
        {"statusCode": 429, "message": "Rate limit is exceeded. Try again in 5 seconds."},
    ),
    ("google-cloud-endpoints", {"code": 401, "message": "Jwt is missing"}),
    ("huawei-apig", {"error_code": "APIG.0101", "error_msg": "no such API", "request_id": "a"}),
    ("kong", {"message": "no Route matched with those values"}),
    ("kong", {"message": "No API key found in request", "request_id": "a1"}),
    ("kong", {"message": "Not found", "request_id": "a1"}),
    ("rapidapi", {"message": "You are not subscribed to this API."}),
    ("tyk", {"error": "Access to this API has been disallowed"}),
    ("wso2", {"fault": {"code": 900902, "message": "Missing Credentials", "description": "x"}}),
    ("wso2", {"code": "900901", "message": "Invalid Credentials", "description": "x"}),
]


@pytest.mark.parametrize(("name", "body"), GATEWAY_BODIES)
def test_http_knows_a_gateway_by_its_body(name, body):
    found = [key for key, one in HTTP["gateways"].items() if accepts(one["schema"], body)]

    assert found == [name]


def test_http_every_gateway_is_tried():
    assert {name for name, _ in GATEWAY_BODIES} == set(HTTP["gateways"])


@pytest.mark.parametrize(("name", "body"), GATEWAY_BODIES)
def test_http_a_gateway_writes_no_further_field(name, body):
    assert not accepts(HTTP["gateways"][name]["schema"], {**body, "errorCode": 40101})


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message": "Something of the provider's own"},
        {"message": "Not found"},
        {"error": "Rate limit exceeded"},
        {"error": "Invalid phone number format", "code": "invalid_parameter"},
        {"error": {"code": "unauthorized", "message": "Invalid or missing API key"}},
        {"code": 401, "message": "Unauthorized"},
        {"code": 40101, "message": "x", "description": "y"},
        {"statusCode": 400, "message": "Something of the provider's own"},
        {"errorCode": 40101, "message": "Forbidden", "reference": "r"},
        {"fault": {"faultstring": "x"}},
        [],
        "Forbidden",
        None,
    ],
)
def test_http_a_providers_own_body_is_no_gateways(body):
    found = [key for key, one in HTTP["gateways"].items() if accepts(one["schema"], body)]

    assert found == []


def test_http_gateways_close_every_object():
    for place, value in nodes(HTTP["gateways"]):
        if isinstance(value, dict) and value.get("type") == "object":
            assert value["additionalProperties"] is False, place
            assert set(value["required"]) <= set(value["properties"]), place
