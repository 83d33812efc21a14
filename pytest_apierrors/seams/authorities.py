"""Bundles of authorities that a client's TLS contexts load: put off until one is needed."""

from __future__ import annotations

import os
import ssl
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_apierrors.seams.patches import Patches

    Key = tuple[str, int, int]

WORTH_IT = 1 << 16
"""From how many bytes on a file takes a while: certifi's has four times as many."""

_SOUND: set[Key] = set()
"""Files that were really loaded before: nothing can be wrong with them now."""

_NAMES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_PLAIN = ssl.SSLContext
_WAITING = "_apierrors_waiting"
_GATE = threading.Lock()


def install_authorities(patches: Patches) -> None:
    """
    Put off what TLS contexts load while faults are injected.

    Clients read a whole bundle for each connection or each client, which takes longer than all
    the rest of an example, and hardly any of these contexts ever meets a server. One that does
    loads it then, also long after the injection.
    """
    patches.wrap(ssl.SSLContext, "load_verify_locations", _load)
    patches.wrap(ssl.SSLContext, "set_default_verify_paths", _load_default)


class _Waiting(_PLAIN):
    """A context that has something to load; as soon as it is needed it is a plain one again."""

    def _wrap_socket(self, *args: Any, **kw: Any) -> Any:
        return _settled(self)._wrap_socket(*args, **kw)  # noqa: SLF001 - its own

    def _wrap_bio(self, *args: Any, **kw: Any) -> Any:
        return _settled(self)._wrap_bio(*args, **kw)  # noqa: SLF001 - its own

    def get_ca_certs(self, *args: Any, **kw: Any) -> Any:
        return _settled(self).get_ca_certs(*args, **kw)

    def cert_store_stats(self) -> Any:
        return _settled(self).cert_store_stats()


def _settled(context: ssl.SSLContext) -> Any:
    """Load what a context has put off, and return it as a plain one."""
    with _GATE:
        for load in vars(context).pop(_WAITING, ()):
            load()
        context.__class__ = _PLAIN
    return context


def _put_off(context: ssl.SSLContext, load: Callable[[], Any]) -> None:
    with _GATE:
        vars(context).setdefault(_WAITING, []).append(load)
        context.__class__ = _Waiting


def _load(
    original: Callable[..., Any],
    context: ssl.SSLContext,
    cafile: Any = None,
    capath: Any = None,
    cadata: Any = None,
) -> None:
    load = partial(original, context, cafile, capath, cadata)
    key = None if capath or cadata or not _plain(context) else _key(cafile)
    if key in _SOUND:
        _put_off(context, load)
        return
    load()
    if key is not None:
        _SOUND.add(key)


def _load_default(original: Callable[..., Any], context: ssl.SSLContext) -> None:
    """Load the system's: whatever is wrong with them, OpenSSL says nothing."""
    if _plain(context):
        _put_off(context, partial(_load_of, _environment(), original, context))
    else:
        original(context)


def _load_of(
    environment: dict[str, str | None], original: Callable[..., Any], context: ssl.SSLContext
) -> None:
    """Load what the environment named then."""
    now = _environment()
    if now == environment:
        original(context)
        return
    _set(environment)
    try:
        original(context)
    finally:
        _set(now)


def _environment() -> dict[str, str | None]:
    return {name: os.environ.get(name) for name in _NAMES}


def _set(environment: dict[str, str | None]) -> None:
    for name, value in environment.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _plain(context: ssl.SSLContext) -> bool:
    """Whether it is Python's own: others, such as truststore's, need not ask as it does."""
    return type(context) in (_PLAIN, _Waiting) and _PLAIN.__module__ == "ssl"


def _key(file: Any) -> Key | None:
    try:
        found = Path(os.fsdecode(file)).stat()
    except (OSError, TypeError, ValueError):
        return None
    name = os.fsdecode(file)
    return (name, found.st_mtime_ns, found.st_size) if found.st_size >= WORTH_IT else None
