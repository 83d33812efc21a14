"""The fixtures: with any client's objects, in every scope, inside Hypothesis."""

import pytest

BODY = {"error": {"code": "unauthorized", "message": "Sign in first"}}


def run(project, body, *args, **ini):
    project.ini(**{"apierrors_provider": "acme", **ini})
    project.test(body)
    return project.run(*args)


def test_a_response_an_exception_and_a_body_are_taken(project):
    result = run(
        project,
        f"""
        import json
        import pytest
        import requests
        from pytest_apierrors import DocumentedError, ErrorMismatch, Response

        BODY = {BODY!r}

        def answer():
            made = requests.Response()
            made.status_code = 401
            made._content = json.dumps(BODY).encode()
            made.headers["Content-Type"] = "application/json"
            made.headers["WWW-Authenticate"] = "Bearer"
            return made

        def test_response(assert_error):
            entry = assert_error(answer(), "unauthorized", status=401, retryable=False)
            assert isinstance(entry, DocumentedError)

        def test_falsy_exception(assert_error):
            with pytest.raises(requests.HTTPError) as raised:
                answer().raise_for_status()
            assert assert_error(raised.value).key == "unauthorized"

        def test_bodies(assert_error):
            text = json.dumps(BODY)
            headers = {{"WWW-Authenticate": "Bearer", "Content-Type": "application/json"}}
            for body in (BODY, text, text.encode()):
                assert assert_error(body, status=401, headers=headers)

        def test_own(assert_error):
            own = Response(401, json.dumps(BODY).encode())
            assert assert_error(own).key == "unauthorized"

        def test_other(assert_error):
            with pytest.raises(pytest.UsageError, match="int"):
                assert_error(3)

        def test_asked_for(assert_error):
            with pytest.raises(ErrorMismatch, match="not frozen as the test says") as raised:
                assert_error(answer(), "frozen")
            assert raised.value.verdict.code == "unauthorized"
            assert isinstance(raised.value, AssertionError)
        """,
    )

    result.assert_outcomes(passed=6)


def test_a_failure_shows_the_user_s_line_and_the_explanation(project):
    result = run(
        project,
        f"""
        def test_it(assert_error):
            assert_error({BODY!r}, "frozen", status=401)
        """,
    )

    result.stdout.fnmatch_lines(
        [
            ">       assert_error(*",
            "E       pytest_apierrors.ErrorMismatch: acme 401: *not frozen as the test says",
            "test_it.py:2: ErrorMismatch",
        ]
    )
    result.stdout.no_fnmatch_line("*asserting.py*")
    result.stdout.no_fnmatch_line("*_session.py*")


def test_both_fixtures_are_safe_inside_given(project):
    result = run(
        project,
        """
        from hypothesis import given, settings, strategies as st

        @settings(max_examples=50)
        @given(message=st.text())
        def test_it(assert_error, apierrors_catalog, message):
            body = {"error": {"code": "bad_request", "message": message}}
            assert assert_error(body, status=400) is apierrors_catalog().errors["bad_request"]
        """,
    )

    result.assert_outcomes(passed=1)


@pytest.mark.parametrize("scope", ["session", "module", "class", "function"])
def test_fixtures_of_any_scope_may_use_them(project, scope):
    result = run(
        project,
        f"""
        import pytest

        @pytest.fixture(scope={scope!r})
        def entry(assert_error):
            return assert_error({BODY!r}, status=401)

        def test_it(entry):
            assert entry.category == "unauthenticated"
        """,
    )

    result.assert_outcomes(passed=1)


def test_one_catalog_is_needed_and_any_can_be_named(project):
    result = run(
        project,
        """
        import pytest

        def test_it(apierrors_catalog):
            assert apierrors_catalog("http").errors["status-404"]
            with pytest.raises(pytest.UsageError, match="several providers are chosen"):
                apierrors_catalog()
            with pytest.raises(pytest.UsageError, match='no catalog named "htpp"; did you mean'):
                apierrors_catalog("htpp")
        """,
        "--apierrors-provider=acme",
        "--apierrors-provider=sinch",
    )

    result.assert_outcomes(passed=1)


def test_a_catalog_is_found_although_a_test_went_elsewhere(project):
    result = run(
        project,
        """
        def test_it(apierrors_catalog, monkeypatch, tmp_path):
            monkeypatch.chdir(tmp_path)
            assert apierrors_catalog("acme").title == "Acme Messages"
        """,
        apierrors_catalogs="catalogs",
        apierrors_provider="sinch",
    )

    result.assert_outcomes(passed=1)


def test_a_failing_test_shows_its_fixtures_without_addresses(project):
    result = run(project, "def test_it(assert_error): assert_error({}, 1)")

    shown = "assert_error = <bound method Session.assert_error of apierrors>"
    assert shown in result.outlines


def test_fixtures_say_how_they_are_called(project):
    shown = project.run("--fixtures", "-v").stdout.str()

    for call in (
        "assert_error(response, code=None,",
        "apierrors_catalog(",
        "with apierrors_server(",
    ):
        assert f"`{call}" in shown
