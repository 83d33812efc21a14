"""Tools that record what a client gets: what we inject must never stand in a recording."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NoReturn

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.inert import inert

if TYPE_CHECKING:
    from types import ModuleType

    from pytest_apierrors.seams.scene import Scene

_RECORDED = "what is injected would be recorded as if the API had sent it"


def refuse_cassette() -> None:
    """Raise UsageProblem while a vcrpy cassette is in force."""
    client: Any = sys.modules.get("http.client")
    # vcrpy puts classes of its own there, which hold the cassette.
    cassette = getattr(getattr(client, "HTTPConnection", None), "cassette", None)
    if cassette is not None:
        path = inert(str(getattr(cassette, "_path", "")), 200)
        raise UsageProblem(
            f"a vcrpy cassette is in force ({path}): {_RECORDED}; inject outside of it"
        )


def install_vcr(module: ModuleType, scene: Scene) -> None:
    """Let no cassette begin during an injection: some clients it would lead past it."""

    def enter(*_: object) -> NoReturn:
        raise UsageProblem(f"a vcrpy cassette cannot begin while faults are injected: {_RECORDED}")

    if hasattr(module, "CassetteContextDecorator"):
        scene.patches.wrap(module.CassetteContextDecorator, "__enter__", enter)


def refuse_betamax(depth: int) -> None:
    """Raise UsageProblem if betamax asks for a response to record it."""
    if "betamax" not in sys.modules:
        return
    module = str(sys._getframe(depth).f_globals.get("__name__", ""))  # noqa: SLF001
    if module.partition(".")[0] == "betamax":
        raise UsageProblem(f"a betamax recorder is in force: {_RECORDED}; inject outside of it")


def refuse_deaf() -> None:
    """Raise UsageProblem while requests-mock answers everything before it can reach us."""
    if "requests_mock" not in sys.modules:
        return
    requests: Any = sys.modules.get("requests")
    send = getattr(requests.Session, "send", None) if requests else None
    if str(getattr(send, "__module__", "")).partition(".")[0] == "requests_mock":
        raise UsageProblem(
            "requests-mock is in force and answers before anything could be injected: "
            "use one of the two"
        )
