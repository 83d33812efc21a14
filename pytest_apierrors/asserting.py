"""What `assert_error` decides: is this verdict the documented error that was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, overload

from msgspec.structs import replace

from pytest_apierrors.adapters import as_response
from pytest_apierrors.attribution import host_of
from pytest_apierrors.catalog.compile import spell
from pytest_apierrors.catalog.entries import CATEGORIES
from pytest_apierrors.catalog.subset import suggestion
from pytest_apierrors.errors import ErrorMismatch, UsageProblem
from pytest_apierrors.explain import explain, explain_expectation
from pytest_apierrors.explain.headlines import by_severity, finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pytest_apierrors.adapters import HeaderValues
    from pytest_apierrors.attribution import Attribution
    from pytest_apierrors.catalog.model import Catalog, DocumentedError
    from pytest_apierrors.check.verdict import Verdict, Violation
    from pytest_apierrors.response import Response

_BODIES = (bytes, bytearray, memoryview, str, dict, list, type(None))
_UNASKED_ROLES = ("state", "success")


class AssertError(Protocol):
    """
    The type of the fixture `assert_error`: holds a response against the catalog, and the call.

    `response` is that of any client, an exception that carries one, or a body with its `status`
    and `headers`. What else is given has to be so: the error's `code`, the `status`, the
    `category`, whether trying again may help. Returns the documented error; None for an
    undocumented one, or an intermediary's answer, that was asked for by code or status. Raises
    ErrorMismatch for every other response, pytest.UsageError for what cannot be asked.
    """

    @overload
    def __call__(
        self,
        response: object,
        *,
        headers: HeaderValues | None = None,
        category: str | None = None,
        retryable: bool | None = None,
        provider: str | None = None,
    ) -> DocumentedError: ...

    @overload
    def __call__(
        self,
        response: object,
        code: int | str | None = None,
        *,
        status: int | None = None,
        headers: HeaderValues | None = None,
        category: str | None = None,
        retryable: bool | None = None,
        provider: str | None = None,
    ) -> DocumentedError | None: ...


class CatalogOf(Protocol):
    """The type of the fixture `apierrors_catalog`."""

    def __call__(self, provider: str | None = None) -> Catalog:
        """Return the catalog of this provider, or else of the one that the test is about."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a test asked for; None asks nothing."""

    code: int | str | None = None
    status: int | None = None
    category: str | None = None
    retryable: bool | None = None

    def __post_init__(self) -> None:
        """Refuse values that no response could ever be equal to."""
        for name, value, types, needed in (
            ("code", self.code, (int, str), "an int or a str"),
            ("status", self.status, (int,), "an int"),
            ("category", self.category, (str,), "a str"),
            ("retryable", self.retryable, (bool,), "True or False"),
        ):
            wrong = isinstance(value, bool) and bool not in types
            if value is not None and (wrong or not isinstance(value, types)):
                raise UsageProblem(f"assert_error: {name} is {needed}; found {value!r}")
        if self.category is not None and self.category not in CATEGORIES:
            hint = suggestion(self.category, CATEGORIES)
            raise UsageProblem(f'assert_error: no category "{self.category}"{hint}')


def given(
    obj: object,
    status: int | None,
    headers: HeaderValues | None,
    extra: Sequence[Callable[[object], Response | None]] = (),
) -> tuple[Response, int | None]:
    """
    Return the response that a test gave, and the status that it asked for.

    With a bare body, the status belongs to the response and asks for nothing.
    """
    if isinstance(obj, _BODIES):
        return as_response(obj, status=status, headers=headers, extra=extra), None
    return as_response(obj, headers=headers, extra=extra), status


def catalog_for(response: Response, attribution: Attribution) -> Catalog:
    """Return the catalog that a response belongs to. Raises UsageProblem where that is open."""
    catalogs = attribution.catalogs
    try:
        catalog = attribution.catalog_for(response)
    except UsageProblem:
        catalog = None
    if catalog is None:
        host = host_of(response.url) or "(unknown)"
        names = ", ".join(one.name for one in catalogs)
        raise UsageProblem(
            f"assert_error: the host {host} belongs to none of the chosen providers ({names}); "
            "say which one with provider=..."
        )
    return catalog


def hold(
    verdict: Verdict, response: Response, catalog: Catalog, asked: Asked
) -> DocumentedError | None:
    """
    Return the documented error that a response is, if it is the one asked for.

    None stands for an undocumented error or an intermediary that was asked for by its code or
    status. Raises ErrorMismatch for everything else.
    """
    __tracebackhide__ = True
    codes = _spellings(asked.code, catalog)
    acceptable = _acceptable(verdict, response, asked, codes)
    lines: list[str] = []
    if any(_differences(verdict, response, asked, codes)) or not (verdict.is_error or acceptable):
        lines = explain_expectation(
            verdict,
            response,
            catalog,
            code=asked.code,
            status=asked.status,
            category=asked.category,
            retryable=asked.retryable,
        )
    elif acceptable and all(_forgiven(violation, verdict) for violation in verdict.errors):
        return verdict.entry
    raise ErrorMismatch("\n".join(lines or explain(verdict, response, catalog)), verdict)


def remarks(verdict: Verdict, status: int) -> Iterator[tuple[str, str]]:
    """Yield warnings and notes in words, each with a key that equal ones share."""
    entry = None if verdict.entry is None else verdict.entry.key
    for violation in by_severity(verdict.violations):
        if violation.severity != "error":
            rule, severity, where, documented, _ = violation
            key = f"{severity} {rule} {status} {entry or ''} {where} {documented}"
            yield key, finding(verdict.provider, status, entry, violation)


def forgiven(verdict: Verdict) -> Verdict:
    """Return a verdict that a test asked for: what is left of it is worth no more than a note."""
    if not verdict.errors:
        return verdict
    notes = (one._replace(severity="note") for one in verdict.violations)
    return replace(verdict, violations=tuple(notes))


def _acceptable(verdict: Verdict, response: Response, asked: Asked, codes: set[str]) -> bool:
    """Whether the outcome is one that the test can have meant."""
    if verdict.outcome == "not-an-error":
        entry = verdict.entry
        return entry is not None and entry.role in _UNASKED_ROLES and bool(codes)
    if verdict.outcome == "intermediary":
        return asked.status == response.status
    if verdict.outcome == "undocumented":
        if verdict.code is not None:
            return verdict.code in codes
        return asked.status == response.status
    return True


def _forgiven(violation: Violation, verdict: Verdict) -> bool:
    """Whether a violation says no more than the outcome, which was asked for."""
    if verdict.outcome == "intermediary":
        return violation.rule == "intermediary-response"
    if verdict.outcome == "undocumented":
        rule = "status-undocumented" if verdict.code is None else "code-undocumented"
        return violation.rule == rule
    return False


def _differences(
    verdict: Verdict, response: Response, asked: Asked, codes: set[str]
) -> Iterator[bool]:
    entry = verdict.entry
    if codes:
        names = () if entry is None else (entry.code, entry.key)
        yield not codes.intersection(one for one in (verdict.code, *names) if isinstance(one, str))
    if asked.status is not None:
        yield asked.status != response.status
    if asked.category is not None:
        yield asked.category != verdict.category
    if asked.retryable is not None:
        yield entry is None or entry.retryable is not asked.retryable


def _spellings(code: int | str | None, catalog: Catalog) -> set[str]:
    """Return a code as each envelope of the provider spells it; an entry's key is one, too."""
    if code is None:
        return set()
    rules = [one.code for one in catalog.envelopes.values() if one.code is not None]
    spelled = {spell(code, rule) for rule in rules} - {None}
    if str(code) in catalog.errors:
        spelled.add(str(code))
    if spelled:
        return {one for one in spelled if one is not None}
    if rules:
        raise UsageProblem(f"assert_error: {code!r} is no error code of {catalog.name}")
    if any(isinstance(entry.code, str) for entry in catalog.errors.values()):
        raise UsageProblem(f"assert_error: {catalog.name} documents no code {code!r}")
    raise UsageProblem(
        f"assert_error: the catalog {catalog.name} has no codes; ask for the status instead"
    )
