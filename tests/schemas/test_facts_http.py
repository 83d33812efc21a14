"""What the page of HTTP statuses and HTTP itself say."""

from __future__ import annotations

import pytest
from facts import claims, read, values

NAMES = ("http", "toku", "telephony-io")
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


def http(status):
    return HTTP["errors"][f"status-{status}"]


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
