"""One HTTP response, normalised: the value that the whole engine understands."""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003 - those who generate values look it up
from typing import TYPE_CHECKING

import msgspec

from pytest_apierrors.redact import scrub

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class Headers:
    """
    Response headers, case-insensitive and with repeated names kept.

    Built from `(name, value)` pairs, in wire order.
    """

    __slots__ = ("_lower", "pairs")

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self.pairs: tuple[tuple[str, str], ...] = tuple(pairs)
        self._lower: dict[str, str] | None = None

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
        if self._lower is None:
            lower: dict[str, str] = {}
            for key, value in self.pairs:
                lower.setdefault(key.lower(), value)
            self._lower = lower
        return self._lower.get(name.lower())

    def get_all(self, name: str) -> list[str]:
        """Return every value of a header, in order."""
        name = name.lower()
        return [value for key, value in self.pairs if key.lower() == name]

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
    """

    status: int
    body: bytes = b""
    headers: Headers | None = None
    method: str | None = None
    url: str | None = None
    origin: Origin | None = None
    altered: str | None = None
    secrets: Callable[[], frozenset[str]] | None = None

    def _facts(self) -> tuple[object, ...]:
        """Return everything but what brings the credentials."""
        headers, origin = self.headers, self.origin
        return self.status, self.body, headers, self.method, self.url, origin, self.altered

    def __eq__(self, other: object) -> bool:
        """Compare everything but the credentials."""
        return isinstance(other, Response) and self._facts() == other._facts()

    def __hash__(self) -> int:
        """Hash what is compared."""
        return hash(self._facts())

    def __repr__(self) -> str:
        """Show what is compared."""
        facts = zip(self.__struct_fields__, self._facts(), strict=False)
        return f"Response({', '.join(f'{name}={fact!r}' for name, fact in facts)})"

    def header(self, name: str) -> str | None:
        """Return the first value of a header, or None."""
        return None if self.headers is None else self.headers.get(name)

    def scrubbed(self, text: str) -> str:
        """Return a text without the request's credentials."""
        return text if self.secrets is None else scrub(text, self.secrets())
