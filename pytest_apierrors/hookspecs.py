"""The hooks that this plug-in calls; a conftest.py or another plug-in implements them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from pytest_apierrors.check.verdict import Verdict
    from pytest_apierrors.recordings import Reader
    from pytest_apierrors.response import Response


def pytest_apierrors_catalogs(config: pytest.Config) -> Sequence[str | PathLike[str]]:  # type: ignore[empty-body]
    """Return paths of catalog files or of folders of them; relative ones from the rootdir."""


def pytest_apierrors_readers(config: pytest.Config) -> Sequence[Reader]:  # type: ignore[empty-body]
    """Return readers of further recording formats; they are asked before the built-in ones."""


@pytest.hookspec(firstresult=True)
def pytest_apierrors_as_response(obj: object) -> Response | None:
    """Turn an object of a client that nobody here knows into a Response, or return None."""


def pytest_apierrors_checked(response: Response, verdict: Verdict) -> None:
    """Hear of each response that `assert_error`, a recording or a watched test brought."""
