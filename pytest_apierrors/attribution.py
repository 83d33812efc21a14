"""Which provider a response is held against: its host decides, else the sole chosen one."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_apierrors.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_apierrors.catalog.model import Catalog
    from pytest_apierrors.response import Response


class Attribution:
    """
    The chosen catalogs, and the answer to which of them a response belongs.

    `claims` are host globs that the user gave to a catalog: they go before what catalogs name.
    With `only_hosts`, responses from hosts of no chosen catalog are passed over. `advice` says
    what the user can do where that leaves the question open.
    """

    def __init__(
        self,
        catalogs: Sequence[Catalog],
        *,
        only_hosts: bool = False,
        advice: str = "choose one provider",
        claims: Sequence[tuple[str, Catalog]] = (),
    ) -> None:
        self.catalogs = tuple(catalogs)
        self.only_hosts = only_hosts
        self.advice = advice
        self.claims = tuple(claims)
        self._by_host: dict[str, Catalog | None] = {}

    def catalog_for(self, response: Response) -> Catalog | None:
        """
        Return the catalog of a response, or None where it is passed over.

        Raises UsageProblem where several are chosen and the host belongs to none.
        """
        host = host_of(response.url)
        if host not in self._by_host:
            self._by_host[host] = self._owner(host)
        owner = self._by_host[host]
        if owner is not None or self.only_hosts:
            return owner
        if len(self.catalogs) == 1:
            return self.catalogs[0]
        names = ", ".join(catalog.name for catalog in self.catalogs)
        at = "a response" if response.origin is None else _place(response)
        raise UsageProblem(
            f"{at}: the host {host or '(unknown)'} belongs to none of the providers {names}; "
            f"{self.advice}"
        )

    def _owner(self, host: str) -> Catalog | None:
        """Return the catalog whose longest host pattern fits."""
        named = ((glob, catalog) for catalog in self.catalogs for glob in catalog.hosts)
        for globs in (self.claims, named):
            fitting = [(len(glob), one) for glob, one in globs if _pattern(glob).fullmatch(host)]
            if fitting:
                return max(fitting, key=lambda pair: pair[0])[1]
        return None


@lru_cache(maxsize=1024)
def host_of(url: str | None) -> str:
    """Return the host of a URL in lower case, with an unusual port; "" where there is none."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return host if port in (None, usual) else f"{host}:{port}"


@lru_cache(maxsize=256)
def _pattern(glob: str) -> re.Pattern[str]:
    """Return a host glob as a pattern; a glob without a port fits every port."""
    text = re.escape(glob).replace(r"\*", "[^/:]*").replace(r"\?", "[^/:]")
    return re.compile(text if ":" in glob else text + "(?::[0-9]+)?")


def _place(response: Response) -> str:
    origin = response.origin
    return "" if origin is None else f"{origin.file} #{origin.index}"
