"""What can be promised, and what is refused."""

import pytest
from breaking_clients import exits
from oracle_runs import NO_RETRY, ApiError, AuthError, parts

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.oracle import Promise


class TestPromise:
    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ({}, "nothing is promised"),
            ({"raises": "ApiError"}, "raises= needs exception classes, not 'ApiError'"),
            ({"raises": (ApiError, int)}, "raises= needs exception classes, not <class 'int'>"),
            ({"raises": ApiError()}, "raises= needs exception classes, not ApiError"),
            (
                {"raises": {"unauthenticate": AuthError}},
                'raises= knows no "unauthenticate"; did you mean "unauthenticated"?',
            ),
            ({"raises": {...: 3}}, "raises= needs exception classes, not 3"),
            ({"returns": 3}, "returns= needs a function"),
            (
                {"raises": ApiError, "expect": {"kode": str}},
                'expect= knows no "kode"; did you mean "code"?',
            ),
            ({"raises": ApiError, "expect": {"zzz": str}}, "there are code, status, message"),
            (
                {"raises": ApiError, "expect": {"code": "code"}},
                'expect= needs a function for "code"',
            ),
            ({"raises": ApiError, "off": {"swallow"}}, 'did you mean "swallowed"?'),
            ({"raises": ApiError, "retries": -1}, "retries= needs a number from 0, not -1"),
            ({"raises": ApiError, "attempts": 0}, "attempts= needs a number from 1, not 0"),
            ({"raises": ApiError, "budget": "1"}, "budget= needs a number from 0, not '1'"),
        ],
    )
    def test_what_cannot_be_promised_is_refused(self, given, sentence):
        with pytest.raises(UsageProblem) as caught:
            Promise(**given)

        assert sentence in str(caught.value)

    def test_base_exceptions_can_be_promised(self):
        assert parts(exits, NO_RETRY, Promise(raises=SystemExit)) == []
