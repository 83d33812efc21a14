"""A JSON object being read: takes members one by one and notes every problem with its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_apierrors.catalog import subset
from pytest_apierrors.catalog.subset import step, suggestion
from pytest_apierrors.inert import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = {
    dict: "an object",
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    type(None): "null",
}


def json_name(value: object) -> str:
    """Name the JSON type of a value in words."""
    return _NAMES.get(type(value), type(value).__name__)


_POINTER = re.compile(r"(?:/(?:[^~/]|~[01])*+)++")


class Node:
    """One object of a catalog file; `problems` is shared by the whole file."""

    def __init__(self, value: Any, place: str, problems: list[subset.Problem]) -> None:
        self.place = place
        self.problems = problems
        if not isinstance(value, dict):
            self.problem(f"an object is needed; found {json_name(value)}")
            self.problems = []  # what follows from this is not worth telling
            value = {}
        self.value: dict[str, Any] = value
        self._taken: set[str] = set()

    def problem(self, reason: str, key: str | None = None) -> None:
        """Note a problem of this object, or of one member."""
        self.problems.append((self.place if key is None else step(self.place, key), reason))

    def done(self) -> None:
        """Note the members that nobody asked for."""
        for key in self.value:
            if key not in self._taken:
                self.problem(f'unknown key "{key}"{suggestion(key, tuple(self._taken))}')

    def take(self, key: str, *types: type, required: bool = False) -> Any:
        """Return a member of one of the types, or None with the problem noted."""
        self._taken.add(key)
        if key not in self.value:
            if required:
                self.problem(f'"{key}" is missing')
            return None
        value = self.value[key]
        if type(value) in types or not types:
            return value
        wanted = " or ".join(_NAMES[kind] for kind in types)
        self.problem(f"{wanted} is needed; found {json_name(value)}", key)
        return None

    def text(self, key: str, *, required: bool = False) -> str | None:
        """Return a non-empty text."""
        value: str | None = self.take(key, str, required=required)
        if value is not None and not value.strip():
            self.problem("a text that is not empty is needed", key)
        return value

    def choice(self, key: str, words: tuple[str, ...], default: str | None = None) -> Any:
        """Return one of the words; without a default it is required."""
        value = self.take(key, str, required=default is None)
        if value is None:
            return default if default is not None else words[0]
        if value not in words:
            known = ", ".join(words)
            self.problem(f'"{value}" is none of {known}{suggestion(value, words)}', key)
            return words[0]
        return value

    def node(self, key: str, *, required: bool = False) -> Node | None:
        """Return a member that is an object."""
        value = self.take(key, dict, required=required)
        return None if value is None else Node(value, step(self.place, key), self.problems)

    def nodes(self, key: str) -> Iterator[tuple[str, Node]]:
        """Yield the members of a map of objects."""
        for name, value in (self.take(key, dict) or {}).items():
            yield name, Node(value, step(step(self.place, key), name), self.problems)

    def items(self, key: str) -> Iterator[Node]:
        """Yield the elements of a list of objects."""
        for number, value in enumerate(self.take(key, list) or ()):
            yield Node(value, f"{step(self.place, key)}[{number}]", self.problems)

    def schema(self, key: str, *, required: bool = False) -> dict[str, Any] | None:
        """Return a schema of the closed subset."""
        value: dict[str, Any] | None = self.take(key, dict, required=required)
        if value is not None:
            self.problems += subset.problems(value, step(self.place, key))
        return value

    def pointer(self, key: str, *, required: bool = False) -> tuple[str, ...] | None:
        """Return a JSON Pointer as its parts."""
        value = self.take(key, str, required=required)
        return None if value is None else self.parts(value, key)

    def parts(self, text: str, key: str, *, whole: bool = False) -> tuple[str, ...]:
        """Split a JSON Pointer (RFC 6901); `whole`: it may be empty and name the body itself."""
        if whole and not text:
            return ()
        if not _POINTER.fullmatch(text):
            self.problem(
                f'{one_line(text, 60)} is no JSON Pointer: it starts with "/", and "~" is "~0"', key
            )
        parts = text[1:].split("/")
        if len(parts) > subset.MAX_DEPTH:
            self.problem(f"a pointer leads more than {subset.MAX_DEPTH} levels deep", key)
        return tuple(part.replace("~1", "/").replace("~0", "~") for part in parts)

    def statuses(self, key: str, *, required: bool = False) -> tuple[int, ...]:
        """Return HTTP statuses; `4xx` names a whole class."""
        value = self.take(key, list, required=required)
        found: list[int] = []
        for one in value or ():
            if type(one) is int and 100 <= one <= 599:
                found.append(one)
            elif isinstance(one, str) and len(one) == 3 and one[0] in "12345" and one[1:] == "xx":
                found += range(int(one[0]) * 100, int(one[0]) * 100 + 100)
            else:
                self.problem(
                    f'a status is a number from 100 to 599, or like "4xx"; '
                    f"found {one_line(one, 40)}",
                    key,
                )
        if value == []:
            self.problem("at least one status is needed", key)
        return tuple(dict.fromkeys(found))
