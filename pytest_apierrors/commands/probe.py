"""`probe`: the harmless requests of a catalog sent to one named host, their answers checked."""

from __future__ import annotations

import os
import ssl
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_apierrors.atomic import NotWritten, replacing
from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.catalog.subset import suggestion
from pytest_apierrors.commands.catalogs import catalogs_option, named
from pytest_apierrors.commands.output import file_or_stdout, output_to
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.inert import one_line
from pytest_apierrors.live.deadline import Deadline
from pytest_apierrors.live.hosts import AllowList, origin_of, target_of
from pytest_apierrors.live.pace import Pace, seconds_between
from pytest_apierrors.live.probing import Manner, Probing
from pytest_apierrors.reports import FORMATS, renderer
from pytest_apierrors.reports.run import Run, Summary

if TYPE_CHECKING:
    import argparse

_LONGEST = 3600.0


def options(parser: argparse.ArgumentParser) -> None:
    """Say which options the command has."""
    add = parser.add_argument
    add("name", metavar="PROVIDER", help="the catalog whose probes are sent")
    add("--base-url", required=True, metavar="URL", help="where the API is: https://host[/path]")
    add(
        "--allow",
        action="append",
        default=[],
        metavar="HOST",
        help="a host that may be asked, exactly: host, host:port, http://host; repeatable",
    )
    catalogs_option(parser)
    add("--record", metavar="FILE", help="keep the exchanges there, as an exchange log")
    add("--format", default="text", metavar="FORMAT", help=f"{', '.join(FORMATS)} (default: text)")
    add(
        "--output",
        metavar="FILE",
        type=file_or_stdout,
        help="write the report there, whole or not at all",
    )
    add("--rate", default="1/s", metavar="RATE", help="such as 1/s or 20/m (default: 1/s)")
    add("--deadline", default="120", metavar="SECONDS", help="of the whole run (default: 120)")
    add("--timeout", default="10", metavar="SECONDS", help="of each request (default: 10)")
    add("--ca-file", metavar="FILE", help="trust the authorities in this PEM file, and no others")
    add("--dry-run", action="store_true", help="say what would be sent, and send nothing")
    add("--allow-in-ci", action="store_true", help="run although the variable CI is set")


def run(arguments: argparse.Namespace) -> int:
    """Send, check, report, and return the exit status."""
    probing = Probing(
        named(arguments.name, Catalogs(arguments.catalogs)), _manner(arguments), arguments.record
    )
    if arguments.dry_run:
        sys.stdout.writelines(f"{line}\n" for line in probing.plan_lines())
        return 0
    if os.environ.get("CI") and not arguments.allow_in_ci:
        raise UsageProblem(
            "the variable CI is set: a CI job does not use the network unless it says --allow-in-ci"
        )
    _writable("--record", arguments.record)
    _writable("--output", arguments.output)
    deadline = Deadline(_seconds("--deadline", arguments.deadline))
    summary = Summary([probing.catalog])
    summary.kind = "live"
    results = summary.counted(probing.results(deadline, _tell))
    with output_to(arguments.output) as out:
        everything = Run(
            results,
            summary,
            probing.catalog.name,
            everything=True,
            catalogs=[probing.catalog],
            remarks=probing.remarks,
            named=[probing.catalog.name],
        )
        renderer(arguments.format)(everything, out)
        if arguments.record is not None and probing.lines:
            _record(arguments.record, probing.lines)
    return (
        2 if summary.unreadable or not summary.responses else int(bool(summary.violations["error"]))
    )


def _manner(arguments: argparse.Namespace) -> Manner:
    """Read how probes are to be sent. Raises UsageProblem before anything is."""
    if arguments.format not in FORMATS:
        hint = suggestion(arguments.format, FORMATS) or f" (there are: {', '.join(FORMATS)})"
        raise UsageProblem(f'--format: no format named "{arguments.format}"{hint}')
    target = target_of(arguments.base_url)
    if not arguments.allow:
        raise UsageProblem(f"--allow: name the host that may be asked: --allow {target.origin.url}")
    return Manner(
        target,
        AllowList(map(origin_of, arguments.allow)),
        Pace(seconds_between(arguments.rate)),
        _seconds("--timeout", arguments.timeout),
        _context(arguments.ca_file) if target.origin.scheme == "https" else None,
    )


def _context(ca_file: str | None) -> ssl.SSLContext:
    """Return what verifies certificates; nothing turns that off."""
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except ssl.SSLError:
        raise UsageProblem(f"--ca-file {ca_file}: holds no certificate in PEM form") from None
    except OSError as error:
        raise UsageProblem(f"--ca-file {ca_file}: cannot be read: {error.strerror}") from None
    context.set_alpn_protocols(["http/1.1"])
    return context


def _seconds(option: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _LONGEST:
        raise UsageProblem(
            f"{option}: seconds up to {_LONGEST:g} are needed; found {one_line(text, 40)}"
        )
    return seconds


def _writable(option: str, name: str | None) -> None:
    """Refuse what cannot be a file before anything is sent."""
    if name is None:
        return
    path = Path(name)
    if path.is_dir() or not path.absolute().parent.is_dir():
        why = "is a folder" if path.is_dir() else "there is no such folder"
        raise UsageProblem(f"{option} {name}: cannot be written: {why}")


def _record(name: str, lines: list[str]) -> None:
    try:
        with replacing(name) as stream:
            stream.writelines(lines)
    except NotWritten as problem:
        raise UsageProblem(f"--record {name}: cannot be written: {problem}") from None


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
