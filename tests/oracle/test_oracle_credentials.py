"""No credential of a request is shown by an exception."""

import json
from types import SimpleNamespace

import pytest
from oracle_runs import (
    NO_RETRY,
    SECRET,
    URL,
    ApiError,
    basic,
    fault_of,
    judged,
    parts,
    raises,
)

from pytest_apierrors.credentials import secrets_of
from pytest_apierrors.oracle import Promise, Run, judge
from pytest_apierrors.response import Headers


class TestCredentials:
    @pytest.mark.parametrize("show", [str, repr, lambda text: text.encode(), lambda text: [text]])
    def test_all_that_an_exception_shows_is_read(self, show):
        assert parts(
            raises(lambda _: ApiError(show(SECRET))), NO_RETRY, Promise(raises=ApiError)
        ) == ["credential"]

    def test_an_argument_that_the_text_hides_is_read(self):
        class Quiet(ApiError):
            def __str__(self):
                return "quiet"

            __repr__ = __str__

        promise = Promise(raises=ApiError)

        (broken,) = judged(raises(lambda _: Quiet(SECRET)), NO_RETRY, promise)

        assert broken.sentence.endswith(
            f'shows a credential of the request in args: "{SECRET[:2]}***"'
        )

    @pytest.mark.parametrize("sent", [True, False])
    @pytest.mark.parametrize("account", ["AC0123456789abcdef0123456789abcdef", SECRET])
    def test_a_user_beside_a_password_may_be_shown_wherever_else_it_stands(self, account, sent):
        """Where a connection failed, nobody knows what would have been sent."""
        password = "8f3a2b1c9d4e5f607182"
        call = SimpleNamespace(
            method="POST",
            url=f"https://api.acme.example/accounts/{account}/messages",
            headers=Headers([("Authorization", basic(account, password))] if sent else []),
            body=b"",
            at=0.0,
            fault=fault_of(NO_RETRY),
        )
        promise, fault = Promise(raises=ApiError), fault_of(NO_RETRY)
        done = Run(calls=[call], secrets=secrets_of(call.headers, call.url))

        assert account in done.secrets or account == SECRET
        done.raised = ApiError(call.url)
        assert judge(promise, None, fault, done) == []
        done.secrets |= secrets_of([("Authorization", basic(account, password))], None)
        done.raised = ApiError(f"{account}:{password}")
        assert [one.part for one in judge(promise, None, fault, done)] == ["credential"]

    @pytest.mark.parametrize(
        ("place", "request_of"),
        [
            ("the header Authorization", {"Authorization": f"Bearer {SECRET}"}),
            ("the header X-Key", {"X-Key": SECRET}),
            ("the user of Basic authentication", {"Authorization": basic(SECRET, "")}),
            ("the user of Basic authentication", {"Authorization": basic(SECRET, "x")}),
            ("the password of Basic authentication", {"Authorization": basic("me", SECRET)}),
            ("the query parameter pageToken", {"url": f"{URL}?size=5&pageToken={SECRET}"}),
            ("the user in the URL", {"url": f"https://{SECRET}@api.acme.example/"}),
            ("the path of the URL", {"url": f"{URL}/{SECRET}/x"}),
            ("the body's member secret", {"body": {"list": [{"secret": SECRET}]}}),
            ("the body's member secret", {"body": f"a=b&secret={SECRET}"}),
            ("the body", {"body": f"<secret>{SECRET}</secret>"}),
        ],
    )
    def test_it_is_told_where_in_the_request_it_stands(self, place, request_of):
        headers = {name: value for name, value in request_of.items() if name[0].isupper()}
        body = request_of.get("body", "")
        call = SimpleNamespace(
            method="GET",
            url=request_of.get("url", URL),
            headers=Headers([("Accept", "*/*"), *headers.items()]),
            body=(body if isinstance(body, str) else json.dumps(body)).encode(),
            at=0.0,
            fault=fault_of(NO_RETRY),
        )
        done = Run(
            raised=ApiError(SECRET), calls=[call], secrets=frozenset({SECRET, f"x {SECRET}"})
        )

        (broken,) = judge(Promise(raises=ApiError), None, fault_of(NO_RETRY), done)

        assert broken.sentence == (
            "oracle_runs.ApiError shows a credential of the request in str(): "
            f'{place}, "{SECRET[:2]}***"'
        )

    def test_what_caused_it_is_not_its_own_text(self):
        def client(api):
            api.ask()
            raise ApiError from ValueError(SECRET)

        assert parts(client, NO_RETRY, Promise(raises=ApiError)) == []

    def test_without_credentials_there_is_none(self):
        client = raises(lambda _: ApiError(SECRET))

        assert parts(client, NO_RETRY, Promise(raises=ApiError), secrets=frozenset()) == []
