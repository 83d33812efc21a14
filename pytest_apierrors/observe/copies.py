"""What a test reads of a response of urllib, kept beside it: it can be read only once."""

from __future__ import annotations

from typing import Any

from pytest_apierrors.clients import shaped

_MOST = 16 << 20  # a longer body is no error of an API
_READERS = ("read", "read1", "readinto", "readline")
_is_http_client = shaped("begin", "getheaders", "isclosed")


def keep_copy(response: Any, copies: list[Copy]) -> None:
    """Keep what is read of a response of http.client, or of an HTTPError around one."""
    file: Any = response if _is_http_client(response) else getattr(response, "fp", None)
    if _is_http_client(file) and not hasattr(file, "_apierrors_body") and not file.isclosed():
        copies.append(Copy(file))


class Copy:
    """Listens to every way to read, until all that was promised is read."""

    def __init__(self, response: Any) -> None:
        self._response = response
        self._parts: list[bytes] = []
        self._length = 0
        self._busy = False
        self._over = False
        for name in _READERS:
            setattr(response, name, self._listening(getattr(response, name)))

    def _listening(self, method: Any) -> Any:
        def reading(*args: Any, **kw: Any) -> Any:
            if self._busy or self._over:
                return method(*args, **kw)
            self._busy = True
            try:
                got = method(*args, **kw)
            except BaseException:
                self.end()  # cut short: what was read is not the body
                raise
            finally:
                self._busy = False
            self._keep(bytes(args[0][:got]) if isinstance(got, int) else got)
            return got

        return reading

    def end(self) -> None:
        """Listen no more, and leave no trace but what was read."""
        self._over = True
        self._parts.clear()
        for name in _READERS:
            vars(self._response).pop(name, None)

    def _keep(self, part: bytes) -> None:
        self._parts.append(part)
        self._length += len(part)
        if self._length > _MOST:
            self.end()
        elif self._response.isclosed() or self._response.length == 0:
            self._response._apierrors_body = b"".join(self._parts)  # noqa: SLF001 - as the adapter does
            self.end()
