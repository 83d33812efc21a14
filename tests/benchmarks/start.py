"""Rows about starting: the command line on a small file, and pytest with the plugin not used."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from importlib.metadata import entry_points, files
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from table import Goal, Row, seconds
from timing import in_turn, middle, run_process
from traffic import write_cassette, write_log

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PLUGINS = {
    "apierrors": "pytest-apierrors",
    "recording": "pytest-recording",
    "schemathesis": "schemathesis",
}
CONFTEST = """
import json
import sys


def pytest_unconfigure():
    with open("modules.json", "w") as file:
        json.dump(sorted(sys.modules), file)
"""


def command_rows(folder: Path, *, quick: bool) -> Iterator[Row]:
    """`check` on small recordings against the version of schemathesis and a bare interpreter."""
    log, cassette = folder / "first.ndjson", folder / "first.yaml"
    write_log(log, 10)
    write_cassette(cassette, 10)
    scripts = Path(sys.executable).parent
    check = [str(scripts / "pytest-apierrors"), "check", "--provider", "sinch"]
    jobs = {
        "log": partial(run_process, [*check, str(log)], folder, ok=(0, 1)),
        "cassette": partial(run_process, [*check, str(cassette)], folder, ok=(0, 1)),
        "schemathesis --version": partial(
            run_process, [str(scripts / "schemathesis"), "--version"], folder
        ),
        "python -c pass": partial(run_process, [sys.executable, "-c", "pass"], folder),
    }
    spent = {
        name: middle(runs) for name, runs in in_turn(jobs, 5 if quick else 15, warm=True).items()
    }
    goal = Goal(200, 60, less=True, unit=" ms")
    for kind, text in (("log", "NDJSON"), ("cassette", "YAML")):
        ours = spent[kind]
        for name in ("schemathesis --version", "python -c pass"):
            own, theirs = seconds(ours.wall), seconds(spent[name].wall)
            bound = goal if name.startswith("s") else None
            figure, unit = (
                (ours.wall * 1000, " ms") if bound else (ours.wall / spent[name].wall, "x")
            )
            yield Row(
                f"pytest-apierrors check, 10 exchanges, {text}",
                own,
                name,
                theirs,
                figure,
                bound,
                unit,
            )


def plugin_rows(folder: Path, *, quick: bool) -> Iterator[Row]:
    """What a plugin that is installed and not used adds to a run of one test."""
    project = folder / "one"
    project.mkdir()
    (project / "test_one.py").write_text("def test_one():\n    pass\n")
    added = _added_time(project, 9 if quick else 41)
    noise = added.pop("bare")
    work = "plugin installed, not used: CPU added"
    ours = added.pop("apierrors")
    yield Row(
        work,
        seconds(ours),
        "noise: bare against bare",
        seconds(noise),
        ours * 1000,
        Goal(3, less=True, unit=" ms"),
        " ms",
    )
    for name, time in added.items():
        yield Row(work, seconds(ours), PLUGINS[name], seconds(time))
    (project / "conftest.py").write_text(CONFTEST)
    modules = {name: _added_modules(project, name) for name in PLUGINS}
    yield from _module_rows(modules)
    read = {name: len(files(dist) or ()) for name, dist in PLUGINS.items()}
    work = "files of the package that pytest looks at when it starts"
    own = read.pop("apierrors")
    for name, theirs in read.items():
        yield Row(work, str(own), PLUGINS[name], str(theirs))


def _module_rows(modules: dict[str, list[str]]) -> Iterator[Row]:
    own = modules["apierrors"]
    foreign = [name for name in own if not _is_ours_or_standard(name)]
    goals = (Goal(19, less=True, unit=""), Goal(0, less=True, unit=""))
    for kind, names, goal in zip(("", ", third-party"), (own, foreign), goals, strict=True):
        work = f"plugin installed, not used: modules added{kind}"
        for peer in ("recording", "schemathesis"):
            theirs = [n for n in modules[peer] if not kind or not _is_ours_or_standard(n, peer)]
            bound, figure = (goal, len(names)) if peer == "recording" else (None, None)
            yield Row(work, str(len(names)), PLUGINS[peer], str(len(theirs)), figure, bound, "")


def _command(project: Path, *loaded: str) -> Sequence[str]:
    """Return a run of pytest in which, of all installed plugins, only the named ones load."""
    others = sorted({point.name for point in entry_points(group="pytest11")} - set(loaded))
    blocked = [text for name in others for text in ("-p", f"no:{name}")]
    return [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        *blocked,
        str(project / "test_one.py"),
    ]


def _added_time(project: Path, rounds: int) -> dict[str, float]:
    """Return the median of the differences to the bare run of the same round, in seconds of CPU."""
    jobs = {name: partial(run_process, _command(project, name), project) for name in PLUGINS}
    jobs = {"first": partial(run_process, _command(project), project), **jobs}
    jobs["bare"] = jobs["first"]
    taken = in_turn(jobs, rounds, warm=True)
    first = taken.pop("first")
    return {
        name: median(one.cpu - bare.cpu for one, bare in zip(runs, first, strict=True))
        for name, runs in taken.items()
    }


def _added_modules(project: Path, name: str) -> list[str]:
    loaded = []
    for command in (_command(project), _command(project, name)):
        subprocess.run(command, cwd=project, check=True, capture_output=True)
        loaded.append(set(json.loads((project / "modules.json").read_text())))
    return sorted(loaded[1] - loaded[0])


def _is_ours_or_standard(name: str, plugin: str = "apierrors") -> bool:
    top = name.partition(".")[0]
    return top in (f"pytest_{plugin}", plugin) or top in sys.stdlib_module_names
