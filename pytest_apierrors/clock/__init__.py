"""
The virtual clock: what a call sleeps is written down, and passes at once.

| in the call, virtual | real, also in the call |
|---|---|
| `time.sleep`, `time.time`, `monotonic`, `perf_counter` and their `_ns` twins, also where a \
module took them by name | `time.gmtime()` and all else that reads a clock in C |
| `datetime.now()`, `utcnow()` and `today()`, `date.today()` of the names that the client's \
modules have | the same of an import within a function, in modules of msgspec's or pydantic's \
models, and in libraries that look at types or certificates |
| `Condition.wait(timeout)`, and with it `Event`, `queue`, `Future.result`: after a short real \
while in which somebody may wake it | `Lock.acquire(timeout=)`, `Thread.join(timeout)` |
| `asyncio.sleep` and every timer of an asyncio loop that is run in the call, every deadline of \
a trio loop | other loops (uvloop): there `asyncio.sleep` passes at once, timers do not |
| | timeouts of sockets, `select` and `poll`: what is waited there passes here, too |

What real time a call takes counts only from a quarter of a second on, so that shorter calls are
the same in every run.

Only the context in which `virtual_time()` was entered sees this, and threads started in it:
pytest, Hypothesis, the deadline and the fault server keep real time.
"""

from __future__ import annotations

from pytest_apierrors.clock.patching import virtual_time
from pytest_apierrors.clock.virtual import VirtualTime

__all__ = ["VirtualTime", "virtual_time"]
