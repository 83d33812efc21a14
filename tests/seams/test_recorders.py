"""What is injected never stands in a recording."""

import pytest
import requests
import vcr
from seam_clients import CLIENTS, LIMITED, URL

from pytest_apierrors.errors import UsageProblem
from pytest_apierrors.seams import inject


def test_no_injection_inside_a_cassette(tmp_path):
    file = tmp_path / "cassette.yaml"
    with (
        vcr.use_cassette(str(file)),
        pytest.raises(UsageProblem, match=r"a vcrpy cassette is in force \(.*cassette\.yaml\)"),
        inject(LIMITED),
    ):
        pass

    assert not file.exists()


def test_no_cassette_inside_an_injection(tmp_path):
    """Else vcrpy would send httpx to the network, and record what the others get."""
    file = tmp_path / "cassette.yaml"
    with (
        pytest.raises(UsageProblem, match="a vcrpy cassette cannot begin"),
        inject(LIMITED),
        vcr.use_cassette(str(file)),
    ):
        pass

    assert not file.exists()
    with vcr.use_cassette(str(file)):
        pass


def test_no_answer_to_betamax(tmp_path):
    betamax = pytest.importorskip("betamax")
    session = requests.Session()
    recorder = betamax.Betamax(session, cassette_library_dir=str(tmp_path))
    with (
        pytest.raises(UsageProblem, match="betamax"),
        inject(LIMITED) as injected,
        recorder.use_cassette("tape", record="new_episodes"),
    ):
        session.get(URL)

    assert injected.calls == []
    assert all(URL not in file.read_text() for file in tmp_path.iterdir())


def test_no_injection_that_requests_mock_would_hide():
    requests_mock = pytest.importorskip("requests_mock")
    with (
        requests_mock.Mocker(),
        pytest.raises(UsageProblem, match="requests-mock is in force"),
        inject(LIMITED),
    ):
        pass

    with inject(LIMITED):
        assert CLIENTS["requests"]("GET", URL, None).status == 429


def test_an_injection_inside_pytest_httpx_wins(pytester):
    pytest.importorskip("pytest_httpx")
    pytester.makepyfile(
        """
        import httpx
        from pytest_apierrors import inject, ok

        def test_it(httpx_mock):
            httpx_mock.add_response(status_code=200)
            with inject(ok({"id": 1}, status=202)):
                assert httpx.get("https://api.example.com").status_code == 202
            assert httpx.get("https://api.example.com").status_code == 200
        """
    )

    result = pytester.runpytest_subprocess("-W", "error")

    assert result.parseoutcomes() == {"passed": 1}, result.stdout.str()
