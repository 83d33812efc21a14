"""The responses that an OpenAPI document declares, each of its examples by itself."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pytest_apierrors.recordings import parts
from pytest_apierrors.recordings.declared import declared_bytes
from pytest_apierrors.recordings.document import Document, document
from pytest_apierrors.recordings.exchanges import mapping, maybe_mapping
from pytest_apierrors.recordings.openapi_refs import Refs
from pytest_apierrors.recordings.reader import Source, Unreadable
from pytest_apierrors.response import Headers, Origin, Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_apierrors.errors import RecordingError

NO_EXAMPLE: Final = "no example of the body is declared"
_METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_STATUS = re.compile(r"[1-9][0-9]{2}")
_OTHER = re.compile(r"default|[1-5][Xx]{2}|x-.*", re.DOTALL)
_JSON: Final = "application/json"


class _Declared(NamedTuple):
    """One body that is declared, with its media type; `line` is where it stands."""

    media: str | None
    value: Any
    line: int | None
    known: bool = True


class _Operation(NamedTuple):
    """Where a response is declared."""

    method: str
    url: str
    responses: dict[str, Any]


def read(source: Source) -> Iterator[Response | RecordingError]:
    """Yield a response for each example, and for each status that is declared without one."""
    reading = _Reading(source, document(source))
    for operation in reading.operations():
        if isinstance(operation, Unreadable):
            yield reading.problem(operation)
            continue
        for status, declared in operation.responses.items():
            # "default" and "4XX" are no statuses, and what no example of them says is not guessed
            if _STATUS.fullmatch(str(status)):
                yield from reading.responses(operation, str(status), declared)
            elif not _OTHER.fullmatch(str(status)):
                yield reading.no_status(operation, status, declared)


class _Reading:
    """One document: its references, how much of it was written out, and the count of examples."""

    def __init__(self, source: Source, found: Document) -> None:
        self.source = source
        self.found = found
        self.refs = Refs(found.top)
        self.written = 0
        self.indexes = count()

    def problem(self, problem: Unreadable, line: int | None = None) -> RecordingError:
        """Name what could not be read, with a number among the examples."""
        return self.source.problem(problem.reason, next(self.indexes), problem.line or line)

    def no_status(self, operation: _Operation, key: Any, declared: Any) -> RecordingError:
        """Say that a response stands under a key that is no status."""
        where = f"{operation.method} {parts.shown(operation.url, 200)}"
        wanted = 'a status, 4XX or "default" is needed'
        reason = f"responses of {where} have {parts.shown(key)}: {wanted}"
        return self.problem(Unreadable(reason, self.found.line(declared)))

    def operations(self) -> Iterator[_Operation | Unreadable]:
        """Yield the operations of the document."""
        base = _base(self.found.top)
        paths = maybe_mapping("paths", self.found.top.get("paths"))
        for path, item in paths.items():
            try:
                members = mapping(f"path {parts.shown(path)}", self.refs.resolved(item))
            except Unreadable as problem:
                yield problem
                continue
            for method in _METHODS:
                if method in members:
                    yield self._operation(method, f"{base}{path}", members[method])

    def _operation(self, method: str, url: str, operation: Any) -> _Operation | Unreadable:
        where = f"{method.upper()} {parts.shown(url, 200)}"
        try:
            held = mapping(where, operation)
            responses = maybe_mapping(f"responses of {where}", held.get("responses"))
        except Unreadable as problem:
            return Unreadable(problem.reason, self.found.line(operation))
        return _Operation(method.upper(), url, responses)

    def responses(
        self, operation: _Operation, status: str, declared: Any
    ) -> Iterator[Response | RecordingError]:
        """Yield the examples of one response."""
        line = self.found.line(declared)
        try:
            response = mapping(f"response {status}", self.refs.resolved(declared))
            line = self.found.line(response) or line
            bodies = list(self._bodies(response))
            pairs = list(self._headers(response))
        except Unreadable as problem:
            yield self.problem(problem, line)
            return
        for body in bodies or [_Declared(None, None, line, known=False)]:
            at = body.line or line
            try:
                data = self._bytes(body)
            except Unreadable as problem:
                yield self.problem(problem, at)
                continue
            media = [("Content-Type", body.media)] if body.media else []
            yield Response(
                parts.status(status),
                data,
                Headers([*media, *pairs]),
                operation.method,
                operation.url,
                Origin(self.source.name, next(self.indexes), at),
                None if body.known else NO_EXAMPLE,
                lost=not body.known,
                declared=True,
            )

    def _bodies(self, response: dict[str, Any]) -> Iterator[_Declared]:
        """Yield what is declared of the body: OpenAPI 3 by `content`, Swagger 2 by `examples`."""
        for media, value in maybe_mapping("examples", response.get("examples")).items():
            yield _Declared(media, value, self.found.line(value))
        for media, held in maybe_mapping("content", response.get("content")).items():
            kind = mapping(f"content {parts.shown(media)}", self.refs.resolved(held))
            line = self.found.line(kind)
            examples = list(self._examples(kind))
            if not examples:
                examples = list(self._of_schema(kind.get("schema")))
            for value, at in examples:
                yield _Declared(media, value, at or line)
        if "content" not in response and "examples" not in response:
            for value, at in self._of_schema(response.get("schema")):
                yield _Declared(_JSON, value, at)

    def _examples(self, kind: dict[str, Any]) -> Iterator[tuple[Any, int | None]]:
        """Yield the values of `example` and `examples`; none is fetched."""
        if "example" in kind:
            yield kind["example"], self.found.line(kind["example"])
        for name, held in maybe_mapping("examples", kind.get("examples")).items():
            one = mapping(f"example {parts.shown(name)}", self.refs.resolved(held))
            if "value" in one:
                yield one["value"], self.found.line(one)

    def _of_schema(self, schema: Any) -> Iterator[tuple[Any, int | None]]:
        """Yield the example of a schema as a whole, if it has one."""
        held = self.refs.resolved(schema)
        if not isinstance(held, dict):
            return
        if "example" in held:
            yield held["example"], self.found.line(held)
        elif isinstance(held.get("examples"), list):
            for value in held["examples"]:
                yield value, self.found.line(held)

    def _headers(self, response: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield the headers that have an example."""
        for name, declared in maybe_mapping("headers", response.get("headers")).items():
            header = maybe_mapping(f"header {parts.shown(name)}", self.refs.resolved(declared))
            schema = self.refs.resolved(header.get("schema"))
            for held in (header, schema if isinstance(schema, dict) else {}):
                value = held.get("example")
                if isinstance(value, str | int | float):
                    yield str(name), parts.header_value(str(name), value)
                    break

    def _bytes(self, body: _Declared) -> bytes:
        """Write a body as its media type says, all of them within one limit."""
        if not body.known:
            return b""
        limits = self.source.limits
        data = declared_bytes("example", body.value, body.media or "", limits)
        self.written += len(data)
        if self.written > limits.max_file_bytes:
            raise Unreadable(f"examples are {limits.over('max_file_bytes')}")
        return parts.within(data, limits)


def _base(top: dict[str, Any]) -> str:
    """Return what stands in front of each path: the first server, or the host of Swagger 2."""
    servers = top.get("servers")
    first = servers[0] if isinstance(servers, list) and servers else None
    if isinstance(first, dict) and isinstance(first.get("url"), str):
        url: str = first["url"]
        for name, variable in maybe_mapping("variables", first.get("variables")).items():
            if isinstance(variable, dict):
                url = url.replace(f"{{{name}}}", str(variable.get("default", ""))[:200])
        return url.rstrip("/")
    host = top.get("host")
    if not isinstance(host, str):
        return ""
    schemes, base = top.get("schemes"), top.get("basePath")
    scheme = schemes[0] if isinstance(schemes, list) and schemes else "https"
    return f"{scheme}://{host}{base if isinstance(base, str) else ''}".rstrip("/")
