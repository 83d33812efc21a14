"""One HTTP response, normalised: the value that the whole engine understands."""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003 - those who generate values look it up
from typing import TYPE_CHECKING, Any

import msgspec

from pytest_apierrors.credentials import secrets_in_url
from pytest_apierrors.redact import scrub, scrub_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class Headers:
    """
    Response headers, case-insensitive and with repeated names kept.

    Built from `(name, value)` pairs, in wire order.
    """

    __slots__ = ("pairs",)

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self.pairs: tuple[tuple[str, str], ...] = tuple(pairs)

    @classmethod
    def of(cls, headers: Mapping[str, str | Iterable[str]]) -> Headers:
        """Build from a mapping whose values are a string or several strings."""
        pairs: list[tuple[str, str]] = []
        for name, value in headers.items():
            values = [value] if isinstance(value, str) else value
            pairs += [(name, one) for one in values]
        return cls(pairs)

    def get(self, name: str) -> str | None:
        """Return the first value of a header, or None."""
        # Few headers are ever asked for: to look through the pairs is quicker than a table of all.
        name = name.lower()
        length = len(name)
        for key, value in self.pairs:
            if len(key) == length and key.lower() == name:
                return value
        return None

    def get_all(self, name: str) -> list[str]:
        """Return every value of a header, in order."""
        name = name.lower()
        length = len(name)
        return [value for key, value in self.pairs if len(key) == length and key.lower() == name]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Iterate over the pairs."""
        return iter(self.pairs)

    def __eq__(self, other: object) -> bool:
        """Compare the pairs."""
        return isinstance(other, Headers) and self.pairs == other.pairs

    def __hash__(self) -> int:
        """Hash the pairs."""
        return hash(self.pairs)

    def __repr__(self) -> str:
        """Show the names only: values may be secret."""
        return f"Headers({', '.join(name for name, _ in self.pairs)})"


class Origin(msgspec.Struct, frozen=True):
    """Where a response was found: a file, its place in it (from 0) and the line (from 1)."""

    file: str
    index: int
    line: int | None = None


class Response(msgspec.Struct, frozen=True, eq=False):
    """
    One HTTP response.

    `body` is what came (still coded with gzip or already decoded: the bytes tell).
    `headers` is None where nothing is known of them, so that no header rule can be broken.
    `altered` says what a recorder did to the body that cannot be undone. `secrets` returns the
    literal credentials of the request, which no output may show; it is only called to print.
    `lost` says that `body` is not what came, so that no rule about bodies can be broken.
    `declared` marks the example of a specification or contract: no server ever sent it, and
    headers that it leaves out are not missing.
    """

    status: int
    body: bytes = b""
    headers: Headers | None = None
    method: str | None = None
    url: str | None = None
    origin: Origin | None = None
    altered: str | None = None
    secrets: Callable[[], frozenset[str]] | None = None
    lost: bool = False
    declared: bool = False

    def _facts(self) -> tuple[object, ...]:
        """Return everything but what brings the credentials."""
        told = (self.method, self.url, self.origin, self.altered)
        return (self.status, self.body, self.headers, *told, self.lost, self.declared)

    def __eq__(self, other: object) -> bool:
        """Compare everything but the credentials."""
        return isinstance(other, Response) and self._facts() == other._facts()

    def __hash__(self) -> int:
        """Hash what is compared."""
        return hash(self._facts())

    def __repr__(self) -> str:
        """Show what is compared, without what no output may show."""
        names = [name for name in self.__struct_fields__ if name != "secrets"]
        facts = zip(names, self._facts(), strict=True)
        shown = ", ".join(f"{name}={fact!r}" for name, fact in facts)
        return f"Response({self.scrubbed(shown)})"

    def header(self, name: str) -> str | None:
        """Return the first value of a header, or None."""
        return None if self.headers is None else self.headers.get(name)

    def credentials(self) -> frozenset[str]:
        """Return the request's credentials, those that its URL holds among them."""
        in_url = frozenset[str]() if self.url is None else secrets_in_url(self.url)
        if self.secrets is None:
            return in_url
        return self.secrets() | in_url if in_url else self.secrets()

    def scrubbed(self, text: str) -> str:
        """Return a text without the request's credentials; to be asked before it is cut."""
        return scrub(text, self.credentials())

    def cleaned(self, value: Any) -> Any:
        """Return a JSON value without the request's credentials."""
        return scrub_json(value, self.credentials())
