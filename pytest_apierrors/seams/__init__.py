"""
Seams: how a fault reaches a client, whatever library the client is built on.

While an injection is in force these are replaced, in libraries that are loaded or get loaded;
at its end all is put back. Classes are patched, never names in modules: a client that was
imported, built or opened before is caught as well.

| library | what is replaced | who answers |
|---|---|---|
| requests | `HTTPAdapter.send` | this process; as urllib3 with a Retry and for faults of the \
wire |
| httpx, httpx2 | `HTTPTransport.handle_request`, `AsyncHTTPTransport.handle_async_request` | this \
process; faults of the wire: a transport like the client's own, led to the loopback server |
| urllib3, its fork under niquests | `HTTPConnection._new_conn`, `HTTPConnectionPool.urlopen` and \
`_get_conn`, and their async twins | the loopback server |
| http.client, and with it urllib, httplib2 and others | `HTTPConnection.connect`, `putrequest`, \
`_tunnel`, `__init__`, and what classes derived from it have for `connect` | the loopback server |
| aiohttp | `TCPConnector.connect`, `_get`, `_create_connection`, `_resolve_host` | the loopback \
server |
| ssl | `SSLContext.wrap_socket`, `wrap_bio` | for connections to the loopback server, a context \
as strict as the client's own trusts its authority and nobody else |
| ssl | `SSLContext.load_verify_locations`, `set_default_verify_paths` | on a virtual clock: \
nobody, before a connection needs it |

A fault of the wire is one with steps, or a response that only a real parser can judge: control
characters in a header, a Content-Length that is wrong, a status outside 200 to 599. Proxies are
passed by. Left alone: transports and adapters of the user's own (`httpx.MockTransport`, ASGI),
sockets in the file system, libraries with a network stack of their own (pycurl, curl_cffi,
tornado, twisted), TLS that is not Python's `ssl` (pyOpenSSL, truststore), pinned fingerprints.

With other tools: an injection begun inside `responses`, respx or pytest-httpx wins; one of those
begun inside an injection wins until it ends. requests-mock always comes first, so that an
injection inside of it is refused. Nothing is injected while a vcrpy cassette is in force or
betamax records.
"""

from __future__ import annotations

from pytest_apierrors.seams.answering import Answering, answer
from pytest_apierrors.seams.calls import Call, Clock, Endless, Injected, ok
from pytest_apierrors.seams.force import Force, active, in_force, inject, seam_names
from pytest_apierrors.seams.serving import ServerOf, served_ports, serving

__all__ = [
    "Answering",
    "Call",
    "Clock",
    "Endless",
    "Force",
    "Injected",
    "ServerOf",
    "active",
    "answer",
    "in_force",
    "inject",
    "ok",
    "seam_names",
    "served_ports",
    "serving",
]
