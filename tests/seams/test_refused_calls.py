"""Calls that an injection does not answer are refused, in a sentence."""

import contextlib
import sys

import pytest
import requests
from seam_clients import CLIENTS, LIMITED, URL

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.faults.model import Fault, Step
from pytest_apierrors.seams import inject


def test_a_call_that_nothing_was_said_about_is_refused(client):
    with (
        pytest.raises(UsageProblem, match=r"GET https://api\.acme\.test/v1/messages.*auxiliary="),
        inject(LIMITED, match="https://other.test/*") as injected,
    ):
        client("GET", URL, None)

    assert injected.calls == []
    assert [call.url for call in injected.refused] == [URL]


def swallow():
    with contextlib.suppress(UsageProblem):
        requests.get(URL, timeout=30)


def test_a_refusal_that_was_swallowed_fails_in_the_end():
    elsewhere = inject(LIMITED, match="https://other.test/*")

    with pytest.raises(UsageProblem, match="nothing goes to the network"), elsewhere:
        swallow()


def lose_the_code():
    swallow()
    raise KeyError("code")


def test_a_refusal_is_noted_at_another_exception():
    elsewhere = inject(LIMITED, match="https://other.test/*")

    with pytest.raises(KeyError) as caught, elsewhere:
        lose_the_code()

    assert "nothing goes to the network" in caught.value.__notes__[0]


def test_a_refusal_shows_no_secret():
    with (
        pytest.raises(UsageProblem) as caught,
        inject(LIMITED, match="https://other.test/*"),
    ):
        requests.get("https://api.acme.test/?api_key=s3cr3tvalue99", timeout=30)

    assert "s3cr3tvalue99" not in str(caught.value)


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        (None, True),
        ("*", True),
        ("https://api.acme.test/*", True),
        ("*.acme.test/v1/messages", True),
        ("https://api.acme.test/v1/messages?page=*", True),
        ("https://api.acme.test/v1/messages?page=3", False),
        ("https://api.acme.test/v1", False),
        ("https://apixacme.test/*", False),
        (lambda url: "page=2" in url, True),
        (lambda _: False, False),
    ],
)
def test_match_is_a_glob_or_a_function(match, fits):
    if fits:
        with inject(LIMITED, match=match) as injected:
            requests.get(URL, timeout=30)
        assert len(injected.calls) == 1
    else:
        with pytest.raises(UsageProblem), inject(LIMITED, match=match):
            requests.get(URL, timeout=30)


def test_a_fault_that_the_url_does_not_allow_fails_even_if_swallowed():
    untrusted = Fault("tls-untrusted-certificate", None, steps=(Step("hold"),))

    with pytest.raises(UsageProblem, match="needs TLS"), inject(untrusted):  # noqa: SIM117
        with contextlib.suppress(UsageProblem):
            requests.get("http://api.acme.test/", timeout=30)


def test_tls_without_a_maker_of_certificates_is_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "trustme", None)
    monkeypatch.setattr("pytest_apierrors.seams.loopback._SERVERS", {})

    with pytest.raises(UsageProblem, match="pip install"), inject(LIMITED):  # noqa: SIM117
        with contextlib.suppress(UsageProblem):
            CLIENTS["urllib3"]("GET", URL, None)
