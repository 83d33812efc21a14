"""`answer`: one documented error as the answer to every request, for ordinary tests."""

from __future__ import annotations

import inspect
import sys
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from pytest_apierrors.attribution import Attribution
from pytest_apierrors.catalog.compile import compiled, spell
from pytest_apierrors.catalog.find import Catalogs, load_file
from pytest_apierrors.catalog.model import Catalog
from pytest_apierrors.catalog.subset import suggestion
from pytest_apierrors.errors import CatalogError, UsageProblem
from pytest_apierrors.faults.compose import SAMPLES, compose, status_of
from pytest_apierrors.faults.model import Fault
from pytest_apierrors.response import Response
from pytest_apierrors.seams.calls import encoded
from pytest_apierrors.seams.force import Force
from pytest_apierrors.seams.injection import Injection

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType
    from typing import Any

    from pytest_apierrors.catalog.model import DocumentedError
    from pytest_apierrors.seams.calls import Injected
    from pytest_apierrors.seams.matching import Match

P = ParamSpec("P")
R = TypeVar("R")


def answer(  # noqa: PLR0913 - each is a word of the user's sentence
    provider: str | Path | Catalog,
    code: int | str,
    *,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
    body: object = None,
    match: Match = None,
    times: int | None = None,
    then: Fault | None = None,
    auxiliary: Mapping[str, Fault] | None = None,
) -> Answering:
    """
    Make a documented error the answer to every matching request of the process.

    A context manager that gives the calls, or a decorator of a test. `provider` is a catalog's
    name or file, or what `apierrors_catalog` returns; `code` an error's code, or its name in the
    catalog. `headers` are added, `status` and `body` replace what is documented. `match` says
    which URLs are meant, else those of the catalog's hosts if it has any. After `times` answers
    `then` follows, such as `ok({"id": 1})`; without it a further request is refused.
    """
    __tracebackhide__ = True
    catalog = _catalog(provider)
    entry = _entry(catalog, code)
    fault = _fault(catalog, entry, status, headers, body)
    where = match if match is not None or not catalog.hosts else _hosts(catalog)
    faults, once = _repeated(fault, times, then, f"answer({catalog.name!r}, {code!r})")
    return Answering(faults, where, auxiliary, once)


class Answering:
    """A context manager and a decorator, to be used as often as wanted, one after the other."""

    def __init__(
        self, faults: list[Fault], match: Match, auxiliary: Mapping[str, Fault] | None, once: str
    ) -> None:
        self._given = (faults, match, auxiliary, None, once)
        self._place = _caller()
        self._force: Force | None = None

    def __enter__(self) -> Injected:
        """Begin, and give the calls."""
        __tracebackhide__ = True
        force = Force(Injection(*self._given), answering=True, place=self._place)
        injected = force.__enter__()
        self._force = force
        return injected

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End."""
        __tracebackhide__ = True
        force, self._force = self._force, None
        if force is not None:
            force.__exit__(kind, error, trace)

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """Decorate a test, `async` or not."""
        if inspect.iscoroutinefunction(function):

            @wraps(function)
            async def awaited(*args: P.args, **kwargs: P.kwargs) -> Any:
                __tracebackhide__ = True
                with self:
                    return await function(*args, **kwargs)

            return awaited  # type: ignore[return-value]

        @wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            __tracebackhide__ = True
            with self:
                return function(*args, **kwargs)

        return called


def _caller() -> tuple[str, int]:
    """Return file and line of who called `answer`."""
    frame = sys._getframe(3)  # noqa: SLF001 - what traceback does, without the files
    return frame.f_code.co_filename, frame.f_lineno


@cache
def _installed() -> Catalogs:
    return Catalogs()


def _catalog(provider: str | Path | Catalog) -> Catalog:
    __tracebackhide__ = True
    if isinstance(provider, Catalog):
        return provider
    try:
        if isinstance(provider, Path) or provider.endswith(".json"):
            return load_file(provider)
        return _installed().get(provider)
    except CatalogError as error:
        # Where it came from is of no use to who gave a wrong name or file.
        raise error.with_traceback(None) from None


def _entry(catalog: Catalog, code: int | str) -> DocumentedError:
    """Return the documented error of a code. Raises UsageProblem, with the nearest one."""
    __tracebackhide__ = True
    text = str(code)
    if text in catalog.errors:
        return catalog.errors[text]
    spellings = [text]
    for envelope in catalog.envelopes.values():
        spelled = None if envelope.code is None else spell(code, envelope.code)
        if spelled is not None:
            spellings.append(spelled)
            found = compiled(catalog).codes.get((envelope.space, spelled))
            if found:
                return min(found, key=lambda one: one.claimed).entry
    known = tuple(catalog.errors)
    # A status is near to its own entry only: all of their names are nearly alike.
    own = f"status-{text}"
    hints = (suggestion(one, known) for one in ([own] if own in known else spellings))
    hint = next(filter(None, hints), "")
    raise UsageProblem(
        f'no documented error "{text}" in the catalog {catalog.name}{hint} '
        f"(pytest-apierrors show {catalog.name} lists what it documents)"
    )


def _fault(
    catalog: Catalog,
    entry: DocumentedError,
    status: int | None,
    headers: Mapping[str, str] | None,
    body: object,
) -> Fault:
    __tracebackhide__ = True
    if entry.role == "unobservable":
        raise UsageProblem(
            f'"{entry.key}" of {catalog.name} is never received: no one can answer it'
        )
    made = compose(entry, catalog)
    if made is None and body is None:
        raise UsageProblem(
            f'no source says what the body of "{entry.key}" of {catalog.name} is: give body='
        )
    sent = status or status_of(entry, catalog)
    if sent < 200:
        raise UsageProblem(
            f'"{entry.key}" of {catalog.name} ends no call: an answer comes after it'
        )
    data, media_type = (made.data, "") if made and body is None else encoded(body)
    pairs = {} if made is None else dict(made.headers)
    if body is not None and media_type:
        pairs = {name: value for name, value in pairs.items() if name.lower() != "content-type"}
        pairs["Content-Type"] = media_type
    for name, value in (headers or {}).items():
        pairs = {key: one for key, one in pairs.items() if key.lower() != name.lower()}
        pairs[name] = value
    pairs = _as_http_has_it(catalog, sent, pairs)
    carries = {} if made is None or body is not None else dict(made.carries)
    carries["status"] = sent
    kind = f"{catalog.name}-{entry.key}"
    return Fault(kind, sent, tuple(pairs.items()), data, carries)


def _as_http_has_it(catalog: Catalog, status: int, pairs: dict[str, str]) -> dict[str, str]:
    """Add the headers without which HTTP itself has no answer of this status: a 401 challenges."""
    there = {name.lower() for name in pairs}
    added = {
        rule.header: SAMPLES[rule.header.lower()]
        for rule in compiled(catalog).rules(status)
        if rule.header is not None
        and rule.level == "must"
        and rule.header.lower() in SAMPLES.keys() - there
    }
    return pairs | added


def _hosts(catalog: Catalog) -> Callable[[str], object]:
    owner = Attribution((catalog,), only_hosts=True)
    return lambda url: owner.catalog_for(Response(200, url=url)) is not None


def _repeated(
    fault: Fault, times: int | None, then: Fault | None, said: str
) -> tuple[list[Fault], str]:
    __tracebackhide__ = True
    if times is None:
        if then is not None:
            raise UsageProblem(f"{said}: then= follows a number of answers; give times=, too")
        return [fault], ""
    if isinstance(times, bool) or not isinstance(times, int) or times < 1:
        raise UsageProblem(f"{said}: times= is a number from 1, not {times!r}")
    if then is not None:
        return [fault] * times + [then], ""
    return [fault] * times, f"{said} was to answer {times} times, and one more request came"
