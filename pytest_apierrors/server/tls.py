"""TLS over bytes in memory, so that a plan decides what goes over the wire, and certificates."""

from __future__ import annotations

import ssl
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pytest_apierrors.errors import UsageProblem

if TYPE_CHECKING:
    from pathlib import Path

    import trustme

_OWN = ("localhost", "127.0.0.1", "::1")
_NAMES = 256  # a client may ask for many names; each costs a key
_PAST = datetime(2001, 1, 1, tzinfo=UTC)


class Certificates:
    """
    An authority made for one server, and the certificates that it issues.

    A name that a client asks for (SNI) gets a certificate of its own, so that a client that was
    led here finds the host that it wanted.
    """

    def __init__(self) -> None:
        try:
            import trustme  # noqa: PLC0415 - optional, and slow to import
        except ImportError:
            raise UsageProblem(
                "a fault server with TLS makes its certificates with trustme: "
                "pip install 'pytest-apierrors[server]'"
            ) from None
        self._trusted = trustme.CA()
        self._stranger: trustme.CA | None = None
        self._make_authority = trustme.CA
        self._contexts: dict[tuple[str, str], ssl.SSLContext] = {}

    def write(self, file: Path) -> None:
        """Write the authority's certificate, which clients are to trust."""
        file.write_bytes(self._trusted.cert_pem.bytes())

    def context(self, kind: str = "") -> ssl.SSLContext:
        """Return what a connection begins with; `kind` is what is wrong with the certificate."""
        context = self._for(kind, "")
        context.sni_callback = lambda tls, name, _: self._named(tls, kind, name)
        return context

    def _named(self, tls: ssl.SSLObject, kind: str, name: str | None) -> int | None:
        if name is None or name in _OWN:
            return None
        if (kind, name) not in self._contexts and len(self._contexts) >= _NAMES:
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        try:
            tls.context = self._for(kind, name)
        except (ValueError, UnicodeError):
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        return None

    def _for(self, kind: str, name: str) -> ssl.SSLContext:
        if (found := self._contexts.get((kind, name))) is not None:
            return found
        names = (name,) if name else _OWN
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.num_tickets = 0  # one thing fewer on the wire
        context.set_alpn_protocols(["http/1.1"])
        self._issue(kind, names).configure_cert(context)
        self._contexts[kind, name] = context
        return context

    def _issue(self, kind: str, names: tuple[str, ...]) -> trustme.LeafCert:
        if kind == "tls-expired-certificate":
            return self._trusted.issue_cert(*names, not_after=_PAST)
        if kind == "tls-wrong-host":
            return self._trusted.issue_cert("somebody-else.invalid")
        if kind == "tls-untrusted-certificate":
            self._stranger = self._stranger or self._make_authority()
            return self._stranger.issue_cert(*names)
        return self._trusted.issue_cert(*names)


class Tls:
    """The server's end of one TLS connection; the caller moves the bytes."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._in = ssl.MemoryBIO()
        self._out = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_side=True)
        self.established = False
        self.ended = False

    def read(self, data: bytes) -> bytes:
        """Return what is readable after more bytes came; raises `ssl.SSLError` if they are bad."""
        self._in.write(data)
        found = bytearray()
        try:
            if not self.established:
                self._tls.do_handshake()
                self.established = True
            while part := self._tls.read(65536):
                found += part
            self.ended = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self.ended = True
        return bytes(found)

    def write(self, data: bytes) -> bytes:
        """Return what goes over the wire for some data, and whatever else is due."""
        if data:
            self._tls.write(data)
        return self._out.read()

    def goodbye(self) -> bytes:
        """Return the close_notify that says that this is all."""
        if self.established:
            # It waits for the client's, which may never come.
            with suppress(ssl.SSLError):
                self._tls.unwrap()
        return self._out.read()
