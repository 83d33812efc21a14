"""What the pages of HTTP, Toku and Telephony.io say, held against the catalogs as they stand."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

SCHEMAS = Path(__file__).parents[2] / "schemas"
NAMES = ("http", "toku", "telephony-io")
PRIMARY = {"page", "specification"}


def read(name):
    return json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))


HTTP, TOKU, TELEPHONY = (read(name) for name in NAMES)

# The table of the page, and the statuses that it describes.
TABLE = {
    1: {100: "Continue", 101: "Switching protocol", 102: "Processing request"},
    2: {
        201: "Created OK",
        202: "Accepted",
        203: "Non-authoritative information",
        204: "No content",
        205: "Reset content",
        206: "Partial content",
        207: "Multi-status",
        208: "Already reported",
        226: "Request used",
    },
    3: {
        300: "Multiple choices",
        301: "Moved permanently",
        302: "Found",
        303: "See other",
        304: "Not modified",
        305: "Use proxy",
        307: "Temporary redirect",
        308: "Permanent redirect",
    },
    4: {
        400: "Bad request",
        401: "Unauthorized",
        402: "Payment required",
        403: "Forbidden",
        404: "Resource not found",
        405: "Method not allowed",
        406: "Not acceptable",
        407: "Proxy authentication required",
        408: "Request timeout",
        409: "Conflict",
        410: "Resource removed",
        411: "Length required",
        412: "Precondition failed",
        413: "Payload too large",
        414: "Request URI too long",
        415: "Unsupported media type",
        416: "Requested range not satisfiable",
        417: "Expectation failed",
        418: "I\N{RIGHT SINGLE QUOTATION MARK}m a teapot",
        421: "Misdirected request",
        422: "Un-processable entity",
        423: "Locked",
        424: "Failed dependency",
        426: "Upgrade required",
        428: "Precondition required",
        429: "Too many requests",
        431: "Request header fields too large",
        444: "Connection closed without response",
        451: "Unavailable For legal reasons",
        499: "Client closed request",
    },
    5: {
        500: "Internal server error",
        501: "Not implemented",
        502: "Bad gateway",
        503: "Service unavailable",
        504: "Gateway timeout",
        505: "HTTP version not supported",
        506: "Variant also negotiates",
        507: "Insufficient storage",
        508: "Loop detected",
        510: "Not extended",
        511: "Network authentication required",
        599: "Network connection timeout error",
    },
}
IN_TABLE = {status: name for block in TABLE.values() for status, name in block.items()}
DESCRIBED = {
    *(100, 101, *range(200, 206), *range(301, 306), 307, 400, 401),
    *(*range(403, 418), 429, *range(500, 506)),
}
UNREGISTERED = {444, 499, 599}


def claims(entry, fact, **wanted):
    return [
        claim
        for claim in entry.get("claims", [])
        if claim["fact"] == fact and wanted.items() <= claim.items()
    ]


def values(entry, fact, **wanted):
    return [claim["value"] for claim in claims(entry, fact, **wanted)]


def http(status):
    return HTTP["errors"][f"status-{status}"]


def nodes(value, place="$"):
    yield place, value
    members = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        members = enumerate(value)
    for key, member in members:
        yield from nodes(member, f"{place}.{key}")


@pytest.mark.parametrize("name", NAMES)
def test_the_file_fits_the_grammar(name):
    grammar = json.loads((SCHEMAS / "_catalog.schema.json").read_text(encoding="utf-8"))

    found = [error.message for error in Draft202012Validator(grammar).iter_errors(read(name))]

    assert found == []


@pytest.mark.parametrize("name", NAMES)
def test_every_source_is_known_and_used(name):
    catalog = read(name)
    used = set()
    for place, value in nodes({key: catalog[key] for key in catalog if key != "sources"}):
        if place.endswith(".source"):
            used |= {value} if isinstance(value, str) else set(value)

    assert used == set(catalog["sources"])


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_is_from_a_primary_source(name):
    catalog = read(name)
    kinds = {key: source["kind"] for key, source in catalog["sources"].items()}

    assert {kinds[entry["source"]] for entry in catalog["errors"].values()} <= PRIMARY


@pytest.mark.parametrize("name", NAMES)
def test_what_a_comparison_shows_is_called_an_inference(name):
    reading = read(name)["sources"]["reading"]

    assert reading["kind"] == "inference"


@pytest.mark.parametrize("name", NAMES)
def test_the_file_is_written_one_way(name):
    text = (SCHEMAS / f"{name}.json").read_text(encoding="utf-8")

    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"


def test_http_has_63_statuses_and_no_code():
    assert len(HTTP["errors"]) == 63
    for key, entry in HTTP["errors"].items():
        assert entry["code"] is None
        assert [f"status-{status}" for status in entry["status"]] == [key]


def test_http_table_has_62_rows_in_five_blocks():
    assert [len(block) for block in TABLE.values()] == [3, 9, 8, 30, 12]
    assert {status: http(status)["name"] for status in IN_TABLE} == IN_TABLE


def test_http_describes_38_and_leaves_25_out():
    described = {s for s in (*IN_TABLE, 200) if "description" in http(s)}

    assert described == DESCRIBED
    assert len(DESCRIBED) == 38
    silent = set(IN_TABLE) - described
    assert len(silent) == 25
    assert all(values(http(s), "description", source="page") == [None] for s in silent)


def test_http_200_is_described_but_not_in_the_table():
    assert http(200)["name"] == "OK"
    assert values(http(200), "name", source="page") == [None]


@pytest.mark.parametrize(
    ("status", "heading"),
    [
        (101, "Switching Protocols"),
        (201, "Created"),
        (406, "Not Accepted"),
        (413, "Request Entity Too Large"),
        (414, "Request-URI Too Long"),
        (415, "Unsupported Media Type"),
    ],
)
def test_http_headings_that_differ_are_claims(status, heading):
    assert heading in values(http(status), "name", source="page")


@pytest.mark.parametrize(
    ("status", "phrase"),
    [
        (102, "Processing"),
        (226, "IM Used"),
        (404, "Not Found"),
        (406, "Not Acceptable"),
        (410, "Gone"),
        (413, "Content Too Large"),
        (414, "URI Too Long"),
        (416, "Range Not Satisfiable"),
        (418, "(Unused)"),
        (422, "Unprocessable Content"),
        (451, "Unavailable For Legal Reasons"),
    ],
)
def test_http_registered_phrases_that_differ_are_claims(status, phrase):
    assert values(http(status), "name", source="iana") == [phrase]


def test_http_registered_phrase_is_no_claim_where_the_page_has_it():
    assert values(http(401), "name") == []
    assert values(http(202), "name") == []


def test_http_roles_follow_the_class():
    by_class = {1: "state", 2: "success", 3: "state", 4: "error", 5: "error"}
    for status in (*IN_TABLE, 200):
        wanted = "unobservable" if status in UNREGISTERED else by_class[status // 100]
        assert http(status).get("role", "error") == wanted, status


def test_http_unregistered_statuses_are_the_only_ones():
    found = {
        s for s in (*IN_TABLE, 200) if any("finding" in c for c in claims(http(s), "registration"))
    }

    assert found == UNREGISTERED
    for status in UNREGISTERED:
        (claim,) = claims(http(status), "registration")
        assert claim["finding"] == "status-unregistered"
        assert claim["value"] == status


HEADERS = {
    101: {"Upgrade": "must"},
    301: {"Location": "should"},
    302: {"Location": "should", "Cache-Control": "may", "Expires": "may"},
    303: {"Location": "should"},
    305: {"Location": "should"},
    307: {"Location": "should", "Cache-Control": "may", "Expires": "may"},
    401: {"WWW-Authenticate": "must"},
    405: {"Allow": "must"},
    406: {"Content-Type": "may"},
    407: {"Proxy-Authenticate": "must"},
    413: {"Retry-After": "may"},
    416: {"Content-Range": "should"},
    429: {"Retry-After": "must"},
    503: {"Retry-After": "may"},
}


def test_http_headers_are_those_that_the_page_names():
    found = {
        status: {name: header["level"] for name, header in http(status)["headers"].items()}
        for status in (*IN_TABLE, 200)
        if "headers" in http(status)
    }

    assert found == HEADERS
    assert len({name for headers in found.values() for name in headers}) == 10


def test_http_retry_advice_is_what_the_page_says_and_no_more():
    found = {s: http(s)["retry"] for s in IN_TABLE if "retry" in http(s)}

    assert {status: retry["advice"] for status, retry in found.items()} == {
        408: "later",
        413: "after",
        429: "after",
        503: "after",
    }
    assert {found[s]["header"] for s in (413, 429, 503)} == {"Retry-After"}
    assert {retry["source"] for retry in found.values()} == {"page"}
    assert "as for a 500" in values(http(503), "retry")


def test_http_categories_are_inferred_and_of_errors_only():
    found = {s: http(s)["category"] for s in IN_TABLE if "category" in http(s)}

    assert {status: category["value"] for status, category in found.items()} == {
        400: "invalid_argument",
        401: "unauthenticated",
        402: "failed_precondition",
        403: "permission_denied",
        404: "not_found",
        409: "aborted",
        410: "not_found",
        422: "invalid_argument",
        429: "resource_exhausted",
        499: "cancelled",
        500: "internal",
        501: "unimplemented",
        503: "unavailable",
        504: "deadline_exceeded",
    }
    assert {HTTP["sources"][c["source"]]["kind"] for c in found.values()} == {"inference"}


def test_http_calls_errors_successes_and_that_is_rejected():
    called = {s for s in IN_TABLE if "success" in values(http(s), "role", state="rejected")}

    assert called == {400, 403, 404, 410, 500}


def test_http_is_the_base_without_envelopes_or_promises():
    assert HTTP["base"] is True
    assert HTTP["hosts"] == []
    assert HTTP["envelopes"] == {}
    assert HTTP["error"]["status"] == ["4xx", "5xx"]
    assert HTTP["success"]["status"] == ["2xx"]
    assert "promises_body" not in HTTP
    assert {entry["example"] for entry in HTTP["errors"].values()} == {None}
    assert all(entry["no_example"] for entry in HTTP["errors"].values())


def rule(status, header):
    """Return the one rule that names a status (not only its class) and a header."""
    (found,) = (
        one
        for one in HTTP["rules"]
        if one.get("header") == header and status in one.get("status", [])
    )
    return found


RULES = [
    (101, "Upgrade", "must", "15.2.2"),
    (206, "Content-Range", "may", "15.3.7"),
    (300, "Location", "may", "15.4.1"),
    (301, "Location", "should", "15.4.2"),
    (302, "Location", "should", "15.4.3"),
    (307, "Location", "should", "15.4.8"),
    (308, "Location", "should", "15.4.9"),
    (401, "WWW-Authenticate", "must", "15.5.2"),
    (405, "Allow", "must", "15.5.6"),
    (407, "Proxy-Authenticate", "must", "15.5.8"),
    (416, "Content-Range", "should", "15.5.17"),
    (426, "Upgrade", "must", "15.5.22"),
]


@pytest.mark.parametrize(("status", "header", "level", "section"), RULES)
def test_http_rules_are_of_the_level_that_rfc_9110_gives(status, header, level, section):
    found = rule(status, header)

    assert found["level"] == level
    assert HTTP["sources"][found["source"]]["url"].endswith(f"rfc9110.html#section-{section}")


def test_http_rules_forbid_bodies_where_rfc_9110_does():
    found = [one for one in HTTP["rules"] if one.get("no_body")]

    assert {one["level"] for one in found} == {"must"}
    assert [one.get("status") for one in found if "method" not in one] == [
        ["1xx"],
        [204],
        [205],
        [304],
    ]
    assert [one["method"] for one in found if "method" in one] == ["HEAD"]


def test_http_requires_a_header_only_where_no_condition_is_attached():
    musts = {
        (status, one["header"])
        for one in HTTP["rules"]
        if "header" in one and one["level"] == "must"
        for status in one["status"]
    }

    assert musts == {
        (101, "Upgrade"),
        (401, "WWW-Authenticate"),
        (405, "Allow"),
        (407, "Proxy-Authenticate"),
        (426, "Upgrade"),
    }


def test_http_never_requires_retry_after():
    (found,) = (one for one in HTTP["rules"] if one.get("header") == "Retry-After")

    assert found["level"] == "may"
    assert found["status"] == ["1xx", "2xx", "3xx", "4xx", "5xx"]


def test_http_451_should_name_who_blocks():
    found = rule(451, "Link")

    assert found["level"] == "should"
    assert "rfc7725" in HTTP["sources"][found["source"]]["url"]


def accepts(schema, value):
    return Draft202012Validator(schema).is_valid(value)


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


def test_toku_has_110_codes_in_order():
    codes = list(TOKU["errors"])

    assert len(codes) == 110
    assert codes == sorted(codes, key=lambda code: abs(int(code)))
    assert [entry["code"] for entry in TOKU["errors"].values()] == codes
    assert sum(int(code) < 0 for code in codes) == 109


def test_toku_bands():
    bands = Counter(
        number // 100 if (number := abs(int(code))) >= 100 else 0 for code in TOKU["errors"]
    )

    assert list(bands) == [0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 20, 30]
    assert list(bands.values()) == [3, 3, 10, 7, 1, 15, 4, 34, 4, 11, 8, 10]


@pytest.mark.parametrize(
    ("code", "phrase"),
    [
        ("0", "success"),
        ("-1", "general error"),
        ("-103", "table row in-used"),
        ("-205", "unknown option resources exception"),
        ("-212", "unimplement resources exception"),
        ("-304", "parameter contain restricted character"),
        ("-400", "user account not in active state"),
        ("-1007", "unauthorized access to this number"),
        ("-1013", "number subscribed to other services"),
        ("-1103", "error deduct credit"),
        ("-1210", "call session not found"),
        ("-1220", "route not confirm"),
        ("-1233", "no rate found"),
        ("-1305", "API vendor not found"),
        ("-1411", "voip user asigned another number as default"),
        (
            "-2004",
            "invalid \N{LEFT SINGLE QUOTATION MARK}From\N{RIGHT SINGLE QUOTATION MARK} number",
        ),
        ("-2005", "invalid \N{LEFT SINGLE QUOTATION MARK}To\N{RIGHT SINGLE QUOTATION MARK} number"),
        ("-3003", "task stopped, not updated"),
        ("-3007", "task canceled"),
        ("-3009", "task restart"),
    ],
)
def test_toku_phrases(code, phrase):
    assert TOKU["errors"][code]["description"] == phrase


def test_toku_has_one_phrase_under_two_codes():
    phrases = Counter(entry["description"] for entry in TOKU["errors"].values())

    assert [phrase for phrase, count in phrases.items() if count > 1] == ["no charge rate found"]
    for code in ("-1214", "-1301"):
        (claim,) = claims(TOKU["errors"][code], "description")
        assert claim["value"] == "no charge rate found"
        assert claim["finding"] == "duplicate-description"


def test_toku_tasks_are_states_and_zero_is_success():
    roles = {code: entry.get("role", "error") for code, entry in TOKU["errors"].items()}

    assert [code for code, role in roles.items() if role == "success"] == ["0"]
    assert [code for code, role in roles.items() if role == "state"] == [
        *("-3001", "-3003", "-3005", "-3006", "-3007", "-3008", "-3009"),
    ]


def test_toku_the_webhooks_word_against_the_states_is_kept():
    states = [entry for entry in TOKU["errors"].values() if entry.get("role") == "state"]

    assert all(values(entry, "role", source="webhook") == ["error"] for entry in states)


def test_toku_names_no_status_no_field_no_text_and_no_retry():
    for code, entry in TOKU["errors"].items():
        assert set(entry["status"]) == {"unknown"}, code
        assert entry["example"] is None
        assert entry["no_example"]
        assert not {"message", "retry", "headers", "body", "match"} & set(entry)
    assert TOKU["envelopes"] == {}
    assert TOKU["error"]["undecided"]
    assert TOKU["error"]["status"] == ["4xx", "5xx"]
    assert "success" not in TOKU
    assert "promises_body" not in TOKU


def test_toku_holes_are_claims_and_no_others():
    found = [claim["value"] for claim in TOKU["claims"] if claim.get("finding") == "numbering-hole"]
    numbers = [abs(int(code)) for code in TOKU["errors"]]
    holes = [
        str(-number)
        for low, high in pairwise(numbers)
        if high - low <= 11 and len(str(low)) == len(str(high))
        for number in range(low + 1, high)
    ]

    assert found == holes == ["-207", "-208", "-209", "-1303"]


def test_toku_fields_are_known_of_the_webhook_only():
    (fields,) = (
        claim["value"]
        for claim in TOKU["claims"]
        if claim["source"] == "webhook" and isinstance(claim["value"], dict)
    )

    assert set(fields) == {"result", "result_desc"}


@pytest.mark.parametrize(
    ("code", "category"),
    [
        ("-301", "invalid_argument"),
        ("-1200", "not_found"),
        ("-1401", "already_exists"),
        ("-1007", "permission_denied"),
        ("-1", None),
        ("-1100", None),
        ("-1204", None),
        ("-3001", None),
    ],
)
def test_toku_categories_only_where_the_phrase_is_certain(code, category):
    found = TOKU["errors"][code].get("category")

    assert (found and found["value"]) == category
    assert found is None or TOKU["sources"][found["source"]]["kind"] == "inference"


def test_toku_transient_phrases_are_inferences():
    transient = {
        code
        for code, entry in TOKU["errors"].items()
        if values(entry, "retry", source="reading") in (["later"], ["poll again"])
    }

    assert transient == {"-101", "-102", "-103", "-1304", "-2001", "-2002", "-2003", "-3001"}


def telephony(key):
    return TELEPHONY["errors"][key]


def test_telephony_has_six_statuses_and_two_codes_and_one_of_a_sister_page():
    assert list(TELEPHONY["errors"]) == [
        *("insufficient_balance", "invalid_parameter", "unauthorized"),
        *("status-200", "status-400", "status-401", "status-429", "status-500"),
    ]
    named = {status for key in TELEPHONY["errors"] for status in statuses(key)}
    assert named == {200, 400, 401, 402, 429, 500}
    coded = [key for key, entry in TELEPHONY["errors"].items() if entry["code"] == key]
    assert [key for key in coded if telephony(key)["source"] == "errors"] == [
        "insufficient_balance",
        "invalid_parameter",
    ]


def statuses(key):
    status = telephony(key)["status"]
    return status if isinstance(status, list) else []


def test_telephony_codes_that_no_page_names_are_unknown():
    unknown = {k for k, entry in TELEPHONY["errors"].items() if isinstance(entry["code"], dict)}

    assert unknown == {"status-400", "status-401", "status-429", "status-500"}
    assert all(telephony(key)["example"] is None for key in unknown)
    assert all(telephony(key)["no_example"] for key in unknown)


def test_telephony_names():
    found = {
        entry["name"]: statuses(k) for k, entry in TELEPHONY["errors"].items() if "name" in entry
    }

    assert found == {
        "OK": [200],
        "Bad Request": [400],
        "Unauthorized": [401],
        "Too Many Requests": [429],
        "Internal Server Error": [500],
    }


def test_telephony_402_shows_two_amounts_and_requires_none():
    entry = telephony("insufficient_balance")

    assert entry["status"] == [402]
    assert entry["example"] == {
        "kind": "printed",
        "body": {
            "error": "Insufficient credits to complete this request",
            "code": "insufficient_balance",
            "required_credits": 1.5,
            "current_balance": 0.25,
        },
    }
    amounts = {"required_credits": {"type": "number"}, "current_balance": {"type": "number"}}
    assert entry["body"] == {"properties": amounts}
    assert "retry" not in entry


def test_telephony_generic_example_has_no_status_but_an_inference():
    entry = telephony("invalid_parameter")

    assert set(entry["status"]) == {"unknown"}
    assert entry["example"]["body"] == {
        "error": "Invalid phone number format",
        "code": "invalid_parameter",
    }
    (claim,) = claims(entry, "status")
    assert claim["value"] == 400
    assert TELEPHONY["sources"][claim["source"]]["kind"] == "inference"


def test_telephony_401_of_the_sister_page_is_nested():
    entry = telephony("unauthorized")

    assert entry["space"] == TELEPHONY["envelopes"]["nested"]["space"] == "nested"
    assert entry["source"] == "authentication"
    assert entry["status"] == [401]
    assert entry["example"]["body"] == {
        "error": {"code": "unauthorized", "message": "Invalid or missing API key"}
    }


def test_telephony_429_promises_seconds():
    entry = telephony("status-429")

    header = entry["headers"]["Retry-After"]
    assert header["level"] == "must"
    assert accepts(header["schema"], "30")
    assert not accepts(header["schema"], "Sun, 06 Nov 1994 08:49:37 GMT")
    assert not accepts(header["schema"], "")
    assert entry["retry"] == {"advice": "after", "header": "Retry-After", "source": "errors"}
    assert "exponential backoff" in values(entry, "retry")


def test_telephony_500_is_transient_and_both_words_on_it_are_kept():
    entry = telephony("status-500")

    assert entry["retry"]["advice"] == "later"
    assert values(entry, "retry") == ["exponential backoff", None]
    retried = {key for key in TELEPHONY["errors"] if "retry" in telephony(key)}
    assert retried == {"status-429", "status-500"}


def test_telephony_messages_are_examples_only():
    found = [entry["message"] for entry in TELEPHONY["errors"].values() if "message" in entry]

    assert [message["match"] for message in found] == ["example"] * 3


def test_telephony_success_promise_and_predicate():
    assert TELEPHONY["success"]["status"] == [200]
    assert telephony("status-200")["role"] == "success"
    assert TELEPHONY["promises_body"]["status"] == ["4xx", "5xx"]
    assert TELEPHONY["error"]["status"] == ["4xx", "5xx"]
    body = TELEPHONY["error"]["body"]
    assert accepts(body, {"error": "text", "code": "any_code"})
    assert not accepts(body, {"error": None, "code": "any_code"})
    assert not accepts(body, {"error": "text"})
    assert not accepts(body, {"success": True, "verification_id": "v"})


def test_telephony_hosts_are_those_that_a_source_names():
    assert TELEPHONY["hosts"] == ["www.telephony.io"]


@pytest.mark.parametrize(
    ("name", "body", "good"),
    [
        ("flat", {"error": "text", "code": "c"}, True),
        ("flat", {"error": "text", "code": "c", "required_credits": 1}, True),
        ("flat", {"error": "text"}, False),
        ("flat", {"code": "c"}, False),
        ("flat", {"error": {"code": "c"}, "code": "c"}, False),
        ("flat", {"error": "text", "code": 7}, False),
        ("nested", {"error": {"code": "c", "message": "m"}}, True),
        ("nested", {"error": {"message": "m"}}, False),
        ("nested", {"error": {"code": "c"}}, False),
        ("nested", {"error": "text", "code": "c"}, False),
    ],
)
def test_telephony_shapes(name, body, good):
    assert accepts(TELEPHONY["envelopes"][name]["schema"], body) is good


def test_telephony_shapes_name_their_pointers_and_no_media_type_source():
    flat, nested = TELEPHONY["envelopes"]["flat"], TELEPHONY["envelopes"]["nested"]

    assert (flat["code"]["pointer"], flat["message"]) == ("/code", "/error")
    assert (nested["code"]["pointer"], nested["message"]) == ("/error/code", "/error/message")
    for envelope in (flat, nested):
        assert "reference" not in envelope
        assert envelope["media_types"] == {"values": ["application/json"]}


def test_toku_category_counts():
    found = Counter(e["category"]["value"] for e in TOKU["errors"].values() if "category" in e)

    assert found == {
        "invalid_argument": 23,
        "not_found": 11,
        "internal": 5,
        "already_exists": 4,
        "unimplemented": 2,
        "permission_denied": 1,
        "unavailable": 1,
    }


def test_telephony_categories():
    found = {k: e["category"]["value"] for k, e in TELEPHONY["errors"].items() if "category" in e}

    assert found == {
        "insufficient_balance": "failed_precondition",
        "invalid_parameter": "invalid_argument",
        "unauthorized": "unauthenticated",
        "status-400": "invalid_argument",
        "status-401": "unauthenticated",
        "status-429": "resource_exhausted",
        "status-500": "internal",
    }


@pytest.mark.parametrize(
    ("catalog", "key", "facts"),
    [
        (HTTP, "status-201", {"name", "meaning", "header"}),
        (HTTP, "status-202", {"meaning"}),
        (HTTP, "status-304", {"name", "body", "meaning"}),
        (HTTP, "status-305", {"name", "deprecated", "role"}),
        (HTTP, "status-403", {"role", "meaning"}),
        (HTTP, "status-409", {"field", "meaning"}),
        (HTTP, "status-413", {"name", "header"}),
        (HTTP, "status-429", {"name", "header"}),
        (HTTP, "status-500", {"name", "role", "retry", "meaning"}),
        (HTTP, "status-501", {"name", "meaning"}),
        (HTTP, "status-503", {"name", "header", "retry"}),
        (HTTP, "status-504", {"name", "retry"}),
        (HTTP, "status-505", {"name", "body"}),
        (TOKU, "0", {"role"}),
        (TOKU, "-2", {"meaning"}),
        (TOKU, "-103", {"meaning", "retry"}),
        (TOKU, "-204", {"meaning"}),
        (TOKU, "-400", {"meaning", "retry"}),
        (TOKU, "-1000", {"meaning"}),
        (TOKU, "-1205", {"near-duplicate", "meaning"}),
        (TOKU, "-1210", {"near-duplicate"}),
        (TOKU, "-1231", {"meaning"}),
        (TOKU, "-1404", {"meaning"}),
        (TOKU, "-2005", {"near-duplicate", "description"}),
        (TELEPHONY, "insufficient_balance", {"type", "field", "unit", "retry"}),
        (TELEPHONY, "invalid_parameter", {"status", "meaning"}),
        (TELEPHONY, "unauthorized", {"envelope"}),
        (TELEPHONY, "status-200", {"role", "field"}),
        (TELEPHONY, "status-400", {"code", "meaning"}),
        (TELEPHONY, "status-401", {"envelope", "header", "meaning"}),
        (TELEPHONY, "status-429", {"retry", "header"}),
        (TELEPHONY, "status-500", {"retry", "reference"}),
    ],
)
def test_contradictions_are_kept(catalog, key, facts):
    assert {claim["fact"] for claim in catalog["errors"][key]["claims"]} == facts


@pytest.mark.parametrize("name", NAMES)
def test_every_description_is_given_once_unless_a_claim_says_why(name):
    entries = read(name)["errors"].values()
    counts = Counter(entry["description"] for entry in entries if "description" in entry)
    claimed = {
        claim["value"]
        for entry in entries
        for claim in entry.get("claims", [])
        if claim.get("finding") == "duplicate-description"
    }

    assert {text for text, count in counts.items() if count > 1} == claimed
