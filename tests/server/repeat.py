"""
`python tests/server/repeat.py` shows whether the same fault gives the same outcome.

Each transport fault many times, each time with a fresh client; the table has what came of it.
The exit status is 1 if a fault that is marked exact had more than one outcome with one client,
or if fewer than 95 of 100 faults are exact.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from contextlib import ExitStack

from callers import CALLS, outcome

from pytest_apierrors.faults.pick import First, Seeded
from pytest_apierrors.faults.transport import KINDS, NEED_TLS
from pytest_apierrors.server import FaultServer

STALLED = 0.1
SHARE = 0.95


def counted(server, fault, call, repeats):
    """Return how often each outcome came."""
    stalls = any(step.do == "hold" for step in fault.steps)
    authority = str(server.ca_file) if server.url.startswith("https") else None
    found = Counter()
    for _ in range(repeats):
        server.answer_with(fault)
        found[outcome(call, server.url, authority, STALLED if stalls else 10)] += 1
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=200)
    parser.add_argument("--kinds", nargs="+", choices=[kind.name for kind in KINDS])
    parser.add_argument("--seed", type=int, help="any example of each fault, not the first")
    parser.add_argument("--tls", action="store_true", help="every fault over TLS")
    chosen = parser.parse_args()
    pick = First() if chosen.seed is None else Seeded(chosen.seed)
    print(f"{'fault':28}", *(f"{name:40}" for name in CALLS))
    racy, lies = [], []
    kinds = [kind for kind in KINDS if chosen.kinds is None or kind.name in chosen.kinds]
    with ExitStack() as stack:
        plain = stack.enter_context(FaultServer())
        tls = stack.enter_context(FaultServer(tls=True))
        for kind in kinds:
            server = tls if chosen.tls or kind.name in NEED_TLS else plain
            fault = kind.make(pick)
            cells = [counted(server, fault, call, chosen.repeats) for call in CALLS.values()]
            print(f"{kind.name:28}", *(f"{cell(found):40}" for found in cells), flush=True)
            if any(len(found) > 1 for found in cells):
                racy.append(kind.name)
                lies += [kind.name] if fault.exact else []
        complaints = [*plain.complaints(), *tls.complaints()]
    exact = sum(kind.make(pick).exact for kind in kinds) - len(lies)
    print(f"{len(kinds)} faults x {len(CALLS)} clients x {chosen.repeats} repeats")
    print(f"more than one outcome: {', '.join(racy) or 'none'}; exact: {exact} of {len(kinds)}")
    print("marked exact and not:", ", ".join(lies) or "none")
    print(*complaints, sep="\n")
    return 1 if lies or complaints or exact < SHARE * len(kinds) else 0


def cell(found):
    if len(found) == 1:
        return next(iter(found))
    return ", ".join(f"{name} {count}" for name, count in found.most_common())


if __name__ == "__main__":
    sys.exit(main())
