"""Speaking TLS over an open socket, without losing it where the peer has gone already."""

from __future__ import annotations

import ssl
import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def wrapped(wrap: Callable[[], ssl.SSLSocket]) -> ssl.SSLSocket:
    """
    Return what `SSLContext.wrap_socket` makes; where it raises, no socket is left open.

    Python takes the descriptor over before it looks whether the peer is still there, and where
    it is not, nobody but the frames of the traceback knows the socket that has it now.
    """
    try:
        return wrap()
    except OSError as error:
        for frame, _ in traceback.walk_tb(error.__traceback__):
            lost = frame.f_locals.get("self")
            if isinstance(lost, ssl.SSLSocket):
                lost.close()
        raise
