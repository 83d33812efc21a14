"""A user's code, never run: the type checker reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_type

import pytest
import requests

from pytest_apierrors import (
    Catalog,
    CatalogError,
    Catalogs,
    DocumentedError,
    ErrorMismatch,
    Fault,
    FuzzFailure,
    Headers,
    Policy,
    RecordingError,
    Response,
    Step,
    UsageProblem,
    Verdict,
    Violation,
    answer,
    every_fault,
    fuzz,
    inject,
    ok,
)
from pytest_apierrors.check import check

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pytest_apierrors import AssertError, CatalogOf, ServerOf
    from pytest_apierrors.recordings import Reader


def test_documented(assert_error: AssertError) -> None:
    entry = assert_error(requests.get("https://api.acme.test", timeout=1))
    assert_type(entry, DocumentedError)
    assert_type(entry.retryable, bool | None)


def test_asked_for(assert_error: AssertError, apierrors_catalog: CatalogOf) -> None:
    answer = Response(429, b"{}", Headers.of({"Retry-After": "3", "Set-Cookie": ["a=1", "b=2"]}))
    assert_type(assert_error(answer, "rate_limited", retryable=True), DocumentedError | None)
    assert_type(assert_error(answer, 40101, status=401), DocumentedError | None)
    assert_error({"a": 1}, status=401, headers={"Content-Type": "application/json"})
    assert_error(answer, category="not_found", provider="acme")
    assert_type(apierrors_catalog(), Catalog)
    assert_type(apierrors_catalog("acme").errors["40101"], DocumentedError)


def test_mismatch(assert_error: AssertError) -> None:
    with pytest.raises(ErrorMismatch) as raised:
        assert_error(None, status=500)
    assert isinstance(raised.value.verdict, Verdict)


class VoiceError(Exception):
    code: int


@fuzz(
    "acme",
    raises={"unauthenticated": VoiceError, ...: (VoiceError, ValueError)},
    expect={"code": lambda error: error.code},
    auxiliary={"https://auth.acme.test/*": ok({"access_token": "t"})},
    xfail={"html-502": "known"},
)
@fuzz.example(kind="reset", steps=[Step(do="send", data=b"HTTP/1.1 200")])
def test_fuzzed() -> None:
    requests.get("https://api.acme.test", timeout=1)


def test_faults(apierrors_server: ServerOf) -> None:
    with answer("acme", "rate_limited", times=1, then=ok({"id": 1})) as told:
        assert_type([call.method for call in told.calls], list[str])
    for fault in every_fault("acme", kinds=["documented"]):
        assert_type(fault, Fault)
        with inject(fault), pytest.raises((VoiceError, UsageProblem, FuzzFailure)):
            test_fuzzed()
    with apierrors_server(ok({"id": 1}), tls=True) as server:
        assert_type(server.url, str)


def test_wrong(assert_error: AssertError) -> None:
    assert_error(None, 1.5)  # type: ignore[call-overload]
    assert_error(None, status="500")  # type: ignore[call-overload]
    assert_error(None, retry=True)  # type: ignore[call-overload]


def by_hand(folder: Path) -> Sequence[Violation]:
    try:
        catalog = Catalogs([folder]).get("acme")
    except CatalogError as error:
        print(error.problems)
        raise
    verdict = check(Response(500), catalog, Policy(ignore=frozenset({"undecided"})))
    assert_type(verdict, Verdict)
    return verdict.violations


def pytest_apierrors_catalogs(config: pytest.Config) -> list[str]:
    return [str(config.rootpath / "catalogs")]


def pytest_apierrors_readers(config: pytest.Config) -> list[Reader]:
    assert config
    return []


def pytest_apierrors_as_response(obj: object) -> Response | None:
    return None if isinstance(obj, RecordingError) else Response(500)
