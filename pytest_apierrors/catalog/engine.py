"""The JSON Schema engine: jsonschema-rs in use, jsonschema where it has no wheel."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from pytest_apierrors.catalog.formats import CHECKS
from pytest_apierrors.catalog.patterns import searcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_apierrors.catalog.model import Schema


class Validator(Protocol):
    """Tells whether a value fits one schema."""

    def is_valid(self, instance: Any) -> bool:
        """Return True where the value fits."""
        ...


def compile_schema(schema: Schema) -> Validator:
    """
    Compile a schema of the closed subset.

    Nothing is fetched and patterns run in linear time. Values must have passed the depth limit
    of `strictjson`: the engine recurses.
    """
    try:
        import jsonschema_rs  # noqa: PLC0415 - 27 ms that a start of pytest does not pay
    except ImportError:
        return reference_validator(schema)
    validator: Validator = jsonschema_rs.Draft202012Validator(
        schema,
        validate_formats=True,
        formats=CHECKS,
        offline=True,
        pattern_options=jsonschema_rs.RegexOptions(),
        mask="[value]",
    )
    return validator


def reference_validator(schema: Schema) -> Validator:
    """Compile with `jsonschema`, with our meaning of patterns and without any fetching."""
    from jsonschema import Draft202012Validator, FormatChecker  # noqa: PLC0415 - 80 ms
    from jsonschema.exceptions import ValidationError  # noqa: PLC0415
    from jsonschema.validators import extend  # noqa: PLC0415
    from referencing import Registry  # noqa: PLC0415

    def pattern(_: Any, wanted: str, instance: Any, __: Any) -> Iterator[ValidationError]:
        if isinstance(instance, str) and not searcher(wanted)(instance):
            yield ValidationError("does not match")

    untyped: Any = extend  # its stub has no signature
    strict = untyped(Draft202012Validator, {"pattern": pattern})
    formats = FormatChecker(formats=())
    for name, fits in CHECKS.items():
        formats.checkers[name] = (partial(_fits, fits), ())
    validator: Validator = strict(schema, format_checker=formats, registry=Registry())
    return validator


def _fits(check: Callable[[str], bool], value: object) -> bool:
    return not isinstance(value, str) or check(value)
