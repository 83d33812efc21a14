"""Which rule a fault must cause, by what its catalog says; None where it may be no violation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_apierrors.catalog.compile import compiled, identify, resolve
from pytest_apierrors.faults.rings import replaced

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_apierrors.check.verdict import Rule
    from pytest_apierrors.faults.compose import Composed
    from pytest_apierrors.faults.subject import Subjects

    Expected = Callable[[Subjects, tuple[Composed, ...]], Rule | None]


def in_envelope(rule: Rule) -> Expected:
    """Return a rule that a catalog without envelopes cannot know."""
    return lambda subjects, _: rule if subjects.catalog.envelopes else None


def unless_listed(rule: Rule, otherwise: Rule | None) -> Expected:
    """Return a rule, and another one where a body that is a list is one of several errors."""

    def asked(subjects: Subjects, _: tuple[Composed, ...]) -> Rule | None:
        envelopes = subjects.catalog.envelopes.values()
        listed = any(one.each == () for one in envelopes)
        return (otherwise if listed else rule) if envelopes else None

    return asked


def without_code(value: Any) -> Expected:
    """Return the rule for a code that is missing (ABSENT) or null, unless a body may be so."""

    def asked(subjects: Subjects, ones: tuple[Composed, ...]) -> Rule | None:
        catalog = subjects.catalog
        for one in ones:
            envelope, place = one.told
            if envelope is None or envelope.code is None:
                continue
            error = resolve(one.body, place)
            body = replaced(error, envelope.code.pointer, value)
            other = identify(catalog, body, alone=bool(place))
            fits = other is not None and compiled(catalog).validator(other, None).is_valid(body)
            if other is not None and other.code is None and fits:
                return None
        return "code-missing"

    return asked


def content_type(subjects: Subjects, ones: tuple[Composed, ...]) -> Rule | None:
    """Return the rule for another media type, where one is known."""
    known = [one for one in ones if one.envelope is not None and one.envelope.media_types]
    return "content-type" if subjects.catalog.envelopes and len(known) == len(ones) else None


def in_success(subjects: Subjects, ones: tuple[Composed, ...]) -> Rule | None:
    """Return the rule for an error under 200, where a body alone can say that it is one."""
    predicate = compiled(subjects.catalog).predicate
    seen = predicate is not None and all(predicate.is_valid(one.body) for one in ones)
    return "error-in-success" if seen and subjects.catalog.envelopes else None
