"""What a connection of http.client or urllib3 is for, and whether it may be used again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_apierrors.seams.injection import Injection

_FRESH = "_apierrors_fresh"
_MADE = "_apierrors_made"


def mark(connection: Any, injection: Injection) -> None:
    """Note that a connection has just been made, and by whom."""
    vars(connection)[_MADE] = injection.round
    vars(connection)[_FRESH] = True


def use(connection: Any) -> None:
    """Note that a request goes over a connection."""
    vars(connection).pop(_FRESH, None)


def stays(connection: Any, injection: Injection, *, reuses: bool) -> bool:
    """Whether the next call may use an open connection: it is new, or ours and nothing strikes."""
    fields = vars(connection)
    return _FRESH in fields or (reuses and fields.get(_MADE) is injection.round)


def scheme_of(connection: Any) -> str:
    """Tell by its usual port whether a connection speaks TLS."""
    return "https" if connection.default_port == 443 else "http"


def target_of(connection: Any) -> tuple[str, int | None]:
    """Return the host and port that are meant, whatever proxy stands before them."""
    if getattr(connection, "_tunnel_host", None):
        return connection._tunnel_host, connection._tunnel_port  # noqa: SLF001
    return connection.host, connection.port


def seam_of(obj: Any) -> str:
    """Name the library that a connection or a pool belongs to."""
    package: str = type(obj).__module__.partition(".")[0]
    return "http.client" if package == "http" else package
