"""http.client, and with it urllib and whatever else is built on it: connections led elsewhere."""

from __future__ import annotations

import socket
import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pytest_apierrors.seams.connections import (
    mark,
    scheme_of,
    seam_of,
    stays,
    target_of,
    use,
)
from pytest_apierrors.seams.matching import absolute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from pytest_apierrors.seams.scene import Scene

_CALL = "_apierrors_call"


def install(module: ModuleType, scene: Scene) -> None:
    """Patch `HTTPConnection`: where it connects, and when it does so anew."""
    seam = _Connections(scene)
    wrap = scene.patches.wrap
    wrap(module.HTTPConnection, "connect", seam.connect)
    wrap(module.HTTPConnection, "putrequest", seam.putrequest)
    wrap(module.HTTPConnection, "_tunnel", seam.tunnel)
    seam.known = {module.HTTPConnection.connect, module.HTTPSConnection.connect}
    for cls in _derived(module.HTTPConnection):
        seam.adopt(cls)
    wrap(module.HTTPConnection, "__init__", seam.made)


class _Connections:
    known: set[Any]
    """The ways to connect that come by here."""
    postponed: set[Any]
    """Those that do not, and are not gone."""

    def __init__(self, scene: Scene) -> None:
        self._injection = scene.injection
        self._loopback = scene.loopback
        self._wrap = scene.patches.wrap
        self.postponed = set()

    def adopt(self, cls: type) -> None:
        """Let a class that has a way of its own to connect not go it: there is no network."""
        own: Any = vars(cls).get("connect")
        if own is None or own in self.known or hasattr(cls, "_new_conn"):
            return
        self._wrap(cls, "connect", _postponed)
        self.postponed.add(vars(cls)["connect"])

    def made(self, original: Callable[..., Any], connection: Any, *args: Any, **kw: Any) -> None:
        """Adopt a class that was there after the injection began."""
        for cls in type(connection).__mro__:
            if vars(cls).get("connect") not in self.postponed:
                self.adopt(cls)
        original(connection, *args, **kw)

    def connect(self, original: Callable[..., Any], connection: Any) -> None:
        with _moved(connection, self._dial(connection)):
            original(connection)
        self._loopback.watch(connection.sock)
        mark(connection, self._injection)

    def putrequest(
        self,
        original: Callable[..., Any],
        connection: Any,
        method: str,
        url: str,
        *args: Any,
        **kw: Any,
    ) -> None:
        if not _local(connection):
            self._lead(connection, method, url)
        original(connection, method, url, *args, **kw)

    def tunnel(self, original: Callable[..., Any], connection: Any) -> None:
        """Ask no proxy for a tunnel: there is none at the loopback server."""
        if not self._loopback.owns(connection.sock):
            original(connection)

    def _lead(self, connection: Any, method: str, url: str) -> None:
        """Say what the connection is for, and see to it that it leads to the loopback server."""
        whole = absolute(scheme_of(connection), *target_of(connection), url)
        reuses = self._injection.admit(method, whole, seam_of(connection))
        pooled = hasattr(type(connection), "_new_conn")  # urllib3's pool has looked after it
        if not pooled and not stays(connection, self._injection, reuses=reuses):
            connection.close()
        vars(connection)[_CALL] = (method, whole)
        if connection.sock is None and not pooled and type(connection).connect not in self.known:
            connection.sock = _dialled(connection, self._dial(connection))
            self._loopback.watch(connection.sock)
            mark(connection, self._injection)
        use(connection)

    def _dial(self, connection: Any) -> tuple[str, int]:
        host, port = target_of(connection)
        unknown = ("", absolute(scheme_of(connection), host, port, "/"))
        method, url = vars(connection).get(_CALL, unknown)
        return self._loopback.dial(method, url, seam_of(connection), host)


def _postponed(original: Callable[..., Any], connection: Any) -> None:
    """Connect when a request says where to: by then it is known which answer comes."""


def _derived(cls: type) -> list[type]:
    children: list[type] = type.__subclasses__(cls)
    return [*children, *(one for child in children for one in _derived(child))]


def _local(connection: Any) -> bool:
    """Whether it is a connection to a socket in the file system."""
    family = getattr(connection.sock, "family", None)
    return family is not None and family not in (socket.AF_INET, socket.AF_INET6)


@contextmanager
def _moved(connection: Any, place: tuple[str, int]) -> Iterator[None]:
    before = connection.host, connection.port, connection._tunnel_host  # noqa: SLF001
    connection.host, connection.port, connection._tunnel_host = *place, None  # noqa: SLF001
    try:
        yield
    finally:
        connection.host, connection.port, connection._tunnel_host = before  # noqa: SLF001


def _dialled(connection: Any, place: tuple[str, int]) -> Any:
    """Connect for a class that has its own way to do so."""
    timeout = connection.timeout if isinstance(connection.timeout, int | float) else None
    channel = socket.create_connection(place, timeout)
    # As http.client does: without it each request after a handshake waits for 40 ms.
    channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if scheme_of(connection) == "http":
        return channel
    context = getattr(connection, "_context", None) or ssl.create_default_context()
    try:
        return context.wrap_socket(channel, server_hostname=target_of(connection)[0])
    except BaseException:
        channel.close()
        raise
