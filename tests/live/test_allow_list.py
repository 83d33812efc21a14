"""Which hosts may be asked: every trick of a URL either means the listed host or is refused."""

import socket
import threading
import time
from ipaddress import ip_address

import pytest

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.live.addresses import addresses_of
from pytest_apierrors.live.deadline import Deadline, NoAnswer
from pytest_apierrors.live.hosts import (
    AllowList,
    Origin,
    is_public,
    origin_in,
    origin_of,
    target_of,
)

ALLOWED = AllowList(
    map(
        origin_of,
        [
            "api.acme.test",
            "bücher.acme.test",
            "http://plain.acme.test",
            "api.acme.test:8443",
            "127.0.0.1:9",
            "https://[::1]:9",
        ],
    )
)
SAME = [
    "https://api.acme.test",
    "https://api.acme.test/",
    "https://api.acme.test/v1/",
    "https://API.Acme.TEST",
    "HTTPS://api.acme.test",
    "https://api.acme.test:443",
    "https://api.acme.test:00443",
    "https://api.acme.test.",
    "https://api.acme.test:8443",
    "https://\uff41\uff50\uff49.acme.test",
    "https://api\u3002acme\uff0etest",
    "https://bücher.acme.test",
    "https://BÜCHER.acme.test",
    "https://bu\u0308cher.acme.test",
    "https://xn--bcher-kva.acme.test",
    "http://plain.acme.test:80",
    "https://127.0.0.1:9",
    "https://[::1]:9",
    "https://[0:0:0:0:0:0:0:1]:9",
    "https://[::0.0.0.1]:9",
]
OTHER = [
    "https://api.acme.test.evil.test",
    "https://evil.test/api.acme.test",
    "https://apiXacme.test",
    "https://xapi.acme.test",
    "https://x.api.acme.test",
    "https://acme.test",
    "https://api.acme.test:444",
    "http://api.acme.test",
    "http://api.acme.test:443",
    "https://plain.acme.test",
    "https://plain.acme.test:80",
    "https://api-acme.test",
    "https://bucher.acme.test",
    "https://xn--api.acme.test",
    "https://127.0.0.1",
    "https://127.0.0.2:9",
    "https://localhost:9",
    "https://[::2]:9",
    "https://[::ffff:127.0.0.1]:9",
    "https://\uff11\uff12\uff17.0.0.2:9",
    "https://\u0430pi.acme.test",
]
REFUSED = [
    "https://user@api.acme.test",
    "https://user:s3cr3t@api.acme.test",
    "https://api.acme.test@evil.test",
    "https://api.acme.test:443@evil.test",
    "https://api.acme.test%40evil.test",
    "https://evil.test\\@api.acme.test",
    "https://api.acme.test\\.evil.test",
    "https:\\\\api.acme.test",
    "https://api.acme.test\n.evil.test",
    "https://api.acme.test\r\nHost: evil.test",
    "https://api.acme.test\t",
    " https://api.acme.test",
    "https://api.acme.test\x00.evil.test",
    "https://api.acme.test\u00a0",
    "https://api.acme.test\u200d",
    "https://api.acme.test#@evil.test",
    "https://api.acme.test?@evil.test",
    "https://api.acme.test/?x",
    "https://api.acme.test/../x",
    "https://api.acme.test/%2e%2e/x",
    "https://api.acme.test//x",
    "https://api.acme.test/\u00e9",
    "https://api.acme.test:",
    "https://api.acme.test:0",
    "https://api.acme.test:65536",
    "https://api.acme.test:99999999",
    "https://api.acme.test:-1",
    "https://api.acme.test:\uff14\uff14\uff13",
    "https://api.acme.test:443:443",
    "https://api..acme.test",
    "https://.api.acme.test",
    "https://api.acme.test..",
    "https://-api.acme.test",
    "https://api-.acme.test",
    "https://*.acme.test",
    "https://api.acme.tes?",
    "https://faß.acme.test",
    "https://2130706433:9",
    "https://0x7f000001:9",
    "https://0x7f.1:9",
    "https://0177.0.0.1:9",
    "https://127.1:9",
    "https://127.0.0.01:9",
    "https://1.2.3.4.5",
    "https://256.0.0.1",
    "https://127.0.0.1.:9x",
    "https://[::1%25eth0]:9",
    "https://[::1",
    "https://[1:2]",
    "https://::1:9",
    "https://[127.0.0.1]:9",
    "https://[api.acme.test]",
    "https://",
    "https:///api.acme.test",
    "https:api.acme.test",
    "//api.acme.test",
    "api.acme.test",
    "",
    "ftp://api.acme.test",
    "file:///etc/passwd",
    "javascript://api.acme.test",
    "https://" + "a" * 64 + ".test",
    "https://" + "a." * 127 + "test",
    "https://\udc80.acme.test",
    "https://" + "a" * 100_000,
]


@pytest.mark.parametrize("url", SAME, ids=ascii)
def test_other_spellings_of_a_listed_host_are_it(url):
    assert ALLOWED.permits(target_of(url).origin)


@pytest.mark.parametrize("url", OTHER, ids=ascii)
def test_what_only_looks_like_a_listed_host_is_not(url):
    assert not ALLOWED.permits(target_of(url).origin)


@pytest.mark.parametrize("url", REFUSED, ids=lambda url: ascii(url[:40]))
def test_what_could_be_read_in_two_ways_is_refused(url):
    with pytest.raises(UsageProblem) as refused:
        target_of(url)

    said = str(refused.value)
    assert said.startswith("--base-url: ")
    assert said.isprintable()
    assert len(said) < 250
    assert "s3cr3t" not in said


@pytest.mark.parametrize(
    "text", ["api.acme.test/v1", "https://api.acme.test/?x", "*", "*.test", ""]
)
def test_a_host_is_allowed_as_a_whole_and_by_name(text):
    with pytest.raises(UsageProblem, match=r"^--allow: "):
        origin_of(text)


def test_a_dot_at_the_end_does_not_reach_the_wire():
    origin = target_of("https://API.acme.test.:443/v1/").origin

    assert origin == Origin("https", "api.acme.test", 443)
    assert origin.authority == "api.acme.test"
    assert target_of("https://127.0.0.1.:9").origin.authority == "127.0.0.1:9"
    assert target_of("https://[0:0::1]").origin.url == "https://[::1]"
    assert target_of("https://a.test/v1/").prefix == "/v1"
    assert target_of("https://a.test").prefix == ""


def test_any_url_has_an_origin_or_none():
    assert origin_in("https://a.test/x?y#z") == Origin("https", "a.test", 443)
    assert origin_in("https://user@a.test/") is None
    assert origin_in("mailto:x") is None


PUBLIC = ["93.184.215.14", "2606:2800:220:1::1", "64:ff9b::5db8:d70e", "::ffff:93.184.215.14"]
INSIDE = [
    *("0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.9.9.9", "169.254.169.254"),
    *("172.16.0.1", "192.168.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1"),
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", INSIDE)
def test_not_public(address):
    assert not is_public(ip_address(address))


def looked_up(*addresses):
    """Return a look-up with these answers, and what it was asked."""
    asked = []

    def lookup(host, port, **_):
        asked.append((host, port))
        return [(0, 0, 0, "", (address, port)) for address in addresses]

    lookup.asked = asked
    return lookup


API = Origin("https", "api.acme.test", 443)


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_not_asked(address):
    with pytest.raises(NoAnswer, match=r"api\.acme\.test leads to .* not public: not asked"):
        addresses_of(API, ALLOWED, Deadline(5), looked_up(address))


def test_one_address_inside_spoils_the_others():
    with pytest.raises(NoAnswer, match=r"leads to 10\.0\.0\.5, .* --allow https://10\.0\.0\.5\)"):
        addresses_of(API, ALLOWED, Deadline(5), looked_up(PUBLIC[0], "10.0.0.5"))


def test_an_address_inside_may_be_allowed_by_itself():
    allowed = AllowList([API, origin_of("10.0.0.5"), origin_of("10.0.0.6:8443")])

    assert addresses_of(API, allowed, Deadline(5), looked_up("10.0.0.5", *PUBLIC)) == [
        ip_address(one) for one in ("10.0.0.5", *PUBLIC)
    ]
    with pytest.raises(NoAnswer, match="not public"):
        addresses_of(API, allowed, Deadline(5), looked_up("10.0.0.6"))


def test_a_local_name_leads_to_the_loopback_interface_only():
    local = Origin("https", "localhost", 9)
    allowed = AllowList([local])

    assert addresses_of(local, allowed, Deadline(5), looked_up("::1", "127.0.0.1"))
    with pytest.raises(NoAnswer, match="not public"):
        addresses_of(local, allowed, Deadline(5), looked_up("10.0.0.5"))


def test_an_address_is_not_looked_up():
    lookup = looked_up("93.184.215.14")

    assert addresses_of(Origin("https", "127.0.0.1", 9), ALLOWED, Deadline(5), lookup) == [
        ip_address("127.0.0.1")
    ]
    assert lookup.asked == []


def test_an_address_of_a_zone_is_read():
    with pytest.raises(NoAnswer, match="leads to fe80::1, which"):
        addresses_of(API, ALLOWED, Deadline(5), looked_up("fe80::1%eth0"))


def test_a_host_that_is_not_found_says_so():
    def lookup(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(NoAnswer, match=r"host api\.acme\.test was not found: Name or service"):
        addresses_of(API, ALLOWED, Deadline(5), lookup)
    with pytest.raises(NoAnswer, match="has no address"):
        addresses_of(API, ALLOWED, Deadline(5), looked_up())


def test_a_look_up_has_a_deadline():
    over = threading.Event()
    started = time.monotonic()

    with pytest.raises(NoAnswer, match=r"no answer within 0\.3 s \(looking up the host\)"):
        addresses_of(API, ALLOWED, Deadline(0.3), lambda *_, **__: over.wait(20))

    assert time.monotonic() - started < 0.8
    over.set()


def test_a_name_that_leads_inside_is_refused_before_a_connection(probe, server, monkeypatch):
    real = socket.getaddrinfo

    def lookup(host, port, *args, **how):
        return real("127.0.0.1" if host == "api.acme.test" else host, port, *args, **how)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    url = f"https://api.acme.test:{server.port}"

    status, out, _ = probe(url)

    assert status == 2
    assert f"(if it is meant, add --allow https://127.0.0.1:{server.port})" in out
    assert server.connections == 0
