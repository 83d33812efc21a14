"""The command line: names of the commands, what a mistake looks like, exit statuses."""

from __future__ import annotations

import argparse
import os
import sys
import textwrap
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

from pytest_apierrors.errors import CatalogError, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

PROGRAM = "pytest-apierrors"
MISTAKE = 2
INTERRUPTED = 130
BROKEN_PIPE = 141  # what a shell reports for a program that SIGPIPE ended

COMMANDS = {
    "check": "hold recorded error responses against what their providers document",
    "combine": "put the JSON reports of several test runs together, with their coverage",
    "list": "list the catalogs that can be chosen",
    "show": "show what a catalog says, or one entry of it with its sources",
    "lint": "find what is wrong or odd in catalog files",
    "serve": "answer on a local port with any kind of fault, for clients in any language",
    "export": "write a catalog as one standard JSON Schema",
    "probe": "send a catalog's harmless requests to a named host, and check the answers",
}


class Unbroken(argparse.HelpFormatter):
    """Help in which no name is broken at a dash: rules and formats are full of them."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return textwrap.wrap(" ".join(text.split()), width, break_on_hyphens=False)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines = self._split_lines(text, width - len(indent))
        return "\n".join(f"{indent}{line}" for line in lines)


class Parser(argparse.ArgumentParser):
    """A parser whose mistakes are one sentence."""

    def __init__(self, prog: str, **more: Any) -> None:
        super().__init__(prog, formatter_class=Unbroken, **more)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is."""
        raise UsageProblem(f"{message} (see {self.prog} --help)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    argv = list(sys.argv[1:] if arguments is None else arguments)
    closed = _never_without_streams()
    _never_fail_to_encode()
    try:
        status = _run(argv)
        sys.stdout.flush()
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        _give_up_output()
        return BROKEN_PIPE
    except (UsageProblem, CatalogError) as problem:
        _say(str(problem))
        return MISTAKE
    except OSError as error:
        if error.filename is not None:
            raise
        _say(f"the output cannot be written: {error.strerror}")
        _give_up_output()
        return MISTAKE
    if closed:
        _say("the output cannot be written: it is closed")
        return MISTAKE
    return status


def _run(argv: list[str]) -> int:
    command = next((word for word in argv if not word.startswith("-")), None)
    if command is not None and command not in COMMANDS:
        from pytest_apierrors.catalog.subset import suggestion  # noqa: PLC0415 - only for a mistake

        hint = suggestion(command, tuple(COMMANDS)) or f" (there are: {', '.join(COMMANDS)})"
        raise UsageProblem(f'no command named "{command}"{hint}')
    options = _parser(command).parse_args(argv)
    if options.command is None:
        raise UsageProblem(f"a command is needed: {', '.join(COMMANDS)} (see {PROGRAM} --help)")
    status: int = _module(options.command).run(options)
    return status


def _parser(command: str | None) -> Parser:
    """Return the parser; only the command that is used is imported to say what its options are."""
    parser = Parser(PROGRAM, description="Checks error responses of somebody else's API.")
    parser.add_argument("--version", action=_Version)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, title in COMMANDS.items():
        sub = commands.add_parser(name, help=title, description=f"{title[0].upper()}{title[1:]}.")
        if name == command:
            _module(name).options(sub)
    return parser


def _module(command: str) -> Any:
    return import_module(f"pytest_apierrors.commands.{command}")


class _Version(argparse.Action):
    """Prints the version; reading it takes a moment that no other command should spend."""

    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="print the version and exit")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib import metadata  # noqa: PLC0415 - reads the metadata of the package

        try:
            version = metadata.version(PROGRAM)
        except metadata.PackageNotFoundError:
            version = "(not installed: no version)"
        sys.stdout.write(f"{PROGRAM} {version}\n")
        parser.exit()


def _never_without_streams() -> bool:
    """Have streams to write to where the caller has closed them; return whether output is lost."""
    closed = sys.stdout is None
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    return closed


def _give_up_output() -> None:
    """Throw away what is buffered: the interpreter flushes once more when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _never_fail_to_encode() -> None:
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _say(text: str) -> None:
    from pytest_apierrors.inert import inert  # noqa: PLC0415 - only for a mistake

    for line in text.split("\n"):
        sys.stderr.write(f"{PROGRAM}: {inert(line)}\n")
