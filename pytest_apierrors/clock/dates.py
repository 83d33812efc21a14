"""Stand-ins for `datetime` and `date`, whose `now()` and `today()` are on the virtual clock."""

from __future__ import annotations

import datetime as dt
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from pytest_apierrors.clock.virtual import AROUND, NANO, asked

# They compare types by identity, or look at certificates, which are made on the real clock.
_REAL_LIST: Final = """
    OpenSSL aiohttp attr attrs cattrs certifi cryptography dateutil freezegun httpcore httpcore2
    httpx httpx2 msgspec numpy pandas pydantic pydantic_core requests service_identity sqlalchemy
    time_machine truststore trustme typing_extensions urllib3
"""
_REAL: Final = frozenset(_REAL_LIST.split())
_KEEP: Final = AROUND | _REAL | sys.stdlib_module_names
_MODELS: Final = frozenset({"msgspec", "pydantic"})
_ASKS: Final = re.compile(rb"\b(?:now|utcnow|today)\b")


_ORIGINALS: Final[dict[int, type]] = {}
"""By the id of a stand-in, the class that it stands in for."""


class _Kind(type):
    """Makes a stand-in pass for its original; what is derived from it is a class of its own."""

    def __instancecheck__(cls, instance: object) -> bool:
        """Whether it is one of the original."""
        return isinstance(instance, _ORIGINALS.get(id(cls), ())) or super().__instancecheck__(
            instance
        )

    def __subclasscheck__(cls, subclass: type) -> bool:
        """Whether it is a class of the original."""
        return issubclass(subclass, _ORIGINALS.get(id(cls), ())) or super().__subclasscheck__(
            subclass
        )

    def __eq__(cls, other: object) -> bool:
        """Be found where the original is looked for."""
        return cls is other or (id(cls) in _ORIGINALS and other is _ORIGINALS[id(cls)])

    def __hash__(cls) -> int:
        """Be found where the original is looked for."""
        return hash(_ORIGINALS[id(cls)]) if id(cls) in _ORIGINALS else super().__hash__()


class _Datetime(dt.datetime, metaclass=_Kind):
    """Stands in for `datetime`; what it makes are real ones."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """Make a real one, or one of a class that was derived within the call."""
        return dt.datetime.__new__(dt.datetime if cls is _Datetime else cls, *args, **kwargs)

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Any:
        """Return the virtual moment."""
        clock = asked()
        if clock is None:
            return super().now(tz)
        return cls.fromtimestamp((clock.wall_ns + clock.tick()) / NANO, tz)

    @classmethod
    def today(cls) -> Any:
        """Return the virtual moment, local and naive."""
        clock = asked()
        if clock is None:
            return super().today()
        return cls.fromtimestamp((clock.wall_ns + clock.tick()) / NANO)

    @classmethod
    def utcnow(cls) -> Any:
        """Return the virtual moment, UTC and naive."""
        clock = asked()
        if clock is None:
            return super().utcnow()
        moment = cls.fromtimestamp((clock.wall_ns + clock.tick()) / NANO, dt.UTC)
        return moment.replace(tzinfo=None)


class _Date(dt.date, metaclass=_Kind):
    """Stands in for `date`; what it makes are real ones."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """Make a real one, or one of a class that was derived within the call."""
        return dt.date.__new__(dt.date if cls is _Date else cls, *args, **kwargs)

    @classmethod
    def today(cls) -> Any:
        """Return the virtual day."""
        clock = asked()
        if clock is None:
            return super().today()
        return cls.fromtimestamp((clock.wall_ns + clock.tick()) / NANO)


def _passing_for(original: type, stand_in: type) -> tuple[type, type]:
    _ORIGINALS[id(stand_in)] = original
    for name in ("__module__", "__qualname__", "__name__", "__doc__"):
        setattr(stand_in, name, getattr(original, name))
    return original, stand_in


def _module() -> ModuleType:
    """Return what stands in for the module, to those who say `datetime.datetime.now()`."""
    module = ModuleType(dt.__name__, dt.__doc__)
    module.__dict__.update(vars(dt))
    module.__dict__.update({one.__name__: one for _, one in CLASSES})
    return module


CLASSES: Final = (_passing_for(dt.datetime, _Datetime), _passing_for(dt.date, _Date))
DATES: Final[tuple[tuple[Any, Any], ...]] = (*CLASSES, (dt, _module()))
"""What a module may have a name for, with what stands in for it."""


def reads_dates(module: str, names: dict[str, Any]) -> bool:
    """
    Whether a module's names for these may be replaced, and need be.

    One that never asks for the moment is left alone, and so is one whose annotations, read late,
    make models: their libraries know types by identity.
    """
    if module.partition(".")[0] in _KEEP:
        return False
    if any(_is_model(value, module) for value in list(names.values())):
        return False
    file = names.get("__file__")
    if not isinstance(file, str):
        return True
    try:
        return file.endswith(".py") and _ASKS.search(Path(file).read_bytes()) is not None
    except OSError:
        return True


def _is_model(value: object, module: str) -> bool:
    if not isinstance(value, type) or value.__module__ != module:
        return False
    return type(value).__module__.partition(".")[0] in _MODELS
