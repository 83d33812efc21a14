"""Hosts that the user claims for a provider, and the ones that nobody does."""

from __future__ import annotations

import json

import loopback
import pytest
from watched_files import LIE, MOCKS


@pytest.fixture(scope="module")
def base():
    body = json.dumps(LIE).encode()
    with loopback.loopback({"/x": (400, [("Content-Type", "application/json")], body)}) as url:
        yield url


LOCAL = """
def test_it():
    requests.get("{base}/x")
"""


@pytest.mark.parametrize("claim", ["127.0.0.1", "127.0.0.1=acme", "127.0.*=acme"])
def test_a_host_is_claimed_on_the_command_line(watched, base, claim):
    result = watched(LOCAL.format(base=base), f"--apierrors-claim={claim}")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["  mocked     a server on this machine"])


@pytest.mark.parametrize("claim", ["127.0.0.1=acme", "127.0.0.1"])
def test_a_host_is_claimed_by_a_marker(watched, base, claim):
    mark = f'@pytest.mark.apierrors(claim="{claim}", provider="acme")'

    watched(f"{mark}{LOCAL.format(base=base)}").assert_outcomes(failed=1)


def test_a_local_server_is_nobody_s_unless_it_is_claimed(watched, base):
    watched(LOCAL.format(base=base)).assert_outcomes(passed=1)


def test_without_a_provider_every_catalog_s_hosts_count(watched):
    result = watched(MOCKS["responses"], apierrors_provider="")

    result.assert_outcomes(failed=1)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("=acme", 'HOST=PROVIDER is needed, as in localhost=NAME; found "=acme"'),
        ("http://x=acme", 'HOST=PROVIDER is needed, as in localhost=NAME; found "http://x=acme"'),
        ("x=", 'whose is "x"? say x=PROVIDER, or choose one provider'),
        ("x=acmee", 'no catalog named "acmee"; did you mean "acme"?'),
    ],
)
def test_a_wrong_claim_is_told(watched, claim, said):
    result = watched(MOCKS["responses"], f"--apierrors-claim={claim}")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: --apierrors-claim: {said.replace('[', '[[]')}*"])
