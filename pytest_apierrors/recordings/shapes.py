"""Exchanges of one shape: a request and a response, side by side; tools differ in the details."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from pytest_apierrors.recordings import exchanges, fields
from pytest_apierrors.recordings.fields import Answer, Body, Call
from pytest_apierrors.recordings.reader import Source, Unreadable
from pytest_apierrors.recordings.sent import Sent
from pytest_apierrors.response import Origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pytest_apierrors.errors import RecordingError
    from pytest_apierrors.response import Headers, Response

Mapping = dict[str, Any]


def status_in(answer: Mapping, name: str = "status") -> Any:
    """Return what stands for the status of a response."""
    if name not in answer:
        raise Unreadable(f"response has no {name}")
    return answer[name]


def headers_in(answer: Mapping, _status: int) -> Headers | None:
    """Return the headers of a response; None would say that nothing is known of them."""
    return fields.headers_of(answer.get("headers"))


def sent_in(request: Mapping) -> Sent:
    """Return what was sent."""
    return Sent(request.get("headers"), request.get("body"))


def same(value: Any) -> Any:
    """Return a value whose names are as they should be."""
    return value


class Shape(msgspec.Struct, frozen=True):
    """
    How one tool writes an exchange.

    `what` is the word for it, `url` the name of the address. The rest takes the mapping of a
    request or a response apart; `named` brings its names into order first.
    """

    what: str
    body: Callable[[Mapping, Source], Body]
    url: str = "uri"
    status: Callable[[Mapping], Any] = status_in
    headers: Callable[[Mapping, int], Headers | None] = headers_in
    sent: Callable[[Mapping], Sent] = sent_in
    named: Callable[[Any], Any] = same

    def responses(
        self, source: Source, items: Iterable[tuple[int, Any]]
    ) -> Iterator[Response | RecordingError]:
        """Turn lines and values into responses."""
        return exchanges.responses(source, items, self.response, self.what)

    def made(
        self, source: Source, index: int, line: int, item: Any
    ) -> Response | RecordingError | None:
        """Turn one value into a response, into what is wrong with it, or into nothing."""
        origin = Origin(source.name, index, line)
        return exchanges.one(source, origin, item, self.response, self.what)

    def response(self, item: Mapping, origin: Origin, source: Source) -> Response | None:
        """Return the response of an exchange, None where the call got none."""
        item = self.named(item)
        if "response" not in item:
            raise Unreadable(f"{self.what} has no response")
        if item["response"] is None:
            return None
        answer = self.named(exchanges.mapping("response", item["response"]))
        status = fields.status_of(self.named(self.status(answer)))
        if status is None:
            return None
        request = self.named(exchanges.mapping("request", item.get("request")))
        method = fields.method_of(request.get("method"))
        call = Call(method, self._url(request, answer), self.sent(request))
        known = Answer(status, self.headers(answer, status), self.body(answer, source))
        return fields.response_of(known, call, origin, source)

    def _url(self, request: Mapping, answer: Mapping) -> str | None:
        """Return the address, that of the answer where the request has none."""
        sent = fields.text_of(self.url, request.get(self.url))
        return sent or fields.text_of("url", answer.get("url"))
