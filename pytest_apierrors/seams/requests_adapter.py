"""requests: answers at `HTTPAdapter.send`, as urllib3's own response."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from pytest_apierrors.seams.recorders import refuse_betamax

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from pytest_apierrors.seams.scene import Scene
    from pytest_apierrors.seams.turns import Answer

NAME = "requests"
_OPTIONS = ("stream", "timeout", "verify", "cert", "proxies")
_CALLER = 3  # frames up: send(), what replaced it, who called that


def install(module: ModuleType, scene: Scene) -> None:
    """Patch `requests.adapters.HTTPAdapter.send`, which custom adapters call, too."""

    def send(
        original: Callable[..., Any], adapter: Any, request: Any, *args: Any, **kw: Any
    ) -> Any:
        refuse_betamax(_CALLER)
        turn = None
        if _plain(adapter):
            turn = scene.injection.take(request.method, request.url, wire=False, seam=NAME)
        if turn is None:
            return original(adapter, request, *args, **kw)
        adapter.add_headers(request, **dict(zip(_OPTIONS, args, strict=False)), **kw)
        headers, body = _plain_headers(request.headers), _body(request.body)
        scene.injection.record(turn, (request.method, request.url), headers, body, seam=NAME)
        return adapter.build_response(request, _raw(turn.answer, request.method))

    scene.patches.wrap(module.HTTPAdapter, "send", send)


def _plain(adapter: Any) -> bool:
    """Whether urllib3 would neither retry nor refuse a response: then it need not see it."""
    retry = getattr(adapter, "max_retries", None)
    return retry is None or (retry.total in (0, False) and not retry.status_forcelist)


def _raw(answer: Answer, method: str) -> Any:
    from urllib3._collections import HTTPHeaderDict  # noqa: PLC0415 - requests has imported both
    from urllib3.response import HTTPResponse  # noqa: PLC0415

    headers = HTTPHeaderDict(answer.headers)
    original: Any = _Original(headers) if "set-cookie" in headers else None
    return HTTPResponse(
        body=BytesIO(answer.body(method)),
        headers=headers,
        status=answer.status,
        version=11,
        reason=answer.reason,
        preload_content=False,
        decode_content=False,
        original_response=original,
        request_method=method,
    )


class _Original:
    """What requests takes cookies from: a response of http.client, as far as it looks at it."""

    def __init__(self, headers: Any) -> None:
        self.msg = headers

    def isclosed(self) -> bool:
        return True

    def close(self) -> None:
        pass


def _plain_headers(headers: Any) -> Iterator[tuple[str, str]]:
    """Yield a request's headers as text: requests takes bytes, too, and passes them on."""
    for name, value in headers.items():
        yield _str(name), _str(value)


def _str(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _body(body: Any) -> bytes:
    """Return a request's body; a stream is read, as sending it would."""
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes | bytearray):
        return bytes(body)
    read = getattr(body, "read", None)
    parts = [read()] if callable(read) else body
    return b"".join(part.encode() if isinstance(part, str) else part for part in parts)
