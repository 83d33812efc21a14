"""What a mistake of the test gets: a failure that says what to do, never silence."""

import re

import pytest

TEST = """
    import pytest
    from pytest_apierrors import fuzz
    {imports}

    class ApiError(Exception):
        pass

    {before}

    @fuzz("sinch", raises={raises}, kinds=["html-502"]{arguments})
    def test_call():
        {call}
"""


@pytest.fixture
def fuzzed(pytester: pytest.Pytester, monkeypatch):
    def run(call, *, imports="", before="", raises="ApiError", arguments="", options=()):
        arguments = arguments and f", {arguments}"
        text = TEST.format(
            call=call, imports=imports, before=before, raises=raises, arguments=arguments
        )
        pytester.makepyfile(test_it=text)
        monkeypatch.setenv("COLUMNS", "200")
        result = pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider", *options)
        assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()
        return result

    return run


NOTHING = [
    "nothing was injected: the test made no HTTP request that could be answered.",
    "  Call the client in the test itself, and so that it asks anew each time (no cached answer).",
    "FAILED test_it.py::test_call[[]html-502[]] - nothing was injected: *",
]
MOCK = "httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200)))"


@pytest.mark.parametrize(
    ("call", "imports"),
    [
        ("pass", ""),
        ("raise ApiError", ""),
        ("pytest.skip('no') if False else None", ""),
        (f"{MOCK}.get('https://api.example.com')", "import httpx"),
    ],
    ids=["nothing", "an error of its own", "a branch", "a transport of its own"],
)
@pytest.mark.parametrize("arguments", ["", 'xfail={"html-502": "known"}'], ids=["", "xfail"])
def test_a_run_in_which_nothing_was_injected_fails(fuzzed, call, imports, arguments):
    result = fuzzed(call, imports=imports, arguments=arguments)

    result.stdout.fnmatch_lines(NOTHING)
    said = "The test ended with ApiError in test_call (test_it.py:"
    assert (said in result.stdout.str()) is ("ApiError" in call)
    assert result.parseoutcomes() == {"failed": 1}
    assert result.ret == 1


def test_what_to_do_is_said_once_for_all_kinds_of_a_test(pytester):
    empty = {"call": "pass", "imports": "", "before": "", "raises": "ApiError", "arguments": ""}
    pytester.makepyfile(TEST.format(**empty).replace('["html-502"]', '["intermediary"]'))

    text = pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider").stdout.str()

    assert text.count("\nnothing was injected: ") > 10
    assert text.count("Call the client in the test itself") == 1


@pytest.mark.parametrize("call", ['inject("html-502")', 'every_fault("sinhc")', "inject([])"])
def test_a_mistake_shows_the_line_of_the_test_and_nothing_of_ours(pytester, call):
    pytester.makepyfile(f"""
        from pytest_apierrors import every_fault, inject

        def test_it():
            with {call} as told:
                pass
    """)

    text = pytester.runpytest_subprocess("--tb=short", "-p", "no:cacheprovider").stdout.str()

    assert re.search(r"^E   pytest_apierrors\.(UsageProblem|CatalogError): ", text, re.MULTILINE)
    assert "pytest_apierrors/" not in text


def test_the_sentence_says_what_to_do_about_a_client_that_cannot_be_reached(fuzzed):
    result = fuzzed("pass")

    text = re.sub(r"\s+", " ", result.stdout.str())
    for said in ("httpx.MockTransport", "pycurl", "the fixture apierrors_server", "strategies"):
        assert said in text


EARLY = {
    "requests": ("import requests", "client = requests.Session()"),
    "requests, a name": ("from requests import get", "class client: get = staticmethod(get)"),
    "httpx": ("import httpx", "client = httpx.Client()"),
    "urllib3": (
        "import urllib3",
        "POOL = urllib3.PoolManager()\n"  # noqa: ISC004
        "    class client: get = lambda url: POOL.request('GET', url)",
    ),
    "urllib": (
        "from urllib.request import urlopen",
        "class client: get = staticmethod(lambda url: urlopen(url, timeout=5))",
    ),
}


@pytest.mark.parametrize("name", EARLY)
def test_a_client_imported_and_built_before_is_reached(fuzzed, name):
    imports, before = EARLY[name]

    result = fuzzed("client.get('https://api.example.com')", imports=imports, before=before)

    assert "nothing was injected" not in result.stdout.str()
    result.stdout.fnmatch_lines(
        ["*html-502: *escaped from*"] if name == "urllib" else ["*html-502: returned *"]
    )


@pytest.mark.parametrize(
    ("use", "sentence"),
    [
        ({"raises": "1"}, "raises= needs exception classes, not 1"),
        ({"raises": "'ApiError'"}, "raises= needs exception classes, not 'ApiError'"),
        ({"raises": "ApiError()"}, "raises= needs exception classes, not ApiError()"),
        ({"raises": "(ApiError, int)"}, "raises= needs exception classes, not <class 'int'>"),
        ({"raises": "{'throttled': ApiError}"}, 'raises= knows no "throttled"'),
        ({"arguments": "expect={'cod': str}"}, 'expect= knows no "cod"; did you mean "code"?'),
        ({"arguments": 'xfail={"html-5O2": "x"}'}, 'did you mean "html-502"'),
        ({"arguments": "xfail=['html-502']"}, "xfail= needs a reason for each kind"),
        ({"arguments": "max_examples=0"}, "max_examples= needs a whole number from 1, not 0"),
        ({"arguments": "deadline=0"}, "deadline= needs a number of seconds above 0, not 0"),
        ({"arguments": "client=7"}, "client= needs a function that makes a client, not 7"),
    ],
)
def test_arguments_that_cannot_be_are_a_sentence(fuzzed, use, sentence):
    result = fuzzed("pass", **use)

    text = result.stdout.str() + result.stderr.str()
    assert sentence in text
    assert not re.search(r"^\S*(pytest_apierrors|pluggy|_pytest)/|<string>", text, re.MULTILINE)
    assert "During handling" not in text
    assert result.ret != 0


def test_a_call_that_hangs_is_interrupted_and_says_where(fuzzed):
    result = fuzzed(
        "requests.get('https://api.example.com', timeout=5)\n        spin()",
        imports="import requests",
        before="def spin():\n        while True:\n            pass",
        arguments="deadline=0.5",
    )

    result.stdout.fnmatch_lines(
        [
            "html-502: *deadline of 0.5 s in spin (test_it.py:*); deadline= gives it longer",
            "*the client made 1 request, and never came back*",
            '*File "*test_it.py", line *, in spin',
        ]
    )
    assert result.duration < 30


def test_what_a_call_that_hangs_leaves_behind_is_gone_before_the_next_one(fuzzed):
    """Torn out of its work, a loop leaves coroutines that do harm wherever they are collected."""
    result = fuzzed(
        "requests.get('https://api.example.com', timeout=5)\n        spin()",
        imports="import gc\n    import requests\n    import weakref\n    gc.disable()",
        before="class Loop:\n        pass\n    left = []\n"
        "    def spin():\n        loop = Loop()\n        loop.itself = loop\n"
        "        left.append(weakref.ref(loop))\n        while True:\n            pass\n"
        "    @pytest.fixture(autouse=True)\n    def after():\n        yield\n"
        "        assert [one() for one in left] == [None]",
        arguments="deadline=0.5",
    )

    assert result.parseoutcomes() == {"failed": 1}


def test_a_call_that_waits_for_ever_before_it_asks_hangs_too(fuzzed):
    result = fuzzed(
        "threading.Lock().acquire() and lock.acquire()",
        imports="import threading",
        before="lock = threading.Lock(); lock.acquire()",
        arguments="deadline=0.5",
    )

    result.stdout.fnmatch_lines(["html-502: the call was still running at its deadline of 0.5 s*"])


CLIENT = """
import pytest
from pytest_apierrors import fuzz

@fuzz("sinch", raises=ZeroDivisionError, kinds=["html-502"])
{mark}
def test_call(client):
    client / 0
"""
FIXTURE = "@pytest.fixture\ndef client():\n    return 1"
HOOK = "def pytest_generate_tests(metafunc):\n    metafunc.parametrize('client', [1])"


def test_a_client_that_nothing_makes_is_a_sentence(pytester):
    pytester.makepyfile(CLIENT.format(mark=""))

    result = pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider")

    said = result.stdout.str() + result.stderr.str()
    assert "@fuzz on test_call: the test takes a client, which nothing makes: give client=" in said
    assert "INTERNALERROR" not in said
    assert "fixture 'client' not found" not in said
    assert result.ret != 0


@pytest.mark.parametrize(
    ("mark", "conftest"),
    [
        ("@pytest.mark.parametrize('client', [1])", ""),
        ("@pytest.mark.parametrize(['client'], [(1,)])", ""),
        ("@pytest.mark.parametrize(argnames='client', argvalues=[1])", ""),
        ("", f"import pytest\n{FIXTURE}"),
        ("", HOOK),
    ],
    ids=["mark", "list", "by name", "fixture", "hook"],
)
def test_whoever_makes_a_client_is_heard(pytester, mark, conftest):
    pytester.makeconftest(conftest)
    pytester.makepyfile(CLIENT.format(mark=mark))

    result = pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider")

    assert "which nothing makes" not in result.stdout.str() + result.stderr.str()
    assert result.parseoutcomes() == {"failed": 1}
    result.stdout.fnmatch_lines(["*nothing was injected*"])
