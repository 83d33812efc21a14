"""What every seam is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pytest_apierrors.seams.injection import Injection
    from pytest_apierrors.seams.loopback import Loopback
    from pytest_apierrors.seams.patches import Patches


class Scene(NamedTuple):
    """An injection, its way over the wire, and the list of what was replaced for it."""

    injection: Injection
    loopback: Loopback
    patches: Patches
