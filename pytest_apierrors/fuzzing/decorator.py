"""The decorator: a test of one call becomes a test of that call under every fault kind."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pytest_apierrors.catalog.model import Catalog
from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.faults.model import Fault, Step
from pytest_apierrors.fuzzing.spec import ARGUMENT, ATTRIBUTE, DEADLINE, Spec
from pytest_apierrors.oracle import Promise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hypothesis import settings as Settings  # noqa: N812 - a class with a small name

    from pytest_apierrors.faults.model import Carried
    from pytest_apierrors.oracle.promise import Raises
    from pytest_apierrors.seams.matching import Match

Test = TypeVar("Test", bound="Callable[..., Any]")


class Fuzz:
    """The public name `fuzz`: the decorator, and `fuzz.example` to replay one fault."""

    __name__ = "fuzz"

    def __call__(  # noqa: PLR0913 - each says one thing that a test may promise or choose
        self,
        spec: str | Catalog | None = None,
        *,
        raises: Raises = (),
        returns: Callable[[Any], bool] | None = None,
        expect: Mapping[str, Callable[[Any], Any]] | None = None,
        retries: int | None = None,
        budget: float = 60.0,
        attempts: int = 10,
        off: Iterable[str] = (),
        pickling: bool = False,
        leaks: bool = False,
        client: Callable[[], Any] | None = None,
        auxiliary: Mapping[str, Fault] | None = None,
        match: Match = None,
        kinds: Iterable[str] = (),
        xfail: Mapping[str, str] | None = None,
        max_examples: int | None = None,
        settings: Settings | None = None,
        deadline: float = DEADLINE,
    ) -> Callable[[Test], Test]:
        """
        Run a test once per fault kind: each is one pytest item, `test_callout[html-502]`.

        `spec` is a provider (a catalog's name, or a catalog); None is any client. The test calls
        the client once. `raises` and `returns` say what it promises: which exceptions it raises
        for an error (one class, several, or by category), or how a returned error looks. `expect`
        reads `code`, `status`, `message`, `retry_after` from the exception or the error object.
        `kinds` are names and rings, none means all; `xfail` gives a reason per kind. `client` is a
        factory whose result the test gets as `client`, fresh for every example.

        Raises UsageProblem for arguments that cannot be.
        """
        __tracebackhide__ = True
        if callable(spec):
            raise UsageProblem("fuzz needs its arguments: @fuzz(raises=...), not @fuzz")
        if spec is not None and not isinstance(spec, (str, Catalog)):
            raise UsageProblem(f"fuzz: a provider's name or a catalog is needed, not {spec!r}")
        names = (kinds,) if isinstance(kinds, str) else tuple(kinds)
        try:
            promise = Promise(
                raises=raises,
                returns=returns,
                expect=dict(expect or {}),
                retries=retries,
                budget=budget,
                attempts=attempts,
                pickling=pickling,
                leaks=leaks,
                off=frozenset(off),
            )
            made = Spec(
                spec,
                promise,
                client,
                auxiliary,
                match,
                names,
                _reasons(xfail),
                max_examples,
                settings,
                deadline,
            )
        except UsageProblem as problem:
            raise problem.with_traceback(None) from None  # the line of the test is what helps

        def decorated(test: Test) -> Test:
            __tracebackhide__ = True
            return _fuzzed(test, made)

        return decorated

    @staticmethod
    def example(  # noqa: PLR0913 - the parts of a fault
        *,
        kind: str,
        status: int | None = None,
        headers: Iterable[tuple[str, str]] = (),
        body: bytes = b"",
        carries: Mapping[Carried, Any] | None = None,
        expect: str = "error",
        steps: Iterable[Step] = (),
    ) -> Callable[[Test], Test]:
        """Replay one fault first whenever its kind is run; stands above or below `fuzz`."""
        fault = Fault(
            kind,
            status,
            tuple((name, value) for name, value in headers),
            body,
            dict(carries or {}),
            cast("Any", expect),
            tuple(steps),
        )
        return lambda test: _with_example(test, fault)


fuzz = Fuzz()
_WAITING = "__apierrors_examples__"
"""Examples that stand below the decorator, and so come before it."""


def _reasons(xfail: Mapping[str, str] | None) -> dict[str, str]:
    if xfail is not None and not isinstance(xfail, Mapping):
        raise UsageProblem(
            f'xfail= needs a reason for each kind, {{"html-502": "why"}}, not {xfail!r}'
        )
    return dict(xfail or {})


def _with_example(test: Test, fault: Fault) -> Test:
    spec: Spec | None = getattr(test, ATTRIBUTE, None)
    if spec is None:
        setattr(test, _WAITING, (fault, *getattr(test, _WAITING, ())))
    else:
        setattr(test, ATTRIBUTE, replace(spec, examples=(fault, *spec.examples)))
    return test


def _fuzzed(test: Test, spec: Spec) -> Test:
    __tracebackhide__ = True
    if not callable(test) or isinstance(test, type):
        raise UsageProblem(f"fuzz decorates a test function, not {test!r}")
    if hasattr(test, "hypothesis"):
        raise UsageProblem("fuzz runs Hypothesis itself: a test has either @fuzz or @given")
    if hasattr(test, ATTRIBUTE):
        raise UsageProblem("fuzz stands once above a test; kinds= takes several names")

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        __tracebackhide__ = True
        from pytest_apierrors.fuzzing.runner import run_kind  # noqa: PLC0415 - brings the engine

        kind = kwargs.pop(ARGUMENT)
        run_kind(getattr(run, ATTRIBUTE), kind, functools.partial(test, *args, **kwargs), test)

    run.__signature__ = _signature(test, spec)  # type: ignore[attr-defined]
    setattr(run, ATTRIBUTE, replace(spec, examples=getattr(test, _WAITING, ())))
    return cast("Test", run)


def _signature(test: Callable[..., Any], spec: Spec) -> inspect.Signature:
    """Return the test's arguments with the fault kind, and without what `client=` provides."""
    signature = inspect.signature(test)
    given = {"client"} if spec.client is not None else set()
    own = [one for name, one in signature.parameters.items() if name not in given]
    kind = inspect.Parameter(ARGUMENT, inspect.Parameter.KEYWORD_ONLY)
    rest = [one for one in own if one.kind is inspect.Parameter.VAR_KEYWORD]
    first = [one for one in own if one.kind is not inspect.Parameter.VAR_KEYWORD]
    return signature.replace(parameters=[*first, kind, *rest])
