"""Attributes of other libraries, replaced for a while, and libraries that come late."""

from __future__ import annotations

import inspect
import sys
from importlib.abc import Loader, MetaPathFinder
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    Install = Callable[[ModuleType, Any], None]


class Carrier(Protocol):
    """What is given to every install: it knows what was replaced for it."""

    @property
    def patches(self) -> Patches:
        """What was replaced."""
        ...


class Patches:
    """
    Replaced attributes, and how to put them back.

    What somebody else has replaced since is left to them: they will put back what they found,
    which passes everything on when its time is over.
    """

    def __init__(self) -> None:
        self.live = False
        self._done: list[tuple[Any, str, Any, Any]] = []

    def wrap(self, owner: Any, name: str, around: Callable[..., Any]) -> None:
        """Replace a method by `around(original, self, ...)`, as long as this is live."""
        before = vars(owner).get(name, _INHERITED)
        original = getattr(owner, name)

        replaced = (self._awaited if _waits(around) else self._called)(original, around)
        replaced.__name__ = name
        replaced.__wrapped__ = original
        setattr(owner, name, replaced)
        self._done.append((owner, name, before, replaced))

    def _called(self, original: Callable[..., Any], around: Callable[..., Any]) -> Any:
        def replaced(this: Any, *args: Any, **kw: Any) -> Any:
            if not self.live:
                return original(this, *args, **kw)
            return around(original, this, *args, **kw)

        return replaced

    def _awaited(self, original: Callable[..., Any], around: Callable[..., Any]) -> Any:
        async def replaced(this: Any, *args: Any, **kw: Any) -> Any:
            if not self.live:
                return await original(this, *args, **kw)
            return await around(original, this, *args, **kw)

        return replaced

    def undo(self) -> None:
        """Put back what was there, last first."""
        while self._done:
            owner, name, before, after = self._done.pop()
            if vars(owner).get(name) is not after:
                continue
            if before is _INHERITED:
                delattr(owner, name)
            else:
                setattr(owner, name, before)


_INHERITED = object()


def _waits(function: Any) -> bool:
    """Whether it is `async`; inspect's own answer takes as long as all the rest."""
    return bool(function.__code__.co_flags & inspect.CO_COROUTINE)


class LateImports(MetaPathFinder):
    """Patches a library at the moment at which it is imported."""

    def __init__(self, installs: Mapping[str, Install], scene: Carrier) -> None:
        self._installs = installs
        self._scene = scene
        self._done: set[str] = set()

    def start(self) -> None:
        """Patch what is loaded, and watch for the rest."""
        for name, install in self._installs.items():
            module = sys.modules.get(name)
            if module is not None:
                self._done.add(name)
                install(module, self._scene)
        sys.meta_path.insert(0, self)

    def stop(self) -> None:
        """Watch no more."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Let the others find a watched module, and stay around its loading."""
        if fullname not in self._installs or fullname in self._done:
            return None
        self._done.add(fullname)
        for finder in sys.meta_path:
            find = None if finder is self else getattr(finder, "find_spec", None)
            spec: ModuleSpec | None = None if find is None else find(fullname, path, target)
            if spec is not None and spec.loader is not None:
                spec.loader = _Patching(spec.loader, self._installs[fullname], self._scene)
                return spec
        return None


class _Patching(Loader):
    """A module's own loader, and a patch as soon as it has run."""

    def __init__(self, loader: Loader, install: Install, scene: Carrier) -> None:
        self._loader = loader
        self._install = install
        self._scene = scene

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        loader = self._loader
        while isinstance(loader, _Patching):  # several watch for the same module
            loader = loader._loader  # noqa: SLF001 - one of its own kind
        module.__loader__ = loader
        if module.__spec__ is not None:
            module.__spec__.loader = loader
        if self._scene.patches.live:
            self._install(module, self._scene)
