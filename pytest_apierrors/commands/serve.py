"""`serve`: every kind of fault on a real socket, for clients in any language."""

from __future__ import annotations

import signal
import sys
import threading
from typing import TYPE_CHECKING, NoReturn

from pytest_apierrors.catalog.find import Catalogs
from pytest_apierrors.catalog.subset import suggestion
from pytest_apierrors.commands.catalogs import catalogs_option, named
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.faults.kinds import choose, kinds_of
from pytest_apierrors.faults.pick import First
from pytest_apierrors.faults.transport import NEED_TLS, STARTS
from pytest_apierrors.inert import inert
from pytest_apierrors.response import Headers, Response
from pytest_apierrors.server import FaultServer

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    from pytest_apierrors.faults.model import Fault, Kind
    from pytest_apierrors.server.seen import Seen

HEADER = "X-Apierrors-Kind"
_TEXT = Headers([("Content-Type", "text/plain; charset=utf-8")])
_HIGHEST_PORT = 65_535


def options(parser: argparse.ArgumentParser) -> None:
    """Say which options the command has."""
    add = parser.add_argument
    add("provider", nargs="?", default="http", metavar="NAME", help="a catalog (default: http)")
    catalogs_option(parser)
    add(
        "--kind",
        action="append",
        default=[],
        metavar="KIND",
        help="answer every request with this kind of fault; several in turn, the last repeats",
    )
    add("--port", type=_port, default=0, metavar="N", help="the port (default: a free one)")
    add("--tls", action="store_true", help="speak TLS; the certificate to trust is named")


def run(arguments: argparse.Namespace) -> int:
    """Serve until the process is interrupted or told to end."""
    catalog = named(arguments.provider, Catalogs(arguments.catalogs))
    kinds = {kind.name: kind for kind in kinds_of(catalog)}
    choose(tuple(kinds.values()), arguments.kind)
    missing = [name for name in arguments.kind if name not in kinds]
    if missing:
        raise UsageProblem(f'--kind: "{missing[0]}" is a ring; name the kinds')
    with _server(arguments) as server:
        if arguments.kind:
            server.answer_with([kinds[name].make(First()) for name in arguments.kind])
        else:
            server.answer_with(_answering(kinds))
        told = "".join(f"{line}\n" for line in _told(server, arguments, len(kinds)))
        _until_ended(told)
    return 0


def _server(arguments: argparse.Namespace) -> FaultServer:
    server = FaultServer(tls=arguments.tls, port=arguments.port)
    try:
        return server.start()
    except OSError as error:
        raise UsageProblem(f"--port {arguments.port}: cannot be used: {error.strerror}") from None


def _told(server: FaultServer, arguments: argparse.Namespace, count: int) -> list[str]:
    if arguments.kind:
        lines = [f"{', then '.join(arguments.kind)} at {server.url}"]
    else:
        lines = [
            f"{arguments.provider}: {count} kinds of fault at {server.url}",
            f"  {server.url}/KIND/any/path, or any path with the header {HEADER}: KIND",
            f"  {server.url}/ lists the kinds",
        ]
    if arguments.tls:
        lines.append(f"  trust the certificate in {server.ca_file}")
    return [*lines, "stop with Ctrl-C"]


def _answering(kinds: Mapping[str, Kind]) -> Callable[[Seen], Fault | Response]:
    listed = "".join(f"{kind.name}\t{kind.doc}\n" for kind in kinds.values())

    def answer(seen: Seen) -> Fault | Response:
        path = seen.path.partition("?")[0]
        name = seen.headers.get(HEADER) or path[1:].partition("/")[0]
        kind = kinds.get(name)
        if kind is None and path == "/":
            return Response(200, listed.encode(), _TEXT)
        if kind is None:
            hint = suggestion(name, tuple(kinds))
            return _sorry(f"no kind of fault named {inert(name, 80)!r}{hint}")
        fault = kind.make(First())
        if kind.name in STARTS or fault.kind in NEED_TLS:
            return _sorry(f"{kind.name} strikes before a request is read: serve --kind {kind.name}")
        return fault

    return answer


def _sorry(sentence: str) -> Response:
    return Response(501, f"{sentence}\n".encode(), _TEXT)


def _until_ended(told: str) -> None:
    """Say a text, and return when the process is interrupted or told to end, however soon."""

    def end(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    try:
        for number in (signal.SIGINT, signal.SIGTERM):  # in the background the first is ignored
            signal.signal(number, end)
        sys.stdout.write(told)
        sys.stdout.flush()
        threading.Event().wait()
    except KeyboardInterrupt:
        return


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:6]) <= _HIGHEST_PORT):
        # argparse does not print our sentence for any other exception.
        from argparse import ArgumentTypeError  # noqa: PLC0415

        raise ArgumentTypeError(f'a port from 0 to {_HIGHEST_PORT} is needed; found "{text}"')
    return int(text)
