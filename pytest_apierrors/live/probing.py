"""The probes of a catalog sent one after another, each answer checked as a recorded one is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

from msgspec.structs import replace

from pytest_apierrors.catalog.probes import MOST
from pytest_apierrors.check import check
from pytest_apierrors.errors import RecordingError, UsageProblem
from pytest_apierrors.inert import inert
from pytest_apierrors.live.addresses import addresses_of
from pytest_apierrors.live.deadline import Deadline, NoAnswer
from pytest_apierrors.live.exchange import Request, exchange
from pytest_apierrors.live.expecting import held, wanted
from pytest_apierrors.live.hosts import origin_in
from pytest_apierrors.live.keeping import kept_line
from pytest_apierrors.live.wire import Wire
from pytest_apierrors.redact import redact_url
from pytest_apierrors.response import Origin as Place
from pytest_apierrors.results import Checked, checked_of

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

    from pytest_apierrors.catalog.model import Catalog, Probe
    from pytest_apierrors.live.hosts import AllowList, Target
    from pytest_apierrors.live.pace import Pace
    from pytest_apierrors.response import Response


class Manner(NamedTuple):
    """How probes are sent: where to, how fast, and how long each may take."""

    target: Target
    allowed: AllowList
    pace: Pace
    seconds: float
    context: ssl.SSLContext | None = None


class Probing:
    """
    The probes of one catalog on their way.

    `lines` are the exchanges as a log keeps them, `remarks` what no verdict says: redirects.
    `file` names the log that the lines will stand in, None where there is none.
    """

    def __init__(self, catalog: Catalog, manner: Manner, file: str | None = None) -> None:
        self.catalog = catalog
        self.manner = manner
        self.file = file
        self.lines: list[str] = []
        self.remarks: list[str] = []
        if not catalog.probes:
            raise UsageProblem(
                f"the catalog {catalog.name} has no probes: there is nothing to send"
            )
        if not manner.allowed.permits(manner.target.origin):
            named = ", ".join(sorted(one.url for one in manner.allowed.origins)) or "nothing"
            raise UsageProblem(
                f"--base-url: {manner.target.origin.url} is not on the allow-list ({named}); "
                f"add --allow {manner.target.origin.url} if it is meant"
            )

    def plan(self) -> list[tuple[Probe, Request]]:
        """Return what is to be sent, in order; never more than a run may send."""
        origin, prefix = self.manner.target
        return [
            (probe, Request(probe.method, origin, f"{prefix}{probe.path}", probe.headers))
            for probe in self.catalog.probes[:MOST]
        ]

    def plan_lines(self) -> list[str]:
        """Say what would be sent."""
        return [
            inert(f"{probe.name}: {_asked(request)}, expecting {wanted(probe)}")
            for probe, request in self.plan()
        ]

    def results(
        self, run: Deadline, tell: Callable[[str], None]
    ) -> Iterator[Checked | RecordingError]:
        """Send the probes and yield their answers, or why there was none."""
        for index, (probe, request) in enumerate(self.plan()):
            try:
                self.manner.pace.wait(run)
                response = self._ask(request, run)
            except NoAnswer as nothing:
                tell(inert(f"{probe.name}: {_asked(request)} -> no answer"))
                yield RecordingError(self._name(probe), f"{_asked(request)}: {nothing}")
            else:
                tell(inert(f"{probe.name}: {_asked(request)} -> {response.status}"))
                yield self._checked(probe, request, response, index)

    def _ask(self, request: Request, run: Deadline) -> Response:
        manner = self.manner
        left = run.within(manner.seconds)
        run.left("nothing was sent")
        deadline = Deadline(left)
        addresses = addresses_of(request.origin, manner.allowed, deadline)
        with Wire(deadline) as wire:
            wire.open(request.origin, addresses, manner.context)
            return exchange(wire, request)

    def _checked(self, probe: Probe, request: Request, response: Response, index: int) -> Checked:
        self._remark_redirect(probe, request, response)
        self.lines.append(kept_line(response, request.sent()))
        line = None if self.file is None else len(self.lines)
        number = index if self.file is None else len(self.lines) - 1
        verdict = check(response, self.catalog)
        verdict = held(verdict, response.status, probe, self.catalog)
        place = Place(self._name(probe) if self.file is None else self.file, number, line)
        return checked_of(replace(response, origin=place), verdict)

    def _remark_redirect(self, probe: Probe, request: Request, response: Response) -> None:
        location = response.header("location")
        if not 300 <= response.status < 400 or location is None:
            return
        try:
            goal = urljoin(request.url, location)
        except ValueError:
            goal = location
        where = "" if origin_in(goal) == request.origin else " on another host"
        shown = inert(redact_url(goal), 300)
        self.remarks.append(
            f"{probe.name}: {response.status} redirects to {shown}{where}: not followed"
        )

    def _name(self, probe: Probe) -> str:
        return f"{self.catalog.name}/{probe.name}"


def _asked(request: Request) -> str:
    return f"{request.method} {redact_url(request.url)}"
