"""The short way through a check against the long one: never another verdict."""

from __future__ import annotations

import json

import pytest
from generated import CATALOGS, CODED, LOOSE, NAMES, SHIPPED, long_way, responses
from hypothesis import given
from hypothesis import strategies as st

from pytest_apierrors.catalog.compile import compiled
from pytest_apierrors.check import Policy, check
from pytest_apierrors.check.fast import MAX_BODY, accept
from pytest_apierrors.check.mutants import example_response, mutants
from pytest_apierrors.response import Headers, Response

JSON = Headers([("Content-Type", "application/json")])


def fast(response, catalog):
    return accept(response, compiled(catalog))


def agree(response, catalog):
    short = fast(response, catalog)
    return short is None or short == long_way(response, catalog)


@pytest.mark.parametrize("name", NAMES)
def test_examples_and_mutants_get_the_same_verdict(name):
    catalog = CATALOGS.get(name)
    for entry in catalog.errors.values():
        example = example_response(entry, catalog)
        if example is not None:
            assert agree(example, catalog), entry.key
        for mutant in mutants(entry, catalog):
            assert agree(mutant.response, catalog), (entry.key, mutant.name)


@pytest.mark.parametrize("name", NAMES)
@LOOSE
@given(data=st.data())
def test_generated_responses_get_the_same_verdict(name, data):
    assert agree(data.draw(responses(name)), CATALOGS.get(name))


def taken(name):
    """Name the entries whose example goes the short way."""
    catalog = CATALOGS.get(name)
    examples = {key: example_response(entry, catalog) for key, entry in catalog.errors.items()}
    return {key for key, one in examples.items() if one is not None and fast(one, catalog)}


def test_the_short_way_is_taken_by_plain_errors():
    sinch = taken("sinch")

    assert {"40001", "40003", "40300", "40400", "40900", "42900", "50000", "50301"} <= sinch
    assert {"01", "02", "23", "24"} <= taken("neutrino")
    assert {"insufficient_balance"} <= taken("telephony-io")


@pytest.mark.parametrize("name", SHIPPED)
def test_the_short_way_is_taken_by_successes(name):
    response = Response(200, b'{"id": 5, "state": "done"}', JSON)
    catalog = CATALOGS.get(name)

    assert (fast(response, catalog) is None) == (catalog.error.undecided is not None)


@pytest.mark.parametrize("status", [204, 205])
def test_no_short_way_where_no_body_may_be(status):
    assert fast(Response(status, b"{}", JSON), CATALOGS.get("sinch")) is None


@pytest.mark.parametrize(
    "body",
    [
        b'{"\\u0065rrorCode": 40400, "message": "x"}',
        b' {"errorCode": 40400, "message": "x"}',
        b'\xef\xbb\xbf{"errorCode": 40400, "message": "x"}',
        '{"errorCode": 40400, "message": "x"}'.encode("utf-16"),
    ],
)
def test_an_error_under_200_is_found_however_it_is_written(body):
    response = Response(200, body, JSON)
    catalog = CATALOGS.get("sinch")

    assert check(response, catalog) == long_way(response, catalog)


def test_a_long_body_goes_the_long_way():
    body = json.dumps({"errorCode": 40400, "message": "x" * MAX_BODY}).encode()

    assert fast(Response(404, body, JSON), CATALOGS.get("sinch")) is None
    assert check(Response(404, body, JSON), CATALOGS.get("sinch")).outcome == "documented"


SHORT = [
    ({"code": "1", "kind": "a"}, 400, True),
    ({"code": 1, "kind": "a"}, 400, True),
    ({"code": 1, "kind": "a", "strange": []}, 400, True),
    ({"code": "1", "kind": "a", "rival": 1}, 400, False),
    ({"code": "1", "kind": "a", "number": 1}, 400, False),
    ({"code": "1", "kind": None}, 400, False),
    ({"code": "1"}, 400, False),
    ({"code": "1", "kind": "a"}, 404, False),
    ({"code": 3, "kind": "a"}, 400, True),
    ({"code": 4, "kind": "a"}, 400, False),
    ({"code": 5, "kind": "a"}, 400, True),
    ({"code": 6, "kind": "a"}, 400, False),
    ({"code": 6, "kind": 5}, 400, False),
    ({"code": 7, "kind": "a", "more": 1}, 400, True),
    ({"code": 7, "kind": "a", "more": "x"}, 400, False),
    ({"code": 8, "kind": "a", "info": {"text": "eight"}}, 400, False),
    ({"code": 9, "kind": "a"}, 400, True),
    ({"code": 10, "kind": "a"}, 400, False),
    ({"code": 11, "kind": "a"}, 400, False),
    ({"code": 12, "kind": "a"}, 418, True),
    ({"code": 13, "kind": "a"}, 300, False),
    ({"code": 16, "kind": "a"}, 400, False),
    ({"code": 99, "kind": "a"}, 400, False),
    ({"number": 1, "info": {"kind": "a"}}, 400, False),
    ({"code": "1", "kind": "a"}, 200, False),
    ("text", 200, False),
]


@pytest.mark.parametrize(("body", "status", "short"), SHORT)
@pytest.mark.parametrize("headers", [Headers([("Content-Type", "text/plain")]), None])
def test_which_way_is_taken(body, status, short, headers):
    catalog = CATALOGS.get("short-ways")
    response = Response(status, json.dumps(body).encode(), headers)

    assert (fast(response, catalog) is not None) == short
    assert check(response, catalog) == long_way(response, catalog)


VALUES = [[], [("A", "a")], [("a", "b")], [("A", "a"), ("A", "b")], [("a", "a"), ("A", " a ")]]


@pytest.mark.parametrize("code", [1, 2, 3])
@pytest.mark.parametrize("pairs", VALUES)
def test_headers_get_the_same_verdict_either_way(code, pairs):
    catalog = CATALOGS.get("short-ways")
    body = json.dumps({"code": code, "kind": "a"}).encode()

    for headers in (Headers(pairs), Headers([("Content-Type", "application/json"), *pairs])):
        response = Response(400, body, headers)
        assert check(response, catalog) == long_way(response, catalog)


@pytest.mark.parametrize("headers", [None, JSON])
def test_the_short_way_needs_no_headers(headers):
    response = Response(404, b'{"errorCode": 40400, "message": "x"}', headers)

    assert fast(response, CATALOGS.get("sinch")) == long_way(response, CATALOGS.get("sinch"))


def test_most_catalogs_with_codes_have_a_short_way():
    assert {name for name in CODED if taken(name)} >= {"neutrino", "sinch", "telephony-io"}


CHALLENGE = ("WWW-Authenticate", 'Basic realm="a"')


def unauthorized(*headers):
    body = json.dumps(CATALOGS.get("sinch").errors["40101"].example.body).encode()
    return Response(401, body, Headers([("Content-Type", "application/json"), *headers]))


@pytest.mark.parametrize(
    ("headers", "short"),
    [
        ((), True),
        ((CHALLENGE,), True),
        ((("www-authenticate", "Basic"), CHALLENGE), False),
        ((("WWW-Authenticate", "=\x01"),), False),
        ((CHALLENGE, ("WWW-Authenticate", "=\x01")), False),
    ],
)
def test_headers_that_http_asks_for_are_checked_on_the_way(headers, short):
    """Twice, because a value that was found right is remembered."""
    sinch = CATALOGS.get("sinch")
    response = unauthorized(*headers)

    for _ in range(2):
        assert (fast(response, sinch) is not None) == short
        assert check(response, sinch) == long_way(response, sinch)


def test_a_missing_header_is_left_to_the_policy():
    sinch = CATALOGS.get("sinch")
    response = unauthorized()

    assert [one.rule for one in check(response, sinch).violations] == ["header-missing"]
    assert check(response, sinch, Policy(ignore=frozenset({"header-missing"}))).violations == ()


@pytest.mark.parametrize("status", [200, 404])
def test_bytes_that_may_be_coded_go_the_long_way(status):
    sinch = CATALOGS.get("sinch")
    coded = Headers([*JSON, ("Content-Encoding", "deflate")])
    plain = b'{"errorCode": 40400, "message": "Not found", "reference": "r"}'.replace(
        b"errorCode", b"id" if status == 200 else b"errorCode"
    )
    strange = plain.replace(b'"r"', b'"\x7f"')

    assert fast(Response(status, strange, coded), sinch) is None
    assert check(Response(status, strange, coded), sinch) == long_way(
        Response(status, strange, coded), sinch
    )
    assert check(Response(status, plain, coded), sinch) == long_way(
        Response(status, plain, coded), sinch
    )


def test_a_body_that_was_decoded_under_its_old_header_is_quick():
    coded = Headers([*JSON, ("Content-Encoding", "gzip")])

    assert fast(Response(200, b'{"id": 5}', coded), CATALOGS.get("sinch")) is not None


@pytest.mark.parametrize(
    ("key", "short"), [("40002", True), ("40004", False)], ids=["its own", "the claimed one"]
)
def test_a_code_that_another_entry_claims_is_quick_where_it_is_not_that_one(key, short):
    """A code that stands in the printed example of another error, too."""
    sinch = CATALOGS.get("sinch")
    body = {**sinch.errors[key].example.body, "errorCode": 40002}
    response = Response(400, json.dumps(body).encode(), JSON)

    assert (fast(response, sinch) is not None) == short
    assert check(response, sinch) == long_way(response, sinch)
    assert check(response, sinch).entry.key == key


@pytest.mark.parametrize(("code", "short"), [(2, True), (14, False)])
def test_a_missing_header_could_make_the_entry_that_claims_a_code_the_better_one(code, short):
    catalog = CATALOGS.get("short-ways")
    body = json.dumps({"code": code, "kind": "a"}).encode()
    json_only, both = JSON, Headers([*JSON, ("A", "a")])

    assert fast(Response(400, body, both), catalog) is not None
    assert (fast(Response(400, body, json_only), catalog) is not None) == short
    for headers in (json_only, both):
        response = Response(400, body, headers)
        assert check(response, catalog) == long_way(response, catalog)
