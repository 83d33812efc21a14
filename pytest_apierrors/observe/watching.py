"""Putting a watch into force, and taking it out again."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_apierrors.observe.answerers import ANSWERERS, TRANSPORTS
from pytest_apierrors.observe.clients import CLIENTS
from pytest_apierrors.observe.places import Places
from pytest_apierrors.observe.watch import Scene, Watch
from pytest_apierrors.seams.patches import LateImports, Patches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from pytest_apierrors.observe.heard import Heard

_SPOTS = {
    name: (*CLIENTS.get(name, ()), *ANSWERERS.get(name, ()), *TRANSPORTS.get(name, ()))
    for name in (*CLIENTS, *ANSWERERS)
}


@contextmanager
def observing(
    hear: Callable[[Heard], None],
    *,
    root: Path | None = None,
    test: Path | None = None,
    here: Path | None = None,
) -> Iterator[Watch]:
    """
    Tell `hear` of every response that this process receives.

    `root` is the folder that the user's code lies in, `test` the file of the test that runs,
    `here` the folder from which files are named.
    """
    patches = Patches()
    watch = Watch(hear, Places(Path.cwd() if root is None else root, test, here))
    late = LateImports(dict.fromkeys(_SPOTS, _install), Scene(watch, patches))
    try:
        patches.live = True
        late.start()
        yield watch
    finally:
        patches.live = False
        late.stop()
        patches.undo()
        for copy in watch.copies:
            copy.end()


def _install(module: ModuleType, scene: Scene) -> None:
    """Replace what a module has of what is looked for, and tell what it lacks."""
    for owner, name, around in _SPOTS[module.__name__]:
        target: Any = getattr(module, owner, None) if owner else module
        if callable(getattr(target, name, None)):
            scene.patches.wrap(target, name, around(scene))
        else:
            spot = ".".join(filter(None, (module.__name__, owner, name)))
            scene.watch.lacking.append(f"{module.__name__.partition('.')[0]}: {spot}")
