"""Where responses pass by in each client: what is replaced to hear of them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_apierrors.clients import shaped
from pytest_apierrors.observe.copies import keep_copy

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_apierrors.observe.watch import Scene

    Around = Callable[..., Any]


_is_aiohttp = shaped("request_info", "content", "history")
_ABOVE = ("requests.adapters", "niquests.adapters")


class Spot(NamedTuple):
    """A function to be replaced: its class ("" for none), its name, what goes around it."""

    owner: str
    name: str
    around: Callable[[Scene], Around]


def _dispatch_hook(scene: Scene) -> Around:
    def dispatch_hook(original: Around, key: Any, hooks: Any, data: Any, **kw: Any) -> Any:
        if key != "response":
            return original(key, hooks, data, **kw)
        scene.watch.hear(data, scene.watch.noted())
        # A hook may ask again, as for authentication, and give another response.
        result = original(key, hooks, data, **kw)
        scene.watch.hear(result, scene.watch.noted())
        return result

    return dispatch_hook


def _async_dispatch_hook(scene: Scene) -> Around:
    async def dispatch_hook(original: Around, key: Any, hooks: Any, data: Any, **kw: Any) -> Any:
        if key == "response":
            scene.watch.hear(data, scene.watch.noted())
        return await original(key, hooks, data, **kw)

    return dispatch_hook


def _send(scene: Scene) -> Around:
    def send(original: Around, client: Any, *args: Any, **kw: Any) -> Any:
        with scene.watch.asking() as notes:
            response = original(client, *args, **kw)
        scene.watch.hear_all(_hops(response), notes)
        return response

    return send


def _async_send(scene: Scene) -> Around:
    async def send(original: Around, client: Any, *args: Any, **kw: Any) -> Any:
        with scene.watch.asking() as notes:
            response = await original(client, *args, **kw)
        scene.watch.hear_all(_hops(response), notes)
        return response

    return send


def _hops(response: Any) -> list[Any]:
    history = getattr(response, "history", ())
    return [*(history if isinstance(history, (list, tuple)) else ()), response]


def _context_manager(scene: Scene) -> Around:
    def init(original: Around, this: Any, coro: Any, *args: Any, **kw: Any) -> None:
        # All ways lead to this coroutine: `await`, `async with`, tasks made of it.
        original(this, _Asking(coro, scene), *args, **kw)

    return init


def _refused(error: Exception) -> list[Any]:
    """Return the responses of aiohttp that an exception on the way out has left behind."""
    if hasattr(error, "request_info") and hasattr(error, "headers"):
        return [error]  # `raise_for_status`: it has thrown the body away
    found: list[Any] = []
    trace = error.__traceback__
    while trace is not None:
        for value in list(trace.tb_frame.f_locals.values()):
            if _is_aiohttp(value) and not any(value is one for one in found):
                found.append(value)
        trace = trace.tb_next
    return found


class _Asking:
    """A request of aiohttp under way, whose response is heard when it comes."""

    def __init__(self, coro: Any, scene: Scene) -> None:
        self._coro = coro
        self._scene = scene

    def __await__(self) -> Any:
        try:
            with self._scene.watch.asking() as notes:
                response = yield from self._coro.__await__()
        except Exception as error:
            for one in _refused(error):
                self._hear(one, notes)
            raise
        self._hear(response, notes)
        return response

    def _hear(self, response: Any, notes: Any) -> None:
        if hasattr(response, "request_info"):  # not a web socket's
            self._scene.watch.hear_all(_hops(response), notes)

    def send(self, value: Any) -> Any:
        return self._running().send(value)

    def throw(self, *error: Any) -> Any:
        return self._running().throw(*error)

    def close(self) -> None:
        self._coro.close()

    def _running(self) -> Any:
        if not hasattr(self, "_generator"):
            self._generator = self.__await__()
        return self._generator


def _open(scene: Scene) -> Around:
    def open_(original: Around, opener: Any, *args: Any, **kw: Any) -> Any:
        try:
            with scene.watch.asking() as notes:
                response = original(opener, *args, **kw)
        except Exception as error:
            if hasattr(error, "fp") and hasattr(error, "code"):
                keep_copy(error, scene.watch.copies)
                scene.watch.hear_all([error], notes[-1:])
            raise
        if isinstance(getattr(response, "status", None), int):  # a file has none
            keep_copy(response, scene.watch.copies)
            scene.watch.hear_all([response], notes[-1:])
        return response

    return open_


def _urlopen(scene: Scene) -> Around:
    def urlopen(original: Around, pool: Any, method: Any, url: Any, *args: Any, **kw: Any) -> Any:
        if _under_another():
            return original(pool, method, url, *args, **kw)
        with scene.watch.asking() as notes:
            response = original(pool, method, url, *args, **kw)
        scene.watch.hear_all([response], notes[-1:], method=str(method))
        return response

    return urlopen


def _under_another() -> bool:
    """Whether a client that is heard itself is among the callers."""
    frame = sys._getframe(2)  # noqa: SLF001 - what traceback does, without the files
    while frame is not None:
        if frame.f_globals.get("__name__") in _ABOVE:
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False


# What a hook refuses never gets as far as `send`; where httpx has its inner function no longer,
# the rest is still heard.
_HTTPX = (
    Spot("Client", "send", _send),
    Spot("AsyncClient", "send", _async_send),
    Spot("Client", "_send_single_request", _send),
    Spot("AsyncClient", "_send_single_request", _async_send),
)
CLIENTS: dict[str, tuple[Spot, ...]] = {
    "requests.sessions": (Spot("", "dispatch_hook", _dispatch_hook),),
    "niquests.sessions": (Spot("", "dispatch_hook", _dispatch_hook),),
    "niquests.async_session": (Spot("", "async_dispatch_hook", _async_dispatch_hook),),
    "httpx": _HTTPX,
    "httpx2": _HTTPX,
    "aiohttp.client": (Spot("_BaseRequestContextManager", "__init__", _context_manager),),
    "urllib.request": (Spot("OpenerDirector", "open", _open),),
    "urllib3.connectionpool": (Spot("HTTPConnectionPool", "urlopen", _urlopen),),
}
"""What is replaced in each module."""
