"""Which provider a response is held against."""

from types import SimpleNamespace

import pytest

from pytest_apierrors.attribution import Attribution, host_of
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.response import Origin, Response


def catalog(name, *hosts):
    return SimpleNamespace(name=name, hosts=hosts)


ACME = catalog("acme", "api.acme.test", "*.eu.acme.test")
WIDE = catalog("wide", "*.acme.test")
OTHER = catalog("other", "other.test:8443")


def owner(attribution, url, **more):
    found = attribution.catalog_for(Response(400, url=url, **more))
    return None if found is None else found.name


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://api.acme.test/v1", "acme"),
        ("https://API.Acme.TEST/v1", "acme"),
        ("https://api.acme.test:9999/v1", "acme"),
        ("https://user:pass@api.acme.test/v1", "acme"),
        ("https://west.eu.acme.test/", "acme"),
        ("https://www.acme.test/", "wide"),
        ("https://other.test:8443/", "other"),
    ],
)
def test_the_host_decides_and_the_longest_pattern_wins(url, name):
    assert owner(Attribution([WIDE, ACME, OTHER]), url) == name
    assert owner(Attribution([OTHER, ACME, WIDE]), url) == name


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.test/",
        "https://api.acme.test.evil.test/",
        "https://evil.test/?u=api.acme.test",
        "https://api.acme.test@evil.test/",
        "https://api-acme.test/",
        "https://other.test/",
        "https://[broken/",
        "https://api.acme.test:99999999/",
        "",
        None,
    ],
)
def test_what_only_looks_like_a_host_belongs_to_nobody(url):
    assert owner(Attribution([ACME, OTHER], only_hosts=True), url) is None


def test_the_sole_catalog_takes_every_host_unless_only_its_own_are_wanted():
    assert owner(Attribution([ACME]), "https://localhost:8080/") == "acme"
    assert owner(Attribution([ACME]), None) == "acme"
    assert owner(Attribution([ACME], only_hosts=True), "https://localhost:8080/") is None


def test_several_catalogs_and_no_match_is_a_mistake_that_names_place_host_and_ways_out():
    attribution = Attribution([ACME, OTHER], advice="choose one with --this")
    response = Response(400, url="https://nobody.test/", origin=Origin("a.yaml", 4, 77))

    with pytest.raises(UsageProblem) as caught:
        attribution.catalog_for(response)

    assert str(caught.value) == (
        "a.yaml #4: the host nobody.test belongs to none of the providers acme, other; "
        "choose one with --this"
    )


@pytest.mark.parametrize("url", [None, "", "not a url", "https://[broken/"])
def test_an_unknown_host_is_called_so(url):
    with pytest.raises(UsageProblem, match=r"the host \(unknown\) belongs"):
        Attribution([ACME, OTHER]).catalog_for(Response(400, url=url))


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://a.test:443/", "a.test"),
        ("http://a.test:80/", "a.test"),
        ("http://a.test:443/", "a.test:443"),
        ("https://[::1]:8080/", "::1:8080"),
    ],
)
def test_usual_ports_are_left_out(url, host):
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://localhost:8080/x", "acme"),
        ("http://127.0.0.1/x", "acme"),
        ("http://127.0.0.9/x", "wide"),
        ("https://api.acme.test/", "other"),
        ("https://www.acme.test/", "wide"),
        ("http://elsewhere.test/", None),
    ],
)
def test_what_the_user_claims_goes_before_what_catalogs_name(url, name):
    claims = [
        ("localhost", ACME),
        ("127.0.*", WIDE),
        ("127.0.0.1", ACME),
        ("api.acme.test", OTHER),
    ]
    attribution = Attribution([ACME, WIDE], only_hosts=True, claims=claims)

    assert owner(attribution, url) == name
