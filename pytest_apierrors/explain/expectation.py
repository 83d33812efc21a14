"""What a test says about a response, held against its verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_apierrors.catalog.compile import spell
from pytest_apierrors.explain.advice import decide, edit_command, new_entry, show_command
from pytest_apierrors.explain.headlines import (
    code_text,
    is_open,
    named,
    printable,
    sentence,
    titled,
)
from pytest_apierrors.explain.message import Subject, message

if TYPE_CHECKING:
    from pytest_apierrors.catalog.model import Catalog, DocumentedError
    from pytest_apierrors.check.verdict import Verdict
    from pytest_apierrors.response import Response


Unmet = tuple[str, str | None]
"""What is not met, and what the test should say if the response is right."""


def explain_expectation(  # noqa: PLR0913 - what a test may say
    verdict: Verdict,
    response: Response,
    catalog: Catalog,
    *,
    code: int | str | None = None,
    status: int | None = None,
    category: str | None = None,
    retryable: bool | None = None,
) -> list[str]:
    """
    Return the message for a response that is not what a test says it is.

    Its first line names what is not met; where all is met, it is that of the response itself.
    """
    about = Subject(printable(verdict, response), response, catalog)
    wanted = None if code is None else entry_of(code, catalog)
    unmet = (
        _not_an_error(verdict)
        or _other_code(verdict, about, code, wanted)
        or _other_status(response, status)
        or _other_category(verdict, category)
        or _other_retry(verdict, retryable)
    )
    words, right = unmet or (sentence(about.verdict), None)
    facts = [("expected", text) for text in (_expected(code, wanted, catalog),) if text]
    return message(
        f"{verdict.provider} {response.status}: {words}",
        about,
        facts=facts,
        advice=_steps(about, wanted, right),
    )


def entry_of(code: int | str, catalog: Catalog) -> DocumentedError | None:
    """Return the entry that a test names by its key or its code, in any spelling of the code."""
    spellings = spellings_of(code, catalog)
    if str(code) in catalog.errors:
        return catalog.errors[str(code)]
    return next((one for one in catalog.errors.values() if one.code in spellings), None)


def spellings_of(code: int | str, catalog: Catalog) -> set[str]:
    """Return a code as given and as each of the provider's envelopes spells it."""
    rules = [envelope.code for envelope in catalog.envelopes.values() if envelope.code is not None]
    spelled = {spell(code, rule) for rule in rules}
    return {str(code), *(one for one in spelled if one is not None)}


def _not_an_error(verdict: Verdict) -> Unmet | None:
    if verdict.is_error:
        return None
    found = "undecided whether it is an error" if is_open(verdict) else "not an error"
    return f"{found}, and the test expects one", None


def _other_code(
    verdict: Verdict, about: Subject, code: int | str | None, wanted: DocumentedError | None
) -> Unmet | None:
    """Compare the code as it came; `about` has it as it can be shown."""
    if code is None:
        return None
    entry = verdict.entry
    if entry is not None and entry is wanted and (verdict.code is None or entry.key == str(code)):
        return None
    if verdict.code is not None and verdict.code in spellings_of(code, about.catalog):
        return None
    found = f"documented error {named(entry)}" if verdict.outcome == "documented" and entry else ""
    words = f"{found or sentence(about.verdict)}, not {code_text(str(code))} as the test says"
    if entry is None:
        return words, None
    return words, f"assert_error(response, {_literal(entry.key)})"


def _literal(key: str) -> str:
    """Return a key as a test writes it."""
    number = key.isascii() and key.isdigit() and not key.startswith("0")
    return key if number else f'"{key}"'


def _other_status(response: Response, status: int | None) -> Unmet | None:
    if status is None or status == response.status:
        return None
    words = f"status {response.status}, not {status} as the test says"
    return words, f"assert_error(..., status={response.status})"


def _other_category(verdict: Verdict, category: str | None) -> Unmet | None:
    found = verdict.category
    if category is None or category == found:
        return None
    told = "no category" if found is None else f"category {found}"
    words = f"{told}, not {code_text(category)} as the test says"
    return words, None if found is None else f'assert_error(..., category="{found}")'


def _other_retry(verdict: Verdict, retryable: bool | None) -> Unmet | None:
    documented = None if verdict.entry is None else verdict.entry.retryable
    if retryable is None or documented is retryable:
        return None
    said = "retryable" if retryable else "not retryable"
    if documented is None:
        words = f"no source says whether it is retryable, and the test says that it is {said}"
        return words, "leave out retryable="
    found = "retryable" if documented else "not retryable"
    words = f"documented as {found}, and the test says {said}"
    return words, f"assert_error(..., retryable={documented})"


def _expected(
    code: int | str | None, wanted: DocumentedError | None, catalog: Catalog
) -> str | None:
    if code is None:
        return None
    if wanted is not None:
        return titled(wanted)
    from pytest_apierrors.catalog.subset import suggestion  # noqa: PLC0415 - only for a mistake

    known = tuple(one.code for one in catalog.errors.values() if isinstance(one.code, str))
    hint = suggestion(code, (*known, *catalog.errors))
    return f"{code_text(str(code))}, which {catalog.name} does not document{hint}"


def _steps(
    subject: Subject, wanted: DocumentedError | None, right: str | None
) -> list[tuple[str, str]]:
    verdict, response, catalog = subject
    entry = wanted or verdict.entry
    steps = [] if right is None else [("test is wrong?", right)]
    if is_open(verdict):
        steps.append(decide(catalog))
    steps.append(("fixture is wrong?", show_command(catalog, None if entry is None else entry.key)))
    if verdict.outcome == "undocumented":
        added = edit_command(catalog, new_entry(verdict, response.status))
        steps.append(("a new error of the provider?", added))
    return steps
