"""Which hosts may be asked: origins compared exactly, and nothing that only looks like one."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.inert import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

Address: TypeAlias = IPv4Address | IPv6Address

_USUAL_PORTS: Final = {"http": 80, "https": 443}
_URL = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]*)://)?([^/?#]*)([^?#]*)(.*)", re.DOTALL)
_IN_BRACKETS = re.compile(r"\[([0-9A-Fa-f]*:[0-9A-Fa-f:.]+)\](?::([0-9]{1,5}))?", re.ASCII)
_NAMED = re.compile(r"([^:\[\]]+)(?::([0-9]{1,5}))?", re.ASCII)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_UNWANTED = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
_PATH = re.compile(r"(?:/[A-Za-z0-9._~!$&'()*+,;=:@%-]+)*/?", re.ASCII)
# The two versions of IDNA lead them to different hosts.
_TWO_HOSTS = re.compile("[\u00df\u1e9e\u03c2\u200c\u200d]")
_NAT64: Final = IPv6Network("64:ff9b::/96")
_LONGEST_NAME: Final = 253


class Origin(NamedTuple):
    """Scheme, host and port, in the one spelling in which they are compared."""

    scheme: str
    host: str
    port: int

    @property
    def address(self) -> Address | None:
        """The host if it is an IP address."""
        try:
            return ip_address(self.host)
        except ValueError:
            return None

    @property
    def authority(self) -> str:
        """Host and port as the header `Host` has them: without a usual port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _USUAL_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The origin as the beginning of a URL."""
        return f"{self.scheme}://{self.authority}"


class Target(NamedTuple):
    """Where probes go: an origin, and the path that stands before theirs."""

    origin: Origin
    prefix: str


def target_of(url: str, option: str = "--base-url") -> Target:
    """Read a base URL. Raises UsageProblem for whatever could be read in two ways."""
    origin, path, rest = _parts(url, option)
    if "://" not in url:
        raise UsageProblem(f"{option}: begins with https://; found {_shown(url)}")
    if rest:
        raise UsageProblem(f"{option}: ends with its path, without ? and #; found {_shown(url)}")
    if not _PATH.fullmatch(path) or {".", ".."} & set(re.sub("(?i)%2e", ".", path).split("/")):
        raise UsageProblem(f"{option}: not a plain path: {_shown(path)}")
    return Target(origin, path.rstrip("/"))


def origin_of(text: str, option: str = "--allow") -> Origin:
    """Read `host`, `host:port` or either with its scheme (https if absent). Raises UsageProblem."""
    origin, path, rest = _parts(text, option)
    if path.strip("/") or rest:
        raise UsageProblem(f"{option}: a host is allowed as a whole; found {_shown(text)}")
    return origin


def origin_in(url: str) -> Origin | None:
    """Return the origin of any URL, None where it has no plain one."""
    try:
        return _parts(url, "")[0] if "://" in url else None
    except UsageProblem:
        return None


class AllowList:
    """The origins that may be asked, exactly these."""

    def __init__(self, origins: Iterable[Origin]) -> None:
        self.origins = frozenset(origins)

    def permits(self, origin: Origin) -> bool:
        """Whether requests may go to this origin."""
        return origin in self.origins

    def permits_address(self, origin: Origin, address: Address) -> bool:
        """
        Whether a permitted host may be reached at an address.

        One that is not public has to be allowed by itself, unless the host's name says that it is
        local: a name server cannot lead requests into the user's own network.
        """
        if is_public(address) or origin.address is not None:
            return True
        if origin.host == "localhost" or origin.host.endswith(".localhost"):
            return address.is_loopback
        return self.permits(origin._replace(host=str(address)))


def is_public(address: Address) -> bool:
    """Whether an address belongs to the internet at large."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast


def _parts(text: str, option: str) -> tuple[Origin, str, str]:
    found = _URL.fullmatch(text)
    if _UNWANTED.search(text) or found is None:
        raise UsageProblem(f"{option}: no spaces, controls or backslashes; found {_shown(text)}")
    scheme, authority, path, rest = found.groups()
    scheme = "https" if scheme is None else scheme.lower()
    if scheme not in _USUAL_PORTS:
        raise UsageProblem(f"{option}: https or http is needed; found {_shown(text)}")
    if "@" in authority:
        raise UsageProblem(f"{option}: no user and no password are sent; found an @ in the host")
    match = _IN_BRACKETS.fullmatch(authority) or _NAMED.fullmatch(authority)
    port = _USUAL_PORTS[scheme] if match is None or match[2] is None else int(match[2])
    if match is None or not 1 <= port <= 65535:
        raise UsageProblem(
            f"{option}: a host, or a host and its port, is needed; found {_shown(text)}"
        )
    return Origin(scheme, _host(match[1], option), port), path, rest


def _host(name: str, option: str) -> str:
    """Return a host in its one spelling: lower case, ASCII, without a dot at its end."""
    if ":" in name:
        try:
            return str(IPv6Address(name))
        except ValueError:
            raise UsageProblem(f"{option}: {_shown(name)} is no IPv6 address") from None
    if _TWO_HOSTS.search(name):
        raise UsageProblem(
            f"{option}: {_shown(name)} may mean two hosts: write it in its ASCII form (xn--...)"
        )
    try:
        host = name.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        raise UsageProblem(f"{option}: {_shown(name)} is no host name") from None
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _ipv4(host, option)
    if len(host) > _LONGEST_NAME or not all(_LABEL.fullmatch(label) for label in labels):
        raise UsageProblem(f"{option}: {_shown(name)} is no host name (and no pattern is taken)")
    return host


def _ipv4(host: str, option: str) -> str:
    try:
        return str(IPv4Address(host))
    except ValueError:
        raise UsageProblem(
            f"{option}: {_shown(host)} is no IPv4 address of four decimal numbers"
        ) from None


def _shown(text: str) -> str:
    """Quote a text in ASCII, where no letter looks like another, without a password in it."""
    before, at, _ = text.rpartition("@")
    quoted = '"...@..."' if at and before else one_line(text, 100)
    return quoted.encode("ascii", "backslashreplace").decode()
