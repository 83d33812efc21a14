"""
Observing: every response that a test receives, whatever client asked and whoever answered.

While `observing` is in force these are replaced, in libraries that are loaded or get loaded; at
its end all is put back. Nothing is read for the user, and nothing is imported.

| library | what is replaced | not heard |
|---|---|---|
| requests, niquests | `dispatch_hook` of the sessions | |
| httpx, httpx2 | `send`, `_send_single_request` of both clients | |
| aiohttp | `_BaseRequestContextManager.__init__` | the body under `raise_for_status=True` |
| urllib | `OpenerDirector.open` | redirect hops |
| urllib3 | `HTTPConnectionPool.urlopen`, where requests did not call it | tries before the last |

Who answered is noted by `responses`, respx, pytest-httpx, requests-mock, aioresponses, vcrpy,
betamax and the transports of httpx for tests, where they choose an answer; what stands in a
recording and what `answer` gives is known, too. A host of this machine is a stand-in, all else
the API. What `fuzz` injects and what `apierrors_server` serves is broken on purpose: not heard.
"""

from __future__ import annotations

from pytest_apierrors.observe.heard import Answer, Heard, Place
from pytest_apierrors.observe.watching import observing

__all__ = ["Answer", "Heard", "Place", "observing"]
