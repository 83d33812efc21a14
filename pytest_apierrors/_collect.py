"""Recordings as tests: each recorded error is a pytest item."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from pytest_apierrors._ahead import Ahead
from pytest_apierrors._session import SESSION, Session
from pytest_apierrors.check import check
from pytest_apierrors.errors import ErrorMismatch, RecordingError, UsageProblem
from pytest_apierrors.explain import explain
from pytest_apierrors.explain.headlines import place_of
from pytest_apierrors.inert import inert
from pytest_apierrors.recordings import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_apierrors._ahead import Found
    from pytest_apierrors.catalog.model import Catalog
    from pytest_apierrors.check.verdict import Verdict
    from pytest_apierrors.response import Response

_LONGEST_METHOD = 20


@dataclass(frozen=True, slots=True)
class Exchange:
    """One recorded response with its verdict."""

    response: Response
    catalog: Catalog
    verdict: Verdict


class RecordingFile(pytest.File):
    """A recording."""

    def collect(self) -> Iterator[RecordedItem]:
        """Yield an item for each error, and for each exchange that cannot be read."""
        session = self.config.stash[SESSION]
        session.collected["read"] += 1
        names: dict[str, int] = {}
        try:
            for found in _read(self.path, session):
                session.collected["items"] += 1
                name = _name(found)
                names[name] = names.get(name, 0) + 1
                unique = name if names[name] == 1 else f"{name}-{names[name]}"
                yield RecordedItem.from_parent(self, name=unique, found=found)
        except UsageProblem as problem:
            way_out = "or pass over such responses with --apierrors-only-hosts"
            raise self.CollectError(f"{problem}, {way_out}") from None


class RecordedItem(pytest.Item):
    """One recorded error; it fails where the error is not as documented."""

    def __init__(self, *, found: Exchange | RecordingError, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.found = found

    def runtest(self) -> None:
        """Raise what is wrong with the exchange."""
        found = self.found
        session = self.config.stash[SESSION]
        if isinstance(found, RecordingError):
            session.ledger.unreadable(found)
            raise found
        verdict = session.ledger.judged(found.verdict, found.response.status)
        session.take(found.response, verdict, found.catalog, "recorded")
        if verdict.errors:
            lines = explain(verdict, found.response, found.catalog)
            raise ErrorMismatch("\n".join(lines), verdict)
        session.remark(verdict, found.response.status, self._place())

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show the message alone, and the recording as the place where it went wrong."""
        if not isinstance(excinfo.value, (ErrorMismatch, RecordingError)):
            return super().repr_failure(excinfo, style)
        shown_as: Any = excinfo.getrepr(style="value")
        file, line, _ = self.reportinfo()
        shown_as.reprcrash.path = str(file)
        shown_as.reprcrash.lineno = line + 1
        error = excinfo.value
        said = error.reason if isinstance(error, RecordingError) else str(error)
        shown_as.reprcrash.message = said.partition("\n")[0]
        return shown_as

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return file and line (counted from 0) of the exchange."""
        return self.path, (self._origin()[1] or 1) - 1, self.name

    def _origin(self) -> tuple[int | None, int | None]:
        if isinstance(self.found, RecordingError):
            return self.found.index, self.found.line
        origin = self.found.response.origin
        return (None, None) if origin is None else (origin.index, origin.line)

    def _place(self) -> str:
        index, line = self._origin()
        return place_of(self.config.stash[SESSION].shown(self.path), line, index)


def _read(path: Path, session: Session) -> Iterator[Exchange | RecordingError]:
    """Yield what a recording has to be tested for, and count what it holds."""
    if session.ahead is None:
        session.ahead = Ahead(_all(session), partial(_found, session))
        session.config.add_cleanup(session.ahead.close)
    found, counts = session.ahead.of(str(path), session.attribution().catalogs)
    for one in found:
        yield one if isinstance(one, RecordingError) else Exchange(*one)
    for name, number in counts.items():
        session.collected[name] += number


def _all(session: Session) -> list[str]:
    """Return the recordings if all will be collected; none where the user chose some."""
    chosen = session.config.args_source is pytest.Config.ArgsSource.ARGS
    if session.places is None or (chosen and not session.places.extra):
        return []
    return sorted(session.places.files)


def _found(session: Session, name: str) -> tuple[list[Found], dict[str, int]]:
    """Read a recording; return what has to be tested, and how much there is."""
    counts = {"exchanges": 0, "fine": 0}
    return list(_exchanges(session, Path(name), counts)), counts


def _exchanges(session: Session, path: Path, counts: dict[str, int]) -> Iterator[Found]:
    attribution, policy = session.attribution(), session.policy()
    file = session.shown(path)
    for found in read(path, readers=session.readers, limits=session.limits()):
        counts["exchanges"] += 1
        if isinstance(found, RecordingError):
            reason = inert(found.reason)
            yield RecordingError(inert(file), reason, index=found.index, line=found.line)
            continue
        response = _renamed(found, file)
        catalog = attribution.catalog_for(response)
        if catalog is None:
            continue
        verdict = check(response, catalog, policy)
        if verdict.is_error or verdict.violations:
            yield response, catalog, verdict
        else:
            counts["fine"] += 1


def _renamed(response: Response, file: str) -> Response:
    """Name the file as messages show it."""
    origin = response.origin
    return response if origin is None else replace(response, origin=replace(origin, file=file))


def _name(found: Exchange | RecordingError) -> str:
    """Return an item's name, in characters that pytest and CI services leave alone."""
    if isinstance(found, RecordingError):
        return "unreadable" if found.index is None else f"{found.index:04d}-unreadable"
    response = found.response
    index = 0 if response.origin is None else response.origin.index
    method = re.sub(r"[^A-Za-z0-9._-]", "", response.method or "")[:_LONGEST_METHOD] or "ANY"
    return f"{index:04d}-{method.upper()}-{response.status}"
