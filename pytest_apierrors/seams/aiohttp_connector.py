"""aiohttp: its connector resolves every host to the loopback server."""

from __future__ import annotations

import socket
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from pytest_apierrors.seams.scene import Scene

NAME = "aiohttp"
_CALL: ContextVar[tuple[str, str, str] | None] = ContextVar("apierrors_aiohttp_call", default=None)


def install(module: ModuleType, scene: Scene) -> None:
    """Patch `TCPConnector`; connectors to a socket in the file system are left alone."""
    seam = _Connectors(scene)
    wrap, connector = scene.patches.wrap, module.TCPConnector
    wrap(connector, "connect", seam.connect)
    wrap(connector, "_get", seam.get)
    wrap(connector, "_create_connection", seam.create_connection)
    wrap(connector, "_resolve_host", seam.resolve_host)


class _Connectors:
    def __init__(self, scene: Scene) -> None:
        self._injection = scene.injection
        self._loopback = scene.loopback

    async def connect(
        self, original: Callable[..., Any], connector: Any, req: Any, *args: Any, **kw: Any
    ) -> Any:
        """Say which call the connection belongs to that is made now."""
        url = str(req.url)
        self._injection.admit(req.method, url, NAME)
        token = _CALL.set((req.method, url, getattr(req, "server_hostname", None) or ""))
        try:
            return await original(connector, req, *args, **kw)
        finally:
            _CALL.reset(token)

    async def get(self, *_: object, **__: object) -> None:
        """Take no kept connection: it may be from before, or a fault may strike at the start."""

    async def create_connection(
        self, original: Callable[..., Any], connector: Any, req: Any, *args: Any, **kw: Any
    ) -> Any:
        if not req.proxy:
            return await original(connector, req, *args, **kw)
        made = await connector._create_direct_connection(req, *args, **kw)  # noqa: SLF001
        return made[1]

    async def resolve_host(
        self,
        original: Callable[..., Any],
        connector: Any,
        host: str,
        port: int,
        *args: Any,
        **kw: Any,
    ) -> Any:
        call = _CALL.get()
        if call is None:
            return await original(connector, host, port, *args, **kw)
        method, url, name = call
        there, door = self._loopback.dial(method, url, NAME, name)
        found = {"hostname": host, "host": there, "port": door}
        return [{**found, "family": socket.AF_INET, "proto": 0, "flags": 0}]
