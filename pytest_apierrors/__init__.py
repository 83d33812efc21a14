"""What a provider documents about its errors, held against what is recorded and received."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_apierrors.asserting import AssertError, CatalogOf
    from pytest_apierrors.catalog.find import Catalogs
    from pytest_apierrors.catalog.model import Catalog, DocumentedError
    from pytest_apierrors.check.verdict import Policy, Verdict, Violation
    from pytest_apierrors.errors import CatalogError, ErrorMismatch, RecordingError, UsageProblem
    from pytest_apierrors.faults.model import Fault, Step
    from pytest_apierrors.faults.sweep import every_fault
    from pytest_apierrors.fuzzing import FuzzFailure, fuzz
    from pytest_apierrors.response import Headers, Response
    from pytest_apierrors.seams import ServerOf, answer, inject, ok

__all__ = [
    "AssertError",
    "Catalog",
    "CatalogError",
    "CatalogOf",
    "Catalogs",
    "DocumentedError",
    "ErrorMismatch",
    "Fault",
    "FuzzFailure",
    "Headers",
    "Policy",
    "RecordingError",
    "Response",
    "ServerOf",
    "Step",
    "UsageProblem",
    "Verdict",
    "Violation",
    "answer",
    "every_fault",
    "fuzz",
    "inject",
    "ok",
]

# Read when a name is first asked for: this module runs whenever pytest starts.
_HOMES = {
    "AssertError": "asserting",
    "Catalog": "catalog.model",
    "CatalogError": "errors",
    "CatalogOf": "asserting",
    "Catalogs": "catalog.find",
    "DocumentedError": "catalog.model",
    "ErrorMismatch": "errors",
    "Fault": "faults.model",
    "FuzzFailure": "fuzzing",
    "Headers": "response",
    "Policy": "check.verdict",
    "RecordingError": "errors",
    "Response": "response",
    "ServerOf": "seams",
    "Step": "faults.model",
    "UsageProblem": "errors",
    "Verdict": "check.verdict",
    "Violation": "check.verdict",
    "answer": "seams",
    "every_fault": "faults.sweep",
    "fuzz": "fuzzing",
    "inject": "seams",
    "ok": "seams",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted({*globals(), *__all__})
