"""urllib3, also its fork under niquests: connections led elsewhere, so that it retries for real."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from pytest_apierrors.seams.connections import mark, scheme_of, seam_of, stays, target_of
from pytest_apierrors.seams.matching import absolute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from pytest_apierrors.seams.scene import Scene

_CALL: ContextVar[tuple[str, str] | None] = ContextVar("apierrors_urllib3_call", default=None)


def install(module: ModuleType, scene: Scene) -> None:
    """Patch connections or pools, whichever the module has, sync or async."""
    seam = _Pools(scene)
    wrap = scene.patches.wrap
    names = vars(module)
    if module.__name__.endswith(".connection"):
        if "AsyncHTTPConnection" in names:
            wrap(module.AsyncHTTPConnection, "_new_conn", seam.new_async)
        else:
            wrap(module.HTTPConnection, "_new_conn", seam.new)
    elif "AsyncHTTPConnectionPool" in names:
        wrap(module.AsyncHTTPConnectionPool, "urlopen", seam.urlopen_async)
        wrap(module.AsyncHTTPConnectionPool, "_get_conn", seam.get_async)
    else:
        wrap(module.HTTPConnectionPool, "urlopen", seam.urlopen)
        wrap(module.HTTPConnectionPool, "_get_conn", seam.get)


class _Pools:
    def __init__(self, scene: Scene) -> None:
        self._injection = scene.injection
        self._loopback = scene.loopback

    def new(self, original: Callable[..., Any], connection: Any) -> Any:
        with self._moved(connection):
            channel = original(connection)
        self._loopback.watch(channel)
        return channel

    async def new_async(self, original: Callable[..., Any], connection: Any) -> Any:
        with self._moved(connection):
            return await original(connection)

    def urlopen(
        self, original: Callable[..., Any], pool: Any, method: str, url: str, *args: Any, **kw: Any
    ) -> Any:
        with self._calling(pool, method, url):
            return original(pool, method, url, *args, **kw)

    async def urlopen_async(
        self, original: Callable[..., Any], pool: Any, method: str, url: str, *args: Any, **kw: Any
    ) -> Any:
        with self._calling(pool, method, url):
            return await original(pool, method, url, *args, **kw)

    def get(self, original: Callable[..., Any], pool: Any, *args: Any, **kw: Any) -> Any:
        connection = original(pool, *args, **kw)
        if not self._stays(connection):
            connection.close()
        return connection

    async def get_async(
        self, original: Callable[..., Any], pool: Any, *args: Any, **kw: Any
    ) -> Any:
        connection = await original(pool, *args, **kw)
        if not self._stays(connection):
            await connection.close()
        return connection

    def _stays(self, connection: Any) -> bool:
        """Whether a connection from a pool is closed anyway, or may carry the next call."""
        if getattr(connection, "sock", None) is None:
            return True
        call = _CALL.get()
        reuses = call is not None and self._injection.admit(*call, seam_of(connection))
        return stays(connection, self._injection, reuses=reuses)

    @contextmanager
    def _calling(self, pool: Any, method: str, url: str) -> Iterator[None]:
        """Say which call the connections belong to that are made now."""
        whole = absolute(pool.scheme, pool.host, pool.port, url)
        self._injection.admit(method, whole, seam_of(pool))
        token = _CALL.set((method, whole))
        try:
            yield
        finally:
            _CALL.reset(token)

    @contextmanager
    def _moved(self, connection: Any) -> Iterator[None]:
        """Lead a connection elsewhere while it is made."""
        host, port = target_of(connection)
        method, url = _CALL.get() or ("", absolute(scheme_of(connection), host, port, "/"))
        name = getattr(connection, "server_hostname", None) or host
        before = connection._dns_host, connection.port  # noqa: SLF001 - as in 1.26 and all since
        place = self._loopback.dial(method, url, seam_of(connection), name)
        connection._dns_host, connection.port = place  # noqa: SLF001
        try:
            yield
        finally:
            connection._dns_host, connection.port = before  # noqa: SLF001
        mark(connection, self._injection)
