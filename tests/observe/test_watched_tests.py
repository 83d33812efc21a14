"""`--apierrors-observe`: what a test receives can fail it, at the mock's line."""

from __future__ import annotations

import json

import loopback
import pytest
import vcr  # noqa: F401 - pytester drops what a test imports, and yaml cannot be loaded twice

import pytest_apierrors.baseline  # noqa: F401 - the same for what msgspec looks up

LIE = {"error": {"code": "rate_limited", "message": "Wait 3 seconds"}}
TRUE = {"error": {"code": "bad_request", "message": "no"}}
HEAD = """
import asyncio
import httpx
import pytest
import requests
import responses
from hypothesis import given, settings, strategies as st
import unittest
import threading
URL = "https://api.acme.test/v1/messages"
LIE = {"error": {"code": "rate_limited", "message": "Wait 3 seconds"}}

def lying(status=400):
    return httpx.MockTransport(lambda _: httpx.Response(status, json=LIE))
"""


@pytest.fixture
def watched(project):
    """Run a test file that begins with what all need."""

    def run(body, *args, how=None, **ini):
        project.ini(**{"apierrors_provider": "acme", "apierrors_observe": "true", **ini})
        project.test(HEAD + body)
        return (how or project.run)(*args)

    return run


def line_of(text, project):
    lines = (project.path / "test_it.py").read_text("utf-8").splitlines()
    return 1 + next(number for number, line in enumerate(lines) if text in line)


MOCKS = {
    "responses": """
@responses.activate
def test_it():
    responses.post(URL, status=400, json=LIE)  # told
    requests.post(URL)
""",
    "transport": """
def test_it():
    transport = httpx.MockTransport(lambda _: httpx.Response(400, json=LIE))  # told
    with httpx.Client(transport=transport) as client:
        client.post(URL)
""",
    "asyncio": """
def test_it():
    async def ask():
        transport = httpx.MockTransport(lambda _: httpx.Response(400, json=LIE))  # told
        async with httpx.AsyncClient(transport=transport) as client:
            await client.post(URL)
    asyncio.run(ask())
""",
    "anyio": """
@pytest.mark.anyio
async def test_it():
    transport = httpx.MockTransport(lambda _: httpx.Response(400, json=LIE))  # told
    async with httpx.AsyncClient(transport=transport) as client:
        await client.post(URL)

@pytest.fixture
def anyio_backend():
    return "asyncio"
""",
    "thread": """
@responses.activate
def test_it():
    responses.post(URL, status=400, json=LIE)  # told
    thread = threading.Thread(target=requests.post, args=(URL,))
    thread.start()
    thread.join()
""",
    "fixture": """
@pytest.fixture
def received():
    with responses.RequestsMock() as mock:
        mock.post(URL, status=400, json=LIE)  # told
        return requests.post(URL)

def test_it(received):
    assert received.status_code == 400
""",
    "unittest": """
class TestIt(unittest.TestCase):
    @responses.activate
    def test_it(self):
        responses.post(URL, status=400, json=LIE)  # told
        requests.post(URL)
""",
    "given": """
@settings(max_examples=30, database=None)
@given(number=st.integers())
def test_it(number):
    with responses.RequestsMock() as mock:
        mock.post(URL, status=400, json=LIE)  # told
        requests.post(URL, json=number)
""",
    "module": """
MADE = responses.Response("POST", URL, status=400, json=LIE)  # told

@responses.activate
def test_it():
    responses.add(MADE)
    requests.post(URL)
""",
}


@pytest.mark.parametrize("how", MOCKS)
def test_a_lying_mock_fails_its_test_at_the_mock_s_line(watched, project, how):
    result = watched(MOCKS[how])

    line = line_of("# told", project)
    by = "httpx.MockTransport" if "httpx.MockTransport(" in MOCKS[how] else "responses"
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "acme 400: deviates from rate_limited: documented under 429, and 1 more",
            f"  mocked     test_it.py:{line}, by {by}",
            "  received   test_it.py:*",
            "*status-mismatch *",
            "FAILED test_it.py::*test_it - acme 400: deviates from rate_limited*",
        ]
    )
    assert "_observe.py" not in result.stdout.str()


CASSETTE = """
interactions:
- request: {body: null, headers: {}, method: GET, uri: 'https://api.acme.test/v1/other'}
  response:
    body: {string: "{}"}
    headers: {Content-Type: [application/json]}
    status: {code: 200, message: OK}
- request: {body: null, headers: {}, method: GET, uri: 'https://api.acme.test/v1/messages'}
  response:
    body: {string: '{"error": {"code": "rate_limited", "message": "Wait 3 seconds"}}'}
    headers: {Content-Type: [application/json]}
    status: {code: 400, message: Bad Request}
version: 1
"""
PLAYING = """
import vcr

def test_it():
    with vcr.VCR(record_mode="none").use_cassette("cassettes/x.yaml"):
        requests.get(URL)
"""


def test_a_drifted_cassette_fails_its_test_at_the_recording_s_line(watched, project):
    (project.path / "cassettes").mkdir()
    (project.path / "cassettes" / "x.yaml").write_text(CASSETTE.strip(), encoding="utf-8")

    result = watched(PLAYING, "--apierrors-report=out.json", "--apierrors-report=out.sarif")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["acme 400: deviates*", "  recorded   cassettes/x.yaml:7, by vcrpy"]
    )
    (one,) = json.loads((project.path / "out.json").read_text("utf-8"))["responses"]
    assert (one["file"], one["line"]) == ("cassettes/x.yaml", 7)


@pytest.mark.parametrize("how", ["status: {code: 400", "interactions:"])
def test_a_cassette_that_is_not_what_was_played_has_no_line(watched, project, how):
    """It was changed after it was played, for example."""
    (project.path / "cassettes").mkdir()
    file = project.path / "cassettes" / "x.yaml"
    file.write_text(CASSETTE.strip() + "\n", encoding="utf-8")
    changed = {"status: {code: 400": "status: {code: 401", "interactions:": "nothing: ["}[how]
    after = f"    import pathlib; p = pathlib.Path({str(file)!r})\n"
    after += f"    p.write_text(p.read_text().replace({how!r}, {changed!r}))\n"

    result = watched(PLAYING + after)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["  recorded   cassettes/x.yaml, by vcrpy"])


def test_a_credential_of_the_request_is_not_shown(watched):
    result = watched(
        """
@responses.activate
def test_it():
    token = "s3cr3t" + "-t0ken-x"
    responses.post(URL, status=400, json={"error": {"code": "rate_limited", "message": token}})
    requests.post(URL, headers={"Authorization": f"Bearer {token}"})
"""
    )

    result.assert_outcomes(failed=1)
    assert "s3cr3t-t0ken-x" not in result.stdout.str()


def test_a_true_mock_passes_and_counts_as_mocked(watched, project):
    result = watched(
        f"""
@responses.activate
def test_it():
    responses.post(URL, status=400, json={TRUE!r})
    responses.post("https://elsewhere.test/", status=400, json=LIE)
    requests.post(URL)
    requests.post("https://elsewhere.test/")
""",
        "--apierrors-report=out.json",
    )

    result.assert_outcomes(passed=1)
    (one,) = json.loads((project.path / "out.json").read_text("utf-8"))["responses"]
    assert (one["entry"], one["outcome"]) == ("bad_request", "documented")
    assert one["file"] == "test_it.py"
    assert one["line"] == line_of("responses.post(URL, status=400", project)


def test_its_own_failure_stays_and_ours_stands_beside_it(watched):
    result = watched(
        """
@responses.activate
def test_it():
    responses.post(URL, status=400, json=LIE)
    assert requests.post(URL).status_code == 429

class TestIt(unittest.TestCase):
    @responses.activate
    def test_other(self):
        responses.post(URL, status=400, json=LIE)
        self.assertEqual(requests.post(URL).status_code, 429)
"""
    )

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(
        [
            "E       *assert 400 == 429",
            "*Captured apierrors call*",
            "acme 400: deviates from rate_limited*",
            "*AssertionError: 400 != 429",
            "*Captured apierrors call*",
            "acme 400: deviates from rate_limited*",
            "FAILED test_it.py::test_it - *assert 400 == 429",
        ]
    )


def test_what_comes_in_a_teardown_fails_it(watched):
    result = watched(
        """
@pytest.fixture
def closing():
    yield
    with httpx.Client(transport=lying()) as client:
        client.post(URL)

def test_it(closing):
    pass
"""
    )

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*ERROR at teardown of test_it*", "acme 400: deviates*"])


def test_a_failed_setup_is_the_only_error(watched):
    result = watched(
        """
@pytest.fixture
def broken():
    with httpx.Client(transport=lying()) as client:
        assert client.post(URL).status_code == 429

def test_it(broken):
    pass
"""
    )

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*assert 400 == 429", "*Captured apierrors*", "acme 400: dev*"])


def test_a_stream_that_nobody_read_is_held_by_its_status_and_headers(watched):
    result = watched(
        """
@pytest.mark.parametrize("status", [400, 429])
@responses.activate
def test_it(status):
    responses.post(URL, status=status, json=LIE)
    with requests.post(URL, stream=True) as response:
        assert response.raw.tell() == 0
        assert next(response.iter_content(7)) == b'{"error'
"""
    )

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "acme 429: no documented error fits (Retry-After missing)",
            "  altered    nobody had read the body: only status and headers are checked",
        ]
    )


def test_the_api_itself_is_observed(watched, project):
    body = json.dumps(TRUE).encode()
    answers = {"/x": (400, [("Content-Type", "application/json")], body)}
    with loopback.loopback(answers) as base:
        port = base.rpartition(":")[2]
        result = watched(
            f"""
import socket

def test_it(monkeypatch):
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _, *a, **k: real("127.0.0.1", *a, **k))
    for client in (requests, httpx):
        client.get("http://api.acme.test:{port}/x")
""",
            "--apierrors-report=out.json",
        )

    result.assert_outcomes(passed=1)
    matrix = json.loads((project.path / "out.json").read_text("utf-8"))
    assert json.dumps(matrix).count('"observed"') >= 1


def test_ways_to_expect_it(watched):
    result = watched(
        """
@pytest.mark.xfail(strict=True)
@responses.activate
def test_xfail():
    responses.post(URL, status=400, json=LIE)
    requests.post(URL)

@pytest.mark.apierrors(ignore=["status-mismatch", "header-missing"])
@responses.activate
def test_ignored():
    responses.post(URL, status=400, json=LIE)
    requests.post(URL)

@responses.activate
def test_asked_for_undocumented(assert_error):
    responses.post(URL, status=400, json={"error": {"code": "slow_down", "message": "no"}})
    assert_error(requests.post(URL), "slow_down")

@responses.activate
def test_asked_for_an_intermediary(assert_error):
    responses.post(URL, status=502, body="<html>bad</html>", content_type="text/html")
    assert_error(requests.post(URL), status=502)

@responses.activate
def test_decoded(assert_error):
    responses.post(URL, status=400, json={"error": {"code": "slow_down", "message": "no"}})
    with pytest.raises(AssertionError):
        assert_error(requests.post(URL).json(), status=400)
"""
    )

    result.assert_outcomes(passed=4, xfailed=1)


def test_what_the_baseline_accepts_passes_and_the_rest_does_not(watched):
    base = "--apierrors-baseline=base.json"
    first = watched(MOCKS["responses"], base, "--apierrors-accept=known")
    second = watched(MOCKS["responses"], base)
    third = watched(MOCKS["responses"].replace("=LIE", '={"error": {"code": "frozen"}}'), base)

    first.assert_outcomes(failed=1)
    second.assert_outcomes(passed=1)
    third.assert_outcomes(failed=1)


def test_a_lie_beside_an_asserted_response_still_fails(watched):
    result = watched(
        """
@responses.activate
def test_it(assert_error):
    responses.post(URL, status=400, json={"error": {"code": "slow_down", "message": "no"}})
    responses.post(URL, status=400, json=LIE)
    assert_error(requests.post(URL), "slow_down")
    requests.post(URL)
"""
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["acme 400: deviates from rate_limited*"])


def test_a_warning_is_told_in_the_summary(watched):
    body = {"error": {"code": "unauthorized", "message": "Token expired"}}
    result = watched(
        f"""
@responses.activate
def test_it():
    responses.post(URL, status=401, json={body!r}, headers={{"WWW-Authenticate": "Bearer"}})
    requests.post(URL)
"""
    )

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        ["acme: 1 error checked; 1 of * exercised", "*message-differs*test_it.py:*"]
    )


def test_several_lies_are_shown_and_equal_ones_once(watched):
    result = watched(
        """
@responses.activate
def test_it():
    for status in (400, 401, 403, 404, 500):
        responses.post(f"{URL}/{status}", status=status, json=LIE)
    for _ in range(3):
        for status in (400, 401, 403, 404, 500):
            requests.post(f"{URL}/{status}")
"""
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["acme 400:*", "*(3 times)", "acme 401:*", "acme 403:*", "and 2 more"]
    )


def test_thousands_of_responses_are_not_all_kept(watched):
    result = watched(
        f"""
import gc

def test_it():
    transport = httpx.MockTransport(lambda _: httpx.Response(400, json={TRUE!r}))
    with httpx.Client(transport=transport) as client:
        for _ in range(1200):
            client.post(URL)
    gc.collect()
    alive = [one for one in gc.get_objects() if type(one) is httpx.Response]
    assert len(alive) < 700
"""
    )

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["acme: 1200 errors checked; *"])


def test_lies_are_told_in_the_order_of_their_mocks(watched):
    """Threads and tasks receive them in any order."""
    result = watched(
        """
@responses.activate
def test_it():
    responses.post(f"{URL}/1", status=400, json=LIE)
    responses.post(f"{URL}/2", status=401, json=LIE)
    requests.post(f"{URL}/2")
    requests.post(f"{URL}/1")
"""
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["acme 400: *", "acme 401: *", "FAILED test_it.py::test_it - acme 400:*"]
    )


def test_what_one_test_asserted_excuses_no_other(watched):
    result = watched(
        """
@pytest.fixture
def received():
    with responses.RequestsMock() as mock:
        mock.post(URL, status=400, json={"error": {"code": "slow_down", "message": "no"}})
        return requests.post(URL)

def test_asserted(assert_error, received):
    assert_error(received, "slow_down")

def test_other(received):
    pass
"""
    )

    result.assert_outcomes(passed=1, failed=1)


def test_a_test_that_failed_gets_no_error_at_its_teardown(watched):
    result = watched(
        """
@pytest.fixture
def closing():
    yield
    with httpx.Client(transport=lying()) as client:
        client.post(URL)

def test_it(closing):
    assert not URL
"""
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*Captured apierrors teardown*", "acme 400: deviates*"])


def test_what_fuzz_injects_is_not_watched(watched):
    result = watched(
        """
from pytest_apierrors import answer, fuzz
from pytest_apierrors.seams import ok

@fuzz("acme", raises=Exception, kinds=["unknown-code", "html-502"])
def test_fuzzed():
    requests.post(URL, timeout=5).raise_for_status()

def test_answered():
    with answer("catalogs/acme.json", "frozen"):
        assert requests.post(URL).status_code == 423
"""
    )

    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["acme: 1 error checked; *"])


class TestUnchecked:
    """A run that was asked to watch, and heard nothing of a provider."""

    QUIET = """
def test_it():
    pass

def test_other():
    pass
"""

    def test_fails_and_says_so(self, watched):
        result = watched(self.QUIET)

        assert result.ret == pytest.ExitCode.TESTS_FAILED
        result.stdout.fnmatch_lines(
            ["ERROR: asked to watch what the tests receive, but no response from a host of acme*"]
        )

    def test_not_where_the_user_wanted_a_part(self, watched):
        assert watched(self.QUIET, "-k", "other").ret == 0
        assert watched(self.QUIET, "test_it.py").ret == 0
        assert watched(self.QUIET, "--collect-only").ret == 0

    @pytest.mark.parametrize(("args", "status"), [((), 1), (("-k", "other"), 0)])
    def test_with_workers(self, watched, project, args, status):
        result = watched(self.QUIET, "-n2", *args, how=project.run_apart)

        assert result.ret == status

    def test_but_if_it_was_asked_for_there(self, watched):
        assert watched(self.QUIET, "--apierrors-observe", "test_it.py").ret == 1

    def test_not_where_the_option_stands_for_every_run(self, watched, monkeypatch):
        """So that a developer may run one file of a project that has it in addopts."""
        assert watched(self.QUIET, "test_it.py", addopts="--apierrors-observe").ret == 0
        monkeypatch.setenv("PYTEST_ADDOPTS", "--apierrors-observe")
        assert watched(self.QUIET, "test_it.py").ret == 0
        assert watched(self.QUIET).ret == 1

    def test_a_success_of_the_provider_is_enough(self, watched):
        result = watched(
            """
@responses.activate
def test_it():
    responses.get(URL, json={})
    requests.get(URL)
"""
        )

        assert result.ret == 0


@pytest.fixture(scope="module")
def base():
    body = json.dumps(LIE).encode()
    with loopback.loopback({"/x": (400, [("Content-Type", "application/json")], body)}) as url:
        yield url


LOCAL = """
def test_it():
    requests.get("{base}/x")
"""


@pytest.mark.parametrize("claim", ["127.0.0.1", "127.0.0.1=acme", "127.0.*=acme"])
def test_a_host_is_claimed_on_the_command_line(watched, base, claim):
    result = watched(LOCAL.format(base=base), f"--apierrors-claim={claim}")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["  mocked     a server on this machine"])


@pytest.mark.parametrize("claim", ["127.0.0.1=acme", "127.0.0.1"])
def test_a_host_is_claimed_by_a_marker(watched, base, claim):
    mark = f'@pytest.mark.apierrors(claim="{claim}", provider="acme")'

    watched(f"{mark}{LOCAL.format(base=base)}").assert_outcomes(failed=1)


def test_a_local_server_is_nobody_s_unless_it_is_claimed(watched, base):
    watched(LOCAL.format(base=base)).assert_outcomes(passed=1)


def test_without_a_provider_every_catalog_s_hosts_count(watched):
    result = watched(MOCKS["responses"], apierrors_provider="")

    result.assert_outcomes(failed=1)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("=acme", 'HOST=PROVIDER is needed, as in localhost=NAME; found "=acme"'),
        ("http://x=acme", 'HOST=PROVIDER is needed, as in localhost=NAME; found "http://x=acme"'),
        ("x=", 'whose is "x"? say x=PROVIDER, or choose one provider'),
        ("x=acmee", 'no catalog named "acmee"; did you mean "acme"?'),
    ],
)
def test_a_wrong_claim_is_told(watched, claim, said):
    result = watched(MOCKS["responses"], f"--apierrors-claim={claim}")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: --apierrors-claim: {said.replace('[', '[[]')}*"])


def test_the_report_is_the_same_for_two_workers(watched, project, monkeypatch):
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    body = "".join(
        MOCKS[name].replace("test_it", f"test_{name}").replace("TestIt", f"Test{name}")
        for name in ("responses", "transport", "asyncio", "thread", "unittest")
    )
    found = []
    for workers in ("0", "2"):
        result = watched(
            body, f"-n{workers}", f"--apierrors-report=out{workers}.json", how=project.run_apart
        )
        result.assert_outcomes(failed=5)
        found.append((project.path / f"out{workers}.json").read_bytes())

    assert found[0] == found[1]
    assert len(json.loads(found[0])["responses"]) == 5


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_lacking_seam_is_one_warning(watched, project, workers):
    (project.path / "conftest.py").write_text(
        "import httpx\ndel httpx.AsyncClient.send\n", encoding="utf-8"
    )
    tests = "".join(MOCKS["transport"].replace("test_it", f"test_{n}") for n in range(4))

    result = watched(tests, f"-n{workers}", how=project.pytester.runpytest_subprocess)

    result.assert_outcomes(failed=4, warnings=1)
    result.stdout.fnmatch_lines(["*httpx: httpx.AsyncClient.send"])


def test_a_lacking_seam_fails_a_run_that_makes_errors_of_warnings(watched, monkeypatch):
    monkeypatch.delattr("httpx.AsyncClient.send")

    result = watched("\ndef test_it(): pass\n")

    assert result.ret == 1
    result.stdout.fnmatch_lines(["ERROR: *httpx: httpx.AsyncClient.send"])
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()


@pytest.mark.parametrize(
    ("marker", "said"),
    [
        ('ignore=["no-such-rule"]', '*(ignore=...): no rule named "no-such-rule"*'),
        ('provider="acmee"', '*(provider=...): no catalog named "acmee"; did you mean "acme"?'),
    ],
)
def test_a_wrong_marker_is_told(watched, marker, said):
    """Once, without our stack, and beside the failure of the test itself."""
    mocked = f"""
@pytest.mark.apierrors({marker})
@responses.activate
def test_it():
    responses.post(URL, status=400, json=LIE)
    requests.post(URL)
"""

    alone = watched(mocked)
    beside = watched(f"{mocked}    assert False, 'its own'")

    for result in (alone, beside):
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines([said])
        result.stdout.no_fnmatch_line("*_observe.py*")
    beside.stdout.fnmatch_lines(["E*its own*"])


def test_a_response_that_says_nothing_is_a_problem_of_the_report(watched, project):
    result = watched(
        """
class Adapter(requests.adapters.BaseAdapter):
    def send(self, request, **_):
        made = requests.Response()
        made.url = request.url
        return made

    def close(self):
        pass

def test_it():
    with requests.Session() as session:
        session.mount("https://", Adapter())
        session.get(URL)
""",
        "--apierrors-report=out.json",
        "test_it.py",
    )

    result.assert_outcomes(passed=1)
    (one,) = json.loads((project.path / "out.json").read_text("utf-8"))["problems"]
    assert one["file"] == "test_it.py"
    assert "has no status yet" in one["reason"]


def test_nothing_is_patched_without_the_option(watched):
    body = """
from requests import sessions

def test_it():
    assert not hasattr(sessions.dispatch_hook, "__wrapped__")
    assert not hasattr(httpx.Client.send, "__wrapped__")
"""
    watched(body, apierrors_observe="false").assert_outcomes(passed=1)
    watched(body).assert_outcomes(failed=1)


def test_all_is_put_back_after_the_run(watched):
    import httpx
    import requests

    before = (requests.sessions.dispatch_hook, httpx.Client.send)
    watched(MOCKS["responses"])

    assert (requests.sessions.dispatch_hook, httpx.Client.send) == before


TWO = """
    import requests
    import vcr

    def test_second():
        with vcr.use_cassette("TOP/cassettes/two.yaml", record_mode="none"):
            assert requests.post("https://api.acme.test/second", timeout=5).status_code == 429
"""


@pytest.mark.parametrize("place", [".", ".."])
def test_a_played_exchange_has_its_own_number_and_a_file_from_where_pytest_runs(
    project, place, monkeypatch
):
    pytest.importorskip("vcr")
    project.ini()
    bad = {"status": {"code": 429, "message": "-"}, "headers": {}, "body": {"string": "{}"}}
    asked = {"method": "POST", "body": None, "headers": {}}
    exchanges = [
        {"request": {**asked, "uri": f"https://api.acme.test/{name}"}, "response": bad}
        for name in ("first", "second")
    ]
    (project.path / "cassettes").mkdir()
    text = json.dumps({"version": 1, "interactions": exchanges}, indent=1)
    (project.path / "cassettes" / "two.yaml").write_text(text)
    project.test(TWO.replace("TOP", str(project.path)))
    monkeypatch.chdir(project.path / place)
    folder = "" if place == "." else f"{project.path.name}/"

    args = ("--apierrors-provider=acme", "--apierrors-observe", "--apierrors-report=out.json")
    project.run_apart(*args, "-p", "no:cacheprovider", f"--rootdir={project.path}",
                      f"-c{project.path}/pytest.ini", str(project.path))  # fmt: skip

    (found,) = json.loads((project.path / place / "out.json").read_text())["responses"]
    assert (found["file"], found["index"]) == (f"{folder}cassettes/two.yaml", 1)
    starts = [number for number, line in enumerate(text.splitlines(), 1) if line == "  {"]
    assert found["line"] == starts[1]


@pytest.mark.parametrize(
    ("folder", "shown"),
    [
        ("service/tests", ("../../libs/mocks.py:4", "test_it.py:4", "test_it.py:6")),
        (".", ("libs/mocks.py:4", "service/tests/test_it.py:4", "service/tests/test_it.py:6")),
    ],
)
def test_places_are_seen_from_where_pytest_runs(project, monkeypatch, folder, shown):
    """A mock may lie beside the project, in the same checkout."""
    service = project.path / "service"
    (service / "tests").mkdir(parents=True)
    (project.path / ".git").mkdir()
    project.record("service/pytest.ini", "[pytest]", "pythonpath = ../libs",
                   "apierrors_catalogs = ../catalogs", "apierrors_provider = acme")  # fmt: skip
    lie = """import requests, responses
URL = "https://api.acme.test/v1/messages"
def lie():
    responses.post(URL, status=400, json={"error": {"code": "rate_limited", "message": "a"}})
"""
    project.record("libs/mocks.py", lie)
    test = """import responses, requests, mocks
@responses.activate
def test_lie():
    mocks.lie(); requests.post(mocks.URL)
def test_asserted(assert_error):
    assert_error({}, 1, status=400)
"""
    (service / "tests" / "test_it.py").write_text(test)
    monkeypatch.chdir(project.path / folder)

    result = project.run_apart(
        "--apierrors-observe",
        f"--apierrors-report={project.path}/out.txt",
        *("-p", "no:cacheprovider", f"{service}/tests"),
    )

    mocked, received, asserted = shown
    result.stdout.fnmatch_lines(
        [f"  mocked     {mocked}, by responses", f"  received   {received}"]
    )
    report = (project.path / "out.txt").read_text()
    assert report.startswith((f"{mocked} test_lie", f"{asserted} test_asserted"))
    assert f"{asserted} test_asserted: " in report


EXPECTED = """
@pytest.mark.xfail(reason="ticket 7")
@responses.activate
def test_it():
    responses.post(URL, status=400, json=LIE)
    requests.post(URL)

@responses.activate
def test_imperative():
    responses.post(URL, status=400, json=LIE)
    requests.post(URL)
    pytest.xfail("ticket 8")

@pytest.mark.xfail
def test_too(assert_error):
    assert_error(LIE, status=400)
"""


def test_an_expected_deviation_is_no_error_of_any_report(watched, project):
    """A run that passes says so everywhere, and proposes nothing to be accepted."""
    names = ("out.json", "out.sarif", "gitlab:gitlab.json", "github:out.github", "out.xml")
    reports = [f"--apierrors-report={name}" for name in names]

    result = watched(EXPECTED, "--apierrors-baseline=base.json", *reports)

    result.assert_outcomes(xfailed=3)
    result.stdout.fnmatch_lines(["baseline: 0 accepted, 0 new"])
    report = json.loads((project.path / "out.json").read_text())
    assert report["summary"]["violations"]["error"] == 0
    assert [one["expected"] for one in report["responses"]] == ["ticket 7", "ticket 8", ""]
    log = json.loads((project.path / "out.sarif").read_text())["runs"][0]
    assert {one["level"] for one in log["results"]} == {"note"}
    told = [one["suppressions"] for one in log["results"]]
    assert [{"kind": "inSource", "status": "accepted", "justification": "ticket 7"}] in told
    quality = json.loads((project.path / "gitlab.json").read_text())
    assert {one["severity"] for one in quality} == {"info"}
    assert "::error" not in (project.path / "out.github").read_text()
    assert ", expected: ticket 7\n" in (project.path / "out.github").read_text()
    assert "<failure" not in (project.path / "out.xml").read_text()


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_mock_made_before_anything_is_watched_is_where_it_is_added(watched, project, workers):
    """As a constant of a conftest is, which pytest imports before all else."""
    made = """import responses
LIE = responses.Response("POST", "https://api.acme.test/v1/messages", status=400,
                         json={"error": {"code": "rate_limited", "message": "a"}})
"""
    (project.path / "conftest.py").write_text(made, encoding="utf-8")
    body = """
from conftest import LIE
@pytest.mark.parametrize("n", range(2))
@responses.activate
def test_one(n):
    responses.add(LIE)  # told
    requests.post(URL)

def test_two():
    with responses.RequestsMock() as mock:
        mock.add(LIE)  # here
        requests.post(URL)
"""

    result = watched(body, f"-n{workers}", "--apierrors-report=out.txt", how=project.run_apart)

    result.assert_outcomes(failed=3)
    report = (project.path / "out.txt").read_text("utf-8")
    for text, test in (
        ("# told", "test_one[0]"),
        ("# told", "test_one[1]"),
        ("# here", "test_two"),
    ):
        assert f"test_it.py:{line_of(text, project)} {test}: " in report
