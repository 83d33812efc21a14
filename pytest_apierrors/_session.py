"""The state of one run: settings, catalogs, the test that runs now, and what was checked."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from pytest_apierrors import _options
from pytest_apierrors._options import Setting
from pytest_apierrors.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pytest_apierrors._ahead import Ahead
    from pytest_apierrors._fuzz_sum import FuzzSum
    from pytest_apierrors._ledger import Conclusion, Ledger
    from pytest_apierrors._places import Places
    from pytest_apierrors._providers import Providers
    from pytest_apierrors.adapters import HeaderValues
    from pytest_apierrors.attribution import Attribution
    from pytest_apierrors.catalog.model import Catalog, DocumentedError
    from pytest_apierrors.check.verdict import Policy, Verdict
    from pytest_apierrors.evidence import Evidence
    from pytest_apierrors.faults.model import Kind
    from pytest_apierrors.recordings import Limits, Reader
    from pytest_apierrors.response import Response

COLLECTED = ("files", "read", "exchanges", "fine", "items", "deselected")
POLICY = ("select", "ignore", "severity")
AT_THE_END = ("report", "fail_under", "baseline", "accept")


# Nothing below imports what is heavy before it is needed: every pytest run makes a session.


class Session:
    """Everything that the plug-in knows during a run."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.settings = _options.read_settings(config)
        self.item: pytest.Item | None = None
        self.places: Places | None = None
        self._ledger: Ledger | None = None
        self.crashed = 0
        self.ending: Conclusion | None = None
        self.ahead: Ahead | None = None
        self.problems: list[str] = []
        self.asserted: Callable[[Response], None] | None = None
        self.collected = dict.fromkeys(COLLECTED, 0)
        self._fuzzed: FuzzSum | None = None
        self._providers: Providers | None = None
        self._policies: dict[tuple[Setting | None, ...], Policy] = {}

    def __repr__(self) -> str:
        """Be short: the fixtures are methods of this, and pytest shows those of a failing test."""
        return "apierrors"

    @property
    def concludes(self) -> bool:
        """Whether the user wants something to be done at the end."""
        asked = any(self.settings.get(name) is not None for name in AT_THE_END)
        return asked and not self.config.getoption("collectonly")

    @property
    def observes(self) -> bool:
        """Whether the responses that tests receive are watched."""
        return self.settings.get("observe") is not None

    @property
    def ledger(self) -> Ledger:
        """What was checked."""
        if self._ledger is None:
            from pytest_apierrors._ledger import Ledger  # noqa: PLC0415

            self._ledger = Ledger()
        return self._ledger

    def sent(self, item: pytest.Item, report: pytest.TestReport) -> dict[str, Any] | None:
        """Return what a report of this item carries to the controller."""
        if self.is_recorded(item):
            self.ledger.pending.recorded += 1
        return None if self._ledger is None else self._ledger.sent(report)

    @property
    def fuzzed(self) -> FuzzSum:
        """What came of fuzzed tests."""
        if self._fuzzed is None:
            from pytest_apierrors._fuzz_sum import FuzzSum  # noqa: PLC0415 - only if fuzzed

            self._fuzzed = FuzzSum()
        return self._fuzzed

    def fuzzed_lines(self, verbosity: int | None = None) -> list[str]:
        """Say what came of fuzzed tests, if there were any; as the terminal is to have it."""
        if verbosity is None:
            verbosity = self.config.get_verbosity()
        return [] if self._fuzzed is None else list(self._fuzzed.lines(verbosity))

    def prepare(self) -> None:
        """Hold the settings against what there is. Raises UsageError."""
        try:
            self._named("catalogs")
            self.places = self._recordings()
            if self.places is not None or self.settings.get("provider") is not None:
                self.attribution()
            if self.observes:
                self.watched()
            if any(self.settings.get(name) is not None for name in (*POLICY, "limit")):
                self.policy()
                self.limits()
        except UsageProblem as problem:
            raise pytest.UsageError(str(problem)) from None

    @property
    def providers(self) -> Providers:
        """The catalogs that can be chosen."""
        if self._providers is None:
            from pytest_apierrors._providers import Providers, brought  # noqa: PLC0415

            setting = self.settings.get("catalogs")
            places = [] if setting is None else list(_paths(setting))
            by = "--apierrors-catalogs" if setting is None else setting.by
            places += [self.config.rootpath / one for one in brought(self.config, "catalogs")]
            self._providers = Providers(places, by, self.config.invocation_params.dir)
        return self._providers

    @property
    def readers(self) -> tuple[Reader, ...]:
        """What reads recordings: what hooks and installed packages bring, then what is built in."""
        from pytest_apierrors._providers import brought  # noqa: PLC0415
        from pytest_apierrors.recordings import READERS  # noqa: PLC0415
        from pytest_apierrors.recordings.installed import installed_readers  # noqa: PLC0415

        return (*brought(self.config, "readers"), *installed_readers(), *READERS)

    def attribution(self, provider: str | None = None, *, in_test: bool = False) -> Attribution:
        """Return what decides between the providers chosen for a call, a test or the run."""
        call = None if provider is None else Setting((provider,), "assert_error(provider=...)")
        markers = self._markers() if in_test else ()
        setting = self.settings.get("provider", call=call, markers=markers)
        if setting is None or not isinstance(setting.value, tuple):
            from pytest_apierrors._providers import WAYS  # noqa: PLC0415

            raise UsageProblem(f"no provider chosen: choose one with {WAYS}")
        only_hosts = not in_test and self.settings.get("only_hosts") is not None
        return self.providers.attribution(
            setting.value, setting.by, only_hosts=only_hosts, claims=self._claims(markers)
        )

    def watched(self, *, in_test: bool = False) -> Attribution:
        """Return whose a received response is: its host's, of the chosen providers or of all."""
        markers = self._markers() if in_test else ()
        setting = self.settings.get("provider", markers=markers)
        names, by = self.providers.names(), "--apierrors-observe"
        if setting is not None and isinstance(setting.value, tuple):
            names, by = setting.value, setting.by
        return self.providers.attribution(names, by, only_hosts=True, claims=self._claims(markers))

    def limits(self) -> Limits:
        """Return what a recording may cost."""
        from pytest_apierrors._limits import limits_of  # noqa: PLC0415

        return limits_of(self.settings.get("limit"))

    def policy(self, *, in_test: bool = False) -> Policy:
        """Return which rules count, for the current test or for the run."""
        markers = self._markers() if in_test else ()
        settings = tuple(self.settings.get(name, markers=markers) for name in POLICY)
        if settings not in self._policies:
            self._policies[settings] = _policy(settings)
        return self._policies[settings]

    def catalog(self, provider: str | None = None) -> Catalog:
        """Return the catalog of a provider, or else of the one that the current test is about."""
        __tracebackhide__ = True
        try:
            catalogs = self.attribution(provider, in_test=True).catalogs
        except UsageProblem as problem:
            raise pytest.UsageError(str(problem)) from None
        if len(catalogs) > 1:
            names = ", ".join(catalog.name for catalog in catalogs)
            raise pytest.UsageError(f"apierrors_catalog: several providers are chosen ({names})")
        return catalogs[0]

    def assert_error(  # noqa: PLR0913 - what a test may ask
        self,
        response: object,
        code: int | str | None = None,
        *,
        status: int | None = None,
        headers: HeaderValues | None = None,
        category: str | None = None,
        retryable: bool | None = None,
        provider: str | None = None,
    ) -> Any:
        """Return the documented error that a response is. Raises ErrorMismatch if it is not one."""
        __tracebackhide__ = True
        from pytest_apierrors import asserting  # noqa: PLC0415

        try:
            given, wanted = asserting.given(response, status, headers, (self._from_hook,))
            asked = asserting.Asked(code, wanted, category, retryable)
            return self._held(given, asked, provider)
        except UsageProblem as problem:
            raise pytest.UsageError(str(problem)) from None

    def _held(self, response: Response, asked: Any, provider: str | None) -> DocumentedError | None:
        __tracebackhide__ = True
        from pytest_apierrors import asserting  # noqa: PLC0415
        from pytest_apierrors._ledger import caller, name_of  # noqa: PLC0415
        from pytest_apierrors.check import check  # noqa: PLC0415

        attribution = self.attribution(provider, in_test=True)
        catalog = asserting.catalog_for(response, attribution)
        verdict = check(response, catalog, self.policy(in_test=True))
        verdict = self.ledger.judged(verdict, response.status)
        kept = verdict
        try:
            entry = asserting.hold(verdict, response, catalog, asked)
            kept = asserting.forgiven(verdict)
        finally:
            self.take(response, kept, catalog, "asserted", caller(self.shown))
            if self.asserted is not None:
                self.asserted(response)
        self.remark(verdict, response.status, name_of(self.item, self.shown))
        return entry

    def take(
        self,
        response: Response,
        verdict: Verdict,
        catalog: Catalog,
        evidence: Evidence,
        at: tuple[str, int] | tuple[str, int, int | None] | None = None,
    ) -> None:
        """Count one checked response at a place of a test, and tell those who listen."""
        from pytest_apierrors.results import checked_of  # noqa: PLC0415

        test = None if self.item is None else self.item.nodeid
        checked = checked_of(response, verdict, at and self.ledger.placed(at, test or ""))
        properties = [] if self.item is None else self.item.user_properties
        self.ledger.take(checked, evidence, test, errors_of(catalog), properties)
        self.config.hook.pytest_apierrors_checked(response=response, verdict=verdict)

    def fuzzed_kind(self, kind: Kind) -> None:
        """Count that a client was held against a documented error."""
        if kind.entry is not None and kind.catalog is not None and kind.ring == "documented":
            catalog = kind.catalog
            self.ledger.pending.exercise(catalog.name, kind.entry.key, "fuzzed", errors_of(catalog))

    def remark(self, verdict: Verdict, status: int, place: str) -> None:
        """Keep the warnings and notes of a passing test for the summary."""
        if not verdict.violations:
            return
        from pytest_apierrors.asserting import remarks  # noqa: PLC0415

        for key, text in remarks(verdict, status):
            self.ledger.pending.remark(verdict.provider, key, text, place)

    def header(self) -> str | None:
        """Return the line that says what is checked, if anything is."""
        setting = self.settings.get("provider")
        if setting is None or isinstance(setting.value, bool):
            return "apierrors: watching the tests" if self.observes else None
        told = [f"{one.name} ({errors_of(one)} errors)" for one in self.attribution().catalogs]
        line = f"apierrors: {', '.join(told)}"
        if self.places is not None:
            line += f"; recordings: {self.places.told(self.shown)}"
        return f"{line}; watching the tests" if self.observes else line

    def told(self, *, short: bool, complete: bool) -> tuple[list[str], list[str]]:
        """Return the lines of the summary, and the sentences about why the run fails."""
        counted = () if self._ledger is None else self._ledger.total.lines(short=short)
        lines = [*counted, *self.fuzzed_lines()]
        why = self.unchecked() if complete else None
        errors = [] if why is None else [why]
        if self.ending is None:
            return lines, errors
        return lines + self.ending.told(short=short), errors + self.ending.errors

    def is_recorded(self, node: pytest.Item | pytest.Collector) -> bool:
        """Whether a node stands for a recording or an exchange of one."""
        return self.places is not None and str(node.path) in self.places.files

    def unchecked(self) -> str | None:
        """Return why a run that was asked to check something checked nothing, if it is so."""
        return "; ".join(filter(None, (self._unread(), self._unheard(), *self.problems))) or None

    def _unheard(self) -> str | None:
        """Return why a run that was asked to watch its tests heard nothing, if it is so."""
        config, collected = self.config, self.collected
        by_user = config.args_source is pytest.Config.ArgsSource.ARGS
        asked = "--apierrors-observe" in map(str, config.invocation_params.args)  # not by addopts
        partly = by_user and not asked
        if not self.observes or self.ledger.total.watched or partly or collected.get("unwanted"):
            return None
        if config.getoption("collectonly"):
            return None
        setting = self.settings.get("provider")
        chosen = () if setting is None or isinstance(setting.value, bool) else setting.value
        from pytest_apierrors._unchecked import nothing_heard  # noqa: PLC0415

        return nothing_heard(chosen)

    def _unread(self) -> str | None:
        """Return why no recording was checked, though that was asked for."""
        collected = self.collected
        if (
            self.places is None
            or self.ledger.total.recorded
            or self.config.getoption("collectonly")
        ):
            return None
        if collected["deselected"] or collected["files"] > collected["read"]:
            return None  # the user, or --lf, wanted other tests
        from pytest_apierrors._unchecked import nothing_read  # noqa: PLC0415

        return nothing_read([self.shown(path) for path in self.places.named], collected)

    def shown(self, path: Path | str) -> str:
        """Return a path as messages show it."""
        from pytest_apierrors.repository import seen_from  # noqa: PLC0415

        return seen_from(self.config.invocation_params.dir, path, self.config.rootpath)

    def merge_worker(self, collected: Mapping[str, int], *, crashed: bool) -> None:
        """Take over what a worker collected; every worker collects the same."""
        self.crashed += crashed
        for name, number in collected.items():
            self.collected[name] = max(self.collected.get(name, 0), number)

    def _recordings(self) -> Places | None:
        named = self._named("recordings")
        if not named:
            return None
        from pytest_apierrors._places import argument_paths, places, with_files  # noqa: PLC0415

        config, folder = self.config, self.config.invocation_params.dir
        by_user = config.args_source is pytest.Config.ArgsSource.ARGS
        found = places(
            named,
            argument_paths(config.args, folder),
            always=not by_user or "recordings" in self.settings.command_line,
            ignored=argument_paths(config.getoption("ignore") or (), folder),
            not_entered=config.getini("norecursedirs"),
        )
        return with_files(found, self.readers, self.problems) if found.named else None

    def _named(self, option: str) -> tuple[Path, ...]:
        """Return the paths that an option names. Raises UsageProblem for one that is not there."""
        setting = self.settings.get(option)
        if setting is None:
            return ()
        for path in _paths(setting):
            if not os.path.exists(path):  # noqa: PTH110 - where a name is too long, Path raises
                raise UsageProblem(f"{setting.by}: no such file or folder: {self.shown(path)}")
        return _paths(setting)

    def _claims(self, markers: tuple[Mapping[str, Setting], ...]) -> tuple[tuple[str, ...], str]:
        setting = self.settings.get("claim", markers=markers)
        if setting is None or isinstance(setting.value, bool):
            return (), ""
        return setting.value, setting.by

    def _markers(self) -> tuple[dict[str, Setting], ...]:
        marks = () if self.item is None else self.item.iter_markers("apierrors")
        return tuple(_options.marker_settings(mark) for mark in marks)

    def _from_hook(self, obj: object) -> Response | None:
        found: Response | None = self.config.hook.pytest_apierrors_as_response(obj=obj)
        return found


SESSION = pytest.StashKey[Session]()


def errors_of(catalog: Catalog) -> int:
    """Return how many errors a catalog documents."""
    return sum(entry.role == "error" for entry in catalog.errors.values())


def _paths(setting: Setting) -> tuple[Path, ...]:
    return setting.value if isinstance(setting.value, tuple) else ()


def _policy(settings: tuple[Setting | None, ...]) -> Policy:
    from pytest_apierrors._providers import policy  # noqa: PLC0415

    words = [() if one is None or isinstance(one.value, bool) else one.value for one in settings]
    by = [one.by for one in settings if one is not None]
    return policy(words[0], words[1], words[2], ", ".join(by))
