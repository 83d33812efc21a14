"""Which URLs are meant: globs and functions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from pytest_apierrors.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Callable

    Match: TypeAlias = str | Callable[[str], object] | None


def matcher(match: Match) -> Callable[[str], object]:
    """
    Return a test for URLs; None means every URL.

    In a glob `*` stands for anything. The query counts only if the glob has one.
    """
    if match is None or match == "*":
        return _every
    if callable(match):
        return match
    if not isinstance(match, str):
        raise UsageProblem(f"match= is a URL with * in it or a function, not {match!r}")
    if "://" not in match and not match.startswith("*"):
        raise UsageProblem(
            f"match={match!r} is no URL: begin with https:// or *, as in https://api.example.com/*"
        )
    pattern = re.compile(".*".join(map(re.escape, match.split("*"))), re.DOTALL)
    if "?" in match:
        return pattern.fullmatch
    return lambda url: pattern.fullmatch(url.partition("?")[0])


def _every(_: str) -> bool:
    return True


def absolute(scheme: str, host: str, port: int | None, target: str) -> str:
    """Return a whole URL; a target that is one already stays as it is."""
    if "://" in target.partition("?")[0]:
        return target
    if ":" in host and not host.startswith("["):
        host = f"[{host}]"
    usual = {"http": 80, "https": 443}.get(scheme)
    place = host if port in (None, usual) else f"{host}:{port}"
    return f"{scheme}://{place}{'' if target.startswith('/') else '/'}{target}"
