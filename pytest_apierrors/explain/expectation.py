"""What a test says about a response, held against its verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_apierrors.catalog.compile import spell
from pytest_apierrors.explain.advice import edited_file, shell_word, show_command
from pytest_apierrors.explain.headlines import code_text, headline, named, sentence, titled
from pytest_apierrors.explain.message import Subject, message

if TYPE_CHECKING:
    from pytest_apierrors.catalog.model import Catalog, DocumentedError
    from pytest_apierrors.check.verdict import Verdict
    from pytest_apierrors.response import Response


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
    subject = f"{verdict.provider} {response.status}"
    wanted = None if code is None else entry_of(code, catalog)
    unmet = (
        _not_an_error(verdict)
        or _other_code(verdict, code, wanted, catalog)
        or _other_status(response, status)
        or _other_category(verdict, category)
        or _other_retry(verdict, retryable)
    )
    facts = [("expected", text) for text in (_expected(code, wanted, catalog),) if text]
    return message(
        headline(verdict, response.status) if unmet is None else f"{subject}: {unmet}",
        Subject(verdict, response, catalog),
        facts=facts,
        advice=_advice(verdict, wanted, catalog),
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


def _not_an_error(verdict: Verdict) -> str | None:
    return None if verdict.is_error else "not an error, and the test expects one"


def _other_code(
    verdict: Verdict, code: int | str | None, wanted: DocumentedError | None, catalog: Catalog
) -> str | None:
    if code is None:
        return None
    entry = verdict.entry
    if verdict.code is None and entry is not None and (wanted is entry or entry.key == str(code)):
        return None
    if verdict.code is not None and verdict.code in spellings_of(code, catalog):
        return None
    if entry is not None and wanted is not None and entry.key == wanted.key == str(code):
        return None
    found = f"documented error {named(entry)}" if verdict.outcome == "documented" and entry else ""
    return f"{found or sentence(verdict)}, not {code_text(str(code))} as the test says"


def _other_status(response: Response, status: int | None) -> str | None:
    if status is None or status == response.status:
        return None
    return f"status {response.status}, not {status} as the test says"


def _other_category(verdict: Verdict, category: str | None) -> str | None:
    if category is None or category == verdict.category:
        return None
    found = "no category" if verdict.category is None else f"category {verdict.category}"
    return f"{found}, not {code_text(category)} as the test says"


def _other_retry(verdict: Verdict, retryable: bool | None) -> str | None:
    documented = None if verdict.entry is None else verdict.entry.retryable
    if retryable is None or documented is retryable:
        return None
    said = "retryable" if retryable else "not retryable"
    if documented is None:
        return f"no source says whether it is retryable, and the test says that it is {said}"
    return (
        f"documented as {'retryable' if documented else 'not retryable'}, and the test says {said}"
    )


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


def _advice(
    verdict: Verdict, wanted: DocumentedError | None, catalog: Catalog
) -> list[tuple[str, str]]:
    steps = []
    if verdict.entry is not None and verdict.is_error:
        steps.append(("test is wrong?", f"it is {named(verdict.entry)}"))
    shown = show_command(catalog)
    if wanted is not None:
        shown += f" {shell_word(wanted.key)}"
    steps.append(("fixture is wrong?", shown))
    if verdict.outcome == "undocumented":
        steps.append(("a new error of the provider?", f"add it to {edited_file(catalog)}"))
    return steps
