"""Whether two responses are the same one, though read from different objects."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_apierrors.response import Response


def same(received: Response, asserted: Response) -> bool:
    """Whether a test that asserted one response has thereby said all about a received one."""
    if received.status != asserted.status:
        return False
    if asserted.headers is not None and set(asserted.headers) - set(received.headers or ()):
        return False
    if received.body == asserted.body:
        return True
    # A test may have passed the JSON that it decoded itself.
    return asserted.headers is None and _json(received.body) == _json(asserted.body) != (None,)


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return (None,)
