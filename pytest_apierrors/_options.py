"""The options: one table that drives the command line, the ini file, precedence and the README."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import pytest

from pytest_apierrors.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["words", "paths", "flag", "text"]
INI_TYPES: Mapping[Kind, Literal["args", "paths", "bool", "string"]] = {
    "words": "args",
    "paths": "paths",
    "flag": "bool",
    "text": "string",
}


class Option(NamedTuple):
    """One option; words and paths may be given several times."""

    name: str
    kind: Kind
    metavar: str
    help: str
    marker: bool = False
    """Whether the marker takes it, too."""

    @property
    def flag(self) -> str:
        """Its name on the command line."""
        return f"--apierrors-{self.name.replace('_', '-')}"

    @property
    def ini(self) -> str:
        """Its name in the ini file, and its dest."""
        return f"apierrors_{self.name}"


OPTIONS: tuple[Option, ...] = (
    Option(
        "provider",
        "words",
        "NAME",
        "hold responses against this provider's catalog; of several, a response's host chooses one",
        marker=True,
    ),
    Option("catalogs", "paths", "PATH", "a folder of catalogs, or one catalog file, of your own"),
    Option(
        "recordings",
        "paths",
        "PATH",
        "check a recording, or a folder of them: each recorded error becomes a test",
    ),
    Option(
        "limit",
        "words",
        "NAME=N",
        "how much of a recording is read before it is refused, such as max_depth=100",
    ),
    Option("select", "words", "RULE", "only this rule counts", marker=True),
    Option("ignore", "words", "RULE", "this rule does not count", marker=True),
    Option(
        "severity",
        "words",
        "RULE=LEVEL",
        "how much a rule counts: error, warning or note",
        marker=True,
    ),
    Option("only_hosts", "flag", "", "pass over responses whose host no chosen catalog names"),
    Option(
        "claim",
        "words",
        "HOST=PROVIDER",
        "responses of this host, such as localhost, are this provider's; HOST alone: of the only "
        "chosen one",
        marker=True,
    ),
    Option(
        "observe",
        "flag",
        "",
        "check every response of a chosen provider that a test receives, whoever answers",
    ),
    Option("live", "flag", "", "run the tests marked apierrors_live, which use the network"),
    Option("live_in_ci", "flag", "", "let them run where the variable CI is set, too"),
    Option(
        "report",
        "words",
        "FILE",
        "write what was checked: .json, .sarif, .xml, .md, .html, .txt, gitlab:FILE or github:-",
    ),
    Option(
        "fail_under",
        "text",
        "PCT",
        "fail if less than this percentage of the documented errors was exercised",
    ),
    Option(
        "baseline", "text", "FILE", "deviations that are accepted, each with a reason; others fail"
    ),
    Option("accept", "text", "REASON", "write the deviations of this run into the baseline"),
)
BY_NAME: Mapping[str, Option] = {option.name: option for option in OPTIONS}
LIVE = "apierrors_live"
"""The marker of tests that use the network."""
LIVE_MEANS = "this test uses the network, and is skipped without --apierrors-live"
MARKER = ", ".join(f"{option.name}=..." for option in OPTIONS if option.marker)


class Setting(NamedTuple):
    """What an option is set to, and by what, in the user's words."""

    value: tuple[Any, ...] | bool
    by: str


class Settings(NamedTuple):
    """What the command line and the ini file say, by option name; what they leave out is absent."""

    command_line: Mapping[str, Setting]
    ini: Mapping[str, Setting]

    def get(
        self,
        name: str,
        *,
        call: Setting | None = None,
        markers: tuple[Mapping[str, Setting], ...] = (),
    ) -> Setting | None:
        """Return what holds: the call, else the nearest marker, the command line, the ini file."""
        if call is not None:
            return call
        for layer in (*markers, self.command_line, self.ini):
            if name in layer:
                return layer[name]
        return None


def add_options(parser: pytest.Parser) -> None:
    """Add every option to the command line and to the ini file."""
    group = parser.getgroup("apierrors", "documented errors of other people's APIs")
    for option in OPTIONS:
        if option.kind == "flag":
            group.addoption(
                option.flag, dest=option.ini, action="store_true", default=None, help=option.help
            )
        elif option.kind == "text":
            group.addoption(option.flag, dest=option.ini, metavar=option.metavar, help=option.help)
        else:
            group.addoption(
                option.flag,
                dest=option.ini,
                action="append",
                metavar=option.metavar,
                help=f"{option.help} (repeatable)",
            )
        parser.addini(option.ini, option.help, type=INI_TYPES[option.kind])


def _hold_the_ini_file(config: pytest.Config) -> None:
    words = [str(word) for word in config.invocation_params.args]
    flags = {option.flag for option in OPTIONS if option.kind != "flag"}
    if flags.isdisjoint(words):
        return
    from pytest_apierrors._inifile import led_away  # noqa: PLC0415 - seldom needed

    why = led_away(words, flags, config.invocation_params.dir, config.inipath)
    if why is not None:
        raise pytest.UsageError(why)


def read_settings(config: pytest.Config) -> Settings:
    """Read every option from both places. Raises UsageError for a value of a wrong type."""
    _hold_the_ini_file(config)
    command_line: dict[str, Setting] = {}
    ini: dict[str, Setting] = {}
    where = "the ini file" if config.inipath is None else config.inipath.name
    for option in OPTIONS:
        said = config.getoption(option.ini)
        if said is not None:
            folder = config.invocation_params.dir
            command_line[option.name] = Setting(_value(option, said, folder), option.flag)
        written = _ini_value(config, option)
        if written:
            ini[option.name] = Setting(written, f"{option.ini} in {where}")
    return Settings(command_line, ini)


def _value(option: Option, said: Any, folder: Path) -> tuple[Any, ...] | bool:
    if option.kind == "flag":
        return bool(said)
    if option.kind == "text":
        return (said,)
    return tuple(folder / one if option.kind == "paths" else one for one in said)


def _ini_value(config: pytest.Config, option: Option) -> tuple[Any, ...] | bool:
    try:
        value = config.getini(option.ini)
    except (TypeError, ValueError) as error:  # pytest 8 and 9.0 let these through
        raise pytest.UsageError(f"{option.ini}: {error}") from None
    wanted = Path if option.kind == "paths" else str
    if option.kind == "flag":
        return bool(value)
    if option.kind == "text" and isinstance(value, str):
        return (value,) if value else ()
    if not isinstance(value, list) or not all(isinstance(one, wanted) for one in value):
        raise pytest.UsageError(f"{option.ini}: a list of texts is needed; found {value!r}")
    return tuple(value)


def marker_settings(mark: pytest.Mark) -> dict[str, Setting]:
    """Return what one `apierrors` marker says. Raises UsageProblem for all but its keywords."""
    if mark.args:
        raise UsageProblem(f"marker apierrors: takes keywords only ({MARKER})")
    said: dict[str, Setting] = {}
    for name, value in mark.kwargs.items():
        option = BY_NAME.get(name)
        if option is None or not option.marker:
            raise UsageProblem(f"marker apierrors: no keyword {name!r}; it takes {MARKER}")
        said[name] = Setting(_words(name, value), f"marker apierrors({name}=...)")
    return said


def _words(name: str, given: Any) -> tuple[str, ...]:
    value = given
    if isinstance(value, str):
        return (value,)
    if isinstance(value, dict) and name == "severity":
        value = [f"{rule}={level}" for rule, level in value.items()]
    if not isinstance(value, (list, tuple, set, frozenset)):
        value = [value]
    if not all(isinstance(one, str) for one in value):
        raise UsageProblem(
            f"marker apierrors: {name} is a text or a list of texts; found {given!r}"
        )
    return tuple(sorted(value) if isinstance(value, (set, frozenset)) else value)
