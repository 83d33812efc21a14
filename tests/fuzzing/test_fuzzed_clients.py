"""Fuzzed clients in pytest: one item per kind, the bugs found, each shrunk and replayable."""

from __future__ import annotations

import re
import sys

import pytest

SOUND = """
import requests

class VoiceError(Exception):
    def __init__(self, status, code):
        super().__init__(f"status {status}, code {code}")
        self.status = status
        self.code = code

class VoiceClient:
    def __init__(self, key):
        self.session = requests.Session()
        self.key = key

    def callout(self):
        try:
            response = self.session.post(
                "https://calling.api.sinch.com/calling/v1/callouts",
                json={},
                headers={"Authorization": f"Bearer {self.key}"},
                allow_redirects=False,
                timeout=5,
            )
        except requests.RequestException as error:
            raise VoiceError(None, None) from error
        try:
            body = response.json()
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            body = {}
        if response.status_code >= 300 or "errorCode" in body or not body:
            raise VoiceError(response.status_code, body.get("errorCode"))
        return body
"""
LEAKY = """
import requests

class VoiceError(Exception):
    def __init__(self, code):
        super().__init__(str(code))
        self.code = code

class VoiceClient:
    def callout(self):
        response = requests.post("https://calling.api.sinch.com/calling/v1/callouts", json={})
        body = response.json()
        if response.status_code >= 400:
            raise VoiceError(body["errorCode"])
        return body
"""
TEST = """
from pytest_apierrors import fuzz
from client import VoiceClient, VoiceError

@fuzz("sinch", raises=VoiceError, {arguments})
def test_callout():
    {call}
"""


@pytest.fixture
def project(pytester: pytest.Pytester):
    def make(client: str, arguments: str = "", call: str = "VoiceClient().callout()") -> None:
        pytester.makepyfile(client=client, test_voice=TEST.format(arguments=arguments, call=call))

    return make


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", *arguments)


def test_a_sound_client_passes_every_kind_that_it_can_see(pytester, project):
    project(
        SOUND,
        'expect={"code": lambda error: error.code}, '
        'kinds=["documented", "broken", "intermediary"], '
        "max_examples=3",
        'VoiceClient("key-1234567890").callout()',
    )

    result = run(pytester, "-q")

    outcomes = result.parseoutcomes()
    assert outcomes.get("failed", 0) == 0, result.stdout.str()
    assert outcomes["passed"] > 60


def test_a_leaking_client_fails_by_kind_and_each_bug_is_counted_once(pytester, project):
    project(LEAKY, 'kinds=["broken"], max_examples=5')

    result = run(pytester, "-q")

    text = result.stdout.str()
    assert "test_voice.py::test_callout[code-missing]" in text
    assert "KeyError" in text
    assert re.search(r"distinct bugs?:", text)
    assert result.parseoutcomes()["failed"] > 5


def test_of_what_all_examples_print_a_failure_shows_the_end(pytester, project):
    project(LEAKY, 'kinds=["html-502"]')
    text = (pytester.path / "client.py").read_text()
    talk = 'def callout(self):\n        [print("asking") for _ in range(50)]\n'
    (pytester.path / "client.py").write_text(text.replace("def callout(self):\n", talk))

    shown = run(pytester, "-q").stdout

    shown.fnmatch_lines(
        [
            "*Captured stdout call*",
            "(38 lines before, most of them of other examples, are left out)",
        ]
    )
    assert str(shown).splitlines().count("asking") == 12


ENDLESS = """
import requests

class VoiceError(Exception):
    pass

class VoiceClient:
    def callout(self):
        response = requests.get("https://calling.api.sinch.com/calling/v1/callouts", timeout=5)
        if response.status_code == 401:
            return self.callout()
        raise VoiceError(response.status_code)
"""


def test_a_client_that_never_gives_up_is_stopped_before_its_stack_or_its_time_is_over(
    pytester, project
):
    project(ENDLESS, 'kinds=["sinch-40100", "empty-401"], max_examples=2')

    result = run(pytester, "-q")

    text = result.stdout.str()
    assert result.parseoutcomes()["failed"] == 2
    assert "100 requests of GET https://calling.api.sinch.com/calling/v1/callouts, and it" in text
    assert "would have gone on; the limit is 10" in text
    assert "the client made 100 requests, and was stopped" in text
    assert "1 distinct bug:" in text
    assert "RecursionError" not in text


def test_a_client_that_may_go_on_for_ever_is_not_stopped(pytester, project):
    endless = ENDLESS.replace("== 401", "== 401 and self.left()").replace(
        "    def callout",
        "    count = 150\n    def left(self):\n        self.count -= 1\n"
        "        return self.count\n\n    def callout",
    )
    project(endless, 'kinds=["empty-401"], max_examples=1, off=["too-many-attempts"]')

    assert run(pytester, "-q").parseoutcomes()["passed"] == 1


def test_a_leaked_key_error_shrinks_to_the_simplest_response(pytester, project):
    project(LEAKY, 'kinds=["empty-object"]')

    result = run(pytester, "-q")

    result.stdout.fnmatch_lines(["*HTTP/1.1 400*", "*{}*"])
    assert "@fuzz.example(kind='empty-object'" in result.stdout.str()


def test_a_printed_example_replays_the_fault(pytester, project):
    project(LEAKY, 'kinds=["empty-object"]')
    first = run(pytester, "-q").stdout.str()
    line = re.search(r"@fuzz\.example\(.*\)", first)[0]
    text = (pytester.path / "test_voice.py").read_text()
    pytester.makepyfile(test_voice=text.replace("@fuzz(", f"{line}\n@fuzz(", 1))

    again = run(pytester, "-q")

    assert "KeyError" in again.stdout.str()


def test_kinds_are_chosen_with_k_and_expected_to_fail_by_name(pytester, project):
    project(LEAKY, 'kinds=["broken"], xfail={"empty-object": "leaks a KeyError"}')

    result = run(pytester, "-q", "-k", "empty-object")

    assert result.parseoutcomes()["xfailed"] == 1


def test_workers_report_the_same(pytester, project):
    project(LEAKY, 'kinds=["broken"], max_examples=2')

    alone = run(pytester, "-q").parseoutcomes()
    spread = run(pytester, "-q", "-n", "2")

    assert spread.parseoutcomes()["failed"] == alone["failed"]
    assert "distinct bug" in spread.stdout.str()


def test_a_client_that_sleeps_a_day_is_found_in_no_time(pytester, project):
    client = LEAKY.replace(
        "        body = response.json()",
        "        import time\n"
        "        if 'Retry-After' in response.headers:\n"
        "            time.sleep(int(response.headers['Retry-After']))\n"
        "        body = response.json()",
    )
    project(client, 'kinds=["retry-after-huge"], max_examples=2')

    result = run(pytester, "-q")

    assert "slept-too-long" in result.stdout.str()
    assert result.duration < 60


def test_a_read_without_a_timeout_is_found_without_waiting(pytester, project):
    project(LEAKY, 'kinds=["stalled-before-headers"]')

    result = run(pytester, "-q")

    result.stdout.fnmatch_lines(["*: waited for an answer without a timeout, for ever if need be"])
    assert result.duration < 20


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ('kinds=["html-5022"]', 'no fault kind or ring "html-5022"; did you mean "html-502"'),
        ('xfail={"html-5022": "x"}', 'no fault kind or ring "html-5022"'),
    ],
)
def test_wrong_arguments_are_usage_errors(pytester, project, arguments, sentence):
    project(LEAKY, arguments)

    result = run(pytester, "-q")

    assert sentence in result.stdout.str() + result.stderr.str()
    assert "INTERNALERROR" not in result.stdout.str()
    assert result.ret != 0


def test_a_call_without_http_fails_with_what_to_do(pytester, project):
    project(LEAKY, 'kinds=["html-502"]', "pass")

    result = run(pytester, "-q")

    result.stdout.fnmatch_lines(["*nothing was injected*"])
    assert result.parseoutcomes() == {"failed": 1}


def test_a_client_without_a_catalog_is_fuzzed_too(pytester):
    pytester.makepyfile(
        test_any="""
        import requests
        from pytest_apierrors import fuzz

        @fuzz(raises=requests.HTTPError, kinds=["documented"])
        def test_get():
            requests.get("https://api.example.com/things").raise_for_status()
        """
    )

    result = run(pytester, "-q")

    assert result.parseoutcomes()["passed"] > 30


def test_fixtures_and_coroutines_work(pytester):
    pytester.makepyfile(
        test_async="""
        import httpx
        import pytest
        from pytest_apierrors import fuzz

        @pytest.fixture
        def url():
            return "https://calling.api.sinch.com/calling/v1/callouts"

        @fuzz("sinch", raises=httpx.HTTPStatusError, kinds=["documented"])
        async def test_get(url):
            async with httpx.AsyncClient() as client:
                (await client.get(url)).raise_for_status()
        """
    )

    result = run(pytester, "-q")

    assert result.parseoutcomes()["passed"] > 25


@pytest.mark.parametrize(
    ("use", "sentence"),
    [
        ("@fuzz", "fuzz needs its arguments"),
        ("@fuzz('sinch', raises=1)", "raises= needs exception classes"),
        ("@fuzz(7, raises=ValueError)", "a provider's name or a catalog is needed"),
        ("@fuzz('sinch')", "nothing is promised"),
        ("@fuzz('sich', raises=ValueError)", 'no catalog named "sich"; did you mean "sinch"'),
        ("@fuzz('toku', raises=ValueError)", "no source says"),
    ],
)
def test_bad_use_is_a_sentence(pytester, use, sentence):
    pytester.makepyfile(
        test_bad=f"""
        from pytest_apierrors import fuzz

        {use}
        def test_it():
            pass
        """
    )

    result = run(pytester, "-q")

    assert sentence in result.stdout.str() + result.stderr.str()
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()
    assert result.ret != 0


def test_without_certificates_faults_of_the_wire_are_left_out_and_named(pytester, project):
    project(LEAKY, "max_examples=1")
    pytester.makepyfile(
        sitecustomize="""
        import importlib.util
        real = importlib.util.find_spec
        importlib.util.find_spec = lambda name, *a: None if name == "trustme" else real(name, *a)
        """
    )

    result = pytester.run(
        "env",
        f"PYTHONPATH={pytester.path}",
        sys.executable,
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "--collect-only"),
    )
    summed = pytester.run(
        "env",
        f"PYTHONPATH={pytester.path}",
        sys.executable,
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "sinch-40101"),
    )

    assert "html-502" in result.stdout.str()
    assert "reset-on-connect" not in result.stdout.str()
    summed.stdout.fnmatch_lines(["*faults of the wire were left out*"])
