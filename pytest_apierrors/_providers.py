"""Which catalogs there are, which are chosen, and the sentences for a wrong choice."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from msgspec.structs import replace

from pytest_apierrors.attribution import Attribution
from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.catalog.subset import suggestion
from pytest_apierrors.check.verdict import RULES, SEVERITIES, Policy, Severity
from pytest_apierrors.errors import CatalogError, UsageProblem
from pytest_apierrors.inert import inert
from pytest_apierrors.recordings.reader import Reader
from pytest_apierrors.repository import seen_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_apierrors.catalog.model import Catalog

    Claims = tuple[tuple[str, ...], str]

WAYS = (
    "--apierrors-provider NAME, apierrors_provider in the ini file, "
    "@pytest.mark.apierrors(provider=...), or assert_error(..., provider=...)"
)


class Providers:
    """
    The catalogs of one run, by name.

    `places` are the user's own files and folders, `folder` is where paths are shown from.
    """

    def __init__(self, places: Sequence[Path], by: str, folder: Path) -> None:
        self.folder = folder
        self._places = places
        try:
            self._catalogs = Catalogs(places)
        except CatalogError as error:
            raise UsageProblem(f"{by}: {_worded(error, folder)}") from None
        self._chosen: dict[tuple[Any, ...], Attribution] = {}
        self._read: dict[str, Catalog] = {}

    def get(self, name: str, by: str) -> Catalog:
        """Return a catalog by name; `by` is what named it. Raises UsageProblem."""
        if name not in self._read:
            if name not in self._catalogs.names():
                raise UsageProblem(f"{by}: {self._unknown(name)}")
            try:
                catalog = self._catalogs.get(name)
            except CatalogError as error:
                raise UsageProblem(f"{by}: {_worded(error, self.folder)}") from None
            if any(Path(catalog.file).is_relative_to(place) for place in self._places):
                catalog = replace(catalog, file=shown(catalog.file, self.folder), cache={})
            self._read[name] = catalog
        return self._read[name]

    def names(self) -> tuple[str, ...]:
        """Return the names of all catalogs there are."""
        return tuple(self._catalogs.names())

    def attribution(
        self, names: tuple[str, ...], by: str, *, only_hosts: bool, claims: Claims = ((), "")
    ) -> Attribution:
        """
        Return what decides between the chosen catalogs; `claims` are texts and what said them.

        Raises UsageProblem.
        """
        key = (names, only_hosts, claims)
        if key not in self._chosen:
            catalogs = [self.get(name, by) for name in dict.fromkeys(names)]
            texts, said = claims
            claimed = [self._claim(text, said, catalogs) for text in texts]
            self._chosen[key] = Attribution(catalogs, only_hosts=only_hosts, claims=claimed)
        return self._chosen[key]

    def _claim(self, text: str, by: str, chosen: Sequence[Catalog]) -> tuple[str, Catalog]:
        host, said, name = (part.strip() for part in text.partition("="))
        if not host or "/" in host:
            raise UsageProblem(
                f'{by}: HOST=PROVIDER is needed, as in localhost=NAME; found "{text}"'
            )
        if name:
            return host.lower(), self.get(name, by)
        if said or len(chosen) != 1:
            raise UsageProblem(
                f'{by}: whose is "{host}"? say {host}=PROVIDER, or choose one provider'
            )
        return host.lower(), chosen[0]

    def _unknown(self, name: str) -> str:
        names = self._catalogs.names()
        own = [(place, _names_in(place)) for place in self._places]
        other = set(names).difference(*(found for _, found in own))
        groups = [f"built in: {', '.join(sorted(other))}"]
        groups += [
            f"from {_dotted(shown(place, self.folder))}: {', '.join(found) or 'none'}"
            for place, found in own
        ]
        named = f'no catalog named "{inert(name, 80)}"'
        return f"{named}{suggestion(name, tuple(names))}\n  {'   '.join(groups)}"


def brought(config: Any, what: Literal["catalogs", "readers"]) -> list[Any]:
    """Return what a hook of pytest's `config` brings. Raises UsageProblem for what is none."""
    name = f"pytest_apierrors_{what}"
    kinds: tuple[type, ...] = (str, os.PathLike) if what == "catalogs" else (Reader,)
    found: list[Any] = []
    for result in getattr(config.hook, name)(config=config):
        listed = isinstance(result, list | tuple)
        if not listed or not all(isinstance(one, kinds) for one in result):
            wanted = "paths" if what == "catalogs" else "Reader"
            came = f"{result!r}" if listed else type(result).__name__
            raise UsageProblem(f"{name}: a list of {wanted} is needed; found {inert(came, 80)}")
        found += result
    return found


def policy(
    select: Sequence[str], ignore: Sequence[str], severity: Sequence[str], by: str
) -> Policy:
    """Return which rules count. Raises UsageProblem for a rule or a level that does not exist."""
    pairs = [_severity(text, by) for text in severity]
    for rule in (*select, *ignore, *(rule for rule, _ in pairs)):
        if rule not in RULES:
            raise UsageProblem(f'{by}: no rule named "{rule}"{suggestion(rule, RULES)}')
    return Policy(frozenset(select), frozenset(ignore), tuple(pairs))


def _severity(text: str, by: str) -> tuple[str, Severity]:
    rule, _, level = text.partition("=")
    for known in SEVERITIES:
        if level == known:
            return rule, known
    levels = ", ".join(SEVERITIES)
    if not level:
        raise UsageProblem(f'{by}: RULE=LEVEL is needed, LEVEL one of {levels}; found "{text}"')
    raise UsageProblem(
        f'{by}: no severity "{level}"{suggestion(level, SEVERITIES)} (there are: {levels})'
    )


def shown(path: str | os.PathLike[str], folder: Path) -> str:
    """Return a path as a message shows it: relative below the folder and in its checkout."""
    return seen_from(folder, path)


def _dotted(path: str) -> str:
    return path if Path(path).is_absolute() or path == "." else f"./{path}"


def _names_in(place: Path) -> list[str]:
    """Return the names of the catalogs in one place, as `Catalogs` would find them."""
    files: Iterable[Path] = place.glob("[a-z]*.json") if place.is_dir() else [place]
    return sorted(file.stem for file in files)


def _worded(error: CatalogError, folder: Path) -> str:
    return str(CatalogError(shown(error.file, folder), error.problems))
