"""`answer`: one documented error for an ordinary test."""

import asyncio
import re
from pathlib import Path

import pytest
import requests
from seam_clients import CLIENTS

from pytest_apierrors.adapters import as_response
from pytest_apierrors.catalog.find import Catalogs, load_file
from pytest_apierrors.check import check
from pytest_apierrors.errors import CatalogError, UsageProblem
from pytest_apierrors.seams import answer, inject, ok

HOST = "https://calling.api.sinch.com/calling/v1/callouts"


ACME = Path(__file__).parent.parent / "messages" / "acme.json"


def test_a_documented_error_is_the_answer(client):
    with answer("sinch", 40101) as answered:
        got = client("POST", HOST, b"{}")

    assert got.status == 401
    assert b"40101" in got.body
    assert all(call.fault.carries["status"] == 401 for call in answered.calls)
    assert answered.calls[0].url == HOST


@pytest.mark.parametrize("code", [40101, "40101"])
def test_a_code_is_a_number_or_a_text(code):
    with answer("sinch", code) as answered:
        requests.get(HOST, timeout=30)

    assert answered.calls[0].fault.kind == "sinch-40101"


def test_what_is_answered_is_what_the_catalog_documents(assert_error):
    with answer("sinch", 40101):
        response = requests.get(HOST, timeout=30)

    assert assert_error(response, 40101, provider="sinch").key == "40101"


def test_other_hosts_get_nothing_unless_they_are_meant():
    with pytest.raises(UsageProblem, match="nothing was said"), answer("sinch", 40101):
        requests.get("https://elsewhere.test/", timeout=30)
    with answer("sinch", 40101, match="*"):
        assert requests.get("https://elsewhere.test/", timeout=30).status_code == 401


def test_auxiliary_calls():
    with answer("sinch", 40101, auxiliary={"https://auth.test/*": ok({"token": 1})}) as answered:
        assert requests.get("https://auth.test/x", timeout=30).json() == {"token": 1}
        requests.get(HOST, timeout=30)

    assert len(answered.calls) == 1


def test_status_headers_and_body_can_be_replaced():
    with answer("sinch", 40101, status=500, headers={"x-more": "1"}, body={"no": True}):
        response = requests.get(HOST, timeout=30)

    assert (response.status_code, response.json()) == (500, {"no": True})
    assert response.headers["X-More"] == "1"
    assert response.headers["Content-Type"] == "application/json"


def test_so_many_times_and_then():
    with answer("sinch", 40101, times=2, then=ok({"id": 1})):
        got = [requests.get(HOST, timeout=30).status_code for _ in range(4)]

    assert got == [401, 401, 200, 200]


def test_so_many_times_and_no_more(client):
    with (  # noqa: PT012 - the second call, or the end, says it
        pytest.raises(UsageProblem, match="was to answer 1 times, and one more request came"),
        answer("sinch", 40101, times=1) as answered,
    ):
        client("GET", HOST, None)
        client("GET", HOST, None)

    assert len(answered.calls) == 1


def test_it_decorates_functions_async_or_not():
    @answer("sinch", 40101)
    def called(session):
        return session.get(HOST).status_code

    @answer("sinch", 40101)
    async def awaited(session):
        await asyncio.sleep(0)
        return session.get(HOST).status_code

    with requests.Session() as session:
        assert [called(session), called(session), asyncio.run(awaited(session))] == [401] * 3


@pytest.mark.parametrize(
    ("arguments", "options", "said"),
    [
        (("sinch", 40110), {}, 'no documented error "40110" in the catalog sinch; did you mean'),
        (("sinch", "nothing"), {}, r"pytest-apierrors show sinch lists what"),
        (("sinch", 99999), {}, r"in the catalog sinch \(pytest-apierrors show sinch lists what"),
        (("sinch", 4292), {}, r'did you mean "\d+"'),
        (("sinch", 40101), {"times": 0}, "a number from 1, not 0"),
        (("sinch", 40101), {"times": True}, "a number from 1, not True"),
        (("sinch", 40101), {"then": ok()}, "give times=, too"),
        (("http", "status-499"), {}, "never received"),
        (("http", "status-100"), {}, "ends no call"),
        (("toku", -1), {}, "give body="),
        (("sinch", 40101), {"match": "sinch.com"}, "is no URL"),
    ],
)
def test_bad_use_is_a_sentence(arguments, options, said):
    with pytest.raises(UsageProblem, match=said), answer(*arguments, **options):
        pass


def test_a_status_that_is_no_code_is_near_to_its_own_entry_only():
    with pytest.raises(UsageProblem, match='did you mean "status-429"'):
        answer("sinch", 429)


def test_bad_use_shows_the_test_alone(pytester):
    pytester.makepyfile("""
        from pytest_apierrors import answer

        def test_code():
            with answer("sinch", 99999):
                pass

        def test_times():
            with answer("sinch", 40101, times=0):
                pass

        def test_provider():
            with answer("sinhc", 40101):
                pass
    """)

    result = pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider")

    assert result.parseoutcomes() == {"failed": 3}
    places = [line for line in result.outlines if re.match(r"\S+\.py:\d+: ", line)]
    assert len(places) == 3
    assert all(place.startswith("test_bad_use_shows_the_test_alone.py:") for place in places)


@pytest.mark.parametrize(
    ("code", "options", "challenged"),
    [
        (40101, {}, ['Bearer realm="api"']),
        ("status-401", {"body": {}}, ['Bearer realm="api"']),
        (40101, {"headers": {"www-authenticate": "Digest x=y"}}, ["Digest x=y"]),
        (40300, {}, []),
        (40101, {"status": 403}, []),
    ],
)
def test_a_challenge_stands_where_http_needs_one(code, options, challenged):
    with answer("sinch", code, **options) as answered:
        requests.get(HOST, timeout=30)

    pairs = answered.calls[0].fault.headers
    assert [value for name, value in pairs if name.lower() == "www-authenticate"] == challenged


def test_an_answer_breaks_no_rule_of_http():
    with answer("sinch", 40101):
        response = requests.get(HOST, timeout=30)

    assert check(as_response(response), Catalogs().get("sinch")).violations == ()


def test_a_provider_that_does_not_exist():
    with pytest.raises(CatalogError, match='did you mean "sinch"'):
        answer("sinhc", 40101)


def test_a_catalog_can_be_given_as_a_file_or_itself():
    for provider in (ACME, str(ACME), load_file(ACME)):
        with answer(provider, "rate_limited", match="*"):
            response = CLIENTS["httpx"]("GET", "https://any.test/", None)
        assert response.status == 429


CATALOGS = Catalogs()
SENDABLE = [
    pytest.param(CATALOGS.get(name), id=name) for name in CATALOGS.names() if name != "toku"
]


def answerable(catalog):
    """Yield what can be answered; a sentence says what the rest lacks."""
    for key, entry in catalog.errors.items():
        try:
            yield answer(catalog, key, match="*")
        except UsageProblem as problem:
            known = (
                entry.role == "unobservable"
                or "body=" in str(problem)
                or "ends no call" in str(problem)
            )
            if not known:
                raise


@pytest.mark.parametrize("catalog", SENDABLE)
def test_every_documented_error_is_answered_with_its_status(catalog):
    count = 0
    with requests.Session() as session:
        for answering in answerable(catalog):
            with answering as answered:
                status = session.get(HOST, allow_redirects=False).status_code
            assert status == answered.calls[0].fault.status
            count += 1

    assert count >= 3


def test_it_does_not_mix_with_an_injection():
    with inject(ok()), pytest.raises(UsageProblem, match="one injection at a time"):
        answer("sinch", 40101).__enter__()
