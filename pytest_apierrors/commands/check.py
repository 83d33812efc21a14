"""`check`: recorded error responses held against what their providers document."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec.structs import fields

from pytest_apierrors.attribution import Attribution
from pytest_apierrors.baseline import load
from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.check.verdict import RULES, SEVERITIES, Policy
from pytest_apierrors.commands.catalogs import catalogs_option, named
from pytest_apierrors.commands.output import file_or_stdout, output_to
from pytest_apierrors.commands.progress import with_progress
from pytest_apierrors.commands.words import known, known_format, percent
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.inert import inert
from pytest_apierrors.parallel import Task, check_files, worth_it
from pytest_apierrors.processes import cores
from pytest_apierrors.recordings import READERS, Limits
from pytest_apierrors.recordings.installed import installed_readers
from pytest_apierrors.recordings.limits import MEANINGS
from pytest_apierrors.reports import FINDINGS, FORMATS, STREAMED, renderer
from pytest_apierrors.reports.run import Run, Summary
from pytest_apierrors.results import How, NoRecording, check_file, found_in

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from pytest_apierrors.baseline import Baseline
    from pytest_apierrors.catalog.model import Catalog
    from pytest_apierrors.check.verdict import Severity
    from pytest_apierrors.reports.run import Result


_DIGITS = 15
ADVICE = "choose one with --provider NAME, or pass over such responses with --only-hosts"


def options(parser: argparse.ArgumentParser) -> None:
    """Say which options the command has."""
    add = parser.add_argument
    add("paths", nargs="+", metavar="PATH", help="a recording, or a folder of recordings")
    add(
        "--provider",
        action="append",
        default=[],
        metavar="NAME",
        help="hold against this catalog; repeatable (default: the host of each request decides)",
    )
    catalogs_option(parser)
    add(
        "--reader",
        metavar="NAME",
        help="read as this format instead of recognising it: "
        + ", ".join(sorted(reader.name for reader in READERS)),
    )
    add("--format", default="text", metavar="FORMAT", help=f"{', '.join(FORMATS)} (default: text)")
    add(
        "--output",
        metavar="FILE",
        type=file_or_stdout,
        help="write the report there, whole or not at all",
    )
    add("--select", action="append", default=[], metavar="RULE", help="only this rule; repeatable")
    add("--ignore", action="append", default=[], metavar="RULE", help="not this rule; repeatable")
    add(
        "--severity",
        action="append",
        default=[],
        metavar="RULE=LEVEL",
        help=f"change the severity of a rule: {', '.join(SEVERITIES)}; repeatable",
    )
    add("--all", action="store_true", help="list responses that need no attention, too")
    add(
        "--only-hosts",
        action="store_true",
        help="pass over responses from hosts of no chosen provider",
    )
    add("--jobs", type=_positive, metavar="N", help="processes at most (default: one per core)")
    add("--baseline", metavar="FILE", help="deviations that are accepted; others fail")
    add(
        "--fail-under",
        metavar="PCT",
        help="fail if less than this percentage of the documented errors was exercised",
    )
    add("--require-errors", action="store_true", help="fail if there is no error to check")
    parser.epilog = f"Rules: {', '.join(RULES)}."
    limits = parser.add_argument_group(
        "limits", "A recording that exceeds one is not read further."
    )
    for one in fields(Limits):
        limits.add_argument(
            f"--{one.name.replace('_', '-')}",
            type=_positive,
            default=one.default,
            metavar="N",
            help=f"{MEANINGS[one.name]} (default: {one.default})",
        )


def run(arguments: argparse.Namespace) -> int:
    """Check, report, and return the exit status."""
    known_format(arguments.format)
    if "" in arguments.paths:
        raise UsageProblem("PATH is empty: name a recording, or a folder of them")
    required = percent("--fail-under", arguments.fail_under)
    readers = (*installed_readers(), *READERS)
    if arguments.reader is not None:
        known("--reader", "reader", arguments.reader, tuple(one.name for one in readers))
    catalogs = chosen(arguments.provider, Catalogs(arguments.catalogs))
    how = How(
        attribution=Attribution(catalogs, only_hosts=arguments.only_hosts, advice=ADVICE),
        policy=policy(arguments.select, arguments.ignore, arguments.severity),
        reader=arguments.reader,
        limits=Limits(**{one.name: getattr(arguments, one.name) for one in fields(Limits)}),
        readers=readers,
        baseline=_baseline(arguments.baseline),
    )
    summary = Summary(catalogs)
    results = with_progress(_results(arguments, how, summary))
    sole = catalogs[0].name if len(set(arguments.provider)) == 1 else None
    with output_to(arguments.output) as out:
        report = Run(
            summary.counted(results),
            summary,
            sole,
            arguments.all,
            catalogs,
            accepted=() if how.baseline is None else tuple(how.baseline.lines.values()),
            named=arguments.provider,
            fail_under=required,
            require_errors=arguments.require_errors,
        )
        renderer(arguments.format)(report, out)
    if how.baseline is not None:
        _say(how.baseline.summary(tested=bool(summary.responses)))
    if not summary.files and not summary.no_recordings:
        _say([f"{', '.join(arguments.paths)}: no files in there"])
    lacking = report.lacking(report.coverage)
    _say(lacking)
    return max(_status(summary), int(bool(lacking)))


def chosen(names: Iterable[str], catalogs: Catalogs) -> list[Catalog]:
    """Return the catalogs of these names, or all there are where none is named."""
    wanted = list(dict.fromkeys(names)) or catalogs.names()
    return [named(name, catalogs, "--provider") for name in wanted]


def policy(select: Iterable[str], ignore: Iterable[str], severity: Iterable[str]) -> Policy:
    """Return which rules count and how much; a name that is no rule is refused."""
    levels: list[tuple[str, Severity]] = []
    for word in severity:
        rule, equals, level = word.partition("=")
        if not equals:
            raise UsageProblem(f'--severity: RULE=LEVEL is needed; found "{word}"')
        known("--severity", "rule", rule, RULES)
        known("--severity", "severity", level, SEVERITIES)
        levels.append((rule, cast("Severity", level)))
    for option, words in (("--select", select), ("--ignore", ignore)):
        for word in words:
            known(option, "rule", word, RULES)
    return Policy(frozenset(select), frozenset(ignore), tuple(reversed(levels)))


def _baseline(name: str | None) -> Baseline | None:
    if name is None:
        return None
    baseline = load(Path(name), name, datetime.now(UTC).date())
    if not Path(name).exists():  # nothing here could write it
        raise UsageProblem(f"--baseline {name}: no such file")
    return baseline


def _say(lines: Iterable[str]) -> None:
    """Say what belongs into no report, for its format may be a machine's."""
    sys.stderr.writelines(f"{inert(line)}\n" for line in lines)


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS and int(text)):
        # argparse does not print our sentence for any other exception.
        from argparse import ArgumentTypeError  # noqa: PLC0415

        raise ArgumentTypeError(f'a number from 1 is needed; found "{text}"')
    return int(text)


def _results(arguments: argparse.Namespace, how: How, summary: Summary) -> Iterator[Result]:
    files: list[str] = []
    for found in found_in(arguments.paths, how.readers):
        if isinstance(found, NoRecording):
            yield found
        else:
            files.append(found)
    summary.files = len(files)
    jobs = arguments.jobs or cores()
    if worth_it(files, jobs):
        task = Task(
            how,
            arguments.all,
            whole=arguments.all or arguments.format not in STREAMED,
            findings=not arguments.all and arguments.format in FINDINGS,
        )
        yield from check_files(files, task, summary, jobs)
        return
    for file in files:
        yield from check_file(file, how)


def _status(summary: Summary) -> int:
    if summary.unreadable or not summary.responses:
        return 2
    return int(bool(summary.violations["error"]))
