"""httpx and httpx2: answers at the transports that open connections, sync and async."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from pytest_apierrors.seams.injection import Turn
    from pytest_apierrors.seams.scene import Scene


def install(module: ModuleType, scene: Scene) -> None:
    """Patch the two transports; a MockTransport and one for WSGI or ASGI is the user's own."""
    seam = _Transports(module, scene)
    scene.patches.wrap(module.HTTPTransport, "handle_request", seam.handle_request)
    scene.patches.wrap(module.AsyncHTTPTransport, "handle_async_request", seam.handle_async_request)


class _Transports:
    def __init__(self, module: Any, scene: Scene) -> None:
        self._module = module
        self._scene = scene
        self._name: str = module.__name__

    def handle_request(self, original: Callable[..., Any], transport: Any, request: Any) -> Any:
        turn = self._take(request)
        if turn is None:
            return original(self._detour(self._module.HTTPTransport, transport, request), request)
        return self._given(turn, request, b"".join(request.stream))

    async def handle_async_request(
        self, original: Callable[..., Any], transport: Any, request: Any
    ) -> Any:
        turn = self._take(request)
        if turn is None:
            detour = self._detour(self._module.AsyncHTTPTransport, transport, request)
            return await original(detour, request)
        return self._given(turn, request, b"".join([part async for part in request.stream]))

    def _take(self, request: Any) -> Turn | None:
        injection = self._scene.injection
        return injection.take(request.method, str(request.url), wire=False, seam=self._name)

    def _given(self, turn: Turn, request: Any, body: bytes) -> Any:
        """Return a response whose body is still to be read, as one from the network."""
        called = (request.method, str(request.url))
        headers = request.headers.multi_items()
        self._scene.injection.record(turn, called, headers, body, seam=self._name)
        answer = turn.answer
        return self._module.Response(
            answer.status,
            headers=[(name.encode(), value.encode("latin-1")) for name, value in answer.headers],
            stream=self._module.ByteStream(answer.body(request.method)),
            extensions={"http_version": b"HTTP/1.1", "reason_phrase": answer.reason.encode()},
        )

    def _detour(self, cls: Any, transport: Any, request: Any) -> Any:
        """
        Return a transport for one request whose connections end at the loopback server.

        It is the client's own in what decides about faults (certificates, retries), but keeps no
        connection and knows no proxy.
        """
        pool = getattr(transport, "_pool", None)
        context = getattr(pool, "_ssl_context", None)
        detour = cls(
            verify=True if context is None else context,
            trust_env=False,
            retries=getattr(pool, "_retries", 0),
            limits=self._module.Limits(max_keepalive_connections=0),
        )
        url, name = str(request.url), request.extensions.get("sni_hostname", "")

        def dial() -> tuple[str, int]:
            return self._scene.loopback.dial(request.method, url, self._name, name)

        backend = detour._pool._network_backend  # noqa: SLF001 - httpx has no other place for it
        detour._pool._network_backend = _Backend(backend, dial)  # noqa: SLF001
        return detour


class _Backend:
    """The network as httpcore sees it, sync or async, with every connection led elsewhere."""

    def __init__(self, backend: Any, dial: Callable[[], tuple[str, int]]) -> None:
        self._backend = backend
        self._dial = dial

    def connect_tcp(self, host: str, port: int, *args: Any, **kw: Any) -> Any:  # noqa: ARG002
        return self._backend.connect_tcp(*self._dial(), *args, **kw)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)
