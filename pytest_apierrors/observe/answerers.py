"""Tools that answer instead of the API: where each is told what to answer, and where it does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_apierrors.observe.clients import Spot
from pytest_apierrors.observe.heard import Answer, Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_apierrors.observe.clients import Around
    from pytest_apierrors.observe.watch import Scene

_PLACE = "_apierrors_place"
_ADDED = "_apierrors_added"


def _told(scene: Scene) -> Around:
    """Remember on a mock where it was told what to answer; what it was told last counts."""

    def told(original: Around, mock: Any, *args: Any, **kw: Any) -> Any:
        mark(mock, scene.watch.places.innermost())
        return original(mock, *args, **kw)

    return told


def _added(scene: Scene) -> Around:
    """Remember where a mock was added last, which may have been made before all was watched."""

    def added(original: Around, registry: Any, mock: Any, *args: Any, **kw: Any) -> Any:
        mark(mock, scene.watch.places.innermost(), _ADDED)
        return original(registry, mock, *args, **kw)

    return added


def _place_of(mock: Any) -> Place | None:
    found: Place | None = getattr(mock, _PLACE, None) or getattr(mock, _ADDED, None)
    return found


def mark(mock: Any, place: Place | None, name: str = _PLACE) -> None:
    """Write a place on a mock, if it can be written on."""
    if place is not None:
        try:
            setattr(mock, name, place)
        except (AttributeError, TypeError):
            return


def _answers(by: str) -> Callable[[Scene], Around]:
    """Note that a mock answers."""

    def of(scene: Scene) -> Around:
        def answers(original: Around, mock: Any, *args: Any, **kw: Any) -> Any:
            result = original(mock, *args, **kw)
            scene.watch.note(Answer(by, "mocked", _place_of(mock)))
            return result

        return answers

    return of


def _awaited(by: str) -> Callable[[Scene], Around]:
    def of(scene: Scene) -> Around:
        async def answers(original: Around, mock: Any, *args: Any, **kw: Any) -> Any:
            result = await original(mock, *args, **kw)
            scene.watch.note(Answer(by, "mocked", _place_of(mock)))
            return result

        return answers

    return of


def _get_callback(scene: Scene) -> Around:
    def get_callback(original: Around, mock: Any, *args: Any, **kw: Any) -> Any:
        chosen = original(mock, *args, **kw)
        if chosen is not None:
            callbacks = getattr(mock, "_callbacks", ())
            matcher = next((one for one, callback in callbacks if callback is chosen), None)
            scene.watch.note(Answer("pytest-httpx", "mocked", getattr(matcher, _PLACE, None)))
        return chosen

    return get_callback


def _play_response(scene: Scene) -> Around:
    def play_response(original: Around, cassette: Any, *args: Any, **kw: Any) -> Any:
        before = dict(getattr(cassette, "play_counts", ()))
        result = original(cassette, *args, **kw)
        played = dict(getattr(cassette, "play_counts", ()))
        number = next((one for one, times in played.items() if times != before.get(one, 0)), None)
        scene.watch.note(_recorded(scene, "vcrpy", getattr(cassette, "_path", None), number))
        return result

    return play_response


def _find_match(scene: Scene) -> Around:
    def find_match(original: Around, cassette: Any, *args: Any, **kw: Any) -> Any:
        result = original(cassette, *args, **kw)
        if result is not None:
            there = getattr(cassette, "interactions", ())
            number = next((n for n, one in enumerate(there) if one is result), None)
            file = getattr(cassette, "cassette_path", None)
            scene.watch.note(_recorded(scene, "betamax", file, number))
        return result

    return find_match


def _recorded(scene: Scene, by: str, file: object, number: int | None) -> Answer:
    name = None if file is None else str(Path(str(file)).absolute())
    shown = None if name is None else scene.watch.places.name(name) or name
    return Answer(by, "recorded", file=shown, number=number)


def _transports(library: str) -> tuple[Spot, ...]:
    mock, asgi, wsgi = (f"{library}.{name}Transport" for name in ("Mock", "ASGI", "WSGI"))
    return (
        Spot("MockTransport", "__init__", _told),
        Spot("MockTransport", "handle_request", _answers(mock)),
        Spot("MockTransport", "handle_async_request", _awaited(mock)),
        Spot("ASGITransport", "handle_async_request", _awaited(asgi)),
        Spot("WSGITransport", "handle_request", _answers(wsgi)),
    )


ANSWERERS: dict[str, tuple[Spot, ...]] = {
    "responses": (
        Spot("BaseResponse", "__init__", _told),
        Spot("Response", "get_response", _answers("responses")),
        Spot("CallbackResponse", "get_response", _answers("responses")),
    ),
    "responses.registries": (Spot("FirstMatchRegistry", "add", _added),),
    "requests_mock.response": (
        Spot("_MatcherResponse", "__init__", _told),
        Spot("_MatcherResponse", "get_response", _answers("requests-mock")),
    ),
    "respx.models": (
        Spot("Route", "__init__", _told),
        Spot("Route", "mock", _told),
        Spot("Route", "__call__", _told),
        Spot("Route", "__mod__", _told),
        Spot("Route", "resolve", _answers("respx")),
    ),
    "pytest_httpx._request_matcher": (Spot("_RequestMatcher", "__init__", _told),),
    "pytest_httpx._httpx_mock": (Spot("HTTPXMock", "_get_callback", _get_callback),),
    "aioresponses.core": (
        Spot("RequestMatch", "__init__", _told),
        Spot("RequestMatch", "build_response", _awaited("aioresponses")),
    ),
    "vcr.cassette": (Spot("Cassette", "play_response", _play_response),),
    "betamax.cassette.cassette": (Spot("Cassette", "find_match", _find_match),),
    "starlette.testclient": (
        Spot("_TestClientTransport", "handle_request", _answers("starlette.testclient")),
    ),
}
"""What is replaced in each module."""
TRANSPORTS = {name: _transports(name) for name in ("httpx", "httpx2")}
