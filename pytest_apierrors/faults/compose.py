"""Bodies made from what a catalog knows: an entry's own example, or its envelope filled in."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_apierrors.catalog.compile import ABSENT, compiled, identify, resolve
from pytest_apierrors.catalog.model import Unknown
from pytest_apierrors.check.retry import delay

if TYPE_CHECKING:
    from pytest_apierrors.catalog.model import Catalog, DocumentedError, Envelope, Schema
    from pytest_apierrors.faults.model import Carried

Pairs = tuple[tuple[str, str], ...]
JSON_TYPE = "application/json"
FALLBACK_STATUS = 400
"""The status of an error whose status no source names."""


class Composed(NamedTuple):
    """One error of a catalog, ready to be sent; `envelope` None where no source names a shape."""

    entry: DocumentedError
    envelope: Envelope | None
    status: int
    headers: Pairs
    body: Any
    alone: Envelope | None = None
    """Where the body lists errors, the envelope of the first."""

    @property
    def told(self) -> tuple[Envelope | None, tuple[str, ...]]:
        """The envelope that holds code and message, and where in the body it stands."""
        if self.envelope is None or self.envelope.each is None:
            return self.envelope, ()
        return self.alone, (*self.envelope.each, "0")

    @property
    def data(self) -> bytes:
        """The body as bytes."""
        return encoded(self.body)

    @property
    def carries(self) -> dict[Carried, Any]:
        """Return what a client can know from it."""
        carried: dict[Carried, Any] = {"status": self.status}
        envelope, place = self.told
        error = resolve(self.body, place)
        if envelope is not None:
            code = ABSENT
            if envelope.code is not None:
                code = resolve(error, envelope.code.pointer)
            if code is not ABSENT:
                carried["code"] = code
            if envelope.message is not None:
                message = resolve(error, envelope.message)
                if isinstance(message, str):
                    carried["message"] = message
        for name, value in self.headers:
            if name.lower() == "retry-after":
                carried["retry_after"] = delay(value, None)
        return carried


def encoded(body: Any) -> bytes:
    """Return a JSON body as bytes, as a server writes it."""
    return _WRITTEN(body).encode()


_WRITTEN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def composed(catalog: Catalog) -> list[Composed]:
    """Return every documented error of which a body can be made from sourced facts."""
    made = (compose(entry, catalog) for entry in catalog.errors.values() if entry.role == "error")
    return [one for one in made if one is not None]


def compose(entry: DocumentedError, catalog: Catalog) -> Composed | None:
    """Return one documented error as a response; None where no source says what its body is."""
    status = status_of(entry, catalog)
    if entry.example is not None:
        body = copy.deepcopy(entry.example.body)
        envelope = identify(catalog, body)
        headers = {"Content-Type": _media_type(envelope), **dict(entry.example.headers)}
        alone = None
        if envelope is not None and envelope.each is not None:
            alone = identify(catalog, resolve(body, (*envelope.each, "0")), alone=True)
        return Composed(entry, envelope, status, _headers(headers, entry), body, alone)
    if not catalog.envelopes:
        if catalog.error.undecided is not None:
            return None
        body = {"message": entry.name or f"error {status}"}
        return Composed(entry, None, status, _headers({"Content-Type": JSON_TYPE}, entry), body)
    if not isinstance(entry.code, str):
        return None
    envelope = next(
        (e for e in catalog.envelopes.values() if e.code and e.space == entry.space), None
    )
    if envelope is None or envelope.code is None:
        return None
    body = _filled(compiled(catalog).schema(envelope, entry))
    _put(body, envelope.code.pointer, _wire_code(entry.code, envelope))
    if envelope.message is not None:
        text = entry.message.text if entry.message else entry.description or entry.key
        _put(body, envelope.message, text)
    headers = {"Content-Type": _media_type(envelope)}
    return Composed(entry, envelope, status, _headers(headers, entry), body)


def status_of(entry: DocumentedError, catalog: Catalog) -> int:
    """Return the status that an entry is sent with."""
    if not isinstance(entry.statuses, Unknown):
        return entry.statuses[0]
    claimed = [status for status in entry.live("status") if isinstance(status, int)]
    known = sorted(s for s in compiled(catalog).by_status if s in catalog.error.statuses)
    return next(iter([*claimed, *known]), FALLBACK_STATUS)


def _media_type(envelope: Envelope | None) -> str:
    return envelope.media_types[0] if envelope is not None and envelope.media_types else JSON_TYPE


def _headers(given: dict[str, str], entry: DocumentedError) -> Pairs:
    """Return the headers, with what the entry says must be there."""
    names = {name.lower() for name in given}
    for header in entry.headers:
        if header.level == "must" and header.name.lower() not in names:
            given[header.name] = SAMPLES.get(header.name.lower(), "1")
    return tuple(given.items())


SAMPLES = {
    "retry-after": "1",
    "www-authenticate": 'Bearer realm="api"',
    "proxy-authenticate": 'Basic realm="proxy"',
    "allow": "GET, POST",
}
"""Header values for what a source says must be there."""


def _wire_code(code: str, envelope: Envelope) -> Any:
    """Return a code as the envelope's schema wants it: a number where it says integer."""
    if envelope.code is None:
        return code
    schema: Any = envelope.schema
    for part in envelope.code.pointer:
        schema = schema.get("properties", {}).get(part, {}) if isinstance(schema, dict) else {}
    types = schema.get("type", "string") if isinstance(schema, dict) else "string"
    names = [types] if isinstance(types, str) else types
    digits = code.removeprefix("-").isdigit()
    return int(code) if digits and "integer" in names else code


def _filled(schema: Schema) -> Any:
    """Return the smallest value that has everything a schema requires."""
    if "const" in schema:
        return copy.deepcopy(schema["const"])
    if "enum" in schema:
        return copy.deepcopy(schema["enum"][0])
    types = schema.get("type", "object")
    kind = types if isinstance(types, str) else types[0]
    if kind == "object":
        properties = schema.get("properties", {})
        return {name: _filled(properties.get(name, {})) for name in schema.get("required", ())}
    if kind == "array":
        return [_filled(schema.get("items", {"type": "string"}))] * int(schema.get("minItems", 0))
    if kind in ("integer", "number"):
        return max(0, int(schema.get("minimum", 0)))
    return {"string": "x" * int(schema.get("minLength", 1)), "boolean": False}.get(kind)


def _put(body: Any, pointer: tuple[str, ...], value: Any) -> None:
    for part in pointer[:-1]:
        body = body.setdefault(part, {})
    body[pointer[-1]] = value
