"""How many values a JSON text is made of, counted before any of them is built."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pytest_apierrors.recordings.reader import Unreadable

if TYPE_CHECKING:
    from pytest_apierrors.recordings.limits import Limits

# an object takes as much memory as several values, and so does a list
_NODES: Final = {b",": 1, b"[": 3, b"{": 4}
_TEXT_OR_MARK = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?+|([,\[{])', re.DOTALL)


def bounded(text: bytes, limits: Limits) -> None:
    """Refuse a text of more nodes than the limit."""
    most = limits.max_nodes
    if len(text) * max(_NODES.values()) <= most:
        return  # as most are
    if sum(text.count(mark) * nodes for mark, nodes in _NODES.items()) <= most:
        return
    nodes = 0
    for found in _TEXT_OR_MARK.finditer(text):  # a comma in a text parts no values
        if found[1]:
            nodes += _NODES[found[1]]
            if nodes > most:
                raise Unreadable(f"nodes are {limits.over('max_nodes')}")
