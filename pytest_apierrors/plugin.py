"""The pytest plug-in: hooks and fixtures, each a few lines that call something else."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import pytest

from pytest_apierrors import _options
from pytest_apierrors._session import SESSION, Session

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from pytest_apierrors.asserting import AssertError, CatalogOf
    from pytest_apierrors.seams.serving import ServerOf

PASSED = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
COMPLETE = (*PASSED, pytest.ExitCode.TESTS_FAILED)
"""How a run ends that was neither interrupted nor a mistake."""


@pytest.fixture(scope="session")
def assert_error(pytestconfig: pytest.Config) -> AssertError:
    """
    Check that a response is an error as documented, and return what is documented.

    `assert_error(response, code=None, *, status=None, headers=None, category=None,
    retryable=None, provider=None)`
    """
    return pytestconfig.stash[SESSION].assert_error


@pytest.fixture(scope="session")
def apierrors_catalog(pytestconfig: pytest.Config) -> CatalogOf:
    """
    Return the catalog of a named provider, or of the one that the test is about.

    `apierrors_catalog(provider=None)`
    """
    return pytestconfig.stash[SESSION].catalog


@pytest.fixture(scope="session")
def apierrors_server() -> ServerOf:
    """
    Serve faults on the loopback interface for the length of a `with`.

    `with apierrors_server(answers, tls=False) as server:`, and a client is led to `server.url`.
    """
    from pytest_apierrors.seams.serving import serving  # noqa: PLC0415 - brings asyncio

    return serving


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    _options.add_options(parser)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the hooks that others may implement."""
    from pytest_apierrors import hookspecs  # noqa: PLC0415 - a module less if nothing is checked

    pluginmanager.add_hookspecs(hookspecs)


def pytest_configure(config: pytest.Config) -> None:
    """Read and check the settings, and have pytest look at the recordings."""
    config.addinivalue_line("markers", f"apierrors({_options.MARKER}): how this test is checked")
    config.addinivalue_line("markers", f"{_options.LIVE}: {_options.LIVE_MEANS}")
    session = config.stash[SESSION] = Session(config)
    session.prepare()
    # What is not asked for is not even imported.
    if session.settings.get("live") is not None:
        importlib.import_module("pytest_apierrors._live").begin(session)
    if session.concludes:
        session.ending = importlib.import_module("pytest_apierrors._ending").ending(session)
    if session.observes:
        importlib.import_module("pytest_apierrors._observe").observe(session)
    if session.places is not None:
        config.args += [str(path) for path in session.places.extra]
    importlib.import_module("pytest_apierrors._sum").add_up(session)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip tests that use the network unless they were asked for."""
    for item in items:
        if item.get_closest_marker(_options.LIVE) is not None:
            importlib.import_module("pytest_apierrors._live").skip(item)


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say what is checked, if anything is."""
    return config.stash[SESSION].header()


@pytest.hookimpl(tryfirst=True)
def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Enter folders of recordings whatever they are called: they were asked for."""
    places = config.stash[SESSION].places
    return None if places is None else places.ignores(collection_path)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.File | None:
    """Collect a recording that the user named."""
    session = parent.config.stash[SESSION]
    if session.places is None or str(file_path) not in session.places.files:
        return None
    from pytest_apierrors._collect import RecordingFile  # noqa: PLC0415 - brings the whole engine

    session.collected["files"] += 1
    return RecordingFile.from_parent(parent, path=file_path)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one item per fault kind of a fuzzed test."""
    if hasattr(metafunc.function, "__apierrors_fuzz__"):
        from pytest_apierrors._fuzz_items import parametrize  # noqa: PLC0415 - brings the faults

        parametrize(metafunc, metafunc.config.stash[SESSION])


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    """Count the exchanges that the user did not want."""
    for item in items:
        session = item.config.stash[SESSION]
        session.collected["deselected"] += session.is_recorded(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    """Remember which test runs, for the fixtures live longer than a test."""
    session = item.config.stash[SESSION]
    session.item = item
    try:
        return (yield)
    finally:
        session.item = None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Send what was checked with the report, the only thing to reach the controller of xdist."""
    report = yield
    session = item.config.stash[SESSION]
    if hasattr(getattr(item, "function", None), "__apierrors_fuzz__"):
        from pytest_apierrors._fuzz_items import result  # noqa: PLC0415 - only if fuzzed

        report.__dict__["apierrors_fuzz"] = result(item, report, call)
    report.__dict__["apierrors"] = session.sent(item, report)
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take over what a worker collected; one that crashed tells nothing."""
    collected = getattr(node, "workeroutput", {}).get("apierrors", {})
    node.config.stash[SESSION].merge_worker(collected, crashed=error is not None)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a run that was asked to check recordings and checked nothing."""
    mine = session.config.stash[SESSION]
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["apierrors"] = mine.collected
        return
    if exitstatus in COMPLETE and mine.unchecked() is not None:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    if mine.ending is not None:
        stopped = session.shouldstop or session.shouldfail or exitstatus not in COMPLETE
        mine.ending.conclude(stopped=bool(stopped), failed=session.testsfailed)
        if mine.ending.errors and exitstatus in PASSED:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """Say what was checked."""
    session = config.stash[SESSION]
    short = config.get_verbosity() < 0
    lines, errors = session.told(short=short, complete=exitstatus in COMPLETE)
    if not short and (lines or errors):
        terminalreporter.write_sep("=", "apierrors")
    for line in lines:
        terminalreporter.write_line(f"apierrors: {line}" if short else line)
    for error in errors:
        terminalreporter.write_line(f"ERROR: {error}", red=True)
