"""Files of authorities that a client's TLS contexts load: put off while nothing can need them."""

from __future__ import annotations

import os
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_apierrors.seams.patches import Patches

    Load = tuple[Callable[..., Any], Any, Any]
    Key = tuple[str, str, int, int]

_SOUND: set[Key] = set()
"""Files that were really loaded before: nothing can be wrong with them now."""


class Authorities:
    """
    What contexts were to load during an injection.

    Clients read a whole bundle for each connection or each client, which takes longer than all
    the rest of an example; while faults are injected it decides about no connection. A context
    that outlives the injection gets what it asked for at its end.
    """

    def __init__(self, patches: Patches) -> None:
        self._patches = patches
        self._waiting: WeakKeyDictionary[ssl.SSLContext, list[Load]] = WeakKeyDictionary()

    def install(self) -> None:
        """Be there for every context that loads a file, or is asked what it has loaded."""
        wrap = self._patches.wrap
        wrap(ssl.SSLContext, "load_verify_locations", self._load)
        for name in ("get_ca_certs", "cert_store_stats"):
            wrap(ssl.SSLContext, name, self._asked)

    def settle(self, context: ssl.SSLContext) -> None:
        """Load now what a context has put off: it is about to be needed."""
        for original, cafile, capath in self._waiting.pop(context, ()):
            original(context, cafile, capath)

    def close(self) -> None:
        """Load what contexts have put off that are still there."""
        for context in list(self._waiting):
            self.settle(context)

    def _load(
        self,
        original: Callable[..., Any],
        context: ssl.SSLContext,
        cafile: Any = None,
        capath: Any = None,
        cadata: Any = None,
    ) -> None:
        key = None if cadata else _key(cafile, capath)
        if key in _SOUND:
            self._waiting.setdefault(context, []).append((original, cafile, capath))
            return
        original(context, cafile, capath, cadata)
        if key is not None:
            _SOUND.add(key)

    def _asked(self, original: Callable[..., Any], context: Any, *args: Any, **kw: Any) -> Any:
        self.settle(context)
        return original(context, *args, **kw)


def _key(cafile: Any, capath: Any) -> Key | None:
    try:
        found = Path(os.fsdecode(cafile)).stat()
        return os.fsdecode(cafile), os.fsdecode(capath or ""), found.st_mtime_ns, found.st_size
    except (OSError, TypeError, ValueError):
        return None
